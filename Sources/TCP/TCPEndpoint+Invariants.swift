// What must hold of an endpoint after every input.
extension TCPEndpoint {
    /// What does not hold; nil where all does.
    package var problem: String? { problemOfNumbers ?? problemOfScoreboard }

    /// What does not hold of what is under way, segment by segment.
    package var problemOfScoreboard: String? {
        guard state != .closed else { return nil }
        var (sacked, lost, repeating): (Int32, Int32, Int32) = (0, 0, 0)
        var end = sender.unacknowledged
        for index in 0..<sender.sent.count {
            let entry = sender.sent[index]
            if index > 0, entry.start != end { return "the scoreboard has a gap at \(end)" }
            if entry.end <= entry.start || entry.end <= sender.unacknowledged {
                return "a segment of no bytes is under way"
            }
            end = entry.end
            if entry.marks.contains(.sacked) { sacked += 1 }
            if entry.marks.contains(.lost) { lost += 1 }
            if entry.marks.contains(.underWayAgain) { repeating += 1 }
            if entry.marks.isSuperset(of: [.sacked, .lost]) { return "a segment is lost and there" }
            if entry.end <= recovery.repeatFrom, entry.marks.contains(.lost),
                entry.marks.isDisjoint(with: [.sacked, .underWayAgain])
            {
                return "a lost segment was passed over"
            }
            if usesSACK, !entry.marks.contains(.sacked), recovery.known.end(around: entry.start) >= entry.end {
                return "a segment is said to be there, and is not marked"
            }
        }
        if usesSACK, sacked != recovery.sacked {
            return "\(recovery.sacked) segments are said to be there, and \(sacked) are"
        }
        if lost != recovery.lost { return "\(recovery.lost) segments are said to be lost, and \(lost) are" }
        if repeating != recovery.repeating {
            return "\(recovery.repeating) repeats are said to be under way, and \(repeating) are"
        }
        if isSynchronised, !sender.sent.isEmpty, end != sender.next {
            return "sent up to \(sender.next), and noted up to \(end)"
        }
        return nil
    }

    /// What does not hold of what it counts.
    package var problemOfNumbers: String? {
        guard state != .closed else { return nil }
        if underWay < 0 { return "\(underWay) segments are under way" }
        if sender.unacknowledged > sender.next {
            return "\(sender.unacknowledged) is acknowledged, and \(sender.next) not sent"
        }
        if sender.next > sender.buffer.end + 1 { return "more was sent than was written" }
        if receiver.buffer.count > receiver.mostHeld {
            return "the receive buffer holds too much"
        }
        return nil
    }

    /// Whether what is under way is waited for by no timer: never so, unless somebody takes the timer away.
    package var isUnattended: Bool {
        state != .closed && !sender.sent.isEmpty && timers.sending == nil && !wantsTailProbe
    }
}
