import ArgumentParser
import Lab
import PeerNetworking
import SimNetwork

/// Runs a lab for hours of virtual time and prints what is alive at some of them: the hour, resident KiB, tasks,
/// connections, timers, events.
struct EnduranceProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "endurance", shouldDisplay: false)

    @Argument(help: "A lab.") var lab: String
    @Argument(help: "The hours to look at, ascending.") var hours: [Int]

    func run() throws {
        let lab = try ChaosSeeds.lab(lab)
        let simulation = lab.makeSimulation(seed: lab.seed, keepsRecords: false)
        defer { simulation.shutDown() }
        for hour in hours {
            try simulation.run(until: Instant(nanoseconds: Int64(hour) * 3_600_000_000_000))
            print(
                hour, try Resident.bytes / 1_024, simulation.liveTasks, simulation.liveConnections,
                simulation.liveTimers, simulation.eventNumber)
        }
    }
}
