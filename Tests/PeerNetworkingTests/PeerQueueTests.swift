import NIOCore
import PeerNetworking
import PeerNetworkingMocks
import Testing

@Suite struct PeerQueueTests {
    /// Messages of one byte to a port where nobody listens: they stay in the queue.
    private func fill(_ peer: Peer, _ world: MockWorld, _ count: Int, delivery: Delivery = .reliable) {
        world.start("fill") {
            for _ in 0..<count { try await peer.send(ByteBuffer(string: "x"), delivery: delivery) }
        }
    }

    @Test func aFullQueueBlocksReliableMessages() {
        let world = MockWorld()
        let said = world.said
        let peer = world.peer(MockWorld.config { $0.queueCapacity = 4 })
        fill(peer, world, 4)
        world.start("fifth") {
            let number = try await peer.send(ByteBuffer(string: "x"))
            said.say("sent \(number)")
        }
        world.time.advance(by: .seconds(1))
        #expect(said.all == [])
        #expect(world.observer.events(of: "peer").contains(.blocked(true)))
        #expect(!world.observer.events(of: "peer").contains(.blocked(false)))
        // A server that confirms makes room.
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { message, _ in said.say("message \(message.number)") }
        world.start("server") { try await server.run() }
        world.time.advance(by: .seconds(5))
        #expect(said.all.contains("sent 5"))
        #expect(said.all.filter { $0 != "sent 5" } == (1...5).map { "message \($0)" })
        #expect(world.observer.events(of: "peer").contains(.blocked(false)))
    }

    /// A server whose answers wait for room goes on reading: the confirmations that make room come in behind messages.
    @Test func answersThatWaitForRoomDoNotStopTheReading() {
        let world = MockWorld()
        let said = world.said
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config { $0.queueCapacity = 2 },
            providers: world.providers(for: "server")
        ) { message, session in
            _ = try? await session.send(message.payload)
        }
        world.start("server") { try await server.run() }
        let peer = world.peer()
        world.start("burst") {
            for number in 0..<50 { try await peer.send(ByteBuffer(integer: number)) }
            for number in 0..<50 {
                let answer = try await peer.receive()
                if answer?.payload != ByteBuffer(integer: number) { said.say("wrong answer \(number)") }
            }
            said.say("all answered")
        }
        world.time.advance(by: .seconds(1))
        #expect(said.all == ["all answered"])
        #expect(
            world.observer.events(of: "server").allSatisfy {
                if case .queued(_, _, _, let depth) = $0 { depth <= 2 } else { true }
            })
    }

    /// What the application has not taken is not confirmed, so the other side's queue bounds the inbox.
    @Test func aMessageIsConfirmedWhenItIsTaken() {
        let world = MockWorld()
        let said = world.said
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            let stream = try await listener.accept()
            try await stream.write(Frame.hello(.init(origin: 1, window: 3, name: "server")).encoded())
            for number in 1...3 as ClosedRange<UInt64> {
                let frame = Frame.message(number: number, acknowledges: 0, delivery: .reliable, ByteBuffer(string: "x"))
                try await stream.write(frame.encoded())
            }
            var decoder = FrameDecoder(maximumPayload: 1_000)
            while let bytes = try await stream.read(upTo: 1_000) {
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    if case .acknowledgement(let number) = frame { said.say("confirmed \(number)") }
                }
            }
        }
        let peer = world.peer()
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .seconds(1))
        #expect(said.all == [])
        world.start("take") {
            for _ in 0..<3 { _ = try await peer.receive() }
        }
        #expect(said.all.last == "confirmed 3")
    }

    /// The other side is the same over two connections, and has not heard the first one's confirmation.
    @Test func whatWasTakenAndNotConfirmedMayComeAgain() {
        let world = MockWorld()
        let said = world.said
        world.serve { stream in
            let frame = Frame.message(number: 1, acknowledges: 0, delivery: .reliable, ByteBuffer(string: "x"))
            try await stream.write(frame.encoded())
            var decoder = FrameDecoder(maximumPayload: 1_000)
            while let bytes = try await stream.read(upTo: 1_000) {
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    guard case .acknowledgement(let number) = frame else { continue }
                    said.say("confirmed \(number)")
                    await stream.reset()
                }
            }
        }
        let peer = world.peer()
        world.start("receive") {
            for _ in 0..<2 { said.say("received \(try await peer.receive()?.number ?? 0)") }
            _ = try await peer.receive()
        }
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .seconds(1))
        #expect(said.all.prefix(4) == ["received 1", "confirmed 1", "received 1", "confirmed 1"])
        world.start("look") { said.say("\(await peer.failure?.code.rawValue ?? "no failure")") }
        #expect(said.all.last == "no failure")
    }

    @Test func moreOnTheWayThanTheHelloAllowsIsAViolation() {
        let world = MockWorld()
        let said = world.said
        world.serve { stream in
            for number in 1...65 as ClosedRange<UInt64> {
                let frame = Frame.message(number: number, acknowledges: 0, delivery: .reliable, ByteBuffer(string: "x"))
                try await stream.write(frame.encoded())
            }
            while try await stream.read(upTo: 1_000) != nil {}
        }
        let peer = world.peer(MockWorld.config { $0.reconnects = false })
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .seconds(1))
        world.start("look") { said.say("\(await peer.failure?.code.rawValue ?? "none")") }
        #expect(said.all == ["protocolViolation"])
    }

    /// Trap 15: the bound holds for unreliable messages too, and whoever sends one is told.
    @Test func aFullQueueDropsUnreliableMessages() {
        let world = MockWorld()
        let peer = world.peer(MockWorld.config { $0.queueCapacity = 4 })
        fill(peer, world, 4, delivery: .unreliable)
        for _ in 0..<1_000 {
            world.start("more") { try await peer.send(ByteBuffer(string: "x"), delivery: .unreliable) }
        }
        #expect(world.said.all.count < 1_000, "of so many some wait first, for room or a millisecond")
        world.time.advance(by: .milliseconds(1))
        #expect(world.said.all == [String](repeating: "more: queueFull", count: 1_000))
        let dropped = world.observer.events(of: "peer").filter {
            if case .dropped(_, .queueFull, 4) = $0 { true } else { false }
        }
        #expect(dropped.count == 1_000)
        let depths = world.observer.events(of: "peer").compactMap {
            if case .queued(_, _, _, let depth) = $0 { depth } else { nil }
        }
        #expect(depths.max() == 4)
    }

    @Test func aLossDropsUnreliableMessagesAndKeepsReliableOnes() {
        let world = MockWorld(bufferBytes: 64)
        let time = world.time
        world.serve { stream in
            // Reads nothing, so that what follows the hello stays in the peer's queue; then dies.
            try await time.sleep(for: .seconds(1))
            await stream.reset()
        }
        let peer = world.peer()
        world.start { await peer.connect() }
        world.start("send") {
            try await peer.send(ByteBuffer(repeating: 1, count: 100))
            try await peer.send(ByteBuffer(repeating: 2, count: 100), delivery: .unreliable)
            try await peer.send(ByteBuffer(repeating: 3, count: 100))
        }
        world.start("later") {
            // The writer waits with the first two: these two wait in the queue.
            try await peer.send(ByteBuffer(repeating: 4, count: 100), delivery: .unreliable)
            try await peer.send(ByteBuffer(repeating: 5, count: 100))
        }
        #expect(world.observer.states(of: "peer") == [.connecting, .connected])
        world.time.advance(by: .seconds(1))
        #expect(world.observer.states(of: "peer").last == .reconnecting)
        let events = world.observer.events(of: "peer")
        let droppedOnLoss = events.compactMap { event -> UInt64? in
            if case .dropped(let number, .connectionLost, _) = event { number } else { nil }
        }
        let sentUnreliable = events.compactMap { event -> UInt64? in
            if case .sent(let number, _, _) = event, number == 2 || number == 4 { number } else { nil }
        }
        // Each unreliable message was handed over once or dropped once; no reliable one is lost.
        #expect((droppedOnLoss + sentUnreliable).sorted() == [2, 4])
        #expect(droppedOnLoss.contains(4))
        let said = world.said
        world.start { said.say("held \(await peer.depth)") }
        #expect(said.all == ["held 3"])
    }

    /// Trap 6: close ends within its limit while it reconnects to a refused port, and says how many were lost.
    @Test func closeEndsWithinItsLimitWhileRefused() {
        let world = MockWorld()
        let said = world.said
        let peer = world.peer()
        fill(peer, world, 7)
        world.time.advance(by: .seconds(10))
        let time = world.time
        let begun = time.now
        world.start("close") {
            let lost = await peer.close(flushingFor: .milliseconds(250))
            said.say("lost \(lost) after \(begun.duration(to: time.now))")
            said.say("again \(await peer.close())")
        }
        #expect(said.all == [])
        world.time.advance(by: .milliseconds(249))
        #expect(said.all == [])
        world.time.advance(by: .milliseconds(1))
        #expect(said.all == ["lost 7 after 0.25 seconds", "again 0"])
        #expect(world.observer.states(of: "peer").suffix(2) == [.closing, .closed])
        let dropped = world.observer.events(of: "peer").filter {
            if case .dropped(_, .peerClosed, _) = $0 { true } else { false }
        }
        #expect(dropped.count == 7)
        // Nothing is left, and nothing is tried any more.
        let attempts = world.network.connectAttempts
        world.time.advance(by: .seconds(600))
        #expect(world.network.connectAttempts == attempts)
        #expect(world.tasks.liveTasks == [])
        #expect(world.time.nextDeadline == nil)
    }

    /// A server that tells of each message.
    private func serve(_ world: MockWorld) {
        let said = world.said
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { message, _ in said.say("message \(message.number)") }
        world.start("server") { try await server.run() }
    }

    @Test func closeWaitsForConfirmationsAndNoLonger() {
        let world = MockWorld()
        let said = world.said
        serve(world)
        let peer = world.peer()
        world.start("send and close") {
            for _ in 0..<3 { try await peer.send(ByteBuffer(string: "x")) }
            said.say("lost \(await peer.close(flushingFor: .seconds(60)))")
        }
        #expect(said.all == ["message 1", "message 2", "message 3", "lost 0"])
        #expect(world.time.now == .zero)
    }

    @Test func closeWaitsForNothingButWhatIsHeld() {
        let world = MockWorld()
        let said = world.said
        serve(world)
        let peer = world.peer()
        world.start("send and close") {
            try await peer.send(ByteBuffer(string: "x"), delivery: .unreliable)
            said.say("lost \(await peer.close(flushingFor: .seconds(60)))")
        }
        #expect(said.all.sorted() == ["lost 0", "message 1"])
        #expect(world.time.now == .zero)
    }

    /// There never will be room for it: it must not wait for some.
    @Test func whatIsTooLargeIsToldAtOnce() {
        let world = MockWorld()
        let peer = world.peer(
            MockWorld.config {
                $0.maximumPayload = 10
                $0.queueBytes = 100
            })
        fill(peer, world, 1)
        world.start("send") { try await peer.send(ByteBuffer(repeating: 0, count: 1_000)) }
        #expect(world.said.all == ["send: messageTooLarge"])
    }

    @Test func closingAnIdlePeerIsAtOnce() {
        let world = MockWorld()
        let said = world.said
        let peer = world.peer()
        world.start("close") { said.say("lost \(await peer.close())") }
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        world.start("receive") { said.say("received \(try await peer.receive() == nil ? "nothing" : "something")") }
        #expect(said.all == ["lost 0", "send: closed", "received nothing"])
        #expect(world.network.connectAttempts == 0)
    }

    @Test func closeReleasesThoseThatWait() {
        let world = MockWorld()
        let said = world.said
        let peer = world.peer(MockWorld.config { $0.queueCapacity = 1 })
        fill(peer, world, 1)
        world.start("blocked") { try await peer.send(ByteBuffer(string: "x")) }
        world.start("receive") { said.say("received \(try await peer.receive() == nil ? "nothing" : "something")") }
        #expect(said.all == [])
        world.start("close") { said.say("lost \(await peer.close(flushingFor: .zero))") }
        #expect(said.all.sorted() == ["blocked: closed", "lost 1", "received nothing"])
        #expect(world.tasks.liveTasks == [])
    }
}
