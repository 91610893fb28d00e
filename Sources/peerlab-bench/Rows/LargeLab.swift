import ArgumentParser
import Lab
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// A lab of 10,000 hosts and 100,000 connections, each between two peers: 9,990 client hosts with ten peers each, on
    /// ten servers. Each figure from a process of its own.
    static let largeLab: [Benchmark] = [
        Benchmark("large_lab_set_up", .seconds) { try Child.figure(of: ["large-lab", "set-up"]) },
        Benchmark("large_lab_events", .eventsPerSecond) { try Child.figure(of: ["large-lab", "events"]) },
        Benchmark("large_lab_resident", .mebibytes) { try Child.figure(of: ["large-lab", "resident"]) },
    ]
}

/// Reads the large lab, runs it until all are connected, and then for two seconds of virtual time.
struct LargeLabProbe: ParsableCommand {
    enum Figure: String, ExpressibleByArgument {
        case setUp = "set-up"
        case events
        case resident
    }

    static let configuration = CommandConfiguration(commandName: "large-lab", shouldDisplay: false)

    @Argument var figure: Figure

    private static let servers = 10
    private static let clients = 9_990

    private static var text: String {
        var lines = [
            "lab: large", "duration: 60s", "hosts:", "  server: {count: \(servers), backlog: 65535}",
            "  client: {count: \(clients)}", "links:", "  - {between: [\"client-*\", \"server-*\"]}", "peers:",
        ]
        for number in 1...servers {
            lines.append(
                "  - {name: echo-\(number), on: server-\(number), listen: 4500, run: echo, config: {heartbeat: off}}")
            lines.append(
                "  - {name: to-\(number), on: \"client-*\", connect: \"server-\(number):4500\", "
                    + "run: {ping-pong: {every: 1s}}, config: {heartbeat: off, connect-timeout: 60s}}")
        }
        return lines.joined(separator: "\n") + "\n"
    }

    func run() throws {
        let before = try ResidentProbe.residentBytes
        var simulation: Simulation?
        let setUp = try seconds {
            let lab = try LabFile.read(text: Self.text, name: "large")
            let made = lab.makeSimulation(seed: 1, keepsRecords: false)
            // Connected, and the first message answered.
            try made.run(until: Instant(nanoseconds: 900_000_000))
            simulation = made
        }
        guard let simulation, simulation.liveConnections == Self.servers * Self.clients else {
            throw NotMeasured("\(simulation?.liveConnections ?? 0) connections were made")
        }
        if figure == .setUp { return print(setUp) }
        if figure == .resident { return print(Double(try ResidentProbe.residentBytes - before) / 1_048_576) }
        var events = 0
        let time = try seconds { events = try simulation.run(until: Instant(nanoseconds: 2_900_000_000)) }
        print(Double(events) / time)
    }
}
