import NIOCore

// What goes again: what is lost, and the probe of the tail.
extension TCPEndpoint {
    /// The next lost segment, as far as the congestion window has room for it (`tcp_xmit_retransmit_queue`).
    mutating func nextRepeat(at now: Int64) -> TCPSegment? {
        guard recovery.lost > 0, underWay < congestion.window else { return nil }
        for index in sender.sent.place(behind: recovery.repeatFrom)..<sender.sent.count {
            let marks = sender.sent[index].marks
            guard marks.contains(.lost), marks.isDisjoint(with: [.underWayAgain, .sacked]) else { continue }
            var segment = repeated(
                at: index, recovery.state == .loss ? .repetition : .fastRepetition, now)
            if goesOn(behind: index) { segment.flags.insert(.psh) }
            recovery.repeatFrom = sender.sent[index].end
            if recovery.isReducing { recovery.reductionSent += 1 }
            if index == 0, timers.sending?.kind != .reordering {
                timers.start(.retransmission, at: now + timeoutOrLess(at: now))
            }
            return segment
        }
        recovery.repeatFrom = sender.next
        return nil
    }

    /// What went to the device as one goes again as one, as far as it is lost and there is room for it; the last of several asks
    /// for its bytes to be handed on, as the first time. What is apart once stays so.
    ///
    /// - Returns: whether a segment that has gone again is the last of several.
    private mutating func goesOn(behind index: Int) -> Bool {
        let wasJoined = recovery.isRepeatJoined
        recovery.isRepeatJoined = false
        guard sender.sent[index].marks.contains(.joined), index + 1 < sender.sent.count else { return wasJoined }
        let next = sender.sent[index + 1].marks
        if underWay < congestion.window, next.contains(.lost), next.isDisjoint(with: [.underWayAgain, .sacked]) {
            recovery.isRepeatJoined = true
            return false
        }
        sender.sent[index].marks.remove(.joined)
        return wasJoined
    }

    /// A segment that was sent goes again, as much of it as a segment may hold.
    private mutating func repeated(at index: Int, _ purpose: SegmentPurpose, _ now: Int64) -> TCPSegment {
        spoilProbe()
        split(at: index)
        var entry = sender.sent[index]
        entry.marks.insert(.repeated)
        // A probe says nothing of what is lost, and is no repeat of a recovery (`tcp_send_loss_probe`).
        if purpose != .tailProbe {
            if recovery.repeatedSince == 0 { recovery.repeatedSince = now }
            recovery.undoRepeats = max(recovery.undoRepeats, 0) + 1
            if !entry.marks.contains(.underWayAgain) { recovery.repeating += 1 }
            entry.marks.insert(.underWayAgain)
        }
        entry.sentAt = now
        entry.transmission = sender.countTransmission()
        entry.deliveredBefore = recovery.delivered
        sender.sent[index] = entry
        repetitions += 1
        let dataEnd = min(entry.end, sender.buffer.end)
        let start = max(entry.start, sender.unacknowledged)
        var flags: TCPFlags = .ack
        if dataEnd > start, entry.marks.contains(.endsWrite) { flags.insert(.psh) }
        if entry.end > sender.buffer.end { flags.insert(.fin) }
        let payload = dataEnd > start ? sender.buffer.bytes(from: start, limit: Int(dataEnd - start)) : ByteBuffer()
        return makeSegment(flags, offset: start, purpose, payload: payload, at: now)
    }

    /// Where segments may be no longer as large as this one was, it becomes two.
    private mutating func split(at index: Int) {
        var entry = sender.sent[index]
        let full = fullSegment
        entry.keep(max(entry.start, sender.unacknowledged)..<entry.end)
        sender.sent[index] = entry
        guard min(entry.end, sender.buffer.end) - entry.start > full else { return }
        var (first, rest) = (entry, entry)
        first.keep(entry.start..<entry.start + full)
        first.marks.remove(.endsWrite)
        rest.keep(first.end..<entry.end)
        sender.sent[index] = first
        sender.sent.insert(rest, at: index + 1)
        if entry.marks.contains(.lost) { recovery.lost += 1 }
        if entry.marks.contains(.sacked) { recovery.sacked += 1 }
        if entry.marks.contains(.underWayAgain) { recovery.repeating += 1 }
    }

    /// The probe of the tail: new bytes, or the last segment again (RFC 8985, 7.3).
    mutating func nextTailProbe(at now: Int64) -> TCPSegment? {
        wantsTailProbe = false
        defer { restartRetransmission(at: now) }
        recovery.isProbeRepeat = false
        if sender.hasUnsent, let segment = nextNew(at: now, isForced: true) {
            recovery.probeEnd = sender.next
            return segment
        }
        guard !sender.sent.isEmpty else { return nil }
        recovery.isProbeRepeat = true
        recovery.probeEnd = sender.next
        return repeated(at: sender.sent.count - 1, .tailProbe, now)
    }
}
