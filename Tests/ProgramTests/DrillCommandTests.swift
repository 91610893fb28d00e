import Foundation
import Testing

/// `peerlab drill`, as scripts and people use it.
@Suite("drill")
struct DrillCommandTests {
    private static let holds = """
        0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
        +0 bind(3, ..., ...) = 0
        +0 listen(3, 1) = 0
        +0 < S 0:0(0) win 1000 <mss 1000>
        +0 > S. 0:0(0) ack 1 <mss 1460>

        """
    private static let fails = holds + "+0 < . 1:1(0) ack 1 win 1000\n+0 > . 1:1(0) ack 7\n"

    @Test("A script that holds is 0, one that fails 1 with its line")
    func exits() throws {
        try Program.withFile(Self.holds) { path in
            let result = try Program.run(["drill", path])
            #expect(result.ended(with: 0) && result.output.hasSuffix("1 held, 0 failed, 0 unsupported\n"))
        }
        try Program.withFile(Self.fails) { path in
            let result = try Program.run(["drill", path])
            #expect(result.ended(with: 1))
            #expect(result.output.contains("\(path):7: expected . 1:1(0) ack 7; seen nothing by 0.004000 s"))
        }
    }

    @Test("What cannot be read is 2, with line and column, and loses nothing of the others")
    func unreadable() throws {
        try Program.withFile("0 close(3) = 0\n0 > S 0:1(0)\n") { bad in
            try Program.withFile(Self.holds) { good in
                let result = try Program.run(["drill", bad, good])
                #expect(result.ended(with: 2))
                #expect(result.errors == "\(bad):2:13: error: from 0 to 1 are 1 bytes and not 0\n")
                #expect(result.output.contains("1 held"))
            }
        }
        #expect(try Program.run(["drill", "/nowhere.pkt"]).ended(with: 2))
    }

    @Test("What is not modelled is said, and is no failure")
    func unsupported() throws {
        try Program.withFile("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 splice(3, ..., ...) = 0\n") { path in
            let result = try Program.run(["drill", path])
            #expect(result.ended(with: 0))
            #expect(
                result.output.contains("unsupported \(path):2: the call 'splice' is not modelled"), "\(result.output)")
        }
    }

    @Test("JSON says what text says")
    func json() throws {
        try Program.withFile(Self.fails) { path in
            let result = try Program.run(["drill", path, "--format", "json"])
            let object = try #require(
                try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            let script = try #require((object["scripts"] as? [[String: Any]])?.first)
            #expect(script["verdict"] as? String == "fails" && script["line"] as? Int == 7)
            #expect(script["on"] as? String == "sim" && script["expected"] as? String == ". 1:1(0) ack 7")
            #expect(object["failed"] as? Int == 1 && object["held"] as? Int == 0)
        }
    }
}
