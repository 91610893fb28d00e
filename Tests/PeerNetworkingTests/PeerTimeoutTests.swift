import NIOCore
import PeerNetworking
import PeerNetworkingMocks
import Testing

/// What a peer bears, and for how long.
@Suite struct PeerTimeoutTests {
    private let world = MockWorld()

    private func server(_ config: PeerConfig) -> PeerServer {
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: config, providers: world.providers(for: "server")
        ) { _, _ in }
        world.start("server") { try await server.run() }
        return server
    }

    private func lastReason() -> NetworkError.Code? {
        world.observer.events(of: "peer").reversed().lazy.compactMap { event -> NetworkError.Code? in
            if case .state(_, let code) = event { code } else { nil }
        }.first
    }

    @Test func aServerThatSaysNoHelloIsNotWaitedForLongerThanTheHandshakeMayTake() {
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            _ = try await listener.accept()
            try await listener.accept().close()
        }
        let said = world.said
        let peer = world.peer(
            MockWorld.config { ($0.handshakeTimeout, $0.reconnects) = (.milliseconds(200), false) })
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .milliseconds(199))
        #expect(world.observer.states(of: "peer") == [.connecting])
        world.time.advance(by: .milliseconds(1))
        #expect(world.observer.states(of: "peer") == [.connecting, .failed])
        world.start("why") {
            said.say("\(await peer.failure?.operation.rawValue ?? "") \(await peer.failure?.reason ?? "")")
        }
        #expect(said.all == ["handshake no hello in 0.2 seconds"])
    }

    /// One that says its hello byte by byte, a byte a second, has not said it in time.
    @Test(arguments: [0, 1, 30]) func aServerGivesUpAClientThatDoesNotSayHello(bytes: Int) {
        let server = server(MockWorld.config { $0.handshakeTimeout = .seconds(5) })
        let (said, world) = (world.said, world)
        world.start("client") {
            let stream = try await world.network.provider(for: "client").connect(to: MockWorld.server)
            var hello = Frame.hello(.init(origin: 1, name: "drip")).encoded()
            for _ in 0..<bytes {
                if let byte = hello.readSlice(length: 1) { try await stream.write(byte) }
                try await world.time.sleep(for: .seconds(1))
            }
            while try await stream.read(upTo: 1_000) != nil {}
            said.say("closed")
        }
        world.time.advance(by: .seconds(4))
        world.start("count") { said.say("\(await server.sessionCount)") }
        world.time.advance(by: .seconds(1))
        world.start("count") { said.say("\(await server.sessionCount)") }
        world.time.advance(by: .seconds(60))
        #expect(said.all.prefix(1) == ["1"])
        #expect(said.all.contains("0"))
        #expect(said.all.contains { $0 == "closed" || $0.hasPrefix("client: ") })
    }

    @Test func aSilentConnectionIsLostAtItsReadTimeout() {
        world.serve { stream in
            try await world.time.sleep(for: .milliseconds(300))
            try await stream.write(Frame.ping(1).encoded())
            try await swallow(stream)
        }
        let peer = world.peer(MockWorld.config { $0.readTimeout = .seconds(1) })
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .milliseconds(1_299))
        #expect(world.observer.states(of: "peer").last == .connected)
        world.time.advance(by: .milliseconds(1))
        #expect(world.observer.states(of: "peer").last == .reconnecting)
        #expect(lastReason() == .timedOut)
    }

    /// The buffers are full and the other side reads nothing: the write waits, and is not waited for without end.
    @Test func aConnectionThatTakesNothingIsLostAtItsWriteTimeout() {
        world.serve { _ in try await world.time.sleep(for: .seconds(3_600)) }
        let peer = world.peer(
            MockWorld.config { ($0.writeTimeout, $0.maximumPayload) = (.seconds(2), 100_000) })
        world.start("send") { for _ in 1...3 { try await peer.send(ByteBuffer(repeating: 0, count: 50_000)) } }
        world.time.advance(by: .milliseconds(1_999))
        #expect(world.observer.states(of: "peer").last == .connected)
        world.time.advance(by: .milliseconds(1))
        #expect(world.observer.states(of: "peer").last == .reconnecting)
        #expect(lastReason() == .timedOut)
        #expect(world.observer.events(of: "peer").contains { if case .requeued(1, _) = $0 { true } else { false } })
    }

    @Test func aConnectionThatNobodyUsesIsClosedAndOpenedByTheNextMessage() {
        let server = server(MockWorld.config())
        let peer = world.peer(MockWorld.config { $0.idleTimeout = .seconds(4) })
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        for _ in 1...6 {
            world.time.advance(by: .seconds(3))
            world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        }
        #expect(world.network.connectAttempts == 1, "it was used")
        world.time.advance(by: .seconds(5))
        #expect(world.observer.states(of: "peer") == [.connecting, .connected, .idle])
        let said = world.said
        world.start("count") { said.say("\(await server.sessionCount)") }
        #expect(said.all == ["0"])
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 1, "nobody needs it")
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        #expect(world.network.connectAttempts == 2)
        #expect(world.observer.states(of: "peer").last == .connected)
        #expect(world.backoffs() == [])
    }

    /// A server that closes what nobody uses says so: its clients do not open another one at once.
    @Test func aServerThatClosesAnIdleConnectionIsLeftInPeace() {
        _ = server(MockWorld.config { $0.idleTimeout = .seconds(4) })
        let peer = world.peer()
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 1)
        #expect(world.observer.states(of: "peer") == [.connecting, .connected, .idle])
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        #expect(world.observer.states(of: "peer").last == .connected)
        #expect(world.network.connectAttempts == 2)
    }

    @Test func closingWaitsAsLongAsItsTimeout() {
        world.serve { stream in try await swallow(stream) }
        let said = world.said
        let peer = world.peer(MockWorld.config { $0.closeTimeout = .seconds(7) })
        world.start("close") {
            try await peer.send(ByteBuffer(string: "x"))
            said.say("lost \(await peer.close())")
        }
        world.time.advance(by: .milliseconds(6_999))
        #expect(said.all == [])
        world.time.advance(by: .milliseconds(1))
        #expect(said.all == ["lost 1"])
    }
}
