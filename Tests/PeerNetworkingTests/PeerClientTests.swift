import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

@Suite struct PoolChoiceTests {
    /// All choices of three connections, each of which holds 0 to 2 messages.
    private static let loads: [[Int]] = (0..<27).map { [$0 / 9, $0 / 3 % 3, $0 % 3] }

    @Test(arguments: loads) func theLeastLoadedIsTheFirstOfThose(_ loads: [Int]) {
        var choice = PoolChoice(.leastLoaded)
        let chosen = choice.next(loads.count, load: { loads[$0] }, draw: { _ in 0 })
        #expect(loads[chosen] == loads.min())
        #expect(chosen == loads.firstIndex(of: loads.min() ?? 0))
    }

    @Test func oneAfterTheOtherWhateverTheirLoads() {
        var choice = PoolChoice(.roundRobin)
        #expect(
            Self.loads.map { loads in choice.next(loads.count, load: { loads[$0] }, draw: { _ in 0 }) }
                == Self.loads.indices.map { $0 % 3 })
        // Of fewer than there were, one that is there.
        #expect(choice.next(1, load: { _ in 5 }, draw: { _ in 0 }) == 0)
    }

    @Test(arguments: loads) func ofTwoDrawnTheOneWithLess(_ loads: [Int]) {
        for first in 0..<3 {
            for step in 0..<2 {
                var draws = [first, step]
                var choice = PoolChoice(.randomOfTwo)
                let chosen = choice.next(loads.count, load: { loads[$0] }) { bound in
                    #expect(bound == (draws.count == 2 ? 3 : 2))
                    return draws.removeFirst()
                }
                let second = (first + 1 + step) % 3
                #expect(second != first)
                #expect(chosen == first || chosen == second)
                #expect(loads[chosen] == min(loads[first], loads[second]))
            }
        }
        var choice = PoolChoice(.randomOfTwo)
        #expect(choice.next(1, load: { _ in 7 }, draw: { _ in 1 }) == 0, "of one there is no choice")
    }

    @Test func everyFieldHasItsRange() {
        func fields(_ pool: ConnectionPool) -> [String] { pool.validate().map(\.field) }
        #expect(fields(ConnectionPool()) == [])
        #expect(fields(ConnectionPool(minimum: 1_000, maximum: 1_000, idle: .milliseconds(1))) == [])
        #expect(fields(ConnectionPool(minimum: 0)) == ["pool.minimum"])
        #expect(fields(ConnectionPool(minimum: 3, maximum: 2)) == ["pool.minimum"])
        #expect(fields(ConnectionPool(maximum: 1_001)) == ["pool.maximum"])
        #expect(fields(ConnectionPool(minimum: 0, maximum: 0, idle: .zero)).count == 3)
        #expect(fields(ConnectionPool(idle: .seconds(86_401))) == ["pool.idle"])
    }
}

@Suite struct PeerClientTests {
    private let world = MockWorld()

    private func serve(
        _ config: PeerConfig = MockWorld.config(), onStream: StreamHandler? = nil,
        _ handler: @escaping MessageHandler
    ) -> PeerServer {
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: config, providers: world.providers(for: "server"),
            onStream: onStream, onMessage: handler)
        world.start("server") { try await server.run() }
        return server
    }

    private func client(
        _ pool: ConnectionPool = ConnectionPool(), _ config: PeerConfig = MockWorld.config(),
        providers: Providers? = nil
    ) -> PeerClient {
        PeerClient(
            name: "peer", to: MockWorld.server, config: config, pool: pool,
            providers: providers ?? world.providers(for: "client"))
    }

    private func ask(_ question: @escaping @Sendable () async throws -> String) -> String? {
        let said = world.said
        world.start("ask") { said.say(try await question()) }
        return said.all.last
    }

    // MARK: Messages

    @Test func aClientConnectsWithItsFirstMessageOrWhenItIsTold() {
        _ = serve { _, _ in }
        let lazy = client()
        world.time.advance(by: .seconds(10))
        #expect(world.network.connectAttempts == 0)
        world.start { try await lazy.send(ByteBuffer(string: "x")) }
        #expect(world.network.connectAttempts == 1)
        let eager = client(ConnectionPool(minimum: 3, maximum: 3))
        world.start { await eager.connect() }
        #expect(world.network.connectAttempts == 4)
    }

    @Test func itReceivesTheAnswersOfAllConnections() {
        _ = serve { message, session in _ = try? await session.send(message.payload) }
        let client = client(ConnectionPool(minimum: 3, maximum: 3, selection: .roundRobin))
        let said = world.said
        world.start("talk") {
            for number in 1...6 { try await client.send(ByteBuffer(integer: number), order: .unordered) }
            var answers: [Int] = []
            for _ in 1...6 {
                if let message = try await client.receive() {
                    answers.append(message.payload.getInteger(at: 0, as: Int.self) ?? 0)
                }
            }
            said.say("\(answers.sorted())")
            await client.close()
            said.say("\(try await client.receive() == nil)")
        }
        world.time.advance(by: .seconds(2))
        #expect(said.all == ["[1, 2, 3, 4, 5, 6]", "true"])
    }

    /// A message is confirmed when the application takes it, in a pool as elsewhere.
    @Test func whatNobodyReceivesIsNotConfirmed() {
        _ = serve { _, session in
            for number in 1...3 { _ = try? await session.send(ByteBuffer(integer: number)) }
        }
        let client = client()
        world.start { try await client.send(ByteBuffer(string: "x")) }
        func confirmed() -> [PeerEvent] {
            world.observer.events(of: "server").filter { if case .acknowledged = $0 { true } else { false } }
        }
        let before = confirmed().count
        world.start {
            for _ in 1...3 { _ = try await client.receive() }
        }
        #expect(before < confirmed().count)
        #expect(confirmed().last == .acknowledged(message: 3, depth: 0))
    }

    @Test func orderedMessagesKeepTheirOrderBesideOthers() {
        let said = world.said
        _ = serve { message, _ in
            let text = String(buffer: message.payload)
            if text.hasPrefix("o") { said.say(text) }
        }
        let client = client(ConnectionPool(minimum: 4, maximum: 4, selection: .randomOfTwo))
        world.start {
            for number in 1...50 {
                try await client.send(ByteBuffer(string: "o\(number)"))
                try await client.send(ByteBuffer(string: "u"), order: .unordered)
            }
        }
        #expect(said.all == (1...50).map { "o\($0)" })
    }

    @Test(arguments: ConnectionPool.Selection.allCases) func unorderedMessagesAreSpread(
        _ selection: ConnectionPool.Selection
    ) {
        let gate = world.tasks.makeSignal()
        _ = serve(MockWorld.config { $0.inbox = 100 }) { _, _ in try? await gate.wait() }
        let client = client(ConnectionPool(minimum: 4, maximum: 4, selection: selection))
        world.start {
            await client.connect()
            for _ in 1...40 { try await client.send(ByteBuffer(string: "x"), order: .unordered) }
        }
        let counts = ["peer", "peer/2", "peer/3", "peer/4"].map { name in
            world.observer.events(of: name).count { if case .queued = $0 { true } else { false } }
        }
        #expect(counts.reduce(0, +) == 40)
        #expect(counts == [10, 10, 10, 10] || selection == .randomOfTwo && counts.allSatisfy { (5...15).contains($0) })
    }

    // MARK: The pool

    @Test func aPressedPoolGrowsAndAnIdleOneShrinks() {
        let gate = world.tasks.makeSignal()
        let server = serve { _, _ in try? await gate.wait() }
        let client = client(
            ConnectionPool(minimum: 1, maximum: 3, idle: .seconds(10)),
            MockWorld.config { $0.queueCapacity = 4 })
        world.start { for _ in 1...12 { try await client.send(ByteBuffer(string: "x"), order: .unordered) } }
        #expect(ask { "\(await client.connectionCount)" } == "3")
        #expect(ask { "\(await server.sessionCount)" } == "3")
        for _ in 1...12 {
            gate.notify()
            world.tasks.run()
        }
        world.time.advance(by: .seconds(9))
        #expect(ask { "\(await client.connectionCount)" } == "3")
        world.time.advance(by: .seconds(5))
        #expect(ask { "\(await client.connectionCount)" } == "1")
        #expect(ask { "\(await server.sessionCount)" } == "1")
        // Its slots are taken again, under the same names.
        world.start { for _ in 1...6 { try await client.send(ByteBuffer(string: "x"), order: .unordered) } }
        #expect(ask { "\(await client.connectionCount)" } == "2")
        #expect(Set(world.observer.names) == ["peer", "peer/2", "peer/3", "server"])
    }

    @Test func aConnectionThatGaveUpIsReplaced() {
        let client = client(ConnectionPool(minimum: 2, maximum: 2), MockWorld.config { $0.backoff.attempts = 1 })
        world.start { await client.connect() }
        #expect(world.observer.states(of: "peer").last == .failed)
        let server = serve { _, _ in }
        world.time.advance(by: .seconds(10))
        #expect(world.observer.states(of: "peer").last == .connected)
        #expect(world.observer.states(of: "peer/2").last == .connected)
        #expect(ask { "\(await server.sessionCount)" } == "2")
    }

    @Test func closingClosesAllAndTellsWhatWasLost() {
        let client = client(ConnectionPool(minimum: 3, maximum: 3, selection: .roundRobin))
        world.start { for _ in 1...7 { try await client.send(ByteBuffer(string: "x"), order: .unordered) } }
        let (said, time) = (world.said, world.time)
        let begun = time.now
        world.start("close") {
            let lost = await client.close(flushingFor: .milliseconds(250))
            said.say("lost \(lost) after \(begun.duration(to: time.now))")
        }
        // All three have the same time for it.
        time.advance(by: .seconds(1))
        #expect(said.all == ["lost 7 after 0.25 seconds"])
        #expect(ask { "\(await client.connectionCount)" } == "0")
        world.start("late") { try await client.send(ByteBuffer(string: "x")) }
        #expect(world.said.all.last == "late: closed")
    }

    /// Who no longer wants to wait for the flush has the right number all the same, and nothing is left.
    @Test func aCancelledCloseEndsAllTheSame() {
        let client = client(ConnectionPool(minimum: 3, maximum: 3, selection: .roundRobin))
        world.start { for _ in 1...7 { try await client.send(ByteBuffer(string: "x"), order: .unordered) } }
        let said = world.said
        let closing = world.start("close") {
            said.say("lost \(await client.close(flushingFor: .seconds(60)))")
        }
        world.start("cancel") { closing.cancel() }
        #expect(said.all == ["lost 7"])
        #expect(world.tasks.liveTasks == [])
    }

    // MARK: Byte streams

    @Test func aByteStreamCarriesBytesBothWays() {
        let said = world.said
        let registry = ConnectionRegistry()
        var providers = world.providers(for: "client")
        providers.registry = registry
        _ = serve(
            onStream: { stream in
                said.say("from \(stream.remoteName)")
                // An upper layer's protocol: lengths and lines, whatever it likes.
                while let bytes = try? await stream.read(upTo: 4) { try? await stream.write(bytes) }
                said.say("ended")
            }, { _, _ in })
        let client = client(providers: providers)
        world.start("stream") {
            let stream = try await client.openStream()
            said.say("\(registry.connections.map { "\($0.peer) \($0.remoteName) \($0.purpose)" })")
            try await stream.write(contentsOf: [ByteBuffer(string: "hello, "), ByteBuffer(string: "bytes")])
            var back = ByteBuffer()
            while back.readableBytes < 12, let bytes = try await stream.read(upTo: 100) {
                back.writeImmutableBuffer(bytes)
            }
            said.say(String(buffer: back))
            try await stream.shutdownWrite()
            said.say("\(try await stream.read(upTo: 1) == nil)")
            await stream.close()
            said.say("\(registry.connections.count)")
        }
        // The server says its end beside what the client says.
        #expect(
            said.all.filter { $0 != "ended" } == [
                "from peer", "[\"peer stream 1 server stream\"]", "hello, bytes", "true", "0",
            ])
        #expect(said.all.contains("ended"))
    }

    /// Opens a byte stream to a server whose handler does nothing with it for a while.
    private func idleStream(
        _ change: (inout PeerConfig) -> Void, _ use: @escaping @Sendable (PeerStream) async throws -> Void
    ) {
        let time = world.time
        _ = serve(onStream: { _ in try? await time.sleep(for: .seconds(60)) }, { _, _ in })
        let client = PeerClient(
            name: "peer", to: MockWorld.server, config: MockWorld.config(change),
            providers: world.providers(for: "client"))
        world.start("stream") { try await use(try await client.openStream()) }
    }

    @Test func aReadOfAByteStreamWaitsNoLongerThanItsTimeout() {
        let said = world.said
        idleStream({ $0.readTimeout = .seconds(2) }) { stream in
            do throws(NetworkError) {
                _ = try await stream.read(upTo: 1)
                said.say("read")
            } catch {
                said.say("\(error.code): \(error.reason)")
            }
            await stream.close()
        }
        world.time.advance(by: .milliseconds(1_999))
        #expect(said.all == [])
        world.time.advance(by: .milliseconds(1))
        #expect(said.all == ["timedOut: nothing came for 2.0 seconds"])
    }

    @Test func aWriteOfAByteStreamWaitsNoLongerThanItsTimeout() {
        let said = world.said
        idleStream({ $0.writeTimeout = .seconds(2) }) { stream in
            do throws(NetworkError) {
                while true {
                    try await stream.write(ByteBuffer(repeating: 0, count: 65_536))
                    // Somebody who reads nothing, and knows it.
                    said.say("wrote")
                }
            } catch {
                said.say("\(error.code): \(error.reason)")
            }
        }
        world.time.advance(by: .seconds(3))
        #expect(said.all.last == "timedOut: nothing was taken for 2.0 seconds")
    }

    @Test func aByteStreamThatNobodyUsesIsClosed() {
        let (said, time) = (world.said, world.time)
        idleStream({ $0.idleTimeout = .seconds(4) }) { stream in
            try await time.sleep(for: .seconds(3))
            try await stream.write(ByteBuffer(string: "x"))
            try await time.sleep(for: .seconds(3))
            // Three seconds are not four.
            try await stream.write(ByteBuffer(string: "x"))
            try await time.sleep(for: .seconds(6))
            do throws(NetworkError) { try await stream.write(ByteBuffer(string: "x")) } catch { said.say(error.reason) }
        }
        world.time.advance(by: .seconds(13))
        #expect(said.all == ["nobody used it for 4.0 seconds"])
    }

    @Test func theWatchOfAByteStreamEndsWithIt() {
        idleStream({
            $0.readTimeout = .seconds(10)
            $0.idleTimeout = .seconds(10)
        }) { stream in await stream.close() }
        #expect(!world.tasks.liveTasks.contains { $0.hasSuffix("timeouts") }, "\(world.tasks.liveTasks)")
    }

    /// Bytes that come in one piece with the hello are the stream's first.
    @Test func whatComesWithTheHelloIsNotLost() {
        let said = world.said
        _ = serve(
            onStream: { stream in
                while let bytes = try? await stream.read(upTo: 3) { said.say(String(buffer: bytes)) }
            }, { _, _ in })
        let network = world.network.provider(for: "client")
        world.start("raw") {
            let stream = try await network.connect(to: MockWorld.server)
            var bytes = Frame.hello(.init(purpose: .stream, origin: 1, name: "raw")).encoded()
            bytes.writeString("abcdef")
            try await stream.write(bytes)
            try await stream.shutdownWrite()
        }
        #expect(said.all == ["abc", "def"])
    }

    @Test func aServerThatServesNoStreamsSaysSo() {
        _ = serve { _, _ in }
        let client = client()
        world.start("stream") { _ = try await client.openStream() }
        #expect(world.said.all == ["stream: incompatible"])
        let nobody = PeerClient(
            name: "lost", to: Endpoint(host: "server", port: 81), config: MockWorld.config(),
            providers: world.providers(for: "client"))
        world.start("nobody") { _ = try await nobody.openStream() }
        #expect(world.said.all.last == "nobody: connectionRefused")
    }
}
