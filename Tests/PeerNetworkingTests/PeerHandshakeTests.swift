import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// What a peer makes of the other side's first frame.
@Suite struct PeerHandshakeTests {
    /// A server that begins with a frame, and then reads to the end.
    private func server(_ world: MockWorld, beginsWith frame: Frame) {
        let network = world.network.provider(for: "server")
        let tasks = world.tasks
        world.start("server") {
            let listener = try await network.listen(on: MockWorld.server)
            while true {
                let stream = try await listener.accept()
                tasks.start("session") {
                    try? await stream.write(frame.encoded())
                    try? await swallow(stream)
                }
            }
        }
    }

    /// Why a peer that met a server gave up.
    private func failure(_ frame: Frame, _ change: (inout PeerConfig) -> Void = { _ in }) -> (
        NetworkError.Code?, String, Int
    ) {
        let world = MockWorld()
        server(world, beginsWith: frame)
        let peer = world.peer(MockWorld.config(change))
        world.start { await peer.connect() }
        world.time.advance(by: .seconds(60))
        let said = world.said
        world.start {
            let error = await peer.failure
            said.say(error?.code.rawValue ?? "none")
            said.say(error?.reason ?? "")
        }
        return (NetworkError.Code(rawValue: said.all[0]), said.all[1], world.network.connectAttempts)
    }

    @Test(arguments: [0, Frame.version - 1, Frame.version + 1, .max] as [UInt16])
    func anotherVersionIsNamedBesideThisOneAndNotTriedAgain(
        _ version: UInt16
    ) {
        let (code, reason, attempts) = failure(.hello(.init(version: version, origin: 1, name: "other")))
        #expect(code == .incompatible)
        #expect(reason == "the other side speaks version \(version), this one \(Frame.version)")
        #expect(attempts == 1)
    }

    @Test func anotherNameThanWasAskedForIsNotTriedAgain() {
        let (code, reason, attempts) = failure(.hello(.init(origin: 1, name: "bank"))) { $0.expectedName = "shop" }
        #expect(code == .incompatible)
        #expect(reason == "'bank' answered, and 'shop' was asked for")
        #expect(attempts == 1)
    }

    @Test func aRefusalIsToldAndTriedAgain() {
        let (code, reason, attempts) = failure(.refusal(.tooManySessions, "full")) { $0.backoff.attempts = 3 }
        #expect(code == .retriesExhausted)
        #expect(reason.contains("refusedByPeer") && reason.contains("full"))
        #expect(attempts == 3)
    }

    @Test(arguments: [
        Frame.ping(1), .acknowledgement(1), .goodbye, .hello(.init(origin: 1, window: 1_000_001, name: "x")),
        .hello(.init(origin: 1, maximumPayload: 0, name: "x")),
        .hello(.init(origin: 1, maximumPayload: 16_777_217, name: "x")),
    ]) func whatIsNoHelloOrHasNoSensibleLimitsIsRefused(_ frame: Frame) {
        let (code, reason, _) = failure(frame) { $0.backoff.attempts = 1 }
        #expect(code == .retriesExhausted)
        #expect(reason.contains("protocolViolation"))
    }

    // MARK: Limits of the other side

    @Test func aMessageThatTheOtherSideDoesNotTakeIsAnError() {
        let world = MockWorld()
        server(world, beginsWith: .hello(.init(origin: 1, maximumPayload: 10, name: "small")))
        let peer = world.peer()
        world.start("early") { try await peer.send(ByteBuffer(repeating: 1, count: 11)) }
        world.start("fits") { try await peer.send(ByteBuffer(repeating: 1, count: 10)) }
        world.start("late") { try await peer.send(ByteBuffer(repeating: 1, count: 11)) }
        #expect(world.said.all == ["late: messageTooLarge"])
        // What was queued before the hello came is dropped, and the queue goes on.
        let events = world.observer.events(of: "peer")
        #expect(events.contains(.dropped(message: 1, reason: .tooLarge, depth: 0)))
        #expect(events.contains { if case .sent(2, _, 1) = $0 { true } else { false } })
        #expect(!events.contains { if case .sent(1, _, _) = $0 { true } else { false } })
    }

    /// What is dropped makes room; and who waited for it is measured by what the other side takes by now.
    @Test func whatIsTooLargeMakesRoomForThoseThatWait() {
        let world = MockWorld()
        server(world, beginsWith: .hello(.init(origin: 1, maximumPayload: 10, name: "small")))
        let peer = world.peer(MockWorld.config { $0.queueCapacity = 1 })
        world.start("held") { try await peer.send(ByteBuffer(repeating: 1, count: 11)) }
        world.start("too large as well") { try await peer.send(ByteBuffer(repeating: 1, count: 11)) }
        world.start("fits") {
            try await peer.send(ByteBuffer(repeating: 1, count: 10))
            world.said.say("fits: sent")
        }
        world.time.advance(by: .seconds(1))
        #expect(world.said.all.sorted() == ["fits: sent", "too large as well: messageTooLarge"])
    }

    @Test func theSmallestMessagesLeaveRoomForNames() {
        let world = MockWorld()
        server(world, beginsWith: .hello(.init(origin: 1, name: "a name that is longer than any message")))
        let peer = world.peer(MockWorld.config { $0.maximumPayload = 1 })
        world.start { await peer.connect() }
        #expect(world.observer.states(of: "peer").last == .connected)
    }

    @Test func aMessageThatThisSideDoesNotTakeIsAnError() {
        let world = MockWorld()
        let peer = world.peer(MockWorld.config { $0.maximumPayload = 10 })
        world.start("send") { try await peer.send(ByteBuffer(repeating: 1, count: 11)) }
        #expect(world.said.all == ["send: messageTooLarge"])
    }

    // MARK: The server

    /// A server with room for one session.
    private func serveOne(_ world: MockWorld) {
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config { $0.maximumSessions = 1 },
            providers: world.providers(for: "server")
        ) { _, _ in }
        world.start("server") { try await server.run() }
    }

    @Test func aServerRefusesThoseForWhomThereIsNoRoomAndTakesThemLater() {
        let world = MockWorld()
        serveOne(world)
        let first = world.peer(name: "first")
        let second = world.peer(name: "second")
        world.start { await first.connect() }
        world.start { await second.connect() }
        #expect(world.observer.states(of: "first").last == .connected)
        let reasons = world.observer.events(of: "second").count { if case .backoff = $0 { true } else { false } }
        #expect(reasons == 1 && world.observer.states(of: "second") == [.connecting])
        world.start { await first.close() }
        world.time.advance(by: .seconds(4))
        #expect(world.observer.states(of: "second").last == .connected)
        #expect(world.tasks.liveTasks.filter { $0.contains("refusal") } == [])
    }

    @Test func aRefusalLeavesNothingBehindAndWaitsForNobody() {
        let world = MockWorld()
        serveOne(world)
        world.start { await world.peer(name: "first").connect() }
        func refusals() -> Int { world.tasks.liveTasks.count { $0.contains("refusal") } }
        // One that hears it is done with at once.
        let second = world.peer(MockWorld.config { $0.backoff.attempts = 1 }, name: "second")
        world.start { await second.connect() }
        #expect(refusals() == 0)
        // One that keeps its connection open is not waited for.
        let network = world.network.provider(for: "client")
        let time = world.time
        world.start("stranger") {
            let stream = try await network.connect(to: MockWorld.server)
            try await time.sleep(for: .seconds(1_000))
            await stream.close()
        }
        #expect(refusals() == 2)
        world.time.advance(by: .seconds(3))
        #expect(refusals() == 0)
    }
}
