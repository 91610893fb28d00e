import SimNetwork

/// How often something has happened on a wire.
struct WireCount: Hashable, Sendable {
    /// What.
    let what: String
    /// How often.
    let count: Int64

    /// What is counted of a run, in the order in which it is told.
    static func all(of totals: Totals) -> [WireCount] {
        [
            WireCount(what: "handshakes", count: totals.established),
            WireCount(what: "segments", count: totals.segmentsSent),
            WireCount(what: "lost", count: totals.segmentsLost),
            WireCount(what: "sent again", count: totals.retransmitted),
            WireCount(what: "refused", count: totals.refused), WireCount(what: "reset", count: totals.reset),
            WireCount(what: "timed out", count: totals.timedOut),
        ]
    }
}
