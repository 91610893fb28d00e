import NIOConcurrencyHelpers
import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct ProcessTests {
    @Test func aReadIsCancelled() async throws {
        try await Lab.with { lab in
            let (_, server) = try await lab.connect()
            let outcome = NIOLockedValueBox<NetworkError.Code?>(nil)
            let reading = SocketTaskProvider(lab.server).start("read") {
                let code = await code { _ = try await server.read(upTo: 1) }
                outcome.withLockedValue { $0 = code }
            }
            await Task.yield()
            reading.cancel()
            await reading.finished()
            #expect(outcome.withLockedValue { $0 } == .cancelled)
            #expect(server.kernelState()?.state == .established)
        }
    }

    @Test func everyWaitIsCancelled() async throws {
        let options = SocketOptions(kernelReceiveBufferBytes: 4_096, kernelSendBufferBytes: 4_096)
        try await Lab.with(options: options) { lab in
            let (client, _) = try await lab.connect()
            let listener = try await lab.serverNetwork.listen(on: Endpoint(host: "server", port: 1))
            let time = SocketTimeProvider(lab.client)
            let codes = NIOLockedValueBox<[NetworkError.Code?]>([])
            let waits: [@Sendable () async throws -> Void] = [
                { try await time.sleep(for: .seconds(100_000)) },
                { _ = try await client.read(upTo: 1) },
                { try await client.write(ByteBuffer(repeating: 0, count: 10_000_000)) },
                { _ = try await listener.accept() },
            ]
            let handles = waits.map { wait in
                SocketTaskProvider(lab.client).start("wait") {
                    let code = await code { try await wait() }
                    codes.withLockedValue { $0.append(code) }
                }
            }
            await lab.until { client.writerWaits }
            for handle in handles { handle.cancel() }
            for handle in handles { await handle.finished() }
            #expect(codes.withLockedValue { $0 } == Array(repeating: .cancelled, count: waits.count))
        }
    }

    @Test func aChildTaskIsCancelledAlone() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            let raced = NIOLockedValueBox(false)
            let handle = SocketTaskProvider(lab.server).start("race") {
                let outcomes = await withTaskGroup(of: NetworkError.Code?.self) { group in
                    group.addTask { await code { _ = try await server.read(upTo: 1) } }
                    group.addTask { nil }
                    var all: [NetworkError.Code?] = []
                    for await outcome in group {
                        all.append(outcome)
                        group.cancelAll()
                    }
                    return all
                }
                #expect(outcomes == [nil, .cancelled])
                raced.withLockedValue { $0 = true }
                // The task itself goes on.
                let bytes = try? await server.read(exactly: 2)
                #expect(bytes == ByteBuffer(string: "ok"))
            }
            await lab.until { raced.withLockedValue { $0 } }
            try await client.write(ByteBuffer(string: "ok"))
            await handle.finished()
        }
    }

    @Test("A process that is stopped takes no connection from its backlog, though a task of it had begun to accept")
    func aStoppedProcessAcceptsNothing() async throws {
        let hearing = Hearing()
        try await Lab.with(observer: hearing) { lab in
            let listener = try await lab.serverNetwork.listen(on: port4500)
            let accepting = SocketTaskProvider(lab.server).start("accept") { _ = try? await listener.accept() }
            await Task.yield()
            lab.server.pause()
            _ = try await lab.clientNetwork.connect(to: port4500)
            // What comes later to another one, which runs, is accepted.
            let other = try await lab.clientNetwork.listen(on: Endpoint(host: "client", port: 1))
            _ = try await lab.clientNetwork.connect(to: Endpoint(host: "client", port: 1))
            _ = try await other.accept()
            #expect(hearing.acceptances == 1)
            lab.server.resume()
            await accepting.finished()
            #expect(hearing.acceptances == 2)
        }
    }

    @Test func aSignalWakesAllThatWait() async throws {
        try await Lab.with { lab in
            let tasks = SocketTaskProvider(lab.client)
            let signal = tasks.makeSignal()
            let woken = NIOLockedValueBox<[Int]>([])
            let handles = (0..<3).map { number in
                tasks.start("wait") {
                    for _ in 0..<100 {
                        let outcome = await code { try await signal.wait() }
                        if outcome == .cancelled { return }
                        woken.withLockedValue { $0.append(number) }
                    }
                }
            }
            signal.notify()
            #expect(woken.withLockedValue { $0 }.isEmpty)
            for round in 1...2 {
                await Task.yield()
                signal.notify()
                await lab.until { woken.withLockedValue { $0.count } == 3 * round }
            }
            #expect(woken.withLockedValue { $0 } == [0, 1, 2, 0, 1, 2])
            handles[0].cancel()
            await handles[0].finished()
            lab.client.kill()
            await expect(.cancelled) { try await signal.wait() }
            for handle in handles { await handle.finished() }
        }
    }

    @Test func sleepsEndInTime() async throws {
        try await Lab.with { lab in
            let time = SocketTimeProvider(lab.client)
            let begin = time.now
            try await time.sleep(for: .milliseconds(2))
            #expect(begin.duration(to: time.now) >= .milliseconds(2))
            try await time.sleep(until: .zero)
        }
    }

    @Test func aKilledProcessEndsItsStreams() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            let outcome = NIOLockedValueBox<NetworkError.Code?>(nil)
            let reading = SocketTaskProvider(lab.server).start("read") {
                let code = await code { _ = try await server.read(upTo: 1) }
                outcome.withLockedValue { $0 = code }
            }
            await Task.yield()
            lab.server.kill()
            let value2 = try await client.read(upTo: 1)
            #expect(value2 == nil)
            await reading.finished()
            #expect(outcome.withLockedValue { $0 } == .cancelled)
            await expect(.cancelled) { try await server.write(ByteBuffer()) }
            let network = lab.serverNetwork
            await expect(.cancelled) { _ = try await network.listen(on: port4500) }
            await lab.server.drained()
            #expect(lab.server.isDead && lab.server.liveTasks == 0 && lab.server.openSockets == 0)
        }
    }

    @Test func aKillWithUnreadBytesResets() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            try await client.write(ByteBuffer(string: "unread"))
            await lab.until { (server.kernelState()?.unreadBytes ?? 0) == 6 }
            lab.server.kill()
            await expect(.connectionReset) { _ = try await client.read(upTo: 1) }
        }
    }

    @Test func tasksUnwindInTheOrderOfTheirCreation() async throws {
        try await Lab.with { lab in
            let order = NIOLockedValueBox<[Int]>([])
            let time = SocketTimeProvider(lab.server)
            for number in 0..<50 {
                SocketTaskProvider(lab.server).start("\(number)") {
                    try? await time.sleep(for: .seconds(1_000))
                    order.withLockedValue { $0.append(number) }
                }
            }
            await Task.yield()
            #expect(lab.server.liveTasks == 50)
            lab.server.kill()
            await lab.server.drained()
            #expect(order.withLockedValue { $0 } == Array(0..<50))
            let late = SocketTaskProvider(lab.server).start("late") { Issue.record("a dead process ran a task") }
            await late.finished()
        }
    }

    @Test func aRestartListensOnTheSamePort() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            try await server.write(ByteBuffer(string: "before"))
            lab.server.kill()
            let text3 = String(buffer: try await client.read(exactly: 6))
            #expect(text3 == "before")
            let value4 = try await client.read(upTo: 1)
            #expect(value4 == nil)
            let again = lab.run.makeProcess(on: "server")
            let listener = try await SocketNetworkProvider(again).listen(on: port4500)
            let second = try await lab.clientNetwork.connect(to: port4500)
            let accepted = try await listener.accept()
            #expect(second.connection == accepted.connection)
            #expect(second.connection != client.connection)
        }
    }
}
