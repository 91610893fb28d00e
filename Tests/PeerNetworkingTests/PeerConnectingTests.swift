import NIOCore
import PeerNetworking
import PeerNetworkingMocks
import Testing

@Suite struct PeerConnectingTests {
    @Test func connectsWithItsFirstMessageAndNotBefore() {
        let world = MockWorld()
        world.serve(swallow)
        let peer = world.peer()
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 0)
        #expect(world.observer.states(of: "peer") == [])

        world.start { try await peer.send(ByteBuffer(string: "first")) }
        #expect(world.network.connectAttempts == 1)
        #expect(world.observer.states(of: "peer") == [.connecting, .connected])
        let sent = world.observer.events(of: "peer").filter { if case .sent = $0 { true } else { false } }
        // Behind the hello: the frame of five bytes ends there.
        let hello = Frame.hello(
            Frame.Hello(
                purpose: .messages, origin: 1, window: 1, inbox: 1, inboxBytes: 1, maximumPayload: 1, name: "peer")
        ).encoded().readableBytes
        let through = Int64(hello + Frame.messageOverhead + 5)
        #expect(sent == [.sent(message: 1, through: through, depth: 1)])
        world.start { try await peer.send(ByteBuffer(string: "second")) }
        #expect(world.network.connectAttempts == 1)
    }

    @Test func connectsWhenItIsTold() {
        let world = MockWorld()
        world.serve(swallow)
        let peer = world.peer()
        world.start { await peer.connect() }
        #expect(world.observer.states(of: "peer") == [.connecting, .connected])
    }

    @Test func reconnectsWithBackoffAfterALoss() {
        let world = MockWorld()
        let serving = world.serve { stream in
            _ = try await stream.read(upTo: 65_536)
            _ = try await stream.read(upTo: 65_536)
            await stream.reset()
        }
        let peer = world.peer()
        world.start { try await peer.send(ByteBuffer(string: "x")) }
        // The server reads the hello, then the message, and resets.
        #expect(world.observer.states(of: "peer") == [.connecting, .connected, .reconnecting])
        #expect(world.network.connectAttempts == 1)
        serving.cancel()
        world.tasks.run()
        world.time.advance(by: .milliseconds(99))
        #expect(world.network.connectAttempts == 1)
        world.time.advance(by: .milliseconds(1))
        #expect(world.network.connectAttempts == 2)
        // Nobody listens any more: the waits double.
        world.time.advance(by: .seconds(20))
        #expect(
            world.backoffs() == [100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000, 5_000].map { .milliseconds($0) })
        world.serve(swallow)
        world.time.advance(by: .seconds(5))
        #expect(world.observer.states(of: "peer").last == .connected)
        // What was not confirmed is sent again.
        #expect(world.observer.events(of: "peer").contains(.requeued(message: 1, depth: 1)))
    }

    /// Trap 14: the first wait is the initial one, and a connection that lived 10 ms does not start the backoff anew.
    @Test func aShortLifeDoesNotResetTheBackoff() {
        let world = MockWorld()
        let time = world.time
        world.serve { stream in
            // Dies 10 ms after it was opened.
            try await time.sleep(for: .milliseconds(10))
            await stream.reset()
        }
        let peer = world.peer()
        world.start { await peer.connect() }
        for _ in 0..<4 {
            world.time.advance(by: .milliseconds(10))
            if let next = world.time.nextDeadline { world.time.advance(by: world.time.now.duration(to: next)) }
        }
        #expect(world.backoffs() == [100, 200, 400, 800].map { .milliseconds($0) })
    }

    @Test func aStableLifeResetsTheBackoff() {
        let world = MockWorld()
        let time = world.time
        world.serve { stream in
            try await time.sleep(for: .seconds(2))
            await stream.reset()
        }
        let peer = world.peer()
        world.start { await peer.connect() }
        world.time.advance(by: .seconds(2))
        world.time.advance(by: .milliseconds(100))
        world.time.advance(by: .seconds(2))
        #expect(world.network.connectAttempts == 2)
        #expect(world.backoffs() == [100, 100].map { .milliseconds($0) })
    }

    /// Trap 7: a limit of attempts ends in a state with an error, and a manual reconnect works.
    @Test func theLimitOfAttemptsEndsInFailedAndReconnectWorks() {
        let world = MockWorld()
        let peer = world.peer(MockWorld.config { $0.backoff.attempts = 3 })
        let said = world.said
        world.start("send") { try await peer.send(ByteBuffer(string: "lost")) }
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 3)
        #expect(world.observer.states(of: "peer") == [.connecting, .failed])
        #expect(world.observer.events(of: "peer").contains(.state(.failed, .connectionRefused)))
        #expect(world.observer.events(of: "peer").contains(.dropped(message: 1, reason: .peerClosed, depth: 0)))
        world.start("state") { said.say("\(await peer.state), \(await peer.failure?.code.rawValue ?? "no error")") }
        world.start("receive") { said.say("received \(try await peer.receive() == nil ? "nothing" : "something")") }
        world.start("send") { try await peer.send(ByteBuffer(string: "refused")) }
        #expect(said.all == ["failed, retriesExhausted", "received nothing", "send: retriesExhausted"])

        world.serve(swallow)
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 3)
        world.start { await peer.reconnect() }
        #expect(world.observer.states(of: "peer").suffix(2) == [.connecting, .connected])
        world.start("send again") { try await peer.send(ByteBuffer(string: "kept")) }
        #expect(said.all.count == 3)
        #expect(world.observer.events(of: "peer").contains { if case .sent(2, _, 1) = $0 { true } else { false } })
    }

    /// A reconnect asked for in the middle of a wait does not wait it out.
    @Test func reconnectCutsTheBackoffShort() {
        let world = MockWorld()
        let peer = world.peer()
        world.start { await peer.connect() }
        #expect(world.network.connectAttempts == 1)
        world.start { await peer.reconnect() }
        #expect(world.network.connectAttempts == 2)
        #expect(world.time.now == .zero)
    }

    @Test func aServerThatSaysNothingIsTimedOut() {
        let world = MockWorld()
        let network = world.network.provider(for: "server")
        world.start("server") {
            let listener = try await network.listen(on: MockWorld.server)
            let stream = try await listener.accept()
            while try await stream.read(upTo: 100) != nil {}
            await listener.close()
        }
        let peer = world.peer(MockWorld.config { $0.backoff.attempts = 1 })
        let said = world.said
        world.start { await peer.connect() }
        world.time.advance(by: .milliseconds(2_999))
        #expect(world.observer.states(of: "peer") == [.connecting])
        world.time.advance(by: .milliseconds(1))
        #expect(world.observer.states(of: "peer") == [.connecting, .failed])
        world.start { said.say(await peer.failure?.reason ?? "no error") }
        #expect(said.all.first?.contains("timedOut") == true)
    }

    @Test func aSilentConnectionIsGivenUpByHeartbeat() {
        let world = MockWorld()
        // It takes everything and says nothing after its hello.
        world.serve(swallow)
        let peer = world.peer(
            MockWorld.config { $0.heartbeat = .init(interval: .seconds(1), timeout: .seconds(2)) })
        world.start { await peer.connect() }
        world.time.advance(by: .milliseconds(1_999))
        #expect(world.observer.states(of: "peer") == [.connecting, .connected])
        world.time.advance(by: .milliseconds(1))
        #expect(world.observer.states(of: "peer") == [.connecting, .connected, .reconnecting])
        let events = world.observer.events(of: "peer")
        #expect(events.contains(.heartbeatMissed))
        #expect(events.contains(.state(.reconnecting, .timedOut)))
        world.time.advance(by: .milliseconds(100))
        #expect(world.network.connectAttempts == 2)
    }

    @Test func answersKeepAConnectionAlive() {
        let world = MockWorld()
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { _, _ in }
        world.start("server") { try await server.run() }
        let peer = world.peer(
            MockWorld.config { $0.heartbeat = .init(interval: .seconds(1), timeout: .seconds(2)) })
        world.start { await peer.connect() }
        world.time.advance(by: .seconds(600))
        #expect(world.observer.states(of: "peer") == [.connecting, .connected])
        let roundTrips = world.observer.events(of: "peer").filter { $0 == .roundTrip(nanoseconds: 0) }
        #expect(roundTrips.count == 600)
    }

    /// Whoever listens first, there is one listener; a server that is closed listens no more.
    @Test func aServerListensOnce() {
        let world = MockWorld()
        let said = world.said
        let here = Endpoint(host: "server", port: 0)
        let server = PeerServer(
            name: "server", on: here, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { _, _ in }
        world.start("run") { try await server.run() }
        world.start("listen") {
            let first = try await server.listen()
            let again = try await server.listen()
            said.say("\(first.port > 0 && first == again)")
            await server.close()
            try await server.listen()
        }
        #expect(said.all == ["true", "listen: closed"])
    }
}
