import NIOCore

extension TCPEndpoint {
    /// Whether there is surely no segment to send: asked before ``nextSegment(at:)``, which costs more.
    package var isSilent: Bool {
        mutating get {
            state == .established && !sender.hasUnsent && !receiver.acknowledging.isPending && recovery.lost == 0
                && !wantsTailProbe && !wantsWindowProbe && !wantsKeepAliveProbe
        }
    }

    /// The next segment that the endpoint wants to send now, or nil.
    @inline(__always)
    package mutating func nextSegment(at now: Int64) -> TCPSegment? {
        switch state {
        case .closed:
            return nil
        case .synSent, .synReceived:
            if let segment = nextHandshakeSegment(at: now) { return segment }
            guard state == .synReceived else { return nil }
        case .established, .closeWait, .finWait1, .closing, .lastAck:
            let segment = nextOfStream(at: now)
            if segment != nil { return segment }
        case .finWait2, .timeWait:
            break
        }
        return nextBare(at: now)
    }

    // MARK: Data

    @inline(__always)
    private mutating func nextOfStream(at now: Int64) -> TCPSegment? {
        if wantsTailProbe { return nextTailProbe(at: now) }
        if recovery.lost > 0, repeatsFirst, let segment = nextRepeat(at: now) { return segment }
        if sender.hasUnsent {
            let segment = nextNew(at: now)
            if segment != nil { return segment }
            if sender.sent.isEmpty, timers.sending == nil { startWindowProbes(at: now) }
        }
        if recovery.lost > 0, !repeatsFirst {
            // What was to show whether the timeout was needless has gone.
            repeatsFirst = true
            if sender.next > recovery.highest { return nil }
            recovery.isForward = false
            return nextRepeat(at: now)
        }
        return nil
    }

    /// A segment of what was never sent, where both windows have room for it.
    @inline(__always)
    mutating func nextNew(at now: Int64, isForced: Bool = false) -> TCPSegment? {
        if !isForced, underWay >= congestion.window {
            noteUse(isLimited: true, at: now)
            return nil
        }
        if !path.isBlank, !isForced {
            switch turnOfSearch(at: now) {
            case .passes: break
            case .waits: return nil
            case .probes(let length):
                let segment = send(length, full: fullSegment, .pathProbe, at: now)
                probed(segment.offset..<segment.offset + length)
                return segment
            }
        }
        let full = fullSegment
        guard let length = sender.nextLength(full: full, isForced: isForced) else { return nil }
        if !isForced, sender.beginsBurst, waitsForMore(at: now) {
            noteUse(isLimited: true, at: now)
            return nil
        }
        return send(length, full: full, .plain, isForced: isForced, at: now)
    }

    /// Whether a little of what there is to send waits until there is room for more with it: the next acknowledgement is near
    /// (`tcp_tso_should_defer`).
    @inline(__always)
    private mutating func waitsForMore(at now: Int64) -> Bool {
        // What is written goes at once; so does what comes after a pause.
        if sender.isWriting || now - sender.lastSent >= 1_000_000 || recovery.state.rawValue >= 3 { return false }
        return waitsForRoom(at: now)
    }

    @inline(never)
    private mutating func waitsForRoom(at now: Int64) -> Bool {
        let full = fullSegment
        let waiting = sender.buffer.end - sender.next
        guard waiting > full, let first = sender.sent.first else { return false }
        let (given, congested) = (sender.windowEnd - sender.next, Int64(congestion.window - underWay) * full)
        let room = min(given, congested)
        guard room < Int64(burstSegments) * full else { return false }
        // A third of a window goes whatever comes (`tcp_tso_win_divisor`).
        guard room < min(sender.window, Int64(congestion.window) * full) / 3 else { return false }
        // The acknowledgement would take too long.
        guard now - first.sentAt >= (estimator.smoothed ?? 0) / 2 else { return false }
        return room <= min(waiting, Self.mostOfDevice) || !sender.isClosing
    }

    /// Sends so many bytes that were never sent.
    @inline(__always)
    private mutating func send(
        _ length: Int64, full: Int64, _ purpose: SegmentPurpose, isForced: Bool = false, at now: Int64
    ) -> TCPSegment {
        let wasEmpty = sender.sent.isEmpty
        let start = sender.next
        let payload = length > 0 ? sender.buffer.bytes(from: start, limit: Int(length)) : ByteBuffer()
        var end = start + Int64(payload.readableBytes)
        var flags: TCPFlags = .ack
        // The end of what was written, and of what went to the device as one, is to be handed on.
        let endsBurst = sender.countOfBurst(sender.beginsBurst ? burst(full) : 0)
        let endsWrite = sender.pushes.endsSomething(at: end)
        if length > 0, endsWrite || endsBurst { flags.insert(.psh) }
        if sender.isClosing, end == sender.buffer.end {
            flags.insert(.fin)
            end += 1
        }
        if wasEmpty, now > sender.lastSent { congestion.goesOn(at: now, after: sender.lastSent) }
        if length < full { sender.smallEnd = end }
        var told: SentQueue.Entry.Marks = endsWrite ? .endsWrite : []
        if !sender.beginsBurst { told.insert(.joined) }
        sender.append(start..<end, at: now, deliveredBefore: recovery.delivered, told)
        if recovery.isReducing { recovery.reductionSent += 1 }
        noteUse(isLimited: underWay >= congestion.window, at: now)
        // Its timer runs from now, where none does, or only that of the probe.
        if isForced || !startTailProbe(at: now, isAdvancing: false),
            wasEmpty || timers.sending?.kind == .tailLossProbe
        {
            restartRetransmission(at: now)
        }
        receiver.acknowledging.sentData(at: now)
        sender.lastSent = now
        return makeSegment(flags, offset: start, purpose, payload: payload, at: now)
    }

    /// How many segments go as one to the device, which cuts them: what the sender would send in a millisecond, and two at
    /// least (`tcp_tso_autosize`), as far as both windows and the data allow.
    ///
    /// - Parameter full: bytes of a full segment.
    private mutating func burst(_ full: Int64) -> Int32 {
        let recordEnd = sender.pushes.recordEnd(behind: sender.next)
        let waiting = (recordEnd ?? sender.buffer.end) - sender.next
        // Half of the congestion window at once, at most (`tcp_cwnd_test`).
        let congested = min(congestion.window - underWay, max(congestion.window / 2, 1))
        // Most writes are one segment: nothing is divided for it.
        if waiting > 0, waiting <= full, sender.windowEnd - sender.next >= full { return min(congested, 1) }
        let data = recordEnd == nil && sender.holdsSmall ? max(waiting / full, 1) : (waiting + full - 1) / full
        let room = min(Int64(congested), (sender.windowEnd - sender.next) / full)
        if min(room, data) <= 2 { return Int32(clamping: min(room, data)) }
        return Int32(clamping: min(Int64(burstSegments), min(room, data)))
    }

    /// Bytes that may go now: to the device as one, and in all.
    var roomAtOnce: (burst: Int64, all: Int64) {
        mutating get {
            let full = fullSegment
            let burst = min(burstSegments, max(congestion.window / 2, 1))
            let congested = Int64(max(0, congestion.window - underWay)) * full
            return (Int64(burst) * full, max(0, min(congested, sender.windowEnd - sender.next)))
        }
    }

    /// How many segments go as one to the device, where nothing bounds them.
    private var burstSegments: Int32 {
        let full = fullSegment
        var bytes: Int64 = 0
        if let smoothed = estimator.smoothed, smoothed > 0 {
            let share: Int64 = congestion.window < congestion.threshold / 2 ? 200 : 120
            let segments = Int64(max(congestion.window, Int32(sender.sent.count)))
            let rate = Double(full * segments * share / 100) * 1e9 / Double(smoothed)
            bytes = Int64(min(rate, 1e15)) >> 10
            let near = ((estimator.least ?? smoothed) / 1_000) >> 9
            if near < 32 { bytes += Self.mostOfDevice >> near }
        }
        return Int32(clamping: max(min(bytes, Self.mostOfDevice) / full, Int64(shared.options.leastBurst)))
    }

    /// Bytes that a device takes at once, at most (`gso_max_size`).
    static let mostOfDevice: Int64 = 65_536

    // MARK: The use of the congestion window (`tcp_cwnd_validate`)

    private mutating func noteUse(isLimited: Bool, at now: Int64) {
        guard !congestion.isOff else { return }
        let count = Int32(sender.sent.count)
        if sender.unacknowledged >= sender.usageEnd || isLimited
            || (!sender.isWindowLimited && count > sender.mostUnderWay)
        {
            sender.isWindowLimited = isLimited
            sender.mostUnderWay = count
            sender.usageEnd = sender.next
        }
        if congestion.isInSlowStart
            ? congestion.window < 2 * sender.mostUnderWay || sender.isWindowLimited : sender.isWindowLimited
        {
            (sender.used, sender.usedAt) = (0, now)
            return
        }
        sender.used = max(sender.used, count)
        guard shared.options.slowStartAfterIdle, now - sender.usedAt >= retransmissionTimeout else { return }
        // The application sends less than it may: what it does not use it does not keep (RFC 2861).
        if recovery.state == .open {
            let used = max(sender.used, shared.options.initialWindow)
            if used < congestion.window {
                congestion.threshold = congestion.currentThreshold(isReducing: false)
                congestion.window = (congestion.window + used) / 2
            }
        }
        (sender.used, sender.usedAt) = (0, now)
    }

    /// Who has sent nothing for longer than a timeout begins with a small window again (`tcp_cwnd_restart`).
    mutating func restartAfterIdle(at now: Int64) {
        guard shared.options.slowStartAfterIdle, !congestion.isOff, sender.sent.isEmpty, isSynchronised else { return }
        let timeout = retransmissionTimeout
        var idle = now - sender.lastSent
        guard idle > timeout else { return }
        congestion.threshold = congestion.currentThreshold(isReducing: recovery.isReducing)
        let restart = min(shared.options.initialWindow, congestion.window)
        idle -= timeout
        while idle > 0, congestion.window > restart {
            congestion.window >>= 1
            idle -= timeout
        }
        congestion.window = max(congestion.window, restart)
        (sender.used, sender.usedAt) = (0, now)
    }

    // MARK: Segments without data

    /// A probe or an acknowledgement.
    @inline(__always)
    private mutating func nextBare(at now: Int64) -> TCPSegment? {
        if wantsWindowProbe {
            wantsWindowProbe = false
            // What the window has room for goes, else a segment one below it, which draws an acknowledgement.
            if sender.windowEnd > sender.next, sender.hasUnsent, let segment = nextCrumb(at: now) { return segment }
            return makeSegment(.ack, offset: sender.unacknowledged - 1, .windowProbe, at: now)
        }
        if wantsKeepAliveProbe {
            wantsKeepAliveProbe = false
            return makeSegment(.ack, offset: sender.unacknowledged - 1, .keepAliveProbe, at: now)
        }
        guard receiver.acknowledging.isPending else { return nil }
        let isDue = receiver.acknowledging.goesNow(
            shared.options.acknowledging, bytes: receiver.unacknowledged,
            isWindowAsLarge: receiver.isWindowAsLarge(segmentSize: receiver.acknowledging.segmentSize))
        guard isDue else {
            if timers.acknowledgement == nil {
                timers.acknowledgement =
                    now + receiver.acknowledging.delay(shared.options.acknowledging, smoothed: estimator.smoothed)
            }
            return nil
        }
        let purpose: SegmentPurpose =
            isChallenge
            ? .challenge
            : isAcknowledgementDelayed ? .delayedAcknowledgement : receiver.isWindowUpdate ? .windowUpdate : .plain
        return makeSegment(.ack, offset: sender.next, purpose, at: now)
    }

    /// Bytes that are less than a segment go where the window will take no more of them (`tcp_write_wakeup`).
    private mutating func nextCrumb(at now: Int64) -> TCPSegment? {
        let length = min(min(sender.windowEnd - sender.next, fullSegment), sender.buffer.end - sender.next)
        guard length > 0 else { return nil }
        let start = sender.next
        let payload = sender.buffer.bytes(from: start, limit: Int(length))
        let end = start + Int64(payload.readableBytes)
        sender.append(start..<end, at: now, deliveredBefore: recovery.delivered, .endsWrite)
        sender.lastSent = now
        (probes[\.window], probes[\.backoff], probes[\.windowSince]) = (0, 0, nil)
        restartRetransmission(at: now)
        return makeSegment([.ack, .psh], offset: start, .windowProbe, payload: payload, at: now)
    }

    @inline(__always)
    mutating func makeSegment(
        _ flags: TCPFlags, offset: Int64, _ purpose: SegmentPurpose, payload: consuming ByteBuffer = ByteBuffer(),
        at now: Int64
    ) -> TCPSegment {
        let window = receiver.tellWindow(segmentSize: receiver.acknowledging.segmentSize, isSyn: false)
        let next = receiver.next
        timers.acknowledgement = nil
        receiver.acknowledging.acknowledged()
        receiver.isWindowUpdate = false
        isAcknowledgementDelayed = false
        isChallenge = false
        let told = marks.contains(.agreed) ? tellMarks(length: payload.readableBytes, purpose) : ([], .notCapable)
        return TCPSegment(
            flags: flags.union(told.flags), purpose: purpose, window: window,
            sequence: SequenceNumber.wire(offset, from: sender.initial),
            acknowledgement: SequenceNumber.wire(next, from: receiver.initial),
            timestamps: usesTimestamps ? .init(value: clock(at: now), echo: receiver.recent ?? 0) : nil,
            options: receiver.hasNews ? receiver.tellBlocks() : nil, offset: offset, acknowledged: next,
            payload: payload, scale: receiver.scale, codepoint: told.codepoint)
    }

    // MARK: Resets

    /// The reset that ends this connection for the other side.
    package func reset(at now: Int64) -> TCPSegment {
        TCPSegment(
            flags: [.rst, .ack], window: 0, sequence: SequenceNumber.wire(sender.next, from: sender.initial),
            acknowledgement: SequenceNumber.wire(receiver.next, from: receiver.initial),
            timestamps: usesTimestamps ? .init(value: clock(at: now), echo: receiver.recent ?? 0) : nil,
            offset: sender.next, acknowledged: receiver.next)
    }
}

extension TCPSegment {
    /// The reset that answers a segment for which there is no socket (RFC 9293, 3.10.7.1).
    package var resetInAnswer: TCPSegment {
        if flags.contains(.ack) {
            return TCPSegment(
                flags: .rst, window: 0, sequence: acknowledgement, acknowledgement: 0, offset: acknowledged)
        }
        let length = length + (flags.contains(.syn) ? 1 : 0) + (flags.contains(.fin) ? 1 : 0)
        return TCPSegment(
            flags: [.rst, .ack], window: 0, sequence: 0, acknowledgement: sequence &+ UInt32(length),
            acknowledged: offset + Int64(length))
    }
}
