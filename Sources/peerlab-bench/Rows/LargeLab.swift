import Lab
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// A lab of 10,000 hosts and 100,000 connections, each between two peers: 9,990 client hosts with ten peers each, on
    /// ten servers.
    static let largeLab: [Benchmark] = [
        Benchmark("large_lab_set_up", .seconds, warmsUp: false) { try LargeLab.measure(.setUp) },
        Benchmark("large_lab_events", .eventsPerSecond, warmsUp: false) { try LargeLab.measure(.events) },
        Benchmark("large_lab_resident", .mebibytes, warmsUp: false) { try LargeLab.measure(.resident) },
    ]
}

private enum LargeLab {
    enum Figure {
        case setUp
        case events
        case resident
    }

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

    /// Reads the lab, runs it until all are connected, and then for two seconds of virtual time.
    static func measure(_ figure: Figure) throws -> Double {
        let before = try Resident.bytes
        var simulation: Simulation?
        let setUp = try seconds {
            let lab = try LabFile.read(text: text, name: "large")
            let made = lab.makeSimulation(seed: 1, keepsRecords: false)
            // Connected, and the first message answered.
            try made.run(until: Instant(nanoseconds: 900_000_000))
            simulation = made
        }
        guard let simulation, simulation.liveConnections == servers * clients else {
            throw NotMeasured("\(simulation?.liveConnections ?? 0) connections were made")
        }
        if figure == .setUp { return setUp }
        if figure == .resident { return Double(try Resident.bytes - before) / 1_048_576 }
        var events = 0
        let time = try seconds { events = try simulation.run(until: Instant(nanoseconds: 2_900_000_000)) }
        return Double(events) / time
    }
}
