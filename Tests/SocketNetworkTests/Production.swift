import NIOCore
import NIOPosix
import PeerNetworking
import Testing

@testable import SocketNetwork

/// Processes as an application in production has them: with the system's addresses, and no lab.
struct Production {
    let executor: EventLoopExecutor
    let client: SocketProcess
    let server: SocketProcess

    var clientNetwork: SocketNetworkProvider { SocketNetworkProvider(client) }
    var serverNetwork: SocketNetworkProvider { SocketNetworkProvider(server) }

    /// Runs a test with a client and a server on one event loop, then ends both and sees that nothing is left.
    static func with(
        options: SocketOptions = SocketOptions(), names: NameSource? = nil,
        _ body: @Sendable (Production) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(group.next())
        let run = SocketRun(on: executor, seed: 1, options: options, observer: nil, names: names)
        let here = Production(
            executor: executor, client: run.makeProcess(on: "localhost"), server: run.makeProcess(on: "localhost"))
        var failure: (any Error)?
        do {
            try await Loop(executor).run { try await body(here) }
        } catch {
            failure = error
        }
        await run.shutdown()
        #expect(here.client.openSockets == 0 && here.server.openSockets == 0)
        try await group.shutdownGracefully()
        if let failure { throw failure }
    }

    /// A condition has not come to hold, however long it was waited for.
    struct NeverHeld: Error {}

    /// Looks at a condition, at most: a minute and more.
    private static let looks = 60_000

    /// Lets the loop turn until a condition holds.
    func until(_ condition: () -> Bool) async throws {
        for _ in 0..<Self.looks {
            if condition() { return }
            try await SocketTimeProvider(client).sleep(for: .milliseconds(1))
        }
        throw NeverHeld()
    }

    /// The sockets of a process's streams, oldest first.
    func descriptors(of process: SocketProcess) -> [CInt] {
        process.life.value.openStreams.compactMap { stream in
            stream.context.flatMap { Descriptor.of($0.channel) }
        }
    }
}
