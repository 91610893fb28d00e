import NIOCore
import NIOPosix
import PeerNetworking
import SocketNetwork

extension Benchmark {
    /// Peers over sockets on one event loop, over bare NIO handlers on one event loop that move messages of the same
    /// length through the same loopback.
    static let loopback: [Benchmark] = [64, 1].map { inFlight in
        Benchmark("loopback_peer_vs_nio_echo\(inFlight == 1 ? "_1" : "")", .ratio) {
            let roundTrips = inFlight == 1 ? 10_000 : 100_000
            let bare = try NIOEcho.rate(roundTrips: roundTrips, inFlight: inFlight)
            let peers = try LoopbackPeers.rate(roundTrips: roundTrips, inFlight: inFlight)
            return peers / bare
        }
    }
}

/// Peers over sockets.
private enum LoopbackPeers {
    /// Round trips a second, set-up included.
    static func rate(roundTrips: Int, inFlight: Int) throws -> Double {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(group.next())
        let run = SocketRun(on: executor, seed: 1, directory: HostDirectory(hosts: ["server", "client"]))
        let server = run.makeProcess(on: "server").providers()
        let client = run.makeProcess(on: "client").providers()
        let count = Tally()
        let done = executor.loop.makePromise(of: Void.self)
        let time = try seconds {
            let echo = PeerEcho.server(on: Star.endpoint, providers: server)
            server.tasks.start("server") {
                // As with the bare handlers: an attempt that is refused would be waited out, and counted.
                _ = try? await echo.listen()
                client.tasks.start("client") {
                    await PeerEcho.ask(
                        name: "client", at: Star.endpoint, roundTrips: roundTrips, inFlight: inFlight,
                        providers: client, counting: count)
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
