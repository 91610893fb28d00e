// What both ends agree on (RFC 9293, 3.5; RFC 7323; RFC 2018; RFC 3168, 6.1.1).
extension TCPEndpoint {
    /// Takes in the options of a SYN.
    ///
    /// - Parameter isAnswer: it answers this end's SYN, and has what both want.
    mutating func agree(on syn: TCPSegment, isAnswer: Bool, at now: Int64) {
        if let size = syn.options?.maximumSegmentSize, size > 0 {
            sender.agree(segmentSize: Int32(size))
        }
        usesTimestamps = shared.options.timestamps && syn.timestamps != nil
        if usesTimestamps {
            receiver.recent = syn.timestamps?.value
            receiver.recentAt = now
        }
        usesSACK = shared.options.sack && syn.options?.permitsSACK == true
        receiver.tellsBlocks = usesSACK
        if shared.options.windowScaling, let scale = syn.options?.windowScale {
            sender.scale = min(scale, 14)
            receiver.agree(scale: shared.options.wantedScale)
        }
        let isAgreed =
            isAnswer
            ? shared.options.ecn == .always && syn.flags.intersection([.ece, .cwr]) == .ece
            : shared.options.ecn != .never && syn.flags.isSuperset(of: [.ece, .cwr])
        marks = isAgreed ? .agreed : []
    }

    /// A cookie has room for one of four segment sizes; what else was agreed on is in its timestamp, or lost (`cookie_init_sequence`,
    /// `tcp_clear_options`).
    mutating func forgetWhatNoCookieHolds() {
        sender.agree(segmentSize: Self.cookieSizes.last { $0 <= sender.segmentSize } ?? Self.cookieSizes[0])
        guard !usesTimestamps else { return }
        (usesSACK, receiver.tellsBlocks) = (false, false)
        (sender.scale, marks) = (0, [])
        receiver.agree(scale: 0)
    }

    /// `msstab` of Linux's cookies.
    private static let cookieSizes: [Int32] = [536, 1_300, 1_440, 1_460]
    /// How old a cookie may be that comes back: two periods of a minute (`MAX_SYNCOOKIE_AGE`).
    private static let cookieAge: Int64 = 120_000_000_000

    /// The SYN or SYN-ACK, once for each time that it is wanted.
    mutating func nextHandshakeSegment(at now: Int64) -> TCPSegment? {
        guard wantsHandshake else { return nil }
        wantsHandshake = false
        handshakesSent += 1
        let isRepeated = handshakesSent > 1
        if isRepeated { repetitions += 1 } else { sender.lastSent = now }
        sender.next = 1
        if isCookie {
            timers.start(.cookie, at: now + Self.cookieAge)
        } else {
            timers.start(.retransmission, at: now + handshakeTimeout(at: now))
        }
        let isFirst = state == .synSent
        var flags: TCPFlags = isFirst ? .syn : [.syn, .ack]
        if isFirst ? shared.options.ecn == .always : marks.contains(.agreed) {
            flags.formUnion(isFirst ? [.ece, .cwr] : .ece)
        }
        let scale: UInt8? =
            isFirst
            ? (shared.options.windowScaling ? shared.options.wantedScale : nil)
            : receiver.scale > 0 || sender.scale > 0 ? shared.options.wantedScale : nil
        let times =
            isFirst ? shared.options.timestamps : usesTimestamps
        receiver.acknowledging.acknowledged()
        return TCPSegment(
            flags: flags, purpose: isCookie ? .cookie : isRepeated ? .repetition : .plain,
            window: receiver.tellWindow(
                segmentSize: receiver.segmentSize - (usesTimestamps ? Self.timestampBytes : 0), isSyn: true),
            sequence: sender.initial,
            acknowledgement: isFirst ? 0 : SequenceNumber.wire(1, from: receiver.initial),
            timestamps: times ? .init(value: clock(at: now), echo: isFirst ? 0 : receiver.recent ?? 0) : nil,
            options: SegmentOptions(
                maximumSegmentSize: UInt16(clamping: receiver.segmentSize), windowScale: scale,
                permitsSACK: isFirst ? shared.options.sack : usesSACK), offset: 0, acknowledged: isFirst ? 0 : 1)
    }

    /// How long the answer to a SYN is waited for: the first times alike, then doubling (`tcp_syn_linear_timeouts`).
    private func handshakeTimeout(at now: Int64) -> Int64 {
        let linear = state == .synSent ? shared.options.synLinearTimeouts : 0
        let doublings = max(0, handshakesSent - 1 - linear)
        return min(
            shared.options.initialRetransmissionTimeout << Int64(min(doublings, 20)),
            shared.options.maximumRetransmissionTimeout)
    }

    /// The handshake's segment was not answered.
    mutating func handshakeTimedOut(at now: Int64) -> Arrival {
        var isOver = handshakesSent > shared.options.synAckRetries
        if state == .synSent {
            // The number stands for the time that as many would take whose waits all double, too.
            let doubling =
                ((2 << Int64(min(shared.options.synRetries, 30))) - 1) * shared.options.initialRetransmissionTimeout
            isOver =
                handshakesSent > shared.options.synRetries + shared.options.synLinearTimeouts
                || now - sender.lastSent >= doubling
        }
        guard !isOver else {
            fail(softFailure ?? .timedOut)
            return .failed
        }
        wantsHandshake = true
        return []
    }

    /// The handshake is over: the round trip that it took is the first sample.
    mutating func opened(at now: Int64) {
        let isPassive = state == .synReceived
        state = .established
        receiver.acknowledging.opened(at: now)
        timers.stopSending()
        if isCookie { timers.stopConnection() }
        sender.unacknowledged = 1
        sender.smallEnd = 1
        recovery.delivered += 1
        if handshakesSent == 1 {
            estimator.take(
                now - sender.lastSent, at: now, una: 1, next: 1, shared)
        } else if handshakesSent > 2, !congestion.isOff {
            // A way that has lost two SYNs is begun with one segment (`tcp_init_transfer`; RFC 5681, 3.1).
            congestion.window = 1
        }
        sender.lastSent = now
        sender.usedAt = now
        beginSearching(isPassive: isPassive, at: now)
        restartKeepAlive(at: now)
    }
}
