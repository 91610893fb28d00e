// That a reduction was needless, and is taken back (RFC 3522, RFC 2883, RFC 5682).
extension TCPEndpoint {
    /// Whether the reduction was needless: all repeats came twice, or the answer was to what was sent before them.
    var mayUndo: Bool {
        recovery.undoMark > 0 && (recovery.undoRepeats == 0 || wasOnlyLate)
    }

    /// What is acknowledged was sent before the first repeat (Eifel, RFC 3522).
    var wasOnlyLate: Bool {
        guard recovery.repeatedSince > 0, usesTimestamps, let echo = heardEcho, echo != 0 else { return false }
        return Int32(bitPattern: echo &- clock(at: recovery.repeatedSince)) < 0
    }

    /// The window and the threshold are what they were; what counted as lost does so no longer, where that is said.
    mutating func undo(forgettingLosses: Bool, at now: Int64) {
        if forgettingLosses {
            for index in 0..<sender.sent.count { sender.sent[index].marks.remove(.lost) }
            recovery.lost = 0
        }
        if recovery.priorThreshold > 0, !congestion.isOff {
            congestion.window = max(congestion.window, recovery.priorWindow)
            // What was not reduced is not told of.
            if recovery.priorThreshold > congestion.threshold { marks.remove(.hasReduced) }
            congestion.threshold = max(congestion.threshold, recovery.priorThreshold)
        }
        sender.usedAt = now
        recovery.undoMark = 0
        recovery.rack.isAdvanced = true
    }

    /// All repeats came twice (`tcp_try_undo_dsack`).
    mutating func undoesByDuplicates(at now: Int64) -> Bool {
        guard recovery.undoMark > 0, recovery.undoRepeats == 0 else { return false }
        recovery.rack.persistence = min(LossRecovery.RACK.persists, recovery.rack.persistence + 1)
        undo(forgettingLosses: false, at: now)
        return true
    }

    /// A part was acknowledged that had only been late (`tcp_try_undo_partial`).
    ///
    /// - Returns: whether nothing more is to be done now.
    mutating func undoesPart(at now: Int64) -> Bool {
        guard recovery.undoMark > 0, wasOnlyLate else { return false }
        recovery.isReorderingSeen = true
        if recovery.repeating > 0 { return true }
        if !isAnyRepeated { recovery.repeatedSince = 0 }
        undo(forgettingLosses: true, at: now)
        keepOpen()
        return true
    }

    /// A timeout was needless (`tcp_try_undo_loss`).
    mutating func undoesLoss(isForward: Bool, _ now: Int64) -> Bool {
        guard isForward || mayUndo else { return false }
        undo(forgettingLosses: true, at: now)
        timeouts = 0
        if staysForOldDuplicates { return true }
        if isForward || usesSACK { recovery.state = .open }
        return true
    }

    /// - Returns: whether the state stays as it is.
    mutating func undoesRecovery(at now: Int64) -> Bool {
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
    var staysForOldDuplicates: Bool {
        mutating get {
            guard sender.unacknowledged == recovery.highest, !usesSACK else { return false }
            if !isAnyRepeated { recovery.repeatedSince = 0 }
            return true
        }
    }
}
