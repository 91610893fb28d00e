import Bug
import NIOCore

extension Peer {
    // MARK: Reading

    /// Reads and takes frames until the stream ends; returns why it did.
    ///
    /// It never waits for the application: confirmations are among the frames, and an application that waits for one
    /// would wait for ever. What bounds the inbox is the other side's queue: it holds each reliable message until the
    /// application here has taken it.
    func read(from stream: any ByteStream) async -> NetworkError {
        do {
            while true {
                switch try takeFrames() {
                case .all:
                    writeAtOnce(to: stream)
                case .turnIsOver:
                    writeAtOnce(to: stream)
                    // Others of the process have their turn, however much has come for this one.
                    await giveWay()
                    continue
                case .goodbye:
                    return NetworkError(
                        .closed, during: .read, remote: remote, reason: "the other side said goodbye")
                }
                let limit = providers.buggify.fires(.peerReadShort, for: name) ? 1 : 65_536
                guard let bytes = try await stream.read(upTo: limit) else {
                    return NetworkError(.closed, during: .read, remote: remote, reason: "the other side closed")
                }
                let now = providers.time.now
                // While time passes, others have their turn; on sockets it always does, and there the few buffers that a
                // channel reads at a time are the bound.
                if now != lastHeard { takenInTurn = 0 }
                lastHeard = now
                if decoder.buffered > 0, providers.buggify.fires(.peerBufferGrow, for: name) {
                    decoder.moveToTightBuffer()
                }
                decoder.append(bytes)
            }
        } catch {
            return error
        }
    }

    /// How far the frames were taken that are there.
    private enum Taken {
        /// All that are there whole.
        case all
        /// Others are to have their turn before the next.
        case turnIsOver
        /// To the end: the other side leaves.
        case goodbye
    }

    /// Takes the frames that are there whole. Each confirmation covers those before it: the last says all.
    private func takeFrames() throws(NetworkError) -> Taken {
        isTakingFrames = true
        defer {
            takeConfirmation()
            isTakingFrames = false
        }
        while true {
            // As good as all are messages.
            var beyond: UInt64?
            decoder.takeMessages(of: remoteOrigin) { message, acknowledges, isLast in
                heardOf = max(heardOf, acknowledges)
                guard admit(message, isLast: isLast) else {
                    beyond = message.number
                    return false
                }
                return !isTurnOver
            }
            if let beyond { throw beyondLimits(beyond) }
            guard decoder.buffered > 0 else { break }
            if isTurnOver {
                confirmWhatWasRead()
                return .turnIsOver
            }
            guard let frame = try decoder.next() else { break }
            switch frame {
            case .message: bug("a message was left where all were taken")
            case .acknowledgement(let number): heardOf = max(heardOf, number)
            case .ping(let value): sendControl(.pong(value))
            case .pong(let value): learnRoundTrip(since: Instant(nanoseconds: Int64(truncatingIfNeeded: value)))
            case .goodbye:
                isLeaving = true
                return .goodbye
            case .hello:
                throw NetworkError(.protocolViolation, during: .read, remote: remote, reason: "a second hello")
            case .refusal(_, let words):
                throw NetworkError(.refusedByPeer, during: .read, remote: remote, reason: words)
            }
        }
        confirmWhatWasRead()
        return .all
    }

    private func learnRoundTrip(since asked: Instant) {
        let now = providers.time.now
        let roundTrip = now.nanoseconds &- asked.nanoseconds
        detector?.heard(at: now)
        guard roundTrip >= 0 else { return }
        monitor.answer(to: asked, after: roundTrip)
        note(.roundTrip(nanoseconds: roundTrip))
    }

    /// Takes the highest confirmation in the frames that were read.
    func takeConfirmation() {
        confirm(upTo: heardOf)
        heardOf = 0
    }

    private func confirm(upTo number: UInt64) {
        let before = queue.depth
        let wasHeldBack = queue.hasWaiting && !queue.isReady
        guard let highest = queue.confirm(upTo: number) else { return }
        note(.acknowledged(message: highest, depth: depthAfter(Int(queue.depth - before))))
        notePressure()
        passRoomOn()
        if wasHeldBack, lingers || !isTakingFrames { outbound.notify() }
        if isClosing { progress.notify() }
    }

    /// Gives a message to who takes it at once, or puts it into the inbox.
    ///
    /// - Returns: false where it is more than the other side may have on the way.
    @inline(__always)
    private func admit(_ message: Message, isLast: Bool) -> Bool {
        let bound = SendQueue.Bound(messages: config.inbox, bytes: config.inboxBytes)
        let hasRoom = inbox.hasRoom(for: message.payload.readableBytes, in: bound)
        if message.isReliable {
            guard message.number > taken, inbox.reliable < remoteLimits.onTheWay, hasRoom || inbox.hasUnreliable else {
                return false
            }
        } else if !hasRoom {
            note(.discarded(message: message.number, origin: message.origin, reason: .inboxFull))
            return true
        }
        arrived &+= 1
        if mayTakeAtOnce {
            take(message, isLast: isLast)
        } else {
            // Nobody waits while there is one to take.
            let isFirst = inbox.isEmpty
            inbox.append(message, isHeld: message.isReliable)
            if isFirst { arrivals.notify() }
        }
        return true
    }

    private func beyondLimits(_ number: UInt64) -> NetworkError {
        NetworkError(
            .protocolViolation, during: .read, remote: remote,
            reason:
                "message \(number) is beyond the \(remoteLimits.onTheWay) messages and \(config.inboxBytes) "
                + "bytes that the other side may have on the way")
    }
}
