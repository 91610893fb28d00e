// What counts as lost (RFC 8985, 6.2; without SACK RFC 6582).
extension TCPEndpoint {
    /// Finds what is lost (`tcp_identify_packet_loss`).
    mutating func markLost(_ progress: inout Progress, _ now: Int64) {
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
    mutating func markLateAsLost(at now: Int64, _ progress: inout Progress) -> Int64? {
        let window = reorderingWindow
        var wait: Int64?
        var next = 0
        while next < sender.sent.count {
            let (index, entry) = (next, sender.sent[next])
            next += 1
            if entry.marks.contains(.sacked) {
                // What is known to be there is passed over.
                let end = recovery.known.end(around: entry.start)
                if end > entry.end { next = sender.sent.place(behind: end) }
                continue
            }
            // All behind it was sent later still.
            if !entry.marks.contains(.repeated), entry.transmission >= recovery.rack.transmission { break }
            if entry.marks.contains(.lost), !entry.marks.contains(.underWayAgain) { continue }
            guard entry.transmission < recovery.rack.transmission else { continue }
            let left = timeLeft(of: entry, at: now, within: window)
            if left <= 0 { markLost(at: index) } else { wait = max(wait ?? 0, left) }
        }
        return wait.map { $0 + Self.leastTimeout }
    }

    /// How long a segment may still be late.
    func timeLeft(of entry: SentQueue.Entry, at now: Int64, within window: Int64) -> Int64 {
        recovery.rack.roundTrip + window - (now - entry.sentAt)
    }

    /// How late a segment may be (`tcp_rack_reo_wnd`).
    var reorderingWindow: Int64 {
        if !recovery.isReorderingSeen {
            if recovery.state == .recovery || recovery.state == .loss { return 0 }
            if recovery.sacked >= recovery.reordering, !shared.options.lateness.contains(.ignoresCount) { return 0 }
        }
        return min((estimator.least ?? 0) >> 2 * Int64(recovery.rack.steps), estimator.smoothed ?? 0)
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
        recovery.repeatFrom = min(recovery.repeatFrom, entry.start)
        sender.sent[index] = entry
    }

    /// Without SACK a duplicate acknowledgement says that one segment more has come (`tcp_add_reno_sack`).
    mutating func countDuplicate() {
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
