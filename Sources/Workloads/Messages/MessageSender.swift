import NIOCore
import PeerNetworking

/// Sends a message at each interval and counts the answers: what ping-pong and flood have in common.
struct MessageSender: Sendable {
    let interval: Duration
    /// Bytes in a message, 8 or more: its number comes first.
    let size: Int
    let count: UInt64
    let delivery: Delivery
    let awaitsAnswers: Bool

    init(interval: Duration, size: Int, count: UInt64, delivery: Delivery, awaitsAnswers: Bool) {
        self.interval = interval
        self.size = max(size, 8)
        self.count = count
        self.delivery = delivery
        self.awaitsAnswers = awaitsAnswers
    }

    /// Runs until all messages are sent (and answered, where it waits for answers), or the peer gives up.
    func run(_ context: PeerContext) async {
        let providers = context.providers
        let answers = AnswerCount(of: count, all: providers.tasks.makeSignal())
        let number = context.register()
        let size = size
        let peer = Peer(
            name: context.name, to: context.remote, config: context.config, providers: providers,
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
            let lost = await peer.close()
            providers.observer.note(.finished(correct: answers.isCorrect && lost == 0), of: number)
        } catch {
            // Cancelled, or the peer gave up: its state says so, and there is nothing left to flush.
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

extension MessageSender {
    /// Sends a message, and waits while the circuit to its endpoint is open; an unreliable one may find no room.
    private func send(
        _ payload: ByteBuffer, through peer: Peer, _ providers: Providers
    ) async throws(NetworkError) {
        while true {
            do {
                try await peer.send(payload, delivery: delivery)
                return
            } catch {
                if error.code == .queueFull {
                    // The next one is sent as soon as it can be, and not into a queue that is full.
                    if interval == .zero { try await peer.waitForRoom(for: payload.readableBytes) }
                    return
                }
                guard error.code == .circuitOpen else { throw error }
                try await providers.time.sleep(for: max(interval, .milliseconds(10)))
            }
        }
    }
}
