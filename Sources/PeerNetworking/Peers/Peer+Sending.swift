import DequeModule
public import NIOCore

extension Peer {
    /// Queues a message; waits while the queue is full, by messages or by bytes.
    ///
    /// - Parameters:
    ///   - payload: at most ``PeerConfig/maximumPayload`` bytes, of this side and of the other.
    ///   - delivery: an unreliable message does not wait: it is dropped when the queue is full.
    ///   - deadline: until when it waits for room; nil for as long as it takes.
    /// - Returns: the message's number within this peer's life.
    /// - Throws: `messageTooLarge`, `queueFull` (unreliable alone), `timedOut`, `closed`, `retriesExhausted` or the error it
    ///   failed with, `cancelled`, `circuitOpen` (at once, rather than wait for an endpoint that is left alone).
    @discardableResult
    public func send(
        _ payload: ByteBuffer, delivery: Delivery = .reliable, until deadline: Instant? = nil
    ) async throws(NetworkError) -> UInt64 {
        let size = payload.readableBytes
        // Before it waits for room that there never will be.
        guard size <= config.maximumPayload else { throw tooLarge(payload) }
        if providers.buggify.fires(.peerQueueFull, for: name) { try await findNoRoom(delivery) }
        if !queue.hasRoom(for: size) || !admitsMessages { try await waitForRoom(for: size, delivery, until: deadline) }
        // After the wait: the other side may have said meanwhile what it takes.
        guard size <= largestPayload else { throw tooLarge(payload) }
        lastNumber += 1
        var entry = SendQueue.Entry(number: lastNumber, delivery: delivery, payload: payload)
        if config.linger > .zero { entry.since = providers.time.now }
        if isAttached, mayPassQueue(entry), let stream, stream.offer(frame(of: entry)) {
            queue.sentAtOnce(entry)
            let depth = sharedDepth?.add(1) ?? (queue.depth + (delivery.isKept ? 0 : 1))
            note(.queued(message: entry.number, bytes: Int32(size), delivery: delivery, depth: depth))
            note(.sent(message: entry.number, depth: delivery.isKept ? heldDepth : depthAfter(-1)))
        } else {
            queue.append(entry)
            note(.queued(message: entry.number, bytes: Int32(size), delivery: delivery, depth: depthAfter(1)))
            if !isAttached {
                start()
            } else if queue.waitingCount == 1 || config.linger > .zero {
                // Who waits for the first is awake for those behind it.
                outbound.notify()
            }
        }
        notePressure()
        return entry.number
    }

    /// Whether a message may go to the connection at once: nothing is before it, it need not wait for others, and none is
    /// likely to follow that could go with it.
    @inline(__always)
    private func mayPassQueue(_ entry: SendQueue.Entry) -> Bool {
        !isWriting && !isInRun && !queue.hasWaiting && controls.isEmpty && config.linger == .zero
            && entry.size <= FrameBatch.largestCopied && queue.mayLeave(isReliable: entry.isReliable, size: entry.size)
    }

    /// Waits until every message that was queued before has been handed to the network; they do not wait for others to be
    /// written with them.
    ///
    /// - Throws: `closed`, `retriesExhausted` or the error that the peer failed with, `cancelled`.
    public func flush() async throws(NetworkError) {
        let last = lastNumber
        flushDemanded = max(flushDemanded, last)
        outbound.notify()
        while let first = queue.firstWaiting, first.number <= last {
            try checkLife()
            try await progress.wait()
        }
        try checkLife()
        try await stream?.flush()
    }

    private var largestPayload: Int { min(config.maximumPayload, remoteLimits.maximumPayload) }

    private func tooLarge(_ payload: ByteBuffer) -> NetworkError {
        NetworkError(
            .messageTooLarge, during: .send, remote: remote,
            reason: "\(payload.readableBytes) bytes; at most \(largestPayload) are taken")
    }

    private var admitsMessages: Bool { !isClosing && !isCutOff && lifecycle.admitsMessages }

    /// Whether its endpoint is left alone; a connection that there is goes on.
    private var isCutOff: Bool { !isAttached && breaker?.state == .open }

    private func checkLife() throws(NetworkError) {
        if isClosing { throw NetworkError(.closed, during: .send, remote: remote) }
        if let failure = lifecycle.failure { throw failure }
        guard lifecycle.admitsMessages else { throw NetworkError(.closed, during: .send, remote: remote) }
    }

    private func waitForRoom(
        for size: Int, _ delivery: Delivery, until deadline: Instant?
    ) async throws(NetworkError) {
        var isBlocked = false
        defer { if isBlocked { note(.blocked(false)) } }
        while true {
            try checkLife()
            if isCutOff {
                throw NetworkError(
                    .circuitOpen, during: .send, remote: remote, reason: "it failed too often and is left alone a while"
                )
            }
            guard !queue.hasRoom(for: size) else { break }
            guard delivery.isKept else { throw dropped() }
            if !isBlocked {
                isBlocked = true
                note(.blocked(true))
            }
            guard let deadline else {
                try await room.wait()
                continue
            }
            guard providers.time.now < deadline else {
                throw NetworkError(.timedOut, during: .send, remote: remote, reason: "there was no room in time")
            }
            try await room.wait(until: deadline, for: "\(name) room")
        }
    }

    /// Drops an unreliable message for which there is no room.
    private func dropped() -> NetworkError {
        lastNumber += 1
        note(.dropped(message: lastNumber, reason: .queueFull, depth: heldDepth))
        return NetworkError(.queueFull, during: .send, remote: remote)
    }

    /// Finds no room where there is some, as buggify wants it.
    private func findNoRoom(_ delivery: Delivery) async throws(NetworkError) {
        guard delivery.isKept else { throw dropped() }
        note(.blocked(true))
        defer { note(.blocked(false)) }
        try await providers.time.sleep(for: .milliseconds(1))
    }

    // MARK: Writing

    func frame(of entry: SendQueue.Entry) -> ByteBuffer {
        confirmed = taken
        return Frame.message(
            number: entry.number, acknowledges: taken, delivery: entry.delivery, entry.payload
        ).encoded()
    }

    /// Control frames that wait at most.
    private static let mostControls = 64

    /// Writes what waits, many frames at a time, until the task is cancelled or the stream fails.
    func write(to stream: any ByteStream) async {
        while !Task.isCancelled {
            if controls.isEmpty {
                guard queue.isReady else {
                    guard (try? await outbound.wait()) != nil else { return }
                    continue
                }
                if let deadline = lingersUntil {
                    guard (try? await outbound.wait(until: deadline, for: "\(name) linger")) != nil else { return }
                    continue
                }
            }
            isWriting = true
            if config.writeTimeout != nil { writingSince = providers.time.now }
            defer {
                isWriting = false
                writingSince = nil
            }
            do {
                try await writeBatch(nextBatch(), to: stream)
            } catch {
                // The reader hears of it too; a stream that fails to write alone must not be waited on.
                if lossReason == nil, error.code != .cancelled { lossReason = error }
                if error.code != .cancelled { await stream.reset() }
                return
            }
        }
    }

    /// Until when the messages that wait do so for others to be written with them; nil when they go now.
    private var lingersUntil: Instant? {
        guard config.linger > .zero, let first = queue.firstWaiting, first.number > flushDemanded,
            queue.waitingCount < config.batch, queue.bytes - queue.unconfirmedBytes < config.batchBytes
        else { return nil }
        let deadline = first.since.advanced(by: config.linger)
        return providers.time.now < deadline ? deadline : nil
    }

    /// Control frames first, then messages, up to the bounds of a vectored write.
    private func nextBatch() -> [ByteBuffer] {
        var batch = FrameBatch(reusing: &spare)
        while batch.count < config.batch, let control = controls.popFirst() { batch.append(control) }
        while batch.count < config.batch, batch.bytes < config.batchBytes {
            let next = queue.takeNext { number, delivery, payload in
                batch.append(number: number, acknowledges: taken, delivery: delivery, payload)
            }
            guard let next else { break }
            confirmed = taken
            note(.sent(message: next.number, depth: next.delivery.isKept ? heldDepth : depthAfter(-1)))
            if !next.delivery.isKept { room.notify() }
        }
        notePressure()
        if flushDemanded > 0 || isClosing { progress.notify() }
        let (buffers, spare) = batch.finish()
        self.spare = spare
        return buffers
    }

    private func writeBatch(_ batch: [ByteBuffer], to stream: any ByteStream) async throws(NetworkError) {
        if providers.buggify.fires(.peerFlushLate, for: name) {
            try await providers.time.sleep(for: .milliseconds(1))
        }
        guard providers.buggify.fires(.peerWriteShort, for: name), var first = batch.first,
            let byte = first.readSlice(length: 1)
        else {
            try await stream.write(contentsOf: batch)
            return
        }
        try await stream.write(byte)
        try await stream.flush()
        try await stream.write(contentsOf: [first] + batch.dropFirst())
    }

    /// Sends a frame ahead of the messages that wait.
    func sendControl(_ frame: Frame) {
        guard let stream else { return }
        let bytes = frame.encoded()
        if !isWriting, controls.isEmpty, stream.offer(bytes) { return }
        // Old answers and confirmations are worth nothing beside newer ones.
        if controls.count >= Peer.mostControls { controls.removeFirst() }
        controls.append(bytes)
        outbound.notify()
    }
}
