import ArgumentParser
import Foundation
import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// Resident memory that the world takes, by the thing it is made of; each in a fresh process.
    static let resident: [Benchmark] = [
        Benchmark("bytes_per_idle_connection", .bytes) { try Child.figure(of: ["resident", "connection"]) },
        Benchmark("bytes_per_idle_host", .bytes) { try Child.figure(of: ["resident", "host"]) },
    ]
}

/// Builds 10,000 of a thing and prints the resident bytes that one takes.
struct ResidentProbe: ParsableCommand {
    enum Thing: String, ExpressibleByArgument {
        /// Both ends, each with a task that waits to read from it, between two hosts.
        case connection
        /// A host, its link to a hub, its process and its one connection to the hub, both ends as above.
        case host
    }

    static let configuration = CommandConfiguration(commandName: "resident", shouldDisplay: false)

    @Argument var thing: Thing

    func run() throws {
        let count = 10_000
        try Self.build(thing, count: 16).shutDown()
        let before = try Self.residentBytes
        let simulation = try Self.build(thing, count: count)
        let after = try Self.residentBytes
        withExtendedLifetime(simulation) {}
        print(Double(after - before) / Double(count))
    }

    private static func build(_ thing: Thing, count: Int) throws -> Simulation {
        let star = Star(clients: thing == .host ? count : 1)
        star.runEchoServer()
        for client in star.clients {
            star.simulation.addProcess("client", on: client) { process in
                for _ in 0..<(thing == .host ? 1 : count) {
                    guard let stream = try? await process.network.connect(to: Star.endpoint) else { return }
                    process.tasks.start("reader") { _ = try? await stream.read(upTo: 65_536) }
                }
            }
        }
        try star.simulation.run(until: Instant(nanoseconds: 3_600_000_000_000))
        return star.simulation
    }

    /// The second field of `/proc/self/statm`, in pages.
    static var residentBytes: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            let fields = text.split(separator: " ")
            guard fields.count > 1, let pages = Int(fields[1]) else { throw NotMeasured("statm: \(text)") }
            return pages * Int(getpagesize())
        }
    }
}
