import PeerNetworking
import SimNetwork
import Testing

/// Faults that the seed draws: each family alone has effects, switching one off moves no other, modes cover what they say.
@Suite struct ChaosTests {
    private func run(_ profile: ChaosProfile, seed: UInt64, seconds: Double = 12) throws -> FaultRun {
        var topology = Topology()
        let names = ["a", "b", "c"]
        let hosts = names.map { topology.addHost($0) }
        for index in 0..<3 { topology.connect(hosts[index], hosts[(index + 1) % 3]) }
        var options = SimulationOptions()
        options.chaos = profile
        let network = Simulation(topology: topology, seed: seed, options: options)
        let transcript = Transcript()
        for (index, name) in names.enumerated() {
            network.addProcess("server-\(name)", on: hosts[index]) {
                await StreamCheck.receive($0, host: name, transcript)
            }
            network.addProcess("client-\(name)", on: hosts[index]) {
                await StreamCheck.send($0, to: names[(index + 1) % 3], as: name, pace: .milliseconds(25))
            }
        }
        return try FaultWorld.run(network, until: seconds, transcript)
    }

    /// What is of the way between needs a router or a queue: `trap11NoFaultIsLoggedWithoutEffect` has them.
    private static let ofTheWay: [FaultFamily] = [.icmpDrop, .nat, .queue]

    @Test(arguments: ChaosProfile.drawable.filter { !ofTheWay.contains($0) })
    func eachFamilyAloneStrikes(family: FaultFamily) throws {
        var (fired, others): (Int64, [FaultFamily]) = (0, [])
        for seed in 1...4 as ClosedRange<UInt64> {
            let run = try run(ChaosProfile(families: [family]), seed: seed)
            fired += run.fired(family)
            others += run.state.faults.map(\.family)
        }
        #expect(fired > 0)
        // What undoes a fault is counted under its own name, and a swizzle is made of clogs.
        let kin: Set<FaultFamily> = [family, .restart, .resume, .powerOn, .powerLoss, .clog, .mtu]
        #expect(Set(others).isSubset(of: kin), "\(Set(others).subtracting(kin)) struck too")
    }

    @Test func theRunWithoutAFamilyDrawsTheSameForTheOthers() throws {
        func cuts(_ families: [FaultFamily]) throws -> [Change] {
            try run(ChaosProfile(families: families), seed: 9).changes.filter {
                if case .cut = $0 { true } else { false }
            }
        }
        let alone = try cuts([.cut])
        #expect(alone.count > 5)
        #expect(try cuts([.cut, .clog, .processKill]) == alone)
    }

    @Test func swarmSwitchesEachFamilyOffInHalfOfTheRuns() {
        var on: [FaultFamily: Int] = [:]
        let profile = ChaosProfile(.swarm)
        for seed in 1...1_000 as ClosedRange<UInt64> {
            for family in profile.families(seed: seed) { on[family, default: 0] += 1 }
        }
        for family in ChaosProfile.drawable {
            // 500 ± 3.29 × √250, and a little for thirty of them.
            #expect((440...560).contains(on[family, default: 0]), "\(family): \(on[family, default: 0])")
        }
    }

    @Test func pairwiseCoversEveryPairInAllFourWays() {
        let profile = ChaosProfile(.pairwise)
        let runs = (0..<UInt64(profile.pairwiseRuns)).map {
            Set(profile.families(seed: $0 + 700 * UInt64(profile.pairwiseRuns)))
        }
        #expect(runs.count < 16, "\(runs.count) runs for \(profile.families.count) families")
        for (index, first) in profile.families.enumerated() {
            for second in profile.families[(index + 1)...] {
                #expect(runs.contains { $0.contains(first) && $0.contains(second) }, "\(first) and \(second)")
                #expect(runs.contains { $0.contains(first) && !$0.contains(second) }, "\(first) without \(second)")
                #expect(runs.contains { !$0.contains(first) && $0.contains(second) }, "\(second) without \(first)")
                #expect(runs.contains { !$0.contains(first) && !$0.contains(second) }, "neither \(first) nor \(second)")
            }
        }
    }

    @Test(arguments: 1...12)
    func afterChaosIsHealedEverybodyIsServedAgain(seed: UInt64) throws {
        var profile = ChaosProfile(.swarm)
        profile.families.removeAll { $0 == .corrupt || $0 == .processExit }
        profile.healsAt = 10_000_000_000
        let run = try run(profile, seed: seed, seconds: 60)
        #expect(run.state.standing.actions == [] && run.state.partitions == [])
        let late = run.said.suffix(200)
        #expect(late.contains { $0.hasPrefix("bytes") } && !run.said.contains { $0.hasPrefix("wrong") })
        #expect(run.state.hosts.allSatisfy { $0.isOn })
    }
}
