import DequeModule
import NIOCore

extension Peer {
    func frame(of entry: SendQueue.Entry) -> ByteBuffer {
        confirmed = taken
        return Frame.message(
            number: entry.number, acknowledges: taken, delivery: entry.delivery, entry.payload
        ).encoded()
    }

    /// Control frames that wait at most.
    private static let mostControls = 64

    // MARK: Writing

    /// Writes what waits, many frames at a time, until the task is cancelled or the stream fails.
    func write(to stream: any ByteStream) async {
        while !Task.isCancelled {
            if controls.isEmpty, !queue.hasWaiting {
                guard (try? await outbound.wait()) != nil else { return }
                continue
            }
            isWriting = true
            defer { isWriting = false }
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

    private func nextBatch() -> [ByteBuffer] {
        var batch: [ByteBuffer] = []
        while batch.count < config.batch, let control = controls.popFirst() { batch.append(control) }
        while batch.count < config.batch, let entry = queue.takeNext() {
            batch.append(frame(of: entry))
            note(.sent(message: entry.number, depth: entry.isReliable ? heldDepth : depthAfter(-1)))
            if !entry.isReliable { room.notify() }
        }
        return batch
    }

    private func writeBatch(_ batch: [ByteBuffer], to stream: any ByteStream) async throws(NetworkError) {
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

    /// Sends a frame ahead of the messages.
    func sendControl(_ frame: Frame) {
        guard let stream else { return }
        let bytes = frame.encoded()
        if !isWriting, !queue.hasWaiting, controls.isEmpty, stream.offer(bytes) { return }
        // Old answers and confirmations are worth nothing beside newer ones.
        if controls.count >= Peer.mostControls { controls.removeFirst() }
        controls.append(bytes)
        outbound.notify()
    }

    // MARK: Reading

    /// Reads and takes frames until the stream ends; returns why it did.
    ///
    /// It never waits for the application: confirmations are among the frames, and an application that waits for one
    /// would wait for ever. What bounds the inbox is the other side's queue: it holds each reliable message until the
    /// application here has taken it.
    func read(from stream: any ByteStream) async -> NetworkError {
        do {
            while true {
                while let frame = try decoder.next() {
                    guard try take(frame) else {
                        return NetworkError(
                            .closed, during: .read, remote: remote, reason: "the other side said goodbye")
                    }
                }
                let limit = providers.buggify.fires(.peerReadShort, for: name) ? 1 : 65_536
                guard let bytes = try await stream.read(upTo: limit) else {
                    return NetworkError(.closed, during: .read, remote: remote, reason: "the other side closed")
                }
                lastHeard = providers.time.now
                decoder.append(bytes)
            }
        } catch {
            return error
        }
    }

    /// - Returns: whether the connection goes on.
    private func take(_ frame: Frame) throws(NetworkError) -> Bool {
        switch frame {
        case .message(let number, let acknowledges, let delivery, let payload):
            confirm(upTo: acknowledges)
            try admit(Message(payload: payload, number: number, origin: remoteOrigin, delivery: delivery))
        case .acknowledgement(let number):
            confirm(upTo: number)
        case .ping(let value):
            sendControl(.pong(value))
        case .pong(let value):
            let asked = Instant(nanoseconds: Int64(truncatingIfNeeded: value))
            let now = providers.time.now
            let roundTrip = now.nanoseconds &- asked.nanoseconds
            detector?.heard(at: now)
            if roundTrip >= 0 {
                monitor.answer(to: asked, after: roundTrip)
                note(.roundTrip(nanoseconds: roundTrip))
            }
        case .goodbye:
            return false
        case .hello:
            throw NetworkError(.protocolViolation, during: .read, remote: remote, reason: "a second hello")
        case .refusal(_, let words):
            throw NetworkError(.refusedByPeer, during: .read, remote: remote, reason: words)
        }
        return true
    }

    private func noteDelivery(of message: Message) {
        let bytes = Int32(clamping: message.payload.readableBytes)
        note(.delivered(message: message.number, origin: message.origin, bytes: bytes))
    }

    private func confirm(upTo number: UInt64) {
        let before = queue.depth
        let wasFull = queue.isFull
        guard queue.confirm(upTo: number) else { return }
        note(.acknowledged(message: number, depth: depthAfter(Int(queue.depth - before))))
        if wasFull { room.notify() }
        if isClosing { progress.notify() }
    }

    /// Puts a message into the inbox.
    private func admit(_ message: Message) throws(NetworkError) {
        if message.isReliable {
            guard message.number > taken, unconfirmedHere < remoteWindow else {
                throw NetworkError(
                    .protocolViolation, during: .read, remote: remote,
                    reason:
                        "message \(message.number) is beyond the \(remoteWindow) that the other side may have on the way"
                )
            }
            unconfirmedHere += 1
        } else if inbox.count >= config.queueCapacity {
            note(.discarded(message: message.number, origin: message.origin, reason: .inboxFull))
            return
        }
        inbox.append(message)
        arrivals.notify()
    }

    // MARK: Handing over

    /// The application gets the oldest message of the inbox that it has not been given already.
    func takeMessage() -> Message? {
        while let message = inbox.popFirst() {
            if message.delivery == .exactlyOnce, let register, !register.claim(message.number, of: message.origin) {
                note(.suppressed(message: message.number, origin: message.origin))
                hasTaken(message)
                continue
            }
            noteDelivery(of: message)
            return message
        }
        return nil
    }

    /// The application has taken a message: from now on it may be confirmed.
    func hasTaken(_ message: Message) {
        // What an earlier connection's sender had on the way is not this one's to hear about.
        guard message.isReliable, message.origin == remoteOrigin else { return }
        taken = message.number
        unconfirmedHere -= 1
    }

    /// Confirms a run of messages at its end, or in between when it is long: the other side's queue must not run dry.
    func confirmWhenDue() {
        let most = UInt64(min(16, max(1, remoteWindow / 2)))
        if inbox.isEmpty || taken &- confirmed >= most { confirmTaken() }
    }

    /// Confirms what the application has taken, unless a message has carried that already.
    func confirmTaken() {
        guard taken > confirmed, isAttached else { return }
        confirmed = taken
        sendControl(.acknowledgement(taken))
    }

    /// Hands the inbox to the handler, message by message, until the peer has ended and nothing is left.
    func dispatch(to handler: MessageHandler) async {
        defer { isDispatching = false }
        while true {
            if inbox.isEmpty {
                if recordedState == .closed || recordedState == .failed { return }
                confirmTaken()
                guard (try? await arrivals.wait()) != nil else { return }
                continue
            }
            guard let message = takeMessage() else { continue }
            // Before it runs, so that its answer carries the confirmation.
            hasTaken(message)
            await handler(message, self)
            confirmWhenDue()
            // A wait ends by itself; where there is nothing to wait for it is asked.
            if !inbox.isEmpty, Task.isCancelled { return }
        }
    }

    // MARK: Heartbeat

    /// Asks the other side now and then whether it is there, and gives the connection up after a silence.
    func beat(_ heartbeat: PeerConfig.Heartbeat, on stream: any ByteStream) async {
        while !Task.isCancelled {
            guard (try? await providers.time.sleep(for: heartbeat.interval)) != nil else { return }
            let now = providers.time.now
            if let reason = whyLost(at: now, heartbeat) {
                lossReason = NetworkError(.timedOut, during: .read, remote: remote, reason: reason)
                await stream.reset()
                return
            }
            if providers.buggify.fires(.peerHeartbeatSkip, for: name) { continue }
            monitor.ask(at: now)
            sendControl(.ping(UInt64(truncatingIfNeeded: now.nanoseconds)))
        }
    }

    /// Why the connection is to be given up, if it is.
    private func whyLost(at now: Instant, _ heartbeat: PeerConfig.Heartbeat) -> String? {
        // Any byte breaks the silence: an answer may have to wait behind a large message.
        let silence = lastHeard.duration(to: now)
        if silence >= heartbeat.timeout {
            note(.heartbeatMissed)
            return "silent for \(heartbeat.timeout)"
        }
        if let detector, detector.suspects(silence) {
            note(.heartbeatMissed)
            return "silent for \(silence), which is not its way"
        }
        if let limit = heartbeat.reconnectBelow, accepted == nil, monitor.isJudged(at: now) {
            let score = monitor.health(at: now).score
            guard score < limit else { return nil }
            note(.degraded(score: Int32(score * 1_000)))
            return "degraded: \(Int(score * 100)) % of health"
        }
        return nil
    }
}
