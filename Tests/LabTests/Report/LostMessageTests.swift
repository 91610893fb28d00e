import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Unreliable messages that a connection takes with it: nobody confirms them, and the report counts them all the same.
@Suite("Lost messages")
struct LostMessageTests {
    private func lab(_ run: String, _ faults: String, server: String = "echo") throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: lost
                duration: 20s
                hosts: [a, b]
                links: [{between: [a, b], latency: 50ms}]
                peers:
                  - {name: echo, on: b, listen: 1, run: \(server)}
                  - {name: ping, on: a, connect: "b:1", run: {\(run)}, config: {heartbeat: {interval: 200ms, timeout: 500ms}}}
                faults:
                \(faults)
                """, name: "lost")
    }

    /// All that the peers were given, by what became of it at the end, when nothing is on the way any more.
    private func check(_ lab: LabDefinition, seed: UInt64, isLossExpected: Bool = true) throws {
        let session = SimSession(lab: lab, seed: seed)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let messages = RunReport(session.snapshot).messages
        #expect(messages.sent == messages.delivered + messages.dropped + messages.lost, "seed \(seed): \(messages)")
        #expect((messages.lost > 0) == isLossExpected, "seed \(seed): \(messages)")
    }

    @Test(
        "What is on its way when the connection is reset is lost, in both directions",
        arguments: 1...10 as ClosedRange<UInt64>)
    func reset(seed: UInt64) throws {
        let run = "ping-pong: {every: 5ms, delivery: unreliable, count: 400}"
        try check(lab(run, "  - {at: 700ms, reset: ping}\n  - {at: 1300ms, cut: a-b, for: 3s}"), seed: seed)
        try check(lab(run, "  - {at: 700ms, half-open: ping}"), seed: seed)
    }

    @Test("Where nothing happens nothing is lost, and nothing of what is confirmed")
    func quiet() throws {
        let unreliable = "flood: {every: 5ms, delivery: unreliable, count: 400}"
        let slow = "  - {at: 1s, latency: a-b, to: 90ms}"
        // Who answers does so to one that has gone; who takes alone does not.
        try check(lab(unreliable, slow, server: "sink"), seed: 1, isLossExpected: false)
        let reliable = "flood: {every: 5ms, delivery: exactly-once, count: 100}"
        try check(lab(reliable, "  - {at: 300ms, reset: ping}", server: "sink"), seed: 1, isLossExpected: false)
    }
}
