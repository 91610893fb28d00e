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

    @Test("A real run is recorded as it happened: it is compared, and does not replay")
    func recorded() throws {
        try Program.withFile(Self.lab) { path in
            try Program.withFile("", "peerlab") { file in
                #expect(try Program.run(["run", path, "--on", "loopback", "--record", file]).ended(with: 0))
                let compared = try Program.run(["compare", file])
                #expect(compared.ended(with: 0), "\(compared)")
                #expect(compared.output.contains("simulated and on loopback: 1 of 1 real run agrees"), "\(compared)")
                let replay = try Program.run(["replay", file])
                #expect(replay.ended(with: 2), "\(replay)")
                #expect(replay.errors.contains("what happened on loopback") && replay.errors.contains("--open"))
                #expect(try Program.run(["run", path, "--record", file]).ended(with: 0))
                #expect(try Program.run(["compare", file]).ended(with: 2), "a simulated run is no real one")
            }
        }
    }

    @Test("What agrees is told with what was compared, as text and as JSON")
    func agrees() throws {
        try Program.withFile(Self.lab) { path in
            let text = try Program.run(["compare", path])
            #expect(text.ended(with: 0), "\(text)")
            #expect(text.output.contains("1 of 1 real run agrees, 5 transitions compared"), "\(text.output)")
            let result = try Program.run(["compare", path, "--runs", "2", "--format", "json"])
            #expect(result.ended(with: 0), "\(result)")
            let report = try #require(
                JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any])
            #expect(report["runs"] as? Int == 2 && report["agreed"] as? Int == 2)
            #expect(report["on"] as? String == "loopback" && report["first"] is NSNull)
            let transitions = try #require(report["transitions"] as? [[String: Any]])
            #expect(transitions.map { $0["peer"] as? String } == ["echo", "ping"])
            #expect(transitions.last?["sim"] as? [String] == ["connecting", "connected"])
            let connections = try #require(report["connections"] as? [[String: Any]])
            #expect(connections.map { $0["connection"] as? String } == ["ping to server:4500, 1"])
            #expect(connections.first?["real"] as? [String] == ["connecting", "established"])
            #expect((report["congestion"] as? [[String: Any]])?.first?["of"] as? String == "peers")
        }
    }
}
