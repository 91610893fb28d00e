import DequeModule
import NIOCore

extension Peer {
    func frame(of entry: SendQueue.Entry) -> ByteBuffer {
        confirmed = received
        return Frame.message(
            number: entry.number, acknowledges: received, isReliable: entry.isReliable, entry.payload
        ).encoded()
    }

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
        controls.append(bytes)
        outbound.notify()
    }

    // MARK: Reading

    /// Reads and handles frames until the stream ends; returns why it did.
    func read(from stream: any ByteStream) async -> NetworkError {
        do {
            while true {
                while let frame = try decoder.next() {
                    switch try take(frame) {
                    case .goOn: break
                    case .deliver(let message):
                        // Here, not in a function of its own: each that waits costs look-ups in the runtime.
                        if let handler {
                            await handler(message, self)
                        } else {
                            try await admit(message)
                        }
                    case .end:
                        return NetworkError(
                            .closed, during: .read, remote: remote, reason: "the other side said goodbye")
                    }
                }
                if received > confirmed {
                    confirmed = received
                    sendControl(.acknowledgement(received))
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

    /// What a frame means for the reader.
    private enum Step {
        case goOn
        case deliver(Message)
        case end
    }

    @inline(__always)
    private func take(_ frame: Frame) throws(NetworkError) -> Step {
        switch frame {
        case .message(let number, let acknowledges, let isReliable, let payload):
            confirm(upTo: acknowledges)
            if isReliable { received = max(received, number) }
            let message = Message(payload: payload, number: number, origin: remoteOrigin, isReliable: isReliable)
            if handler != nil { noteDelivery(of: message) }
            return .deliver(message)
        case .acknowledgement(let number):
            confirm(upTo: number)
        case .ping(let value):
            sendControl(.pong(value))
        case .pong(let value):
            let sent = Int64(truncatingIfNeeded: value)
            let roundTrip = providers.time.now.nanoseconds &- sent
            if roundTrip >= 0 { note(.roundTrip(nanoseconds: roundTrip)) }
        case .goodbye:
            return .end
        case .hello:
            throw NetworkError(.protocolViolation, during: .read, remote: remote, reason: "a second hello")
        }
        return .goOn
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

    /// Puts a message where ``receive()`` finds it. A full inbox stops the reading, and so the other side's sending.
    private func admit(_ message: Message) async throws(NetworkError) {
        while inbox.count >= config.queueCapacity { try await inboxRoom.wait() }
        noteDelivery(of: message)
        inbox.append(message)
        arrivals.notify()
    }

    // MARK: Heartbeat

    /// Asks the other side now and then whether it is there, and gives the connection up after a silence.
    func beat(_ heartbeat: PeerConfig.Heartbeat, on stream: any ByteStream) async {
        while !Task.isCancelled {
            guard (try? await providers.time.sleep(for: heartbeat.interval)) != nil else { return }
            let now = providers.time.now
            if lastHeard.duration(to: now) >= heartbeat.timeout {
                note(.heartbeatMissed)
                lossReason = NetworkError(
                    .timedOut, during: .read, remote: remote, reason: "silent for \(heartbeat.timeout)")
                await stream.reset()
                return
            }
            if providers.buggify.fires(.peerHeartbeatSkip, for: name) { continue }
            sendControl(.ping(UInt64(truncatingIfNeeded: now.nanoseconds)))
        }
    }
}
