import NIOCore
public import PeerNetworking
import Synchronization

/// A client that sends a message at each interval and counts the answers, whatever the connection does meanwhile.
public struct PingPong: Sendable {
    /// The peer's name.
    public var name: String
    /// Where the echo server listens.
    public var remote: Endpoint
    /// How its connection is kept.
    public var config: PeerConfig
    /// The time between two messages; more than 0.
    public var interval: Duration
    /// Bytes in a message, 8 or more: its number comes first.
    public var size: Int
    /// How many messages it sends; 0 for no end.
    public var count: UInt64
    /// What it wants of the messages' delivery. It waits for all answers at the end where they are reliable: only then is
    /// an answer that was lost with its connection made again.
    public var delivery: Delivery
    /// Whether it waits for answers; without, it only sends.
    public var awaitsAnswers: Bool

    /// Makes a ping-pong client.
    public init(
        name: String, remote: Endpoint, config: PeerConfig, interval: Duration = .milliseconds(100), size: Int = 64,
        count: UInt64 = 0, delivery: Delivery = .reliable, awaitsAnswers: Bool = true
    ) {
        self.name = name
        self.remote = remote
        self.config = config
        self.interval = interval
        self.size = max(size, 8)
        self.count = count
        self.delivery = delivery
        self.awaitsAnswers = awaitsAnswers
    }

    /// Runs until all messages are sent (and answered, where it waits for answers), or the peer gives up.
    public func run(_ providers: Providers) async {
        let answers = AnswerCount(of: count, all: providers.tasks.makeSignal())
        let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
        let size = size
        let peer = Peer(
            name: name, to: remote, config: config, providers: providers,
            onArrival: { message, _ in
                let done = answers.take(message.payload, size: size)
                providers.observer.note(.progress(done: done, of: answers.expected), of: number)
                return true
            })
        await peer.connect()
        do {
            try await send(through: peer, providers)
            guard count > 0 else { return }
            if awaitsAnswers, delivery == .reliable { try await answers.waitForAll() }
            let lost = await peer.close(flushingFor: .seconds(5))
            providers.observer.note(.finished(correct: answers.isCorrect && lost == 0), of: number)
        } catch {
            // Cancelled, or the peer gave up: its state says so.
            await peer.close(flushingFor: .zero)
        }
    }

    private func send(through peer: Peer, _ providers: Providers) async throws(NetworkError) {
        var message: UInt64 = 0
        var due = providers.time.now
        while count == 0 || message < count {
            message += 1
            var payload = ByteBufferAllocator().buffer(capacity: size)
            payload.writeInteger(message)
            payload.writeRepeatingByte(UInt8(truncatingIfNeeded: message), count: size - 8)
            try await send(payload, through: peer, providers)
            if interval > .zero {
                // Each message has its own time: a wait for room delays one, not all that follow.
                due = max(due.advanced(by: interval), providers.time.now)
                try await providers.time.sleep(until: due)
            }
        }
    }
}

extension PingPong {
    /// Sends a message, and waits while the circuit to its endpoint is open; an unreliable one may find no room.
    private func send(
        _ payload: ByteBuffer, through peer: Peer, _ providers: Providers
    ) async throws(NetworkError) {
        while true {
            do {
                try await peer.send(payload, delivery: delivery)
                return
            } catch {
                if error.code == .queueFull { return }
                guard error.code == .circuitOpen else { throw error }
                try await providers.time.sleep(for: max(interval, .milliseconds(10)))
            }
        }
    }
}

/// Counts the answers and checks what is in them.
private final class AnswerCount: Sendable {
    let expected: UInt64
    private let all: any Signal
    private let state = Mutex((done: UInt64(0), isCorrect: true))

    /// - Parameter all: announced with the last answer that is expected.
    init(of expected: UInt64, all: any Signal) {
        self.expected = expected
        self.all = all
    }

    var isCorrect: Bool { state.withLock { $0.isCorrect } }

    /// - Returns: how many answers there are now.
    func take(_ payload: ByteBuffer, size: Int) -> UInt64 {
        let isCorrect = AnswerCount.isAnswer(payload, size: size)
        let done = state.withLock { state in
            state = (state.done + 1, state.isCorrect && isCorrect)
            return state.done
        }
        if done == expected { all.notify() }
        return done
    }

    /// Whether it is the bytes of a message that was sent: its number, and that number's last byte to the end.
    private static func isAnswer(_ payload: ByteBuffer, size: Int) -> Bool {
        guard payload.readableBytes == size, let number = payload.peekInteger(as: UInt64.self), number > 0 else {
            return false
        }
        let fill = UInt8(truncatingIfNeeded: number)
        return payload.withUnsafeReadableBytes { bytes in
            // All of them, whatever the first ones are: so the processor compares many at a time.
            (8..<bytes.count).reduce(0) { $0 | (bytes[$1] ^ fill) } == 0
        }
    }

    func waitForAll() async throws(NetworkError) {
        while state.withLock({ $0.done < expected }) { try await all.wait() }
    }
}
