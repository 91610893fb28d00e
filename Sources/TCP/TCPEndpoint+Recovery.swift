// From one state of recovery to another (Linux's `tcp_fastretrans_alert` and what it calls).
extension TCPEndpoint {
    /// Looks at what an acknowledgement that is not the usual one means.
    ///
    /// - Parameter before: what was not acknowledged before it.
    mutating func alert(_ before: Int64, _ progress: inout Progress, _ now: Int64) {
        let isDuplicate = progress.isDuplicate
        if sender.sent.isEmpty { recovery.sacked = 0 }
        if progress.marks.contains(.marked) { recovery.priorThreshold = 0 }
        if hasReneged(&progress, now) { return }
        if leavesState(at: now) { return }
        switch recovery.state {
        case .recovery:
            if !progress.marks.contains(.advanced) {
                if !usesSACK, isDuplicate { countDuplicate() }
            } else if undoesPart(at: now) {
                return
            }
            if undoesByDuplicates(at: now) { keepOpen() }
            markLost(&progress, now)
            if recovery.state != .recovery {
                guard isTimeToRecover else { return }
                enterRecovery(isMarked: progress.marks.contains(.marked), now)
            }
        case .loss:
            goOnAfterTimeout(isDuplicate, &progress, now)
            markLost(&progress, now)
            guard recovery.state == .open || progress.marks.contains(.lostRepeat) else { return }
            recoverOrOpen(isDuplicate, &progress, now)
        case .open, .disorder, .reduced:
            recoverOrOpen(isDuplicate, &progress, now)
        }
        if progress.answer == .usual { progress.answer = .lostFirst }
    }

    private mutating func recoverOrOpen(_ isDuplicate: Bool, _ progress: inout Progress, _ now: Int64) {
        if !usesSACK {
            if progress.marks.contains(.advanced) { recovery.sacked = 0 }
            if isDuplicate { countDuplicate() }
        }
        if recovery.state == .open || recovery.state == .disorder { _ = undoesByDuplicates(at: now) }
        markLost(&progress, now)
        guard isTimeToRecover else { return open(isMarked: progress.marks.contains(.marked)) }
        enterRecovery(isMarked: progress.marks.contains(.marked), now)
    }

    /// Something is known to be lost, and not repeated by a timeout.
    private var isTimeToRecover: Bool { recovery.lost > 0 }

    /// Without SACK a duplicate acknowledgement says that one segment more has come (`tcp_add_reno_sack`).
    private mutating func countDuplicate() {
        let before = recovery.sacked
        recovery.sacked += 1
        limitDuplicates()
        recovery.delivered += recovery.sacked - before
    }

    /// Without SACK no more can have come than is under way and not lost, and one is missing (`tcp_limit_reno_sacked`).
    mutating func limitDuplicates() {
        let count = Int32(sender.sent.count)
        let missing = min(max(recovery.lost, 1), count)
        recovery.sacked = min(recovery.sacked, count - missing)
    }

    /// The other side no longer has what it said it had: all is sent again (RFC 2018, 8).
    private mutating func hasReneged(_ progress: inout Progress, _ now: Int64) -> Bool {
        guard usesSACK, progress.marks.contains(.advanced), sender.sent.first?.marks.contains(.sacked) == true else {
            return false
        }
        let delay = max((estimator.smoothed ?? 0) / 2, 10_000_000)
        timers.start(.retransmission, at: now + delay)
        progress.marks.remove(.timer)
        return true
    }

    // MARK: Leaving a state

    /// All that was under way when the state began is acknowledged.
    ///
    /// - Returns: whether there is nothing more to do.
    private mutating func leavesState(at now: Int64) -> Bool {
        if recovery.state == .open {
            recovery.repeatedSince = 0
            return false
        }
        guard sender.unacknowledged >= recovery.highest else { return false }
        switch recovery.state {
        case .reduced:
            // One acknowledgement more shows that a segment of after the reduction has come.
            if sender.unacknowledged != recovery.highest {
                endReduction(at: now)
                recovery.state = .open
            }
            return false
        case .recovery:
            if !usesSACK { recovery.sacked = 0 }
            if undoesRecovery(at: now) { return true }
            endReduction(at: now)
            return false
        case .open, .disorder, .loss: return false
        }
    }

    /// Nothing is amiss, or not much (`tcp_try_to_open`).
    private mutating func open(isMarked: Bool) {
        if !isAnyRepeated { recovery.repeatedSince = 0 }
        if isMarked { enterReduction() }
        if recovery.state != .reduced { keepOpen() }
    }

    /// Open where nothing is out of order, else disorder (`tcp_try_keep_open`).
    mutating func keepOpen() {
        let isOrderly = recovery.sacked + recovery.lost == 0 && !isAnyRepeated
        let state: LossRecovery.State = isOrderly ? .open : .disorder
        guard state != recovery.state else { return }
        recovery.state = state
        recovery.highest = sender.next
    }

    /// Something that is under way has gone again (`tcp_any_retrans_done`).
    private var isAnyRepeated: Bool {
        recovery.repeating > 0 || sender.sent.first?.marks.contains(.repeated) == true
    }

    // MARK: Entering one

    /// The window will come down to the threshold (`tcp_init_cwnd_reduction`).
    mutating func beginReduction(isMarked: Bool) {
        recovery.highest = sender.next
        recovery.probeEnd = 0
        congestion.forgetCount()
        recovery.priorWindow = congestion.window
        (recovery.reductionDelivered, recovery.reductionSent) = (0, 0)
        congestion.threshold = congestion.thresholdAfterLoss()
    }

    /// It has (`tcp_end_cwnd_reduction`).
    mutating func endReduction(at now: Int64) {
        guard !congestion.isOff, congestion.threshold < .max, recovery.state == .reduced || recovery.undoMark > 0 else {
            return
        }
        congestion.window = congestion.threshold
        sender.usedAt = now
    }

    /// Congestion was told of: the window is reduced, and nothing goes again (`tcp_enter_cwr`).
    mutating func enterReduction() {
        recovery.priorThreshold = 0
        guard recovery.state == .open || recovery.state == .disorder else { return }
        recovery.undoMark = 0
        beginReduction(isMarked: true)
        recovery.state = .reduced
    }

    private mutating func enterRecovery(isMarked: Bool, _ now: Int64) {
        recovery.priorThreshold = 0
        beginUndo()
        if !recovery.isReducing {
            if !isMarked { recovery.priorThreshold = congestion.currentThreshold(isReducing: false) }
            beginReduction(isMarked: isMarked)
        }
        recovery.state = .recovery
    }

    /// What can be undone is counted from here.
    private mutating func beginUndo() {
        recovery.undoMark = sender.unacknowledged
        recovery.undoRepeats = recovery.repeating > 0 ? recovery.repeating : -1
        if recovery.probeEnd > 0, recovery.isProbeRepeat { recovery.undoRepeats = max(recovery.undoRepeats, 0) + 1 }
    }

    /// The reordering timer has shown that something is lost (`tcp_rack_reo_timeout`).
    mutating func reorderingTimedOut(at now: Int64) {
        let before = underWay
        var progress = Progress()
        _ = markLateAsLost(at: now, &progress)
        if underWay != before, recovery.state != .recovery {
            enterRecovery(isMarked: false, now)
            reduceAtOnce()
        }
        repeatsFirst = true
        if timers.sending == nil { restartRetransmission(at: now) }
    }

    /// The window of a recovery that no acknowledgement has begun: one segment may go.
    private mutating func reduceAtOnce() {
        guard !congestion.isOff else { return }
        recovery.reductionDelivered += 1
        congestion.window = underWay + 1
    }

    /// A timeout: all that is under way counts as lost (`tcp_enter_loss`).
    mutating func enterLoss(at now: Int64) {
        let isNew = recovery.state != .recovery && recovery.state != .loss
        markAllLost(at: now)
        if recovery.state == .open || recovery.state == .disorder || sender.unacknowledged >= recovery.highest
            || (recovery.state == .loss && timeouts == 0)
        {
            recovery.priorThreshold = congestion.currentThreshold(isReducing: recovery.isReducing)
            recovery.priorWindow = congestion.window
            congestion.threshold = congestion.thresholdAfterLoss()
            congestion.timedOut(at: now, next: sender.next)
            beginUndo()
        }
        if !congestion.isOff { congestion.window = underWay + 1 }
        congestion.forgetCount()
        sender.usedAt = now
        if recovery.state == .open || recovery.state == .disorder, recovery.sacked >= options.reordering {
            recovery.reordering = min(recovery.reordering, options.reordering)
        }
        recovery.state = .loss
        recovery.highest = sender.next
        recovery.probeEnd = 0
        recovery.isForward = options.forwardRecovery && (isNew || timeouts > 0)
    }

    private mutating func markAllLost(at now: Int64) {
        let hasReneged = usesSACK && sender.sent.first?.marks.contains(.sacked) == true
        if hasReneged || !usesSACK { recovery.sacked = 0 }
        for index in 0..<sender.sent.count {
            if hasReneged { sender.sent[index].marks.remove(.sacked) }
            // What went a moment ago is not lost yet.
            if usesSACK, !hasReneged, index > 0, timeLeft(of: sender.sent[index], at: now, within: 0) > 0 { continue }
            markLost(at: index)
        }
    }

    // MARK: After a timeout

    /// An acknowledgement after a timeout: was it needless (RFC 5682)? (`tcp_process_loss`)
    private mutating func goOnAfterTimeout(_ isDuplicate: Bool, _ progress: inout Progress, _ now: Int64) {
        let isOver = sender.unacknowledged >= recovery.highest
        if progress.marks.contains(.advanced), undoesLoss(isForward: false, now) { return }
        if recovery.isForward {
            // What was never repeated has come: nothing was lost.
            if progress.marks.contains(.original), undoesLoss(isForward: true, now) { return }
            if sender.next > recovery.highest {
                if progress.marks.contains(.sacked) || isDuplicate { recovery.isForward = false }
            } else if progress.marks.contains(.advanced), !isOver {
                recovery.highest = sender.next
                if sender.hasUnsent, sender.windowEnd > sender.next {
                    progress.answer = .newFirst
                    return
                }
                recovery.isForward = false
            }
        }
        if isOver {
            _ = undoesRecovery(at: now)
            return
        }
        if !usesSACK {
            if sender.next > recovery.highest, isDuplicate {
                countDuplicate()
            } else if progress.marks.contains(.advanced) {
                recovery.sacked = 0
            }
        }
        progress.answer = .lostFirst
    }

    // MARK: What is lost

    /// Finds what is lost (`tcp_identify_packet_loss`).
    private mutating func markLost(_ progress: inout Progress, _ now: Int64) {
        guard !sender.sent.isEmpty else { return }
        if usesSACK {
            let before = recovery.repeating
            guard recovery.rack.isAdvanced else { return }
            recovery.rack.isAdvanced = false
            if let wait = markLateAsLost(at: now, &progress) {
                timers.start(.reordering, at: now + wait)
                progress.marks.remove(.timer)
            }
            if before > recovery.repeating { progress.marks.insert(.lostRepeat) }
        } else if recovery.state == .recovery
            ? progress.marks.contains(.advanced)
            : recovery.state != .loss && recovery.sacked >= recovery.reordering
        {
            // NewReno: the first segment of which nothing is known (RFC 6582, 3.2).
            markLost(at: 0)
        }
    }

    /// Marks as lost what was sent long enough before something that was delivered (RFC 8985, 6.2).
    ///
    /// - Returns: how long the next one may still be late; nil where there is none.
    private mutating func markLateAsLost(at now: Int64, _ progress: inout Progress) -> Int64? {
        let window = reorderingWindow
        var wait: Int64?
        for index in 0..<sender.sent.count {
            let entry = sender.sent[index]
            if entry.marks.contains(.sacked) || (entry.marks.contains(.lost) && !entry.marks.contains(.underWayAgain)) {
                continue
            }
            guard entry.transmission < recovery.rack.transmission else { continue }
            let left = timeLeft(of: entry, at: now, within: window)
            if left <= 0 { markLost(at: index) } else { wait = max(wait ?? 0, left) }
        }
        return wait.map { $0 + Self.leastTimeout }
    }

    /// How long a segment may still be late.
    private func timeLeft(of entry: SentQueue.Entry, at now: Int64, within window: Int64) -> Int64 {
        recovery.rack.roundTrip + window - (now - entry.sentAt)
    }

    /// How late a segment may be (`tcp_rack_reo_wnd`).
    private var reorderingWindow: Int64 {
        if !recovery.isReorderingSeen {
            if recovery.state == .recovery || recovery.state == .loss { return 0 }
            if recovery.sacked >= recovery.reordering { return 0 }
        }
        return min((estimator.least ?? 0) >> 2 * recovery.rack.steps, estimator.smoothed ?? 0)
    }

    /// A segment counts as lost (`tcp_mark_skb_lost`).
    mutating func markLost(at index: Int) {
        var entry = sender.sent[index]
        guard !entry.marks.contains(.sacked) else { return }
        if entry.marks.contains(.lost) {
            // It has gone again, and that is lost too.
            guard entry.marks.contains(.underWayAgain) else { return }
            entry.marks.remove(.underWayAgain)
            recovery.repeating -= 1
        } else {
            recovery.lost += 1
            if entry.marks.contains(.underWayAgain) {
                entry.marks.remove(.underWayAgain)
                recovery.repeating -= 1
            }
            entry.marks.insert(.lost)
        }
        sender.sent[index] = entry
    }

    // MARK: Undoing

    /// Whether the reduction was needless: all repeats came twice, or the answer was to what was sent before them.
    private var mayUndo: Bool {
        recovery.undoMark > 0 && (recovery.undoRepeats == 0 || wasOnlyLate)
    }

    /// What is acknowledged was sent before the first repeat (Eifel, RFC 3522).
    private var wasOnlyLate: Bool {
        guard recovery.repeatedSince > 0, usesTimestamps, let echo = heardEcho, echo != 0 else { return false }
        return Int32(bitPattern: echo &- clock(at: recovery.repeatedSince)) < 0
    }

    private mutating func undo(forgettingLosses: Bool, at now: Int64) {
        if forgettingLosses {
            for index in 0..<sender.sent.count { sender.sent[index].marks.remove(.lost) }
            recovery.lost = 0
        }
        if recovery.priorThreshold > 0, !congestion.isOff {
            congestion.window = max(congestion.window, recovery.priorWindow)
            congestion.threshold = max(congestion.threshold, recovery.priorThreshold)
        }
        sender.usedAt = now
        recovery.undoMark = 0
        recovery.rack.isAdvanced = true
    }

    private mutating func undoesByDuplicates(at now: Int64) -> Bool {
        guard recovery.undoMark > 0, recovery.undoRepeats == 0 else { return false }
        recovery.rack.persistence = min(LossRecovery.RACK.persists, recovery.rack.persistence + 1)
        undo(forgettingLosses: false, at: now)
        return true
    }

    private mutating func undoesPart(at now: Int64) -> Bool {
        guard recovery.undoMark > 0, wasOnlyLate else { return false }
        recovery.isReorderingSeen = true
        if recovery.repeating > 0 { return true }
        if !isAnyRepeated { recovery.repeatedSince = 0 }
        undo(forgettingLosses: true, at: now)
        keepOpen()
        return true
    }

    private mutating func undoesLoss(isForward: Bool, _ now: Int64) -> Bool {
        guard isForward || mayUndo else { return false }
        undo(forgettingLosses: true, at: now)
        timeouts = 0
        if staysForOldDuplicates { return true }
        if isForward || usesSACK { recovery.state = .open }
        return true
    }

    /// - Returns: whether the state stays as it is.
    private mutating func undoesRecovery(at now: Int64) -> Bool {
        if mayUndo {
            undo(forgettingLosses: false, at: now)
        } else if recovery.rack.persistence > 0 {
            recovery.rack.persistence -= 1
        }
        if staysForOldDuplicates { return true }
        recovery.state = .open
        return false
    }

    /// Without SACK old duplicates could begin another recovery: the state stays until something beyond is acknowledged
    /// (RFC 6582, 4.1).
    private var staysForOldDuplicates: Bool {
        mutating get {
            guard sender.unacknowledged == recovery.highest, !usesSACK else { return false }
            if !isAnyRepeated { recovery.repeatedSince = 0 }
            return true
        }
    }
}

extension TCPEndpoint {
    /// All that is larger than a segment may be now counts as lost, and nothing is reduced for it.
    mutating func resendWhatIsTooLarge() {
        let full = fullSegment
        var isAny = false
        for index in 0..<sender.sent.count
        where min(sender.sent[index].end, sender.buffer.end) - sender.sent[index].start > full {
            markLost(at: index)
            isAny = true
        }
        guard isAny else { return }
        if !usesSACK { limitDuplicates() }
        if recovery.state != .loss {
            recovery.highest = sender.next
            congestion.threshold = congestion.currentThreshold(isReducing: recovery.isReducing)
            (recovery.priorThreshold, recovery.undoMark) = (0, 0)
            recovery.state = .loss
        }
        repeatsFirst = true
    }
}
