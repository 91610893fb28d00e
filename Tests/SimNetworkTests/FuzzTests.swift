import SimNetwork
import Testing

/// Random interventions on random networks: no trap, no hang, the invariants hold (in debug builds after every event), and
/// every kind of fault is among what was done.
@Suite struct FuzzTests {
    @Test func everyKindOfFaultIsSurvived() throws {
        var done: [FaultFamily: Int] = [:]
        var effects: [FaultFamily: Int64] = [:]
        var received = 0
        for seed in 1...120 as ClosedRange<UInt64> {
            let world = FuzzWorld(seed: seed &+ 77_000)
            var state = world.simulation.beginning()
            var events = 0
            while events < 1_500, let record = try world.next() {
                state.apply(record)
                events += 1
            }
            #expect(world.transcript.all.allSatisfy { !$0.hasPrefix("wrong") }, "seed \(seed)")
            received += world.transcript.all.count
            for (family, count) in world.done { done[family, default: 0] += count }
            for fault in state.faults { effects[fault.family, default: 0] += fault.effects }
        }
        #expect(received > 5_000)
        let never: Set<FaultFamily> = []
        for family in FaultFamily.allCases where !never.contains(family) {
            #expect(done[family, default: 0] > 0, "\(family) was never done")
        }
        let withEffects: [FaultFamily] = [
            .cut, .slowPair, .bandwidth, .mtu, .loss, .duplicate, .corrupt, .clog, .partition, .unreachable, .refuse,
            .connectHang, .backlogFull, .nameError, .close, .halfOpen, .shortRead, .shortWrite, .slowReader, .powerLoss,
            .clockSkew, .slowTimers, .exhaust, .drop,
        ]
        for family in withEffects { #expect(effects[family, default: 0] > 0, "\(family) had no effect") }
    }
}
