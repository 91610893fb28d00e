import Foundation
import PeerNetworking
import SimNetwork
import TCP
import Testing

/// The searches that take minutes: `make soak` runs them, and no other target does.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct SoakTests {
    @Test(arguments: [TCPOptions(), .textbook])
    func tenThousandChaoticSeedsRepeatAndFold(tcp: TCPOptions) throws {
        for seed in 1...10_000 as ClosedRange<UInt64> {
            let first = ChaoticWorld(seed: seed, tcp: tcp)
            var state = first.simulation.beginning()
            var events = 0
            while events < 1_500, let record = try first.next() {
                state.apply(record)
                events += 1
            }
            let own = first.simulation.structure
            #expect(state.hosts == own.hosts && state.links == own.links, "seed \(seed)")
            #expect(state.processes == own.processes && state.listeners == own.listeners, "seed \(seed)")
            #expect(state.segments == own.segments, "seed \(seed)")
            #expect(state.connections.map(\.id) == own.connections.map(\.id), "seed \(seed)")
            #expect(first.transcript.all.allSatisfy { !$0.hasPrefix("wrong") }, "seed \(seed)")
            let second = ChaoticWorld(seed: seed, keepsRecords: false, tcp: tcp)
            events = 0
            while events < 1_500, try second.next() != nil { events += 1 }
            #expect(first.simulation.digest == second.simulation.digest, "seed \(seed)")
        }
    }
}
