import NIOCore

extension TCPEndpoint {
    /// What a segment's arrival means for the shell.
    @usableFromInline
    package struct Arrival: OptionSet, Sendable {
        @usableFromInline
        package let rawValue: UInt8

        @inlinable
        package init(rawValue: UInt8) { self.rawValue = rawValue }

        /// The handshake is complete.
        @inlinable
        package static var opened: Arrival { Arrival(rawValue: 1) }
        /// There are bytes, an end of stream or a failure to read.
        @inlinable
        package static var readable: Arrival { Arrival(rawValue: 2) }
        /// There is room to write, or a failure to tell.
        @inlinable
        package static var writable: Arrival { Arrival(rawValue: 4) }
        /// Answer the segment with a reset, and forget the endpoint.
        @inlinable
        package static var reset: Arrival { Arrival(rawValue: 8) }
        /// Answer the segment with a reset, and go on.
        @inlinable
        package static var refused: Arrival { Arrival(rawValue: 16) }
        /// Answer the segment with a reset, whatever becomes of the endpoint.
        @inlinable
        package static var answered: Arrival { Arrival(rawValue: 24) }
        /// The connection has failed.
        @inlinable
        package static var failed: Arrival { Arrival(rawValue: 7) }
    }

    /// Takes in a segment (RFC 9293, 3.10.7).
    package mutating func receive(_ segment: TCPSegment, at now: Int64) -> Arrival {
        switch state {
        case .closed:
            return segment.flags.contains(.rst) ? [] : .reset
        case .synSent:
            return receiveInSynSent(segment, at: now)
        case .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait:
            return receiveSynchronised(segment, at: now)
        }
    }

    private mutating func receiveInSynSent(_ segment: TCPSegment, at now: Int64) -> Arrival {
        let acknowledged = SequenceNumber.offset(segment.acknowledgement, from: sender.initial, near: 1)
        if segment.flags.contains(.ack), acknowledged != 1 || sender.next != 1 {
            return segment.flags.contains(.rst) ? [] : .refused
        }
        if segment.flags.contains(.rst) {
            guard segment.flags.contains(.ack) else { return [] }
            fail(.refused)
            return .failed
        }
        guard segment.flags.contains(.syn) else { return [] }
        receiver.initial = segment.sequence
        agree(on: segment, isAnswer: true, at: now)
        // The window of a SYN is not scaled.
        sender.window = Int64(segment.window)
        sender.greatestWindow = sender.window
        sender.windowOffset = 0
        lastHeard = now
        guard segment.flags.contains(.ack) else {
            // Both have opened at once (RFC 9293, 3.5, figure 7): our SYN goes again, with an acknowledgement.
            state = .synReceived
            wantsHandshake = true
            handshakesSent = 0
            return []
        }
        heardEcho = segment.timestamps?.echo
        opened(at: now)
        // An active opener that has nothing to say yet acknowledges at once.
        receiver.acknowledging.wantsAtOnce()
        return .opened
    }

    private mutating func receiveSynchronised(_ segment: TCPSegment, at now: Int64) -> Arrival {
        let offset = SequenceNumber.offset(segment.sequence, from: receiver.initial, near: receiver.next)
        let length =
            Int64(segment.length) + (segment.flags.contains(.fin) ? 1 : 0) + (segment.flags.contains(.syn) ? 1 : 0)
        let isReset = segment.flags.contains(.rst)
        if isTooOld(segment, offset, at: now), !isReset {
            answerOld(segment, offset, length, at: now)
            return []
        }
        if segment.flags.contains(.syn), state == .synReceived, offset == 0, !segment.flags.contains(.ack) {
            // The SYN again: our answer to it was lost.
            wantsHandshake = true
            return []
        }
        guard isAcceptable(offset, length) else {
            if !isReset { answerOld(segment, offset, length, at: now) }
            return []
        }
        if isReset { return receiveReset(segment, at: offset, now: now) }
        if segment.flags.contains(.syn), !(state == .synReceived && segment.flags.contains(.ack)) {
            if mayAnswer(segment, length, at: now) { challenge() }
            return []
        }
        guard segment.flags.contains(.ack) else { return [] }
        let acknowledged = SequenceNumber.offset(
            segment.acknowledgement, from: sender.initial, near: sender.unacknowledged)
        if state != .synReceived, !mayAcknowledge(acknowledged) {
            // Of what was never sent, or is long past: all of it may be forged (RFC 5961, 5.2).
            if mayAnswer(segment, 0, at: now) { challenge() }
            return []
        }
        noteTimes(of: segment, offset, at: now)
        lastHeard = now
        if timers.connection?.kind == .keepAlive { hearOther(at: now) }
        var arrival: Arrival = []
        if state == .synReceived {
            // It acknowledges our SYN and nothing else: more belongs to another life of the connection.
            guard acknowledged == 1, handshakesSent > 0 else { return .refused }
            opened(at: now)
            let scale = segment.flags.contains(.syn) ? 0 : sender.scale
            sender.window = Int64(segment.window) << Int64(scale)
            sender.greatestWindow = max(sender.greatestWindow, sender.window)
            sender.windowOffset = offset
            arrival.insert(.opened)
        }
        let hadRoom = writable > 0
        takeAcknowledgement(segment, acknowledged, at: offset, now: now)
        if !hadRoom { sender.grow(window: congestion.window, underWay: underWay, recovery.reordering, shared.options) }
        if state == .closed { return arrival }
        advanceClosing(at: now)
        if !hadRoom, writable > 0 { arrival.insert(.writable) }
        if state == .closed { return arrival }
        if isOrphan, segment.length > 0, offset + Int64(segment.length) > receiver.next {
            // New data for a socket that nobody can read any more (RFC 2525, 2.17); old data is only acknowledged.
            abort()
            return .reset
        }
        arrival.formUnion(receivePayload(segment, at: offset, now: now))
        return arrival
    }

    /// The other side is there.
    private mutating func hearOther(at now: Int64) {
        probes[\.keepAlive] = 0
        keepAliveGoesOn(at: now)
    }

    // MARK: Whether it is of this connection, and of now

    /// Whether a segment's clock is behind that of another (PAWS, RFC 7323, 5).
    private func isTooOld(_ segment: TCPSegment, _ offset: Int64, at now: Int64) -> Bool {
        guard usesTimestamps, let recent = receiver.recent, let times = segment.timestamps else { return false }
        // A clock may be one behind (`TCP_PAWS_WINDOW`).
        guard Int32(bitPattern: times.value &- recent) < -1 else { return false }
        // A clock that has not been heard for 24 days may have wrapped.
        guard now - receiver.recentAt < 24 * 86_400 * 1_000_000_000 else { return false }
        // What acknowledges nothing new and holds nothing is only out of order.
        let isBare = segment.length == 0 && offset == receiver.next
        return !isBare
    }

    /// Whether it touches the window (RFC 9293, 3.10.7.4).
    private func isAcceptable(_ offset: Int64, _ length: Int64) -> Bool {
        offset + length >= receiver.next - receiver.unacknowledged && offset <= max(receiver.edge, receiver.next)
    }

    /// Whether a number may be acknowledged by now.
    @inline(__always)
    private func mayAcknowledge(_ number: Int64) -> Bool {
        number <= sender.next && number >= sender.unacknowledged - sender.greatestWindow
    }

    /// Whether something that is not of now is answered: two ends that do not know one another would answer each other's
    /// answers for ever (`tcp_oow_rate_limited`). Data are no answers.
    private mutating func mayAnswer(_ segment: TCPSegment, _ length: Int64, at now: Int64) -> Bool {
        guard length == 0 || segment.flags.contains(.syn) else { return true }
        if let last = probes[\.oldAnswered], now - last < shared.options.answersEvery { return false }
        probes[\.oldAnswered] = now
        return true
    }

    /// The other side is told where this is; with what came twice.
    private mutating func answerOld(_ segment: TCPSegment, _ offset: Int64, _ length: Int64, at now: Int64) {
        guard mayAnswer(segment, length, at: now) else { return }
        if length > 0, offset < receiver.next, receiver.tellsBlocks {
            receiver.noteDuplicate(offset..<min(offset + length, receiver.next))
        }
        receiver.acknowledging.wantsAtOnce()
    }

    /// Answers what may be forged (RFC 5961).
    private mutating func challenge() {
        isChallenge = true
        receiver.acknowledging.wantsAtOnce()
    }

    private mutating func receiveReset(_ segment: TCPSegment, at offset: Int64, now: Int64) -> Arrival {
        guard offset == receiver.next else {
            if mayAnswer(segment, 0, at: now) { challenge() }
            return []
        }
        switch state {
        case .timeWait:
            abort()
            return []
        case .closed, .synSent, .synReceived, .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck:
            // Linux tells a reset in CLOSE_WAIT as EPIPE (tcp_reset).
            fail(state == .closeWait ? .broken : .reset)
            return .failed
        }
    }

    /// Takes in the other side's clock (RFC 7323, 4.3).
    private mutating func noteTimes(of segment: TCPSegment, _ offset: Int64, at now: Int64) {
        heardEcho = segment.timestamps?.echo
        guard usesTimestamps, let times = segment.timestamps else { return }
        guard offset <= receiver.next - receiver.unacknowledged else { return }
        if let recent = receiver.recent, Int32(bitPattern: times.value &- recent) < 0 { return }
        receiver.recent = times.value
        receiver.recentAt = now
    }

    // MARK: What it holds

    private mutating func receivePayload(_ segment: TCPSegment, at offset: Int64, now: Int64) -> Arrival {
        var arrival: Arrival = []
        // Behind the other side's FIN there is nothing (RFC 9293, 3.10.7.4).
        if segment.length > 0, receiver.isAtEnd {
            receiver.acknowledging.wantsAtOnce()
        } else if segment.length > 0 {
            if offset + Int64(segment.length) > max(receiver.edge, receiver.next) {
                receiver.isOverrun = true
                // All of it is taken where nothing is unread, and else nothing of it (`tcp_sequence`, since 6.17).
                guard receiver.buffer.count == 0 else {
                    receiver.acknowledging.wantsAtOnce()
                    return arrival
                }
            }
            defer { if marks.contains(.agreed) { noteMark(of: segment) } }
            let hadGap = receiver.buffer.hasGap || receiver.finAhead != nil
            let insertion = receiver.take(segment.payload, at: offset)
            if usesTimestamps, segment.length >= Int(receiver.acknowledging.segmentSize), let times = segment.timestamps
            {
                receiver.tuning.measure(times.echo, clock: clock(at: now))
            }
            if insertion.inOrder > 0 {
                arrival.insert(.readable)
                receiver.acknowledging.received(
                    segment.length, isPushed: segment.flags.contains(.psh), at: now,
                    window: Int32(clamping: receiver.edge - receiver.next + insertion.inOrder),
                    timeout: retransmissionTimeout)
                // A gap has closed, or is still open: the sender has to hear of it.
                if hadGap { receiver.acknowledging.wantsAtOnce() }
            } else {
                receiver.acknowledging.goesQuick(Int32(clamping: receiver.edge - receiver.next))
                receiver.acknowledging.wantsAtOnce()
            }
        } else if offset < receiver.next, !segment.flags.contains(.fin) {
            // A probe, or an old segment: say where we are.
            receiver.acknowledging.wantsAtOnce()
        }
        if segment.flags.contains(.fin) {
            // Our last acknowledgement was lost: the wait begins again.
            if state == .timeWait { timers.start(.timeWait, at: now + shared.options.timeWait) }
            let fin = offset + Int64(segment.length)
            if receiver.isAtEnd || fin > receiver.next {
                receiver.acknowledging.wantsAtOnce()
            } else {
                receiver.acknowledging.wantsSoon()
            }
            receiver.noteFin(at: fin, isBare: segment.length == 0)
        }
        if !receiver.isAtEnd, let fin = receiver.finAhead, fin == receiver.next {
            receiver.takeFin()
            arrival.insert(.readable)
            receiveFin(at: now)
        }
        return arrival
    }

    // MARK: Closing

    private mutating func advanceClosing(at now: Int64) {
        guard sender.isClosing, sender.unacknowledged > sender.buffer.end else { return }
        switch state {
        case .finWait1:
            state = .finWait2
            if isOrphan { timers.start(.finWait, at: now + shared.options.finTimeout) }
        case .closing:
            enterTimeWait(at: now)
        case .lastAck:
            abort()
        case .closed, .synSent, .synReceived, .established, .finWait2, .closeWait, .timeWait:
            break
        }
    }

    private mutating func receiveFin(at now: Int64) {
        switch state {
        case .synReceived, .established:
            // Who is at the end is expected to answer: the acknowledgement may wait for that (`tcp_fin`).
            state = .closeWait
            receiver.acknowledging.becomesInteractive()
        case .finWait1:
            state = .closing
            receiver.acknowledging.wantsAtOnce()
        case .finWait2:
            enterTimeWait(at: now)
            receiver.acknowledging.wantsAtOnce()
        case .closed, .synSent, .closeWait, .closing, .lastAck, .timeWait:
            break
        }
    }

    private mutating func enterTimeWait(at now: Int64) {
        state = .timeWait
        timers.stopSending()
        timers.start(.timeWait, at: now + shared.options.timeWait)
    }

    // MARK: What the network says of this end's segments (RFC 792, RFC 1191), as Linux takes it

    /// The other side is said to be unreachable: an attempt to connect fails, a connection remembers it.
    ///
    /// - Returns: what the shell must tell the application.
    package mutating func unreachable(_ failure: Failure, at now: Int64) -> Arrival {
        if state == .synSent {
            fail(failure)
            return .failed
        }
        // RFC 1122, 4.2.3.9: a soft error does not end a connection; told instead of a timeout (`sk_err_soft`).
        softFailure = failure
        return []
    }
}
