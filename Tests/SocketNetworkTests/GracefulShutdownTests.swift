import Glibc
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import Testing

@testable import SocketNetwork

/// A process that is asked to end, and is given time for that.
@Suite struct GracefulShutdownTests {
    private static let local = Endpoint(host: "127.0.0.1", port: 0)

    /// A server that answers all that it is told, and what its tasks have come to.
    private func serve(_ here: Production) async throws -> (listener: SocketListener, ends: NIOLockedValueBox<[String]>)
    {
        let listener = try await here.serverNetwork.listen(on: Self.local)
        let tasks = SocketTaskProvider(here.server)
        let ends = NIOLockedValueBox<[String]>([])
        tasks.start("accept") {
            while true {
                let outcome = await code {
                    let stream = try await listener.accept()
                    tasks.start("serve") {
                        let end = await code {
                            while let bytes = try await stream.read(upTo: 10) { try await stream.write(bytes) }
                        }
                        ends.withLockedValue { $0.append(end.map { "\($0)" } ?? "served") }
                        await stream.close()
                    }
                }
                guard let outcome else { continue }
                ends.withLockedValue { $0.append("accept: \(outcome)") }
                return
            }
        }
        return (listener, ends)
    }

    private func ask(_ stream: SocketStream) async throws {
        try await stream.write(ByteBuffer(string: "a"))
        let answer = try await stream.read(upTo: 1)
        #expect(text(answer) == "a")
    }

    @Test("It listens no more, and what it does comes to its end")
    func comesToItsEnd() async throws {
        try await Production.with { here in
            let (listener, ends) = try await serve(here)
            let client = try await here.clientNetwork.connect(to: listener.local)
            try await ask(client)
            let isOver = NIOLockedValueBox(false)
            let shutdown = SocketTaskProvider(here.client).start("shutdown") {
                await here.server.shutdown(grace: .seconds(100_000))
                isOver.withLockedValue { $0 = true }
            }
            try await here.until { !ends.withLockedValue { $0 }.isEmpty }
            await expect(.connectionRefused) { _ = try await here.clientNetwork.connect(to: listener.local) }
            try await ask(client)
            #expect(!isOver.withLockedValue { $0 } && !here.server.isDead)
            await client.close()
            await shutdown.finished()
            #expect(ends.withLockedValue { $0 } == ["accept: closed", "served"])
            #expect(here.server.isDead && here.server.liveTasks == 0)
        }
    }

    @Test("What has not ended by then is killed")
    func isKilled() async throws {
        try await Production.with { here in
            let (listener, ends) = try await serve(here)
            let client = try await here.clientNetwork.connect(to: listener.local)
            try await ask(client)
            await here.server.shutdown(grace: .milliseconds(20))
            #expect(ends.withLockedValue { $0 } == ["accept: closed", "cancelled"])
            let end = try await client.read(upTo: 1)
            #expect(end == nil)
        }
    }

    @Test("The end of a run waits for nobody who takes nothing", .timeLimit(.minutes(1)))
    func waitsForNobody() async throws {
        let taker = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { Glibc.close(taker) }
        var place = sockaddr_in()
        place.sin_family = sa_family_t(AF_INET)
        place.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &place) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(taker, $0, size)
                listen(taker, 1)
                getsockname(taker, $0, &size)
            }
        }
        let port = UInt16(bigEndian: place.sin_port)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let executor = EventLoopExecutor(group.next())
        let run = SocketRun(on: executor, seed: 1)
        let process = run.makeProcess(on: "localhost")
        try await Loop(executor).run {
            let stream = try await SocketNetworkProvider(process).connect(to: Endpoint(host: "127.0.0.1", port: port))
            process.start("write") {
                while (try? await stream.write(ByteBuffer(repeating: 1, count: 65_536))) != nil {}
            }
            // Both kernels' buffers are full once no more is taken for a while.
            var (unsent, looks) = (0, 0)
            while looks < 20 {
                let now = process.life.value.openStreams.first?.unsentBytes ?? 0
                looks = now > 0 && now == unsent ? looks + 1 : 0
                unsent = now
                try await SocketTimeProvider(process).sleep(for: .milliseconds(2))
            }
        }
        await withCheckedContinuation { done in run.shutdown { done.resume() } }
        #expect(process.openSockets == 0)
        try await group.shutdownGracefully()
    }

    @Test("A port that is no longer listened on is free, even while a child process has a copy of the socket")
    func portIsFree() async throws {
        try await Production.with { here in
            let listener = try await here.serverNetwork.listen(on: Self.local)
            let channel = try #require(here.server.life.value.openListeners.first?.channel)
            // What a child has between fork and exec.
            let copy = dup(try #require(Descriptor.of(channel)))
            defer { Glibc.close(copy) }
            await listener.close()
            await expect(.connectionRefused) { _ = try await here.clientNetwork.connect(to: listener.local) }
            let again = try await here.serverNetwork.listen(on: listener.local)
            _ = try await here.clientNetwork.connect(to: again.local)
            _ = try await again.accept()
        }
    }
}
