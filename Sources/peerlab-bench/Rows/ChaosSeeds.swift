import ArgumentParser
import Dispatch
import Foundation
import Lab
import PeerNetworking
import SimNetwork
import Synchronization

extension Benchmark {
    /// A thousand seeds of `labs/bench-chaos.yaml`, as a sweep runs: digest on, records not kept, a world a core at a
    /// time; and what happens in one of them.
    static let chaosSeeds: [Benchmark] = [
        Benchmark("chaos_1000_seeds", .seconds) {
            let lab = try ChaosSeeds.lab()
            let failed = Atomic<Int>(0)
            let time = seconds {
                ChaosSeeds.forEach(1...1_000) { seed in
                    if ChaosSeeds.run(lab, seed: seed, keepsRecords: false) == nil {
                        failed.wrappingAdd(1, ordering: .relaxed)
                    }
                }
            }
            let left = failed.load(ordering: .relaxed)
            guard left == 0 else { throw NotMeasured("\(left) seeds did not run to their end") }
            return time
        },
        Benchmark("chaos_events_a_seed", .events) { try ChaosSeeds.median { Double($0.events) } },
        Benchmark("chaos_families_a_seed", .families) { try ChaosSeeds.median { Double($0.families) } },
    ]
}

/// Runs of a lab under many seeds.
enum ChaosSeeds {
    /// What a run came to.
    struct Run {
        var events: Int
        var digest: Digest
        /// Fault families that fired; 0 where records are not kept.
        var families: Int
        /// Whether a fold of the records gave the world's own state; true where records are not kept.
        var folds: Bool
    }

    static func lab(_ name: String = "bench-chaos") throws -> LabDefinition {
        do throws(LabDiagnostics) {
            return try LabLibrary.standard().load(name)
        } catch {
            throw NotMeasured(error.description)
        }
    }

    /// Does something for each seed, on all cores.
    static func forEach(_ seeds: ClosedRange<UInt64>, _ body: @Sendable (UInt64) -> Void) {
        let next = Atomic<UInt64>(seeds.lowerBound)
        DispatchQueue.concurrentPerform(iterations: ProcessInfo.processInfo.activeProcessorCount) { _ in
            while true {
                let seed = next.wrappingAdd(1, ordering: .relaxed).oldValue
                guard seed <= seeds.upperBound else { return }
                body(seed)
            }
        }
    }

    /// Runs a seed to the end of the lab; nil where the run could not go on.
    static func run(_ lab: LabDefinition, seed: UInt64, keepsRecords: Bool) -> Run? {
        let simulation = lab.makeSimulation(seed: seed, keepsRecords: keepsRecords)
        defer { simulation.shutDown() }
        let end = Instant(nanoseconds: lab.duration)
        do {
            guard keepsRecords else {
                try simulation.run(until: end)
                return Run(events: simulation.eventNumber, digest: simulation.digest, families: 0, folds: true)
            }
            var state = simulation.beginning()
            while try simulation.advance(until: end) { simulation.apply(to: &state) }
            return Run(
                events: simulation.eventNumber, digest: simulation.digest,
                families: state.faults.count { $0.fired > 0 }, folds: state.agrees(with: simulation.structure))
        } catch {
            return nil
        }
    }

    /// The median over a hundred seeds of something that does not depend on the machine.
    static func median(_ figure: (Run) -> Double) throws -> Double {
        let lab = try lab()
        let runs = (1...100).compactMap { run(lab, seed: $0, keepsRecords: true) }
        guard runs.count == 100 else { throw NotMeasured("\(100 - runs.count) seeds did not run to their end") }
        return runs.map(figure).median
    }
}

extension WorldState {
    /// Whether it is the state that a world has by itself; peers, totals and counts are the records' own.
    func agrees(with own: WorldState) -> Bool {
        hosts == own.hosts && links == own.links && partitions == own.partitions && standing == own.standing
            && processes == own.processes && listeners == own.listeners && segments == own.segments
            && connections.count == own.connections.count
            && zip(connections, own.connections).allSatisfy { folded, own in
                folded.id == own.id
                    && Side.allCases.allSatisfy { folded.end($0).state == own.end($0).state }
            }
    }
}

/// Prints a line a seed: the seed, how many events there were, and the digest. Two processes must print the same.
struct DigestsProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "digests", shouldDisplay: false)

    @Argument(help: "A lab.") var lab: String
    @Argument(help: "The first seed.") var first: UInt64
    @Argument(help: "The last seed.") var last: UInt64
    @Flag(help: "Keep records, fold them, and compare the fold with the world's own state.") var fold = false
    @Flag(help: "Let the seed choose among ready jobs.") var shuffled = false

    func run() throws {
        var lab = try ChaosSeeds.lab(lab)
        if shuffled { lab.taskOrder = .shuffled }
        let shared = lab
        let lines = Mutex<[UInt64: String]>([:])
        let fold = fold
        ChaosSeeds.forEach(first...last) { seed in
            let run = ChaosSeeds.run(shared, seed: seed, keepsRecords: fold)
            let text = run.map { "\(seed) \($0.events) \($0.digest)" + ($0.folds ? "" : " does not fold") }
            lines.withLock { $0[seed] = text ?? "\(seed) did not run to its end" }
        }
        for seed in first...last { print(lines.withLock { $0[seed] } ?? "\(seed) is missing") }
    }
}
