import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// 64-byte messages there and back through peers: frames, checksums, queues, confirmations, heartbeat.
    static let peerRoundTrips: [Benchmark] = [(1, 100_000), (100, 100_000)].map { clients, total in
        Benchmark("peer_round_trips_\(clients)", .roundTripsPerSecond) {
            let count = Tally()
            let time = try seconds { try PeerEcho.simulate(clients: clients, roundTrips: total, counting: count) }
            return try count.rate(of: total, in: time)
        }
    }
}

/// A server peer that answers each message with itself, and client peers that keep some messages in flight: the same
/// over the simulated network and over sockets.
enum PeerEcho {
    /// Runs clients and their server in the simulation until all round trips are made.
    static func simulate(clients: Int, roundTrips total: Int, counting count: Tally = Tally()) throws {
        let star = Star(clients: clients)
        star.simulation.addProcess("server", on: star.server) { process in
            try? await PeerEcho.server(on: Star.endpoint, providers: process).run()
        }
        for (number, client) in star.clients.enumerated() {
            star.simulation.addProcess("client", on: client) { process in
                await PeerEcho.ask(
                    name: "client-\(number)", at: Star.endpoint, roundTrips: total / clients, inFlight: 1,
                    providers: process, counting: count)
            }
        }
        try star.simulation.run(until: Star.end)
    }

    /// How messages are answered.
    enum Answers {
        /// In the turn in which they come.
        case onArrival
        /// By handlers that may wait.
        case inTurn
    }

    static func server(on endpoint: Endpoint, providers: Providers, _ answers: Answers = .onArrival) -> PeerServer {
        PeerServer(name: "server", on: endpoint, config: config, providers: providers) {
            message, session in
            _ = try? await session.send(message.payload)
        } onArrival: { message, session in
            answers == .onArrival && session.offer(message.payload) != nil
        }
    }

    static func ask(
        name: String, at endpoint: Endpoint, roundTrips: Int, inFlight: Int, providers: Providers,
        counting count: Tally, _ answers: Answers = .onArrival
    ) async {
        let done = providers.tasks.makeSignal()
        let peer = Peer(name: name, to: endpoint, config: config, providers: providers) { message, session in
            // Answers come in order and are numbered by the server from 1: the number says how many there were.
            if message.number == UInt64(roundTrips) {
                count.add(roundTrips)
                done.notify()
            } else if message.number <= UInt64(roundTrips - inFlight) {
                _ = try? await session.send(message.payload)
            }
        } onArrival: { message, session in
            answers == .onArrival && message.number <= UInt64(roundTrips - inFlight)
                && session.offer(message.payload) != nil
        }
        for _ in 0..<inFlight { _ = try? await peer.send(ByteBuffer(repeating: 7, count: Star.message)) }
        try? await done.wait()
        await peer.close()
    }

    /// The defaults, heartbeat on, with room for every message in flight and its confirmation still on the way.
    private static var config: PeerConfig {
        var config = PeerConfig()
        config.queueCapacity = 256
        return config
    }
}
