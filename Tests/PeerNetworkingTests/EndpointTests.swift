import PeerNetworking
import Testing

@Suite struct EndpointTests {
    @Test(arguments: [
        ("server:4500", "server", 4_500), ("127.0.0.2:80", "127.0.0.2", 80), ("[::1]:80", "::1", 80), ("h:0", "h", 0),
        ("a.b-c_d:65535", "a.b-c_d", 65_535), ("[fe80::1%eth0]:1", "fe80::1%eth0", 1), ("h:00080", "h", 80),
        ("größe:1", "größe", 1),
    ])
    func good(_ text: String, host: String, port: Int) throws {
        let endpoint = try Endpoint(text)
        #expect(endpoint == Endpoint(host: host, port: UInt16(port)))
        let again = try Endpoint(endpoint.description)
        #expect(again == endpoint)
    }

    @Test(arguments: [
        "", ":", "server", "server:", ":80", "server:65536", "server:70000", "server:-1", "server:+1", "server:8 0",
        "server: 80", "server:0x50", "::1:80", "[::1:80", "[]:80", "ser ver:80", "ser\tver:80", "ser\u{7f}ver:80",
        "server:٨٠", "server:99999999999999999999",
    ])
    func bad(_ text: String) {
        var caught: NetworkError?
        do {
            _ = try Endpoint(text)
        } catch {
            caught = error
        }
        #expect(caught?.code == .invalidAddress)
        #expect(caught?.reason.hasPrefix("'\(text)': ") == true)
    }

    @Test func aHostHasAtMost253Bytes() throws {
        let longest = String(repeating: "h", count: 253)
        let endpoint = try Endpoint("\(longest):1")
        #expect(endpoint.host == longest)
        let longer = try? Endpoint("\(longest)h:1")
        #expect(longer == nil)
    }

    @Test func anErrorIsOneLine() {
        let error = NetworkError(
            .connectionRefused, during: .connect, local: Endpoint(host: "a", port: 1),
            remote: Endpoint(host: "::1", port: 2), reason: "why")
        #expect(error.description == "connect [::1]:2 from a:1: connectionRefused (why)")
        #expect(NetworkError(.cancelled, during: .sleep).description == "sleep: cancelled")
    }
}
