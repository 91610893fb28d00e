import Foundation
import Testing

/// `peerlab compare` on loopback.
@Suite("compare")
struct CompareCommandTests {
    private static let lab = """
        lab: short
        duration: 800ms
        hosts: [client, server]
        links:
          - {between: [client, server], latency: 200us}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 20ms}}}

        """

    @Test("What agrees is told with what was compared, as text and as JSON")
    func agrees() throws {
        try Program.withFile(Self.lab) { path in
            let text = try Program.run(["compare", path])
            #expect(text.ended(with: 0), "\(text)")
            #expect(text.output.contains("1 of 1 real run agrees, 3 transitions compared"), "\(text.output)")
            let result = try Program.run(["compare", path, "--runs", "2", "--format", "json"])
            #expect(result.ended(with: 0), "\(result)")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(report["runs"] as? Int == 2 && report["agreed"] as? Int == 2)
            #expect(report["on"] as? String == "loopback" && report["first"] is NSNull)
            let transitions = try #require(report["transitions"] as? [[String: Any]])
            #expect(transitions.map { $0["peer"] as? String } == ["echo", "ping"])
            #expect(transitions.last?["sim"] as? [String] == ["connecting", "connected"])
        }
    }
}
