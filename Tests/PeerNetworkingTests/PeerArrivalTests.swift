import NIOCore
import Synchronization
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// Messages that are taken in the turn in which they come, and what is answered without waiting.
@Suite struct PeerArrivalTests {
    private let world = MockWorld()

    /// A server that sends messages in one write, and tells of the messages and confirmations that it gets.
    private func serve(
        _ numbers: ClosedRange<UInt64>, acknowledging: UInt64 = 0, after wait: UInt64 = 0, in other: MockWorld? = nil
    ) {
        let world = other ?? world
        let said = world.said
        world.serve { stream in
            var decoder = FrameDecoder(maximumPayload: 1_000)
            var heard: UInt64 = 0
            func hear() async throws -> Bool {
                guard let bytes = try await stream.read(upTo: 65_536) else { return false }
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    switch frame {
                    case .message(let number, let acknowledges, _, let payload):
                        heard = number
                        said.say("heard \(number) '\(String(buffer: payload))', which confirms \(acknowledges)")
                    case .acknowledgement(let number): said.say("confirmed \(number)")
                    default: break
                    }
                }
                return true
            }
            while heard < wait, try await hear() {}
            var frames = ByteBuffer()
            for number in numbers {
                frames.writeImmutableBuffer(
                    Frame.message(
                        number: number, acknowledges: acknowledging, delivery: .reliable,
                        ByteBuffer(string: "m\(number)")
                    ).encoded())
            }
            try await stream.write(frames)
            while try await hear() {}
        }
    }

    @Test func answersGoTogetherAndCarryTheConfirmation() {
        let said = world.said
        serve(1...3)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client")
        ) { message, _ in
            said.say("waited for \(message.number)")
        } onArrival: { message, session in
            session.offer(message.payload) != nil
        }
        world.start("connect") { await peer.connect() }
        #expect(said.all == (1...3).map { "heard \($0) 'm\($0)', which confirms 3" })
    }

    @Test func whatIsTakenWithoutAnAnswerIsConfirmedAtTheEndOfTheRead() {
        serve(1...3)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client"),
            onArrival: { _, _ in true })
        world.start("connect") { await peer.connect() }
        #expect(world.said.all == ["confirmed 3"])
    }

    /// The second waits, and all behind it with it; the server's register has none of them suppressed.
    @Test(arguments: Delivery.allCases)
    func whatIsNotTakenIsHandedOverOnceAndInOrder(delivery: Delivery) {
        let said = world.said
        let gate = world.tasks.makeSignal()
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { message, _ in
            said.say("begin \(message.number)")
            try? await gate.wait()
            said.say("end \(message.number)")
        } onArrival: { message, _ in
            said.say("asked for \(message.number)")
            return message.number != 2
        }
        world.start("server") { try await server.run() }
        let peer = world.peer()
        world.start("send") {
            for number in 1...4 { try await peer.send(ByteBuffer(integer: number), delivery: delivery) }
        }
        #expect(said.all == ["asked for 1", "asked for 2", "begin 2"])
        for _ in 2...4 {
            gate.notify()
            world.tasks.run()
        }
        world.start("send") { try await peer.send(ByteBuffer(integer: 5), delivery: delivery) }
        #expect(
            said.all == [
                "asked for 1", "asked for 2", "begin 2", "end 2", "begin 3", "end 3", "begin 4", "end 4",
                "asked for 5",
            ])
        let delivered = world.observer.events(of: "server").compactMap {
            if case .delivered(let number, _, _) = $0 { number } else { nil }
        }
        #expect(delivered == [1, 2, 3, 4, 5])
    }

    @Test func whatIsNotTakenWaitsForReceive() {
        let said = world.said
        serve(1...4)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client"),
            onArrival: { message, _ in
                said.say("asked for \(message.number)")
                return message.number < 3
            })
        world.start("connect") { await peer.connect() }
        // The third is not confirmed: nobody has taken it.
        #expect(said.all == ["asked for 1", "asked for 2", "asked for 3", "confirmed 2"])
        world.start("receive") {
            for _ in 0..<2 { said.say("received \(try await peer.receive()?.number ?? 0)") }
        }
        #expect(said.all.suffix(3) == ["received 3", "received 4", "confirmed 4"])
    }

    /// However much is read at once, others of the process come in between, and the rest is taken after them.
    @Test func aLongRunGivesWay() {
        let said = world.said
        let roomy = MockWorld.config { $0.queueCapacity = 256 }
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: roomy, providers: world.providers(for: "client"))
        let providers = world.providers(for: "server")
        let server = PeerServer(name: "server", on: MockWorld.server, config: roomy, providers: providers) {
            message, _ in
            said.say("waited \(message.number)")
        } onArrival: { message, _ in
            // Ready from the first on, as another session's message might be.
            if message.number == 1 { providers.tasks.start("other") { said.say("other") } }
            said.say("at once \(message.number)")
            return true
        }
        world.start("server") { try await server.run() }
        world.start("send") { for number in 1...200 { try await peer.send(ByteBuffer(integer: number)) } }
        let other = said.all.firstIndex(of: "other")
        #expect(other.map { $0 >= 1 && $0 <= 64 } == true)
        #expect(said.all.filter { $0 != "other" } == (1...200).map { "at once \($0)" })
        let confirmed = world.observer.events(of: "peer").compactMap {
            if case .acknowledged(let number, _) = $0 { number } else { nil }
        }
        #expect(confirmed.last == 200)
    }

    /// A handler that answers and then would rather wait: the message is given again, and holds no place of the window.
    @Test func whatWasAnsweredAndNotTakenIsNotCountedTwice() {
        let (world, said) = (world, world.said)
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            let stream = try await listener.accept()
            var decoder = FrameDecoder(maximumPayload: 1_000)
            try await stream.write(Frame.hello(.init(origin: 1, window: 1, name: "server")).encoded())
            for number in 1...2 as ClosedRange<UInt64> {
                let payload = ByteBuffer(string: "m\(number)")
                let frame = Frame.message(number: number, acknowledges: 0, delivery: .reliable, payload)
                try await stream.write(frame.encoded())
                var isConfirmed = number == 2
                while !isConfirmed, let bytes = try await stream.read(upTo: 1_000) {
                    decoder.append(bytes)
                    while let frame = try decoder.next() {
                        if case .message(_, let acknowledges, _, _) = frame { isConfirmed = acknowledges == number }
                    }
                }
            }
            while try await stream.read(upTo: 1_000) != nil {}
        }
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config { $0.reconnects = false },
            providers: world.providers(for: "client"),
            onArrival: { message, session in
                _ = session.offer(message.payload)
                return false
            })
        world.start("connect") { await peer.connect() }
        world.start("receive") {
            for _ in 0..<2 { said.say("received \(try await peer.receive()?.number ?? 0)") }
            said.say("\(await peer.failure?.code.rawValue ?? "no failure")")
        }
        #expect(said.all == ["received 1", "received 2", "no failure"])
    }

    @Test func whatHasNoRoomIsNotTaken() {
        let said = world.said
        let peer = world.peer(MockWorld.config { ($0.queueCapacity, $0.maximumPayload) = (2, 100) })
        func offer(_ what: String, _ size: Int = 1, _ delivery: Delivery = .reliable) {
            world.start(what) {
                let number = await peer.offer(ByteBuffer(repeating: 0, count: size), delivery: delivery)
                said.say("\(what): \(number.map(String.init) ?? "no")")
            }
        }
        offer("too large", 101)
        offer("first")
        offer("second", 100)
        offer("third")
        offer("unreliable", 1, .unreliable)
        world.start("close") { await peer.close(flushingFor: .zero) }
        offer("closed")
        #expect(
            said.all == ["too large: no", "first: 1", "second: 2", "third: no", "unreliable: no", "closed: no"])
        // What was not taken has no fate: nothing was dropped but what close gave up.
        let dropped = world.observer.events(of: "peer").count { if case .dropped = $0 { true } else { false } }
        #expect(dropped == 2)
    }

    /// The server reads nothing until it has written all: the second answer finds no room, and nothing passes it.
    @Test func answersThatFindNoRoomAreWrittenInOrderLater() {
        let world = MockWorld(bufferBytes: 40)
        serve(1...20, in: world)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client"),
            onArrival: { message, session in session.offer(message.payload) != nil })
        world.start("connect") { await peer.connect() }
        world.start("send") { try await peer.send(ByteBuffer(string: "end")) }
        let heard = world.said.all.map { $0.prefix { $0 != "," } }
        #expect(heard == (1...20).map { "heard \($0) 'm\($0)'" } + ["heard 21 'end'"])
    }

    /// What is late is not passed by what is sent meanwhile, be it a message or a control frame.
    @Test func answersThatAreLateAreNotPassed() {
        let said = world.said
        serve(1...3)
        var providers = world.providers(for: "client")
        let engine = FiresOnce(.peerFlushLate)
        providers.buggify = Buggify(engine: engine)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: providers,
            onArrival: { message, session in session.offer(message.payload) != nil })
        world.start("connect") { await peer.connect() }
        world.start("send") { try await peer.send(ByteBuffer(string: "end")) }
        #expect(engine.hasFired)
        #expect(said.all == [])
        world.time.advance(by: .milliseconds(1))
        world.tasks.run()
        let heard = said.all.map { $0.prefix { $0 != "," } }
        #expect(heard == ["heard 1 'm1'", "heard 2 'm2'", "heard 3 'm3'", "heard 4 'end'"])
    }

    /// Nobody is there for the answers any more. What was left over of them is not written to the next connection, which
    /// begins with what was not confirmed.
    @Test func whatIsLeftOverEndsWithItsConnection() {
        let (world, said) = (world, world.said)
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            var stream = try await listener.accept()
            var frames = Frame.hello(.init(origin: 1, name: "server")).encoded()
            for number in 1...3 as ClosedRange<UInt64> {
                let payload = ByteBuffer(string: "m\(number)")
                frames.writeImmutableBuffer(
                    Frame.message(number: number, acknowledges: 0, delivery: .reliable, payload).encoded())
            }
            try await stream.write(frames)
            await stream.close()
            stream = try await listener.accept()
            try await stream.write(Frame.hello(.init(origin: 2, name: "server")).encoded())
            var decoder = FrameDecoder(maximumPayload: 1_000)
            while let bytes = try await stream.read(upTo: 1_000) {
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    if case .message(let number, _, _, _) = frame { said.say("heard \(number)") }
                }
            }
        }
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client"),
            onArrival: { message, session in session.offer(message.payload) != nil })
        world.start("connect") { await peer.connect() }
        world.time.advance(by: .seconds(1))
        world.tasks.run()
        #expect(said.all == ["heard 1", "heard 2", "heard 3"])
    }

    /// The window holds a large message back until the first is confirmed; its batch has two buffers, and the network no room
    /// for all of it. It is neither flushed nor closed before the network has got it.
    @Test(arguments: [Delivery.reliable, .unreliable], [true, false])
    func whatIsLeftOverIsNotFlushedYet(_ delivery: Delivery, isClosed: Bool) {
        let world = MockWorld(bufferBytes: 1_000)
        let said = world.said
        let gate = world.tasks.makeSignal()
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            let stream = try await listener.accept()
            var decoder = FrameDecoder(maximumPayload: 10_000)
            try await stream.write(Frame.hello(.init(origin: 1, inbox: 1, name: "server")).encoded())
            var heard: UInt64 = 0
            while let bytes = try await stream.read(upTo: 10_000) {
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    guard case .message(let number, _, let delivery, let payload) = frame else { continue }
                    heard = number
                    said.say("heard \(number), \(payload.readableBytes) bytes")
                    if delivery.isKept {
                        // The large one is written while nobody reads.
                        try await stream.write(Frame.acknowledgement(heard).encoded())
                        if number == 1 { try await gate.wait() }
                    }
                }
            }
        }
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "client"),
            onArrival: { _, _ in true })
        world.start("send") {
            try await peer.send(ByteBuffer(string: "small"))
            try await peer.send(ByteBuffer(repeating: 1, count: 3_000), delivery: delivery)
            if isClosed {
                let lost = await peer.close(flushingFor: .seconds(1))
                said.say("closed, \(lost) lost")
            } else {
                try await peer.flush()
                said.say("flushed")
            }
        }
        #expect(said.all == ["heard 1, 5 bytes"])
        gate.notify()
        world.tasks.run()
        #expect(
            Set(said.all.dropFirst()) == ["heard 2, 3000 bytes", isClosed ? "closed, 0 lost" : "flushed"], "\(said.all)"
        )
    }

    /// What the window held back is written by who reads the confirmation; who flushes hears of that.
    @Test(arguments: [1, 5_000])
    func whatWasHeldBackIsFlushed(size: Int) {
        let said = world.said
        let gate = world.tasks.makeSignal()
        world.start("server") { [world] in
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            let stream = try await listener.accept()
            try await stream.write(Frame.hello(.init(origin: 1, inbox: 1, name: "server")).encoded())
            try await gate.wait()
            try await stream.write(Frame.acknowledgement(1).encoded())
            while try await stream.read(upTo: 10_000) != nil {}
        }
        let peer = world.peer()
        world.start("send") {
            for _ in 0..<2 { try await peer.send(ByteBuffer(repeating: 1, count: size)) }
            try await peer.flush()
            said.say("flushed")
        }
        #expect(said.all == [])
        gate.notify()
        world.tasks.run()
        #expect(said.all == ["flushed"])
    }

    /// A message brings the confirmation that makes room for its own answer.
    @Test func theFramesBeingReadMakeRoom() {
        let said = world.said
        serve(1...1, acknowledging: 1, after: 1)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: MockWorld.config { $0.queueCapacity = 1 },
            providers: world.providers(for: "client"),
            onArrival: { message, session in session.offer(ByteBuffer(string: "answer")) != nil })
        world.start("ask") { try await peer.send(ByteBuffer(string: "question")) }
        #expect(said.all == ["heard 1 'question', which confirms 0", "heard 2 'answer', which confirms 1"])
    }
}

/// Fires at a site once.
private final class FiresOnce: BuggifyEngine {
    private let site: BuggifySite
    private let fired = Atomic(false)

    init(_ site: BuggifySite) { self.site = site }

    var hasFired: Bool { fired.load(ordering: .relaxed) }

    func fires(_ site: BuggifySite, for subject: String) -> Bool {
        site == self.site && !fired.exchange(true, ordering: .relaxed)
    }
}
