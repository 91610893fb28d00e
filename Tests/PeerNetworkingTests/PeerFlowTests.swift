import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// What bounds a peer's messages, on this side and on the other.
@Suite struct PeerFlowTests {
    private let world = MockWorld()

    /// A server whose application takes a message each time it is told to.
    private func slowServer(_ config: PeerConfig, gate: any Signal) -> PeerServer {
        let said = world.said
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: config, providers: world.providers(for: "server")
        ) { message, _ in
            said.say("took \(message.number)")
            try? await gate.wait()
        }
        world.start("server") { try await server.run() }
        return server
    }

    private func sent() -> [UInt64] {
        world.observer.events(of: "peer").compactMap { if case .sent(let number, _, _) = $0 { number } else { nil } }
    }

    @Test func aQueueFullOfBytesBlocksToo() {
        let said = world.said
        let peer = world.peer(MockWorld.config { ($0.maximumPayload, $0.queueBytes) = (1_000, 2_500) })
        world.start("fill") {
            for number in 1...3 {
                try await peer.send(ByteBuffer(repeating: 0, count: 1_000))
                said.say("admitted \(number)")
            }
        }
        #expect(said.all == ["admitted 1", "admitted 2"])
        world.start("small") {
            try await peer.send(ByteBuffer(repeating: 0, count: 500))
            said.say("the small one has room")
        }
        #expect(said.all.last == "the small one has room")
        world.start("unreliable") { try await peer.send(ByteBuffer(string: "x"), delivery: .unreliable) }
        #expect(said.all.last == "unreliable: queueFull")
    }

    /// The inbox of the other side bounds what is on the way, whatever this side's queue holds.
    @Test func noMoreIsSentThanTheOtherSideTakes() {
        let gate = world.tasks.makeSignal()
        _ = slowServer(MockWorld.config { $0.inbox = 3 }, gate: gate)
        let peer = world.peer()
        world.start("send") { for number in 1...10 { try await peer.send(ByteBuffer(integer: number)) } }
        // Those before the hello came wait for it.
        #expect(sent().last == 3)
        #expect(world.said.all == ["took 1"])
        for _ in 1...10 {
            gate.notify()
            world.tasks.run()
        }
        #expect(sent() == Array(1...10))
        #expect(world.said.all == (1...10).map { "took \($0)" })
    }

    @Test func noMoreBytesAreSentThanTheOtherSideTakes() {
        let gate = world.tasks.makeSignal()
        _ = slowServer(MockWorld.config { ($0.maximumPayload, $0.inboxBytes) = (1_000, 1_000) }, gate: gate)
        let peer = world.peer()
        world.start("send") {
            for _ in 1...3 { try await peer.send(ByteBuffer(repeating: 0, count: 400)) }
            try await peer.send(ByteBuffer(repeating: 0, count: 1_000))
        }
        #expect(sent() == [1, 2])
        for _ in 1...4 {
            gate.notify()
            world.tasks.run()
        }
        #expect(sent() == [1, 2, 3, 4])
        #expect(world.said.all == (1...4).map { "took \($0)" })
    }

    @Test func thePressureIsToldAtBothMarks() {
        let peer = world.peer(MockWorld.config { $0.queueCapacity = 4 })
        world.start("fill") { for number in 1...4 { try await peer.send(ByteBuffer(integer: number)) } }
        func pressures() -> [PeerEvent] {
            world.observer.events(of: "peer").filter { if case .pressure = $0 { true } else { false } }
        }
        #expect(pressures() == [.pressure(true)])
        let said = world.said
        world.start("ask") { said.say("\(await peer.isPressed)") }
        #expect(said.all == ["true"])
        world.start("close") { await peer.close(flushingFor: .zero) }
        #expect(pressures() == [.pressure(true), .pressure(false)])
    }

    // MARK: Writes

    /// Chunks that a server reads, each as it came.
    private func chunks(_ config: PeerConfig) -> Peer {
        let said = world.said
        world.serve { stream in
            _ = try await stream.read(upTo: 65_536)
            while let bytes = try await stream.read(upTo: 65_536) { said.say("\(bytes.readableBytes)") }
        }
        let peer = world.peer(config)
        world.start("connect") { await peer.connect() }
        return peer
    }

    /// A message of one byte as a frame.
    private let frameLength = Frame.headerLength + Frame.messageHeaderLength + 1

    @Test func lingeringGathersMessagesForATime() {
        let peer = chunks(MockWorld.config { $0.linger = .milliseconds(5) })
        for _ in 1...3 {
            world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
            world.time.advance(by: .milliseconds(1))
        }
        #expect(world.said.all == [])
        #expect(sent() == [])
        world.time.advance(by: .milliseconds(2))
        #expect(sent() == [1, 2, 3])
        #expect(world.said.all.compactMap { Int($0) }.reduce(0, +) == 3 * frameLength)
    }

    @Test func lingeringEndsBySizeAndByDemand() {
        let peer = chunks(
            MockWorld.config { ($0.linger, $0.batch, $0.batchBytes) = (.seconds(1), 3, 10_000) })
        world.start("send") { for _ in 1...2 { try await peer.send(ByteBuffer(string: "x")) } }
        #expect(sent() == [])
        world.start("third") { try await peer.send(ByteBuffer(string: "x")) }
        #expect(sent() == [1, 2, 3], "as many as are written at once")
        world.start("large") { try await peer.send(ByteBuffer(repeating: 0, count: 10_000)) }
        #expect(sent() == [1, 2, 3, 4], "as many bytes as are written at once")
        let said = world.said
        world.start("flush") {
            try await peer.send(ByteBuffer(string: "x"))
            try await peer.flush()
            said.say("flushed")
        }
        #expect(sent() == [1, 2, 3, 4, 5], "on demand")
        #expect(said.all.contains("flushed"))
        world.start("next") { try await peer.send(ByteBuffer(string: "x")) }
        #expect(sent().count == 5, "a demand is for what was there")
    }

    @Test func flushingAPeerThatGaveUpFails() {
        let peer = world.peer(MockWorld.config { $0.backoff.attempts = 1 })
        world.start("flush") {
            try await peer.send(ByteBuffer(string: "x"))
            try await peer.flush()
        }
        #expect(world.said.all == ["flush: retriesExhausted"])
    }

    /// Confirmations and answers to heartbeats do not wait behind a queue that the other side does not take.
    @Test func controlFramesPassMessagesThatWait() {
        let said = world.said
        let holding = world.tasks.makeSignal()
        world.start("server") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            let stream = try await listener.accept()
            try await stream.write(Frame.hello(.init(origin: 1, inbox: 1, name: "server")).encoded())
            try await holding.wait()
            try await stream.write(Frame.ping(7).encoded())
            var decoder = FrameDecoder(maximumPayload: 1_000)
            while let bytes = try await stream.read(upTo: 1_000) {
                decoder.append(bytes)
                while let frame = try decoder.next() {
                    switch frame {
                    case .message(let number, _, _, _): said.say("message \(number)")
                    case .pong(let value): said.say("pong \(value)")
                    default: break
                    }
                }
            }
        }
        let peer = world.peer()
        world.start("send") { for number in 1...5 { try await peer.send(ByteBuffer(integer: number)) } }
        holding.notify()
        world.tasks.run()
        #expect(said.all == ["message 1", "pong 7"])
    }

    /// Whoever confirms more than it was sent confirms what it was sent.
    @Test func noMoreIsConfirmedThanWasSent() {
        world.serve { stream in
            // The hello, and then messages.
            for _ in 1...2 { _ = try await stream.read(upTo: 65_536) }
            try await stream.write(Frame.acknowledgement(.max).encoded())
            try await swallow(stream)
        }
        let peer = world.peer()
        world.start("send") { for number in 1...3 { try await peer.send(ByteBuffer(integer: number)) } }
        let confirmed = world.observer.events(of: "peer").compactMap { event -> UInt64? in
            if case .acknowledged(let number, _) = event { number } else { nil }
        }
        #expect(!confirmed.isEmpty && confirmed.allSatisfy { (1...3).contains($0) }, "\(confirmed)")
    }

    /// A session with a long inbox gives way to others of its process.
    @Test func aLongInboxDoesNotStopTheOthers() {
        let said = world.said
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { message, session in
            said.say("\(session.remoteName ?? "?") \(message.number)")
        }
        world.start("server") { try await server.run() }
        let config = MockWorld.config { ($0.queueCapacity, $0.batch) = (300, 300) }
        let (long, short) = (world.peer(config, name: "long"), world.peer(config, name: "short"))
        world.start("connect") {
            await long.connect()
            await short.connect()
        }
        world.start("send") {
            for number in 1...300 { try await long.send(ByteBuffer(integer: number)) }
            try await short.send(ByteBuffer(string: "x"))
        }
        let place = said.all.firstIndex(of: "short 1")
        #expect(said.all.count == 301)
        #expect(place.map { $0 < 200 } == true, "\(place ?? -1)")
    }

    /// A flush that waits for messages which are given up with their connection ends all the same.
    @Test func flushingEndsWhenWhatItWaitsForIsDropped() {
        let (said, holding) = (world.said, world.tasks.makeSignal())
        world.serve { stream in
            try await holding.wait()
            await stream.reset()
        }
        let peer = world.peer(MockWorld.config { ($0.maximumPayload, $0.batch) = (100_000, 1) })
        world.start("connect") { await peer.connect() }
        world.start("flush") {
            // The first fills the buffers, and the writer with it; the second waits.
            for _ in 1...2 { try await peer.send(ByteBuffer(repeating: 0, count: 90_000), delivery: .unreliable) }
            try await peer.flush()
            said.say("flushed")
        }
        #expect(said.all == [])
        holding.notify()
        world.tasks.run()
        #expect(said.all == ["flushed"])
    }
}
