import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import Testing

@testable import SocketNetwork

/// The end of the server that all tests talk to.
let port4500 = Endpoint(host: "server", port: 4500)

/// Two hosts on one event loop of their own.
struct Lab {
    let executor: EventLoopExecutor
    let run: SocketRun
    let directory: HostDirectory
    let client: SocketProcess
    let server: SocketProcess

    var clientNetwork: SocketNetworkProvider { SocketNetworkProvider(client) }
    var serverNetwork: SocketNetworkProvider { SocketNetworkProvider(server) }

    /// Runs a test in a lab, then ends it and sees that nothing is left.
    static func with(
        options: SocketOptions = SocketOptions(), observer: (any SocketObserver)? = nil,
        _ body: @Sendable (Lab) async throws -> Void
    ) async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(group.next())
        let directory = HostDirectory(hosts: ["server", "client", "third"])
        let run = SocketRun(on: executor, seed: 7, directory: directory, options: options, observer: observer)
        let lab = Lab(
            executor: executor, run: run, directory: directory, client: run.makeProcess(on: "client"),
            server: run.makeProcess(on: "server"))
        do {
            try await lab.onLoop { try await body(lab) }
        } catch {
            await run.shutdown()
            try await group.shutdownGracefully()
            throw error
        }
        await run.shutdown()
        for process in [lab.client, lab.server] {
            #expect(process.liveTasks == 0)
            #expect(process.openSockets == 0)
        }
        try await group.shutdownGracefully()
    }

    /// Runs something on the lab's loop.
    func onLoop<Output: Sendable>(
        _ body: @Sendable () async throws -> Output
    ) async throws -> Output {
        try await Loop(executor).run(body)
    }

    /// Opens a connection: the client's end, then the server's.
    func connect() async throws -> (SocketStream, SocketStream) {
        let listener = try await serverNetwork.listen(on: port4500)
        let client = try await clientNetwork.connect(to: port4500)
        let server = try await listener.accept()
        await listener.close()
        return (client, server)
    }

    /// Lets the loop turn until a condition holds.
    func until(_ condition: () -> Bool) async {
        while !condition() { await Task.yield() }
    }
}

/// An actor on a lab's loop.
actor Loop {
    private let executor: EventLoopExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ executor: EventLoopExecutor) {
        self.executor = executor
    }

    func run<Output: Sendable>(
        _ body: @Sendable () async throws -> Output
    ) async throws -> Output {
        // Without this the compiler (6.3) leaves the hop out.
        #expect(executor.isOnLoop)
        return try await body()
    }
}

/// Keeps what it hears.
final class Hearing: SocketObserver {
    enum Event: Hashable {
        case connecting(ConnectionID, String)
        case failed(ConnectionID, NetworkError.Code)
        case established(ConnectionID, SocketSide)
        case read(ConnectionID, SocketSide, Int)
        case written(ConnectionID, SocketSide, Int)
        case end(ConnectionID, SocketSide)
        case broken(ConnectionID, SocketSide, NetworkError.Code)
        case closed(ConnectionID, SocketSide)
        case listening(String, UInt16)
        case stopped(String, UInt16)
    }

    private let heard = NIOLockedValueBox<[Event]>([])
    var events: [Event] { heard.withLockedValue { $0 } }
    /// How many connections were accepted.
    var acceptances: Int { events.count { if case .established(_, .server) = $0 { true } else { false } } }

    private func note(_ event: Event) { heard.withLockedValue { $0.append(event) } }

    func connecting(_ connection: ConnectionID, by process: Int?, from local: Endpoint, to remote: Endpoint) {
        note(.connecting(connection, local.host))
    }
    func failed(_ connection: ConnectionID, _ code: NetworkError.Code) { note(.failed(connection, code)) }
    func established(_ connection: ConnectionID, _ side: SocketSide, local: Endpoint, remote: Endpoint) {
        note(.established(connection, side))
    }
    func bytesRead(_ connection: ConnectionID, _ side: SocketSide, count: Int) {
        note(.read(connection, side, count))
    }
    func bytesWritten(_ connection: ConnectionID, _ side: SocketSide, count: Int) {
        note(.written(connection, side, count))
    }
    func endOfStream(_ connection: ConnectionID, _ side: SocketSide) { note(.end(connection, side)) }
    func broken(_ connection: ConnectionID, _ side: SocketSide, _ code: NetworkError.Code) {
        note(.broken(connection, side, code))
    }
    func closed(_ connection: ConnectionID, _ side: SocketSide) { note(.closed(connection, side)) }
    func listening(_ host: String, port: UInt16) { note(.listening(host, port)) }
    func stopped(_ host: String, port: UInt16) { note(.stopped(host, port)) }
}

/// The code of the error that something throws; nil when it throws none.
func code(_ body: () async throws -> Void) async -> NetworkError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? NetworkError)?.code
    }
}

/// Expects that something throws an error of a code.
func expect(
    _ expected: NetworkError.Code, sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async {
    let outcome = await code(body)
    #expect(outcome == expected, sourceLocation: sourceLocation)
}

/// A buffer's bytes as text.
func text(_ bytes: ByteBuffer?) -> String? { bytes.map { String(buffer: $0) } }

extension SocketStream {
    /// Reads exactly so many bytes, or to the end.
    func read(exactly count: Int) async throws(NetworkError) -> ByteBuffer {
        var all = ByteBuffer()
        while all.readableBytes < count, var chunk = try await read(upTo: count - all.readableBytes) {
            all.writeBuffer(&chunk)
        }
        return all
    }
}
