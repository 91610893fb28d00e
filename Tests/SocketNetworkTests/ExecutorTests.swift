import NIOCore
import NIOPosix
import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct ExecutorTests {
    /// Sees after each kind of suspension that it is still on the loop.
    private actor Resident {
        let executor: EventLoopExecutor
        nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }
        private var calls = 0

        init(_ executor: EventLoopExecutor) {
            self.executor = executor
        }

        func call() -> Int {
            #expect(executor.isOnLoop)
            calls += 1
            return calls
        }

        func live(with other: Resident, _ time: any TimeProvider) async {
            #expect(executor.isOnLoop)
            _ = await other.call()
            #expect(executor.isOnLoop)
            await Task.yield()
            #expect(executor.isOnLoop)
            try? await time.sleep(for: .microseconds(10))
            #expect(executor.isOnLoop)
            let (numbers, continuation) = AsyncStream<Int>.makeStream()
            await withTaskGroup(of: Void.self) { group in
                group.addTask { [executor] in
                    for number in 0..<10 {
                        #expect(executor.isOnLoop)
                        continuation.yield(number)
                        await Task.yield()
                    }
                    #expect(executor.isOnLoop)
                    continuation.finish()
                }
                var sum = 0
                for await number in numbers {
                    #expect(executor.isOnLoop)
                    sum += number
                }
                #expect(sum == 45)
            }
            #expect(executor.isOnLoop)
        }
    }

    @Test func actorsTasksAndChildrenStayOnTheLoop() async throws {
        try await Lab.with { lab in
            let executor = lab.executor
            let first = Resident(executor)
            let second = Resident(executor)
            let time = SocketTimeProvider(lab.client)
            let tasks = SocketTaskProvider(lab.client)
            let handles = (0..<5).map { _ in
                tasks.start("live") {
                    #expect(executor.isOnLoop)
                    await first.live(with: second, time)
                    #expect(executor.isOnLoop)
                    await second.live(with: first, time)
                    #expect(executor.isOnLoop)
                    async let child = first.call()
                    _ = await child
                    #expect(executor.isOnLoop)
                }
            }
            for handle in handles { await handle.finished() }
            let value1 = await first.call()
            #expect(value1 == 11)
        }
    }

    @Test func tasksStartedFromElsewhereRunOnTheLoop() async throws {
        try await Lab.with { lab in
            await Task.detached {
                let executor = lab.executor
                #expect(!executor.isOnLoop)
                let handle = SocketTaskProvider(lab.client).start("from afar") { #expect(executor.isOnLoop) }
                await handle.finished()
            }.value
        }
    }

    @Test func aTaskThatYieldsForeverKeepsNobodyAway() async throws {
        try await Lab.with { lab in
            let yielding = SocketTaskProvider(lab.client).start("yield") {
                while !Task.isCancelled { await Task.yield() }
            }
            let (client, server) = try await lab.connect()
            try await client.write(ByteBuffer(string: "through"))
            let text2 = String(buffer: try await server.read(exactly: 7))
            #expect(text2 == "through")
            yielding.cancel()
            await yielding.finished()
        }
    }
}
