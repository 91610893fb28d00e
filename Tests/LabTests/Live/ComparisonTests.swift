import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// The simulation and real sockets, compared by what the peers went through.
@Suite("Comparison", .serialized)
struct ComparisonTests {
    private static let killed = "{at: 500ms, process-kill: echo}\n  - {at: 900ms, restart: echo}"

    /// A peer and the one that it talks to, which is killed and started again.
    private func lab(_ fault: String = killed, ping config: String = "", duration: String = "2s") throws
        -> LabDefinition
    {
        try LabFile.read(
            text: """
                lab: compared
                seed: 3
                duration: \(duration)
                hosts: [client, server]
                links:
                  - {between: [client, server], latency: 200us}
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 20ms, size: 64}}
                    config: {backoff: {initial: 50ms, maximum: 100ms\(config)}}
                faults:
                  - \(fault)
                """, name: "compared.yaml")
    }

    private func snapshot(_ lab: LabDefinition, on network: ProviderKind) throws -> Snapshot {
        let session = network.open(lab)
        defer { session.close() }
        while try !session.seek(to: .time(lab.duration), budget: 5_000) {
            if !session.traits.isStepped { usleep(2_000) }
        }
        return session.snapshot
    }

    @Test("A peer that is killed, and the one that waits for it, go through the same on both")
    func agree() throws {
        let lab = try lab()
        let simulated = try snapshot(lab, on: .sim)
        func compare() throws -> Comparison {
            Comparison(
                simulated: simulated, real: [try snapshot(lab, on: .loopback)],
                reach: ProviderKind.loopback.reach(of: lab))
        }
        // A machine that had no time for a run says nothing of it.
        var comparison = try compare()
        for _ in 0..<2 where comparison.agreed == 0 { comparison = try compare() }
        #expect(comparison.agreed == 1, "\(ComparisonReport(comparison).text)")
        #expect(comparison.compared >= 6 && comparison.reach == .max)
        let text = ComparisonReport(comparison).text
        #expect(text.contains("1 of 1 real run agrees") && text.contains("ping: connecting connected reconnecting"))
        #expect(text.contains("rtt of ping"))
    }

    /// A difference is planted: the real peers have another configuration, or another fault.
    @Test("What differs is found at the right transition, with the events around it")
    func planted() throws {
        let simulated = try snapshot(try lab(), on: .sim)
        // The real one gives up after its first attempt.
        let givesUp = try snapshot(try lab(ping: ", attempts: 1"), on: .loopback)
        // And this one is never restarted.
        let stays = try snapshot(try lab("{at: 500ms, process-kill: echo}"), on: .loopback)
        let comparison = Comparison(simulated: simulated, real: [givesUp, stays], reach: .max)
        #expect(comparison.agreed == 0)
        let first = try #require(comparison.disagreements[0])
        #expect(first.peer == "ping" && first.transition == 3, "\(first)")
        #expect(first.sim?.hasPrefix("reconnecting") == true && first.real?.hasPrefix("failed") == true, "\(first)")
        #expect(first.sim_events.count >= 4 && first.real_events.contains { $0.contains("ping") }, "\(first)")
        let second = try #require(comparison.disagreements[1])
        #expect(second.transition == 2 && second.peer == "echo" && second.real == nil, "\(second)")
        let report = ComparisonReport(comparison).text
        #expect(report.contains("0 of 2 real runs agree") && report.contains("DISAGREES"), "\(report)")
    }

    @Test("What comes after something that is missing there is not compared")
    func missing() throws {
        let lab = try lab("{at: 600ms, cut: [client, server]}", duration: "1500ms")
        let comparison = Comparison(
            simulated: try snapshot(lab, on: .sim), real: [try snapshot(lab, on: .loopback)],
            reach: ProviderKind.loopback.reach(of: lab))
        #expect(comparison.reach == 600_000_000 && comparison.unavailable == ["cut"])
        #expect(comparison.agreed == 1 && comparison.compared == 5, "\(ComparisonReport(comparison).text)")
    }
}
