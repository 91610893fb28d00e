import Foundation
import Glibc
import NIOCore
import NIOPosix
import PeerNetworking
import SocketNetwork
import Synchronization

@testable import Lab

/// A load of two processes, of which one has all the clients' ends and the other the servers': together they have twice as many
/// sockets as a process may.
enum LoadHalves {
    /// Where the server tells the client its port: a pipe with a name. Whoever has made it holds it open at both ends, so that
    /// nobody waits to open it.
    final class Meeting: Sendable {
        let path: String
        private let descriptor: Int32

        init() throws {
            path = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID().uuidString)").path
            guard mkfifo(path, 0o600) == 0 else { throw KernelError.scenario("no pipe: \(errno)") }
            descriptor = open(path, O_RDWR | O_CLOEXEC)
        }

        /// The server will not tell it any more.
        func isOver() { Self.tell(0, at: path) }

        func close() {
            Glibc.close(descriptor)
            unlink(path)
        }

        static func tell(_ port: UInt16, at path: String) {
            let descriptor = open(path, O_WRONLY | O_CLOEXEC)
            defer { Glibc.close(descriptor) }
            _ = withUnsafeBytes(of: port) { write(descriptor, $0.baseAddress, $0.count) }
        }

        /// Waits for the port.
        static func port(at path: String) throws -> UInt16 {
            let descriptor = open(path, O_RDONLY | O_CLOEXEC)
            defer { Glibc.close(descriptor) }
            var port: UInt16 = 0
            let count = withUnsafeMutableBytes(of: &port) { read(descriptor, $0.baseAddress, $0.count) }
            guard count == 2, port != 0 else { throw KernelError.scenario("the server has not begun") }
            return port
        }
    }

    /// Connections that are asked for at a time have room.
    private static let options = SocketOptions(
        receiveBufferBytes: 32_768, sendBufferBytes: 32_768, kernelReceiveBufferBytes: 32_768,
        kernelSendBufferBytes: 32_768)

    /// Accepts connections and sends back what comes, until the client is gone: that is when the first connection ends.
    ///
    /// - Parameter total: how many come beside the first.
    static func serve(_ total: Int, meeting path: String) async throws -> Load.Report {
        try await half { providers, looks in
            let listener = try await providers.network.listen(on: Endpoint(host: "127.0.0.1", port: 0))
            Meeting.tell(listener.local.port, at: path)
            let client = try await listener.accept()
            let ended = Atomic<Int>(0)
            let accepting = providers.tasks.start("accept") {
                await Load.answer(listener, providers) {
                    looks.answered()
                    if ended.add(1, ordering: .relaxed).newValue == total / 10 { looks.tenth() }
                }
            }
            _ = try? await client.read(upTo: 1)
            await client.close()
            await listener.close()
            await accepting.finished()
        }
    }

    /// Opens so many connections at once, so often.
    static func ask(_ count: Int, rounds: Int, meeting path: String) async throws -> Load.Report {
        let server = Endpoint(host: "127.0.0.1", port: try Meeting.port(at: path))
        return try await half { providers, looks in
            // While it lives the server does.
            let client = try await providers.network.connect(to: server)
            let transcript = Transcript(host: "client", stage: Stage())
            try await Load.ask(count, rounds, at: server, providers, transcript, looks)
            await client.close()
            guard transcript.all.isEmpty else { throw KernelError.scenario("\(transcript.all)") }
        }
    }

    private static func half(
        _ body: @escaping @Sendable (Providers, Load.Looks) async throws -> Void
    ) async throws -> Load.Report {
        Load.keepNoBacktraces()
        // What is opened once is there before.
        _ = try await run { _, _ in }
        let before = Load.Look.now
        let looks = try await run(body)
        guard looks.all.count == 2 else { throw KernelError.scenario("it has not come to its tenth") }
        return Load.Report(
            before: before, afterTenth: looks.all[0], atEnd: looks.all[1], after: .now, answers: looks.answers)
    }

    private static func run(
        _ body: @escaping @Sendable (Providers, Load.Looks) async throws -> Void
    ) async throws -> Load.Looks {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let process = SocketProcess(on: EventLoopExecutor(group.next()), seed: 1, options: options)
        let providers = process.providers()
        let looks = Load.Looks()
        let failure = Mutex<(any Error)?>(nil)
        let main = providers.tasks.start("main") {
            do {
                try await body(providers, looks)
            } catch {
                failure.withLock { $0 = error }
            }
        }
        await main.finished()
        looks.end()
        await process.shutdown()
        try await group.shutdownGracefully()
        if let failure = failure.withLock({ $0 }) { throw failure }
        return looks
    }
}
