import ArgumentParser
import Foundation
import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// What the peers allocate for a message: a round trip through two peers in the simulation, halved. Valgrind counts the
    /// calls of a run of a thousand round trips and of one of three thousand; what they share is not the messages'.
    static let allocations = Benchmark("allocations_per_message", .allocations, warmsUp: false) {
        let program = try Allocations.program()
        defer { try? FileManager.default.removeItem(atPath: program) }
        let (few, many) = (1_000, 3_000)
        let more =
            try Allocations.ofRun(program, roundTrips: many) - Allocations.ofRun(program, roundTrips: few)
        return Double(more) / Double(2 * (many - few))
    }
}

private enum Allocations {
    /// A copy of this program without its debugging information, of which valgrind (3.19) cannot read what Swift 6.3 writes.
    static func program() throws -> String {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-bench-\(UUID())").path
        _ = try Child.output(of: ["objcopy", "--strip-debug", Child.executable, path])
        return path
    }

    /// Heap allocations of a whole process that makes so many round trips.
    static func ofRun(_ program: String, roundTrips: Int) throws -> Int {
        let output = try Child.output(of: [
            "valgrind", "--tool=memcheck", "--leak-check=no", "--undef-value-errors=no", "--log-fd=1", program,
            PeerMessagesProbe.configuration.commandName ?? "", "\(roundTrips)",
        ])
        // "total heap usage: 12,345 allocs, 12,000 frees, …"
        guard let line = output.split(separator: "\n").last(where: { $0.contains("total heap usage:") }),
            let word = line.split(separator: ":").last?.split(separator: " ").first,
            let count = Int(word.filter { $0 != "," })
        else { throw NotMeasured("valgrind counted nothing") }
        return count
    }
}

/// Makes round trips of 64-byte messages through two peers in the simulation.
struct PeerMessagesProbe: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "peer-messages", shouldDisplay: false)

    @Argument(help: "How many round trips.") var roundTrips: Int

    func run() throws {
        try PeerEcho.simulate(clients: 1, roundTrips: roundTrips)
    }
}
