import NIOCore
import NIOPosix
import PeerNetworking
import SocketNetwork

extension Benchmark {
    /// Peers over sockets on one event loop, over bare NIO handlers on one event loop that move messages of the same
    /// length through the same loopback.
    static let loopback: [Benchmark] = [
        Benchmark("loopback_peer_vs_nio_echo", .ratio) { try LoopbackPeers.ratio(roundTrips: 100_000, inFlight: 64) },
        Benchmark("loopback_peer_vs_nio_echo_1", .ratio) { try LoopbackPeers.ratio(roundTrips: 10_000, inFlight: 1) },
        // With handlers that may wait, and do not.
        Benchmark("loopback_peer_vs_nio_echo_waiting", .ratio) {
            try LoopbackPeers.ratio(roundTrips: 100_000, inFlight: 64, answers: .inTurn)
        },
    ]
}

/// Peers over sockets.
private enum LoopbackPeers {
    /// Their round trips a second over those of bare handlers.
    static func ratio(roundTrips: Int, inFlight: Int, answers: PeerEcho.Answers = .onArrival) throws -> Double {
        let bare = try NIOEcho.rate(roundTrips: roundTrips, inFlight: inFlight)
        return try rate(roundTrips: roundTrips, inFlight: inFlight, answers) / bare
    }

    /// Round trips a second, set-up included.
    private static func rate(roundTrips: Int, inFlight: Int, _ answers: PeerEcho.Answers) throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(group.next())
        let run = SocketRun(on: executor, seed: 1, directory: HostDirectory(hosts: ["server", "client"]))
        let server = run.makeProcess(on: "server").providers()
        let client = run.makeProcess(on: "client").providers()
        let count = Tally()
        let done = executor.loop.makePromise(of: Void.self)
        let time = try seconds {
            let echo = PeerEcho.server(on: Star.endpoint, providers: server, answers)
            server.tasks.start("server") {
                // As with the bare handlers: an attempt that is refused would be waited out, and counted.
                _ = try? await echo.listen()
                client.tasks.start("client") {
                    await PeerEcho.ask(
                        name: "client", at: Star.endpoint, roundTrips: roundTrips, inFlight: inFlight,
                        providers: client, counting: count, answers)
                    done.succeed(())
                }
                try? await echo.run()
            }
            try done.futureResult.wait()
        }
        let ended = executor.loop.makePromise(of: Void.self)
        ended.completeWithTask { await run.shutdown() }
        try ended.futureResult.wait()
        try group.syncShutdownGracefully()
        return try count.rate(of: roundTrips, in: time)
    }
}
