import Foundation
import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// Resident memory that the world takes, by the thing it is made of.
    static let resident: [Benchmark] = [
        Benchmark("bytes_per_idle_connection", .bytes, warmsUp: false) { try Resident.bytes(ofEach: .connection) },
        Benchmark("bytes_per_held_connection", .bytes, warmsUp: false) { try Resident.bytes(ofEach: .heldConnection) },
        Benchmark("bytes_per_idle_host", .bytes, warmsUp: false) { try Resident.bytes(ofEach: .host) },
        Benchmark("bytes_per_idle_peer", .bytes, warmsUp: false) { try Resident.bytes(ofEach: .peer) },
    ]
}

/// The resident memory of this process.
enum Resident {
    /// What is built 10,000 times to see what one takes.
    enum Thing {
        /// Both ends, each with a task that waits to read from it, between two hosts.
        case connection
        /// Both ends, each held by its process; nobody waits for anything. The rest of an idle connection is its two
        /// tasks.
        case heldConnection
        /// A host, its link to a hub, its process and its one connection to the hub, both ends as above.
        case host
        /// A connected peer and its session at the server, heartbeat off, with the connection and its two ends.
        case peer
    }

    static func bytes(ofEach thing: Thing) throws -> Double {
        let count = 10_000
        try build(thing, count: 16).shutDown()
        let before = try bytes
        let simulation = try build(thing, count: count)
        let after = try bytes
        withExtendedLifetime(simulation) {}
        return Double(after - before) / Double(count)
    }

    private static func build(_ thing: Thing, count: Int) throws -> Simulation {
        switch thing {
        case .peer: return try buildPeers(count)
        case .heldConnection: return try buildHeld(count)
        case .connection, .host: break
        }
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

    private static func buildHeld(_ count: Int) throws -> Simulation {
        let star = Star(clients: 1)
        star.simulation.addProcess("server", on: star.server) { process in
            guard let listener = try? await process.network.listen(on: Star.endpoint) else { return }
            // Their processes hold them: nothing closes a connection because nobody has its stream.
            while (try? await listener.accept()) != nil {}
        }
        star.simulation.addProcess("client", on: star.clients[0]) { process in
            for _ in 0..<count { _ = try? await process.network.connect(to: Star.endpoint) }
            try? await process.time.sleep(for: .seconds(86_400))
        }
        try star.simulation.run(until: Instant(nanoseconds: 3_600_000_000_000))
        return star.simulation
    }

    private static func buildPeers(_ count: Int) throws -> Simulation {
        let star = Star(clients: 1)
        var config = PeerConfig()
        config.heartbeat = nil
        let idle = config
        star.simulation.addProcess("server", on: star.server) { process in
            let server = PeerServer(name: "server", on: Star.endpoint, config: idle, providers: process) { _, _ in }
            try? await server.run()
        }
        star.simulation.addProcess("client", on: star.clients[0]) { process in
            var peers: [Peer] = []
            for number in 0..<count {
                let peer = Peer(name: "client-\(number)", to: Star.endpoint, config: idle, providers: process)
                await peer.connect()
                // The backlog takes some at a time.
                if number % 32 == 31 { try? await process.time.sleep(for: .milliseconds(10)) }
                peers.append(peer)
            }
            try? await process.time.sleep(for: .seconds(86_400))
            withExtendedLifetime(peers) {}
        }
        try star.simulation.run(until: Instant(nanoseconds: 3_600_000_000_000))
        return star.simulation
    }

    /// The second field of `/proc/self/statm`, in pages.
    static var bytes: Int {
        get throws {
            let text = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8)
            let fields = text.split(separator: " ")
            guard fields.count > 1, let pages = Int(fields[1]) else { throw NotMeasured("statm: \(text)") }
            return pages * Int(getpagesize())
        }
    }
}
