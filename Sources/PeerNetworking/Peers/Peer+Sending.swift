import DequeModule
public import NIOCore

extension Peer {
    /// Queues a message; waits while the queue is full, by messages or by bytes.
    ///
    /// - Parameters:
    ///   - payload: at most ``PeerConfig/maximumPayload`` bytes, of this side and of the other.
    ///   - delivery: an unreliable message is dropped when the queue is full. It does not wait for room; only of many that are
    ///     refused every 256th does, for 1 ms at most.
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
        if providers.buggify.fires(.peerQueueFull, for: name) { try await findNoRoom(for: size, delivery) }
        guard queue.hasRoom(for: size), admitsMessages else {
            return try await sendInTurn(payload, size, delivery, until: deadline)
        }
        guard size <= largestPayload else { throw tooLarge(payload) }
        return enqueue(payload, size, delivery)
    }

    /// Queues a message once there is room for it.
    private func sendInTurn(
        _ payload: ByteBuffer, _ size: Int, _ delivery: Delivery, until deadline: Instant?
    ) async throws(NetworkError) -> UInt64 {
        defer { passRoomOn() }
        try await waitForRoom(for: size, delivery, until: deadline)
        // After the wait: the other side may have said meanwhile what it takes.
        guard size <= largestPayload else { throw tooLarge(payload) }
        return enqueue(payload, size, delivery)
    }

    /// Queues a message if there is room for it now.
    ///
    /// - Parameters:
    ///   - payload: as of ``send(_:delivery:until:)``.
    ///   - delivery: what is wanted of its delivery.
    /// - Returns: the message's number within this peer's life; nil where it was not taken: ``send(_:delivery:until:)``
    ///   waits, or says why.
    public func offer(_ payload: ByteBuffer, delivery: Delivery = .reliable) -> UInt64? {
        let size = payload.readableBytes
        if providers.buggify.fires(.peerQueueFull, for: name) { return nil }
        guard size <= largestPayload, admitsMessages else { return nil }
        if !queue.hasRoom(for: size) {
            // The frames that are being read may say that there is.
            takeConfirmation()
            guard queue.hasRoom(for: size) else { return nil }
        }
        return enqueue(payload, size, delivery)
    }

    /// Takes a message for which there is room.
    @inline(__always)
    private func enqueue(_ payload: ByteBuffer, _ size: Int, _ delivery: Delivery) -> UInt64 {
        lastNumber += 1
        let number = lastNumber
        if mayPassQueue(size, delivery), passQueue(number, payload, delivery) {
            // One that is not kept has been there, however briefly.
            let passing: Int32 = delivery.isKept ? 0 : 1
            let depth = sharedDepth?.add(1) ?? (queue.depth + passing)
            note(.queued(message: number, bytes: Int32(size), delivery: delivery, depth: depth), passing: passing)
            note(.sent(message: number, through: written, depth: delivery.isKept ? heldDepth : depthAfter(-1)))
        } else {
            queue.append(number, delivery, payload, since: lingers ? providers.time.now : .zero)
            note(.queued(message: number, bytes: Int32(size), delivery: delivery, depth: depthAfter(1)))
            if !isAttached {
                start()
            } else if lingers || (queue.waitingCount == 1 && !isTakingFrames) {
                // Who waits for the first is awake for those behind it.
                outbound.notify()
            }
        }
        notePressure()
        return number
    }

    /// Whether a message may go to the connection at once: nothing is before it, it need not wait for others, and none is
    /// likely to follow that could go with it.
    @inline(__always)
    private func mayPassQueue(_ size: Int, _ delivery: Delivery) -> Bool {
        isAttached && !moreFollow && !isWriting && !queue.hasWaiting && controls.isEmpty && !lingers
            && size <= FrameBatch.largestCopied && queue.mayLeave(isReliable: delivery.isKept, size: size)
    }

    /// Hands a message to the connection.
    ///
    /// - Returns: whether the connection had room for it.
    @inline(never)
    private func passQueue(_ number: UInt64, _ payload: ByteBuffer, _ delivery: Delivery) -> Bool {
        var frame = spares.take()
        let length = FrameWriter.overhead + payload.readableBytes
        frame.clear(minimumCapacity: length)
        frame.writeFrames(length) { writer in
            writer.write(number: number, acknowledges: taken, delivery: delivery, payload)
        }
        var isTaken = false
        if let attachment { isTaken = attachment.stream.offer(frame) }
        spares.put(frame)
        guard isTaken else { return false }
        written += Int64(length)
        confirmed = taken
        queue.sentAtOnce(number, delivery, payload)
        return true
    }

    /// Waits until every message that was queued before has been handed to the network; they do not wait for others to be
    /// written with them.
    ///
    /// - Throws: `closed`, `retriesExhausted` or the error that the peer failed with, `cancelled`.
    public func flush() async throws(NetworkError) {
        let last = lastNumber
        flushDemanded = max(flushDemanded, last)
        outbound.notify()
        while min(queue.firstWaiting?.number ?? .max, writingFrom ?? .max) <= last {
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

    @inline(__always)
    private var admitsMessages: Bool { !isClosing && !isCutOff && lifecycle.admitsMessages }

    /// Whether its endpoint is left alone; a connection that there is goes on.
    private var isCutOff: Bool { !isAttached && breaker?.state == .open }

    private func checkLife() throws(NetworkError) {
        if isClosing { throw NetworkError(.closed, during: .send, remote: remote) }
        if let failure = lifecycle.failure { throw failure }
        guard lifecycle.admitsMessages else { throw NetworkError(.closed, during: .send, remote: remote) }
    }

    /// Has the first of those that wait for room look again, where there is some for it.
    @inline(__always)
    func passRoomOn() {
        waitingForRoom.wakeFirst { queue.hasRoom(for: $0) }
    }

    /// Returns once there is room; ``passRoomOn()`` is to follow, whether it is taken or not.
    private func waitForRoom(
        for size: Int, _ delivery: Delivery, until deadline: Instant?
    ) async throws(NetworkError) {
        var place: WaitingLine.Place?
        defer {
            if let place {
                waitingForRoom.leave(place)
                note(.blocked(false))
            }
        }
        while true {
            try checkLife()
            if isCutOff {
                try await delayRefusal(of: size)
                note(.refused(bytes: Int32(clamping: size)))
                throw NetworkError(
                    .circuitOpen, during: .send, remote: remote, reason: "it failed too often and is left alone a while"
                )
            }
            guard !queue.hasRoom(for: size) else { break }
            guard delivery.isKept else { throw try await refused(size) }
            let own = place ?? joinLine(size)
            place = own
            guard let deadline else {
                try await own.turn.wait()
                continue
            }
            guard providers.time.now < deadline else {
                throw NetworkError(.timedOut, during: .send, remote: remote, reason: "there was no room in time")
            }
            try await own.turn.wait(until: deadline, for: "\(name) room")
        }
    }

    private func joinLine(_ size: Int) -> WaitingLine.Place {
        note(.blocked(true))
        return waitingForRoom.join(providers.tasks.makeSignal(), size: size)
    }

    /// Drops an unreliable message for which there is no room.
    private func dropped() -> NetworkError {
        lastNumber += 1
        note(.dropped(message: lastNumber, reason: .queueFull, depth: heldDepth))
        return NetworkError(.queueFull, during: .send, remote: remote)
    }

    /// Drops an unreliable message for which there is no room.
    private func refused(_ size: Int) async throws(NetworkError) -> NetworkError {
        try await delayRefusal(of: size)
        return dropped()
    }

    /// Of many messages that are refused at once one waits, for room or a millisecond: who sends on and on without waiting keeps
    /// this peer, and all others of its process, from making any.
    private func delayRefusal(of size: Int) async throws(NetworkError) {
        refusals += 1
        guard refusals % Self.refusalsInARow == 0 else { return }
        let deadline = providers.time.now.advanced(by: .milliseconds(1))
        let place = waitingForRoom.join(providers.tasks.makeSignal(), size: size)
        defer {
            waitingForRoom.leave(place)
            passRoomOn()
        }
        try await place.turn.wait(until: deadline, for: "\(name) room")
    }

    /// So many messages are refused without a wait.
    private static let refusalsInARow: UInt64 = 256

    /// Waits until a message would find room: for who sends unreliable ones as fast as they go.
    ///
    /// - Parameter size: bytes of its payload.
    /// - Throws: as ``send(_:delivery:until:)`` of a reliable one.
    public func waitForRoom(for size: Int) async throws(NetworkError) {
        if queue.hasRoom(for: size), admitsMessages { return }
        defer { passRoomOn() }
        try await waitForRoom(for: size, .reliable, until: nil)
    }

    /// Finds no room where there is some, as buggify wants it.
    private func findNoRoom(for size: Int, _ delivery: Delivery) async throws(NetworkError) {
        guard delivery.isKept else { throw try await refused(size) }
        note(.blocked(true))
        defer { note(.blocked(false)) }
        try await providers.time.sleep(for: .milliseconds(1))
    }

    // MARK: Writing

    /// Control frames that wait at most.
    private static let mostControls = 64

    /// Writes what waits, many frames at a time, until the task is cancelled or the stream fails.
    func write(to stream: any ByteStream) async {
        while !Task.isCancelled {
            if leftOver == nil, controls.isEmpty {
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
                writingFrom = nil
                tellOfProgress()
            }
            do {
                let batch = leftOver.take() ?? nextBatch()
                writingFrom = batch.first
                // Where there is room nothing is waited for, and a call that may wait costs more than one that may not.
                if batch.isTaken(by: stream) { continue }
                try await batch.write(to: stream, providers.time)
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
        guard lingers, let first = queue.firstWaiting, first.number > flushDemanded,
            queue.waitingCount < config.batch, queue.bytes - queue.unconfirmedBytes < config.batchBytes
        else { return nil }
        let deadline = first.since.advanced(by: config.linger)
        return providers.time.now < deadline ? deadline : nil
    }

    /// Writes what is ready, without the writer while the connection has room: what the frames were answered with that have
    /// just been taken, and what they made room for.
    func writeAtOnce(to stream: any ByteStream) {
        while queue.isReady, !lingers {
            guard !isWriting, controls.isEmpty else { return outbound.notify() }
            let batch = nextBatch()
            guard batch.isTaken(by: stream) else {
                leftOver = batch
                isWriting = true
                writingFrom = batch.first
                return outbound.notify()
            }
            tellOfProgress()
        }
    }

    /// The network has got a batch, or never will: who flushes or closes looks again.
    @inline(__always)
    func tellOfProgress() {
        if flushDemanded > 0 || isClosing { progress.notify() }
    }

    /// Control frames first, then messages, up to the bounds of a vectored write.
    private func nextBatch() -> OutgoingBatch {
        var batch = FrameBatch(reusing: spares.take())
        let first = queue.isReady ? queue.firstWaiting?.number : nil
        while batch.count < config.batch, let control = controls.popFirst() {
            written += Int64(control.readableBytes)
            batch.append(control)
        }
        while queue.isReady, batch.count < config.batch, batch.bytes < config.batchBytes {
            let (count, bytes) = queue.leaving(
                most: config.batch - batch.count, bytes: config.batchBytes - batch.bytes,
                largest: FrameBatch.largestCopied)
            if count > 0 {
                batch.append(count, bytes: bytes) { writer in
                    for _ in 0..<count {
                        takeNext { number, delivery, payload in
                            writer.write(number: number, acknowledges: taken, delivery: delivery, payload)
                        }
                    }
                }
            } else {
                takeNext { number, delivery, payload in
                    batch.append(number: number, acknowledges: taken, delivery: delivery, uncopied: payload)
                }
            }
            confirmed = taken
        }
        notePressure()
        let (buffers, spare) = batch.finish()
        spares.put(spare)
        return OutgoingBatch(
            buffers: buffers, first: first, isLate: providers.buggify.fires(.peerFlushLate, for: name),
            isShort: providers.buggify.fires(.peerWriteShort, for: name))
    }

    /// Takes the oldest message that waits for the connection.
    @inline(__always)
    private func takeNext(_ use: (_ number: UInt64, _ delivery: Delivery, _ payload: inout ByteBuffer) -> Void) {
        guard let next = queue.takeNext(use) else { return }
        written += Int64(FrameWriter.overhead + next.size)
        note(
            .sent(
                message: next.number, through: written, depth: next.delivery.isKept ? heldDepth : depthAfter(-1)))
        if !next.delivery.isKept { passRoomOn() }
    }

    /// Sends a frame ahead of the messages that wait.
    func sendControl(_ frame: Frame) {
        guard let stream else { return }
        var bytes = spares.take()
        frame.encode(into: &bytes)
        if !isWriting, controls.isEmpty, stream.offer(bytes) {
            written += Int64(bytes.readableBytes)
            return spares.put(bytes)
        }
        // Old answers and confirmations are worth nothing beside newer ones.
        if controls.count >= Peer.mostControls { controls.removeFirst() }
        controls.append(bytes)
        outbound.notify()
    }
}
