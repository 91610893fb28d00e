import NIOCore
import PeerNetworking
import Synchronization
import Testing

/// What a stranger may do to a server that listens.
enum Attack: String, CaseIterable, Sendable, CustomStringConvertible {
    /// Bytes that are no frame.
    case garbage
    /// A frame of 2³² − 1 bytes.
    case hugeFrame
    /// Nothing, for ever.
    case silence
    /// A hello, a byte at a time.
    case drip
    /// Reliable messages, more than the hello of the server lets through.
    case messageFlood
    /// Unreliable messages, as many as the network takes.
    case unreliableFlood
    /// Questions, none of whose answers it reads.
    case pingFlood
    /// A hello that promises the impossible.
    case absurdHello
    /// A second hello.
    case secondHello
    /// Half a frame, and then nothing.
    case halfFrame
    /// A message that its own checksum contradicts.
    case wrongChecksum
    /// It connects and leaves, a hundred times.
    case comesAndGoes

    var description: String { rawValue }

    /// Whether it ends by itself: nothing that it does is forbidden.
    var isHarmless: Bool { self == .unreliableFlood || self == .comesAndGoes || self == .pingFlood }
}

extension ConformanceTests {
    @Suite struct HostilePeers {
        /// The server's configuration: small bounds, so that they are met.
        static var config: PeerConfig {
            var config = PeerConfig.test
            config.heartbeat = nil
            config.handshakeTimeout = .milliseconds(200)
            config.readTimeout = .milliseconds(500)
            config.writeTimeout = .milliseconds(500)
            config.maximumPayload = 1_024
            config.inbox = 16
            config.inboxBytes = 16_384
            return config
        }

        /// Each attack on a server that has one honest client: the stranger's connection ends, the client is served on, and
        /// nothing is left of the stranger.
        @Test(arguments: ProviderUnderTest.allCases, Attack.allCases)
        func theServerGoesOnServingTheOthers(_ provider: ProviderUnderTest, _ attack: Attack) async throws {
            try await expect(
                [
                    "server: 1 session, bounded: true",
                    "client: answered before",
                    "client: the stranger's connection has ended", "client: answered after",
                ], on: provider,
                server: { providers, transcript in
                    let held = Held(Listener(transcript))
                    let gate = providers.tasks.makeSignal()
                    try await serving(
                        providers, transcript, config: Self.config, observer: held,
                        meanwhile: { server in
                            try await transcript.awaits("attacked", providers)
                            transcript.say("\(await server.sessionCount) session, bounded: \(held.isBounded(attack))")
                            transcript.mark("counted")
                        }
                    ) { message, session in
                        if session.remoteName == "client" {
                            _ = try? await session.send(message.payload)
                        } else {
                            // Its application takes its time: what comes meanwhile is held, within bounds.
                            held.give()
                            try? await gate.wait()
                        }
                    }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let peer = Peer(name: "client", to: port80, config: Self.honest, providers: providers)
                    try await peer.send(bytes("before"))
                    transcript.say("answered \(text(try await peer.receive()?.payload))")
                    await attack.carryOut(providers)
                    transcript.say("the stranger's connection has ended")
                    // The server hears of an end at once, and of a stranger that is gone within its timeouts.
                    try await providers.time.sleep(for: .milliseconds(50))
                    transcript.mark("attacked")
                    try await transcript.awaits("counted", providers)
                    try await peer.send(bytes("after"))
                    transcript.say("answered \(text(try await peer.receive()?.payload))")
                    await peer.close()
                    transcript.mark("done")
                })
        }

        private static var honest: PeerConfig {
            var config = PeerConfig.test
            config.maximumPayload = 1_024
            // It has to be heard of more often than its server bears silence.
            config.heartbeat = .init(interval: .milliseconds(100), timeout: .seconds(10))
            return config
        }

        /// Every bit of a message, flipped, one connection each: no application gets anything else than what was sent.
        @Test(arguments: ProviderUnderTest.allCases)
        func noFlippedBitReachesAnApplication(_ provider: ProviderUnderTest) async throws {
            let frame = Frame.message(number: 1, acknowledges: 0, delivery: .reliable, bytes("flip me"))
            let length = frame.encoded().readableBytes
            try await expect(
                ["server: nothing but what was sent", "client: \(length * 8) flipped, all refused or waited out"],
                on: provider,
                server: { providers, transcript in
                    var config = Self.config
                    config.readTimeout = .milliseconds(20)
                    try await serving(providers, transcript, config: config) { message, _ in
                        if message.payload != bytes("flip me") { transcript.say("a wrong message") }
                    }
                    transcript.say("nothing but what was sent")
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var refused = 0
                    for bit in 0..<length * 8 {
                        let stream: any ByteStream = try await providers.network.connect(to: port80)
                        try await stream.write(Frame.hello(.init(origin: UInt64(bit), name: "flipper")).encoded())
                        var flipped = frame.encoded()
                        let byte = flipped.getInteger(at: bit / 8, as: UInt8.self) ?? 0
                        flipped.setInteger(byte ^ 1 << UInt8(bit % 8), at: bit / 8)
                        try await stream.write(flipped)
                        // The server's hello, and then the end: nothing is confirmed.
                        var decoder = FrameDecoder(maximumPayload: 1_024)
                        var frames = 0
                        while let chunk = try? await stream.read(upTo: 65_536) {
                            decoder.append(chunk)
                            while try decoder.next() != nil { frames += 1 }
                        }
                        if frames == 1 { refused += 1 }
                        await stream.close()
                    }
                    transcript.say("\(refused) flipped, all refused or waited out")
                    transcript.mark("done")
                })
        }
    }
}

/// What a server held of strangers, and what it gave up.
private final class Held: PeerObserver {
    private let listener: Listener
    private let counts = Mutex((given: 0, discarded: 0))

    init(_ listener: Listener) {
        self.listener = listener
    }

    func register(_ name: String, queueCapacity: Int) -> PeerNumber {
        listener.register(name, queueCapacity: queueCapacity)
    }

    func note(_ event: PeerEvent, of peer: PeerNumber) {
        if case .discarded(_, _, .inboxFull) = event { counts.withLock { $0.discarded += 1 } }
        listener.note(event, of: peer)
    }

    func give() { counts.withLock { $0.given += 1 } }

    /// Of 2,000 messages that nobody takes, the first is with its handler and 16 wait: so many are held, and no more.
    func isBounded(_ attack: Attack) -> Bool {
        let counts = counts.withLock { $0 }
        return counts.given <= 1 && counts.discarded == (attack == .unreliableFlood ? 2_000 - 17 : 0)
    }
}

extension Attack {
    /// Carries it out, and returns when the server has ended the connection, or the stranger has had enough.
    func carryOut(_ providers: Providers) async {
        if self == .comesAndGoes {
            for _ in 0..<100 {
                guard let stream: any ByteStream = try? await providers.network.connect(to: port80) else { continue }
                await stream.reset()
            }
            return
        }
        guard let stream: any ByteStream = try? await providers.network.connect(to: port80) else { return }
        try? await attack(over: stream, providers)
        if isHarmless { try? await stream.shutdownWrite() }
        while let chunk = try? await stream.read(upTo: 65_536) { _ = chunk }
        await stream.close()
    }

    private var hello: ByteBuffer { Frame.hello(.init(origin: 99, window: 1_000_000, name: "stranger")).encoded() }

    private func message(_ number: UInt64, _ delivery: Delivery) -> ByteBuffer {
        Frame.message(
            number: number, acknowledges: 0, delivery: delivery, ByteBuffer(repeating: 7, count: 1_024)
        ).encoded()
    }

    private func attack(over stream: any ByteStream, _ providers: Providers) async throws {
        switch self {
        case .garbage:
            try await stream.write(bytes("GET / HTTP/1.1\r\nHost: server\r\n\r\n"))
        case .hugeFrame:
            var frame = ByteBuffer(integer: UInt32.max)
            frame.writeRepeatingByte(0, count: 60)
            try await stream.write(frame)
        case .silence, .comesAndGoes: break
        case .drip:
            var hello = hello
            while let byte = hello.readSlice(length: 1) {
                try await stream.write(byte)
                try await providers.time.sleep(for: .milliseconds(20))
            }
        case .messageFlood:
            try await stream.write(hello)
            for number in 1...200 { try await stream.write(message(UInt64(number), .reliable)) }
        case .unreliableFlood:
            try await stream.write(hello)
            for number in 1...2_000 { try await stream.write(message(UInt64(number), .unreliable)) }
        case .pingFlood:
            try await stream.write(hello)
            // Once its buffers are full of answers the server writes no more, and drops the oldest it would write.
            for number in 1...20_000 where !stream.offer(Frame.ping(UInt64(number)).encoded()) {
                try await providers.time.sleep(for: .milliseconds(1))
            }
        case .absurdHello:
            try await stream.write(
                Frame.hello(
                    .init(origin: 1, window: .max, inbox: .max, inboxBytes: .max, maximumPayload: .max, name: "absurd")
                ).encoded())
        case .secondHello:
            try await stream.write(hello)
            try await stream.write(hello)
        case .halfFrame:
            try await stream.write(hello)
            var half = message(1, .reliable)
            if let start = half.readSlice(length: 500) { try await stream.write(start) }
        case .wrongChecksum:
            try await stream.write(hello)
            var wrong = message(1, .reliable)
            wrong.setInteger(UInt32(0), at: 4)
            try await stream.write(wrong)
        }
    }
}
