// Congestion told by marks (RFC 3168), as Linux has it.
extension TCPEndpoint {
    /// What an end knows of marks, and has still to say.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// Both ends know marks.
        static let agreed = Marks(rawValue: 1)
        /// A mark has come: every acknowledgement says so until the sender has heard of it (`TCP_ECN_DEMAND_CWR`).
        static let echoes = Marks(rawValue: 2)
        /// The window was reduced: the next new data say so (`TCP_ECN_QUEUE_CWR`).
        static let hasReduced = Marks(rawValue: 4)
        /// The other side's data could have been marked (`TCP_ECN_SEEN`).
        static let seen = Marks(rawValue: 8)
    }

    /// What a segment says of marks (`tcp_ecn_send`).
    @inline(never)
    mutating func tellMarks(length: Int, _ purpose: SegmentPurpose) -> (flags: TCPFlags, codepoint: ECNCodepoint) {
        var (flags, codepoint) = (TCPFlags(), ECNCodepoint.notCapable)
        // What goes again must not be marked: it would be lost for its receiver (RFC 3168, 6.1.5).
        if length > 0, !purpose.isRepetition {
            codepoint = .capable0
            if marks.contains(.hasReduced) {
                marks.remove(.hasReduced)
                flags.insert(.cwr)
            }
        }
        if marks.contains(.echoes) { flags.insert(.ece) }
        return (flags, codepoint)
    }

    /// Data have come: marked, or not (`tcp_ecn_accept_cwr`, `tcp_ecn_check_ce`).
    @inline(never)
    mutating func noteMark(of segment: TCPSegment) {
        if segment.flags.contains(.cwr) {
            marks.remove(.echoes)
            // Its window may be one segment: it waits for the acknowledgement.
            receiver.acknowledging.wantsAtOnce()
        }
        let window = Int32(clamping: receiver.edge - receiver.next)
        switch segment.codepoint {
        case .notCapable:
            // It could have been marked and is not: it goes again.
            if marks.contains(.seen) { receiver.acknowledging.goesQuick(window, most: 2) }
        case .congestion:
            if !marks.contains(.echoes) { receiver.acknowledging.goesQuick(window, most: 2) }
            marks.formUnion([.echoes, .seen])
        case .capable0, .capable1: marks.insert(.seen)
        }
    }
}
