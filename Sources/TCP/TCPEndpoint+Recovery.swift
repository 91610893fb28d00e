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
        if !path.isBlank, losesProbe() { return }
        enterRecovery(isMarked: progress.marks.contains(.marked), now)
    }

    /// Something is known to be lost, and not repeated by a timeout.
    private var isTimeToRecover: Bool { recovery.lost > 0 }

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
    var isAnyRepeated: Bool {
        recovery.repeating > 0 || sender.sent.first?.marks.contains(.repeated) == true
    }

    // MARK: Entering one

    /// The window will come down to the threshold (`tcp_init_cwnd_reduction`).
    mutating func beginReduction() {
        recovery.highest = sender.next
        recovery.probeEnd = 0
        congestion.forgetCount()
        recovery.priorWindow = congestion.window
        (recovery.reductionDelivered, recovery.reductionSent) = (0, 0)
        congestion.threshold = congestion.thresholdAfterLoss()
        if marks.contains(.agreed) { marks.insert(.hasReduced) }
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
        beginReduction()
        recovery.state = .reduced
    }

    private mutating func enterRecovery(isMarked: Bool, _ now: Int64) {
        recovery.priorThreshold = 0
        beginUndo()
        if !recovery.isReducing {
            if !isMarked { recovery.priorThreshold = congestion.currentThreshold(isReducing: false) }
            beginReduction()
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
    mutating func reorderingTimedOut(at now: Int64, asIf due: Int64) {
        let before = underWay
        var progress = Progress()
        _ = markLateAsLost(at: due, &progress)
        if underWay != before, recovery.state != .recovery {
            enterRecovery(isMarked: false, now)
            reduceAtOnce()
        }
        repeatsFirst = true
        if timers.sending == nil { restartRetransmission(at: now, after: .reordering) }
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
            congestion.timedOut()
            beginUndo()
        }
        if !congestion.isOff { congestion.window = underWay + 1 }
        congestion.forgetCount()
        sender.usedAt = now
        if recovery.state == .open || recovery.state == .disorder, recovery.sacked >= shared.options.reordering {
            recovery.reordering = min(recovery.reordering, shared.options.reordering)
        }
        recovery.state = .loss
        recovery.highest = sender.next
        if marks.contains(.agreed) { marks.insert(.hasReduced) }
        recovery.probeEnd = 0
        recovery.isForward = shared.options.forwardRecovery && (isNew || timeouts > 0)
    }

    private mutating func markAllLost(at now: Int64) {
        let hasReneged = usesSACK && sender.sent.first?.marks.contains(.sacked) == true
        if hasReneged || !usesSACK {
            (recovery.sacked, recovery.highestSacked) = (0, 0)
            recovery.known.forget()
        }
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
}
