// What an acknowledgement means for what was sent (RFC 9293, 3.10.7.4; Linux's `tcp_ack`).
extension TCPEndpoint {
    /// Takes in the acknowledgement and the window of a segment.
    ///
    /// - Parameters:
    ///   - acknowledged: its number, as an offset.
    ///   - offset: the segment's own.
    mutating func takeAcknowledgement(
        _ segment: TCPSegment, _ acknowledged: Int64, at offset: Int64, now: Int64
    ) {
        let before = sender.unacknowledged
        sender.isWriting = false
        let isOld = acknowledged < before
        var progress = Progress()
        let (deliveredBefore, lostBefore) = (recovery.delivered, recovery.lost)
        let priorUnderWay = Int32(sender.sent.count)
        if segment.length > 0 { progress.marks.insert(.data) }
        if marks.contains(.agreed), segment.flags.contains(.ece) { progress.marks.insert(.marked) }
        let highest = highestSacked
        if !isOld {
            takeWindow(segment, acknowledged, offset, now, &progress)
            if acknowledged > before {
                progress.marks.insert(.advanced)
                timeouts = 0
                sender.unacknowledged = acknowledged
            }
        }
        if usesSACK, let blocks = segment.options?.blocks, !blocks.isEmpty {
            takeBlocks(blocks, acknowledged, before, highest, now, &progress)
        }
        softFailure = nil
        probes[\.window] = 0
        probes[\.keepAlive] = 0
        guard priorUnderWay > 0 else {
            if progress.marks.contains(.duplicate) { alert(before, &progress, now) }
            windowAnswered(at: now)
            if recovery.probeEnd > 0 { probeAnswered(acknowledged, &progress, now) }
            return
        }
        takeOffBoard(at: now, highest, &progress)
        sender.buffer.acknowledge(upTo: sender.unacknowledged)
        if !shared.options.lateness.contains(.isConstant) {
            recovery.rack.settleWindow(deliveredBefore: progress.deliveredBefore, delivered: recovery.delivered)
        }
        if recovery.probeEnd > 0 { probeAnswered(acknowledged, &progress, now) }
        let isDubious =
            progress.isDuplicate || !progress.marks.isDisjoint(with: [.sacked, .marked]) || recovery.state != .open
        if isDubious { alert(before, &progress, now) }
        if progress.marks.contains(.timer) { startSendingTimer(at: now) }
        let delivered = recovery.delivered - deliveredBefore
        let lost = max(0, recovery.lost - lostBefore)
        controlCongestion(delivered, lost, progress, now)
        switch progress.answer {
        case .usual: break
        case .lostFirst: repeatsFirst = true
        case .newFirst: repeatsFirst = false
        }
        if !sender.hasUnsent, sender.sent.isEmpty { keepAliveGoesOn(at: now) }
    }

    /// An old segment that was overtaken has an old window (RFC 9293, 3.10.7.4; `tcp_may_update_window`).
    private mutating func takeWindow(
        _ segment: TCPSegment, _ acknowledged: Int64, _ offset: Int64, _ now: Int64, _ progress: inout Progress
    ) {
        let window = Int64(segment.window) << Int64(segment.flags.contains(.syn) ? 0 : sender.scale)
        guard
            acknowledged > sender.unacknowledged || offset > sender.windowOffset
                || (offset == sender.windowOffset && (window > sender.window || window == 0))
        else { return }
        progress.marks.insert(.window)
        sender.windowOffset = offset
        guard window != sender.window else { return }
        sender.window = window
        if sender.hasUnsent { restartAfterIdle(at: now) }
        sender.greatestWindow = max(sender.greatestWindow, window)
    }

    /// The offset behind the highest byte of which the other side has said that it has it.
    @inline(__always)
    private var highestSacked: Int64 {
        mutating get { recovery.sacked > 0 && usesSACK ? recovery.highestSacked : sender.unacknowledged }
    }

    // MARK: Off the scoreboard

    /// Takes what is acknowledged off the scoreboard, and measures the round trip (`tcp_clean_rtx_queue`).
    private mutating func takeOffBoard(at now: Int64, _ highest: Int64, _ progress: inout Progress) {
        var segments: Int32 = 0
        while let entry = sender.sent.first, entry.end <= sender.unacknowledged {
            _ = sender.sent.removeFirst()
            segments += 1
            if entry.marks.contains(.repeated) {
                if entry.marks.contains(.underWayAgain) { recovery.repeating -= 1 }
                progress.marks.insert(.repeated)
            } else if !entry.marks.contains(.sacked) {
                progress.lastSent = entry.sentAt
                if progress.firstSent == nil { progress.firstSent = entry.sentAt }
                if entry.start < progress.late { progress.late = entry.start }
                if entry.end <= recovery.highest { progress.marks.insert(.original) }
            }
            if entry.marks.contains(.sacked) {
                recovery.sacked -= 1
            } else if usesSACK {
                recovery.delivered += 1
                recovery.rack.advance(entry, at: now, least: estimator.least)
            }
            if entry.marks.contains(.lost) { recovery.lost -= 1 }
            progress.note(entry)
        }
        if segments > 0 { progress.marks.formUnion([.acknowledged, .timer]) }
        if segments > 0, !path.isBlank { settleProbe(at: now) }
        measure(at: now, progress)
        guard segments > 0 else { return }
        if usesSACK {
            if progress.late < highest { sawReordering(from: progress.late, to: highest) }
        } else {
            // Duplicate acknowledgements have told of some of them.
            recovery.delivered += max(segments - recovery.sacked, 1)
            recovery.sacked = segments - 1 >= recovery.sacked ? 0 : recovery.sacked - (segments - 1)
            limitDuplicates()
        }
    }

    /// What a timestamp may measure, in milliseconds (`INT_MAX / (USEC_PER_SEC / TCP_TS_HZ)`).
    private static let longestRoundTrip: Int64 = 2_147_483

    private mutating func measure(at now: Int64, _ progress: Progress) {
        var sample: Int64?
        if let first = progress.firstSent, !progress.marks.contains(.repeated) { sample = now - first }
        if sample == nil, let sacked = progress.firstSackedSent { sample = now - sacked }
        if sample == nil, progress.marks.contains(.acknowledged), usesTimestamps, let echo = heardEcho, echo != 0 {
            // What was repeated has a time of its own (RFC 7323, 4).
            // One that is ahead of this end's clock is nobody's.
            let passed = Int64(clock(at: now) &- echo)
            if passed < Self.longestRoundTrip { sample = passed * 1_000_000 }
        }
        guard let sample, sample >= 0 else { return }
        estimator.take(
            sample, at: now, una: sender.unacknowledged, next: sender.next, shared)
        if progress.marks.contains(.acknowledged) {
            congestion.measured(
                progress.lastSent.map { now - $0 } ?? sample, at: now, una: sender.unacknowledged, next: sender.next)
        }
    }

    /// Something came late that was sent once: the order of the way is mixed.
    private mutating func sawReordering(from low: Int64, to high: Int64) {
        let full = fullSegment
        let distance = high - low
        if distance > Int64(recovery.reordering) * full {
            recovery.reordering = Int32(min((distance + full - 1) / full, 300))
        }
        recovery.isReorderingSeen = true
    }

    // MARK: Selective acknowledgements

    private mutating func takeBlocks(
        _ blocks: [SegmentOptions.Block], _ acknowledged: Int64, _ before: Int64, _ highest: Int64, _ now: Int64,
        _ progress: inout Progress
    ) {
        let ranges = blocks.map { block in
            let start = SequenceNumber.offset(block.start, from: sender.initial, near: sender.unacknowledged)
            return (start: start, end: start + Int64(block.end &- block.start))
        }
        var first = 0
        let duplicate = ranges[0]
        let isWithinNext = ranges.count > 1 && duplicate.end <= ranges[1].end && duplicate.start >= ranges[1].start
        if duplicate.start < acknowledged || isWithinNext {
            first = 1
            sawDuplicate(duplicate, before, &progress)
        }
        var marked: [Range<Int64>] = []
        for range in ranges.dropFirst(first)
        where range.start < range.end && range.start >= sender.unacknowledged && range.end <= sender.next {
            mark(range, highest, now, &progress)
            marked.append(range.start..<range.end)
        }
        recovery.known.replace(by: marked)
        if progress.late < highest, recovery.state != .loss || recovery.undoMark > 0 {
            sawReordering(from: progress.late, to: highest)
        }
        progress.late = .max
    }

    /// Something came twice (D-SACK, RFC 2883): a repeat of it was needless (`tcp_dsack_seen`).
    ///
    /// - Parameter before: what was not acknowledged before this acknowledgement.
    private mutating func sawDuplicate(
        _ range: (start: Int64, end: Int64), _ before: Int64, _ progress: inout Progress
    ) {
        let length = range.end - range.start
        guard length > 0, length <= sender.greatestWindow else { return }
        let full = fullSegment
        let segments = length > full ? (length + full - 1) / full : 1
        // More than was repeated cannot have come twice: a network duplicates, too.
        recovery.duplicates += segments
        guard recovery.duplicates <= Int64(repetitions) else { return }
        progress.marks.insert(.duplicate)
        if recovery.probeEnd > 0, recovery.probeEnd == range.end, segments == 1 {
            progress.marks.insert(.duplicateProbe)
        } else if recovery.isReorderingSeen {
            recovery.rack.isDuplicateSeen = true
        }
        guard recovery.undoMark > 0, recovery.undoRepeats > 0 else { return }
        // Of what is forgotten already no more is known than how much it was.
        if range.end <= before, range.end > recovery.undoMark {
            recovery.undoRepeats = max(0, recovery.undoRepeats - Int32(clamping: segments))
        }
        for index in sender.sent.place(behind: range.start)..<sender.sent.count {
            let entry = sender.sent[index]
            if entry.start >= range.end { break }
            guard entry.start >= range.start, entry.end <= range.end, entry.marks.contains(.repeated),
                entry.end > recovery.undoMark, recovery.undoRepeats > 0
            else { continue }
            recovery.undoRepeats -= 1
        }
    }

    /// Marks what lies within a block (`tcp_sacktag_one`).
    private mutating func mark(
        _ range: (start: Int64, end: Int64), _ highest: Int64, _ now: Int64, _ progress: inout Progress
    ) {
        for index in sender.sent.place(behind: recovery.known.end(around: range.start))..<sender.sent.count {
            var entry = sender.sent[index]
            if entry.start >= range.end { break }
            guard entry.start >= range.start, entry.end <= range.end, !entry.marks.contains(.sacked) else { continue }
            recovery.rack.advance(entry, at: now, least: estimator.least)
            if entry.marks.contains(.underWayAgain) {
                // A repeat that was given up has come after all.
                if entry.marks.contains(.lost) {
                    entry.marks.subtract([.lost, .underWayAgain])
                    recovery.lost -= 1
                    recovery.repeating -= 1
                }
            } else {
                if !entry.marks.contains(.repeated) {
                    // It lay in a gap, and was never sent again: it was late.
                    if entry.start < highest, entry.start < progress.late { progress.late = entry.start }
                    if entry.end <= recovery.highest { progress.marks.insert(.original) }
                    if progress.firstSackedSent == nil { progress.firstSackedSent = entry.sentAt }
                }
                if entry.marks.contains(.lost) {
                    entry.marks.remove(.lost)
                    recovery.lost -= 1
                }
            }
            entry.marks.insert(.sacked)
            recovery.highestSacked = max(recovery.highestSacked, entry.end)
            progress.marks.insert(.sacked)
            progress.note(entry)
            recovery.sacked += 1
            recovery.delivered += 1
            sender.sent[index] = entry
        }
    }

    // MARK: The probe of the tail

    /// What an acknowledgement says of the probe (RFC 8985, 7.4.2; `tcp_process_tlp_ack`).
    private mutating func probeAnswered(_ acknowledged: Int64, _ progress: inout Progress, _ now: Int64) {
        guard acknowledged >= recovery.probeEnd else { return }
        if !recovery.isProbeRepeat || progress.marks.contains(.duplicateProbe) {
            recovery.probeEnd = 0
        } else if acknowledged > recovery.probeEnd {
            // The probe has mended a loss: the window is reduced for it.
            beginReduction()
            recovery.state = .reduced
            endReduction(at: now)
            keepOpen()
        } else if progress.marks.isDisjoint(with: [.advanced, .data, .window, .sacked, .acknowledged]) {
            // Both have come.
            recovery.probeEnd = 0
        }
    }

    // MARK: Congestion

    /// The window follows what was delivered (`tcp_cong_control`).
    private mutating func controlCongestion(_ delivered: Int32, _ lost: Int32, _ progress: Progress, _ now: Int64) {
        if recovery.isReducing { return reduce(delivered, newlyLost: lost, progress) }
        let mayGrow =
            recovery.reordering > shared.options.reordering
            ? !progress.marks.isDisjoint(with: [.acknowledged, .sacked]) : progress.marks.contains(.acknowledged)
        guard mayGrow, delivered > 0 else { return }
        let isLimited =
            congestion.isInSlowStart
            ? congestion.window < 2 * sender.mostUnderWay || sender.isWindowLimited : sender.isWindowLimited
        if isLimited { congestion.grow(by: delivered, at: now) }
    }

    /// Proportional rate reduction (RFC 9937): the window comes down to the threshold as data leave the network.
    private mutating func reduce(_ delivered: Int32, newlyLost: Int32, _ progress: Progress) {
        guard delivered > 0, recovery.priorWindow > 0, !congestion.isOff else { return }
        recovery.reductionDelivered += delivered
        let underWay = underWay
        let room = congestion.threshold - underWay
        var count: Int32
        if room < 0 {
            let share =
                (Int64(congestion.threshold) * Int64(recovery.reductionDelivered) + Int64(recovery.priorWindow) - 1)
                / Int64(recovery.priorWindow)
            count = Int32(clamping: share) - recovery.reductionSent
        } else {
            count = max(recovery.reductionDelivered - recovery.reductionSent, delivered)
            if progress.marks.contains(.advanced), newlyLost == 0 { count += 1 }
            count = min(room, count)
        }
        // The first repeat goes whatever there is room for.
        count = max(count, recovery.reductionSent > 0 ? 0 : 1)
        congestion.window = underWay + count
    }
}
