import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct AddressTests {
    @Test(arguments: [
        (0, "127.0.0.2"), (252, "127.0.0.254"), (253, "127.0.1.1"), (506, "127.0.1.254"), (507, "127.0.2.1"),
        (99_999, "127.1.137.179"),
    ])
    func placesAndAddresses(index: Int, text: String) {
        #expect(HostAddresses.loopback.text(index) == text)
        #expect(HostAddresses.loopback.index(text) == index)
    }

    @Test func everyHostHasItsOwn() {
        for index in 0..<HostAddresses.mostHosts {
            if HostAddresses.loopback.index(HostAddresses.loopback.text(index)) != index {
                Issue.record("host \(index)")
            }
        }
    }

    @Test(arguments: ["127.0.0.1", "127.0.0.255", "127.0.1.0", "127.0.1.255", "10.0.0.1", "127.0.0", "x", ""])
    func addressesOfNobody(text: String) {
        #expect(HostAddresses.loopback.index(text) == nil)
    }

    @Test func portsKeepTheirRealPort() throws {
        let directory = HostDirectory(hosts: ["a", "b"])
        let port = try directory.realPort(of: "a", port: 4500, during: .listen)
        #expect(try directory.realPort(of: "127.0.0.2", port: 4500, during: .connect) == port)
        #expect(directory.host(at: "127.0.0.3") == "b")
        #expect(directory.host(at: "127.0.0.4") == nil)
        directory.close()
        #expect(throws: NetworkError.self) { try directory.realPort(of: "a", port: 4500, during: .listen) }
    }

    @Test func drawsDependOnTheirNamesAlone() {
        let first = SocketRandomProvider(seed: 1)
        let second = SocketRandomProvider(seed: 1)
        let expected = (0..<10).map { _ in first.next("site", for: "a") }
        let drawn = (0..<10).map { _ in
            _ = second.next("site", for: "b")
            _ = second.next("other", for: "a")
            return second.next("site", for: "a")
        }
        #expect(drawn == expected)
        #expect(Set(drawn).count == 10)
        #expect(SocketRandomProvider(seed: 2).next("site", for: "a") != expected[0])
    }
}
