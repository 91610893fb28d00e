import SimNetwork
import TCP

/// How often something has happened on a wire.
struct WireCount: Hashable, Sendable {
    /// What.
    let what: String
    /// How often.
    let count: Int64

    /// What is counted of a run, in the order in which it is told.
    static func all(of snapshot: Snapshot) -> [WireCount] {
        let totals = snapshot.world.totals
        let sent = SentAgain(snapshot)
        // Where segments are real their kernels know.
        let probes = snapshot.provider == .sim ? sent.tailProbes : snapshot.tailProbes
        return [
            WireCount(what: "handshakes", count: totals.established),
            WireCount(what: "segments", count: totals.segmentsSent),
            WireCount(what: "lost", count: totals.segmentsLost),
            WireCount(what: "sent again", count: totals.retransmitted),
            WireCount(what: "SYNs again", count: sent.handshakes),
            WireCount(what: "again fast", count: sent.fast), WireCount(what: "again by timer", count: sent.byTimer),
            WireCount(what: "RSTs", count: sent.resets),
            WireCount(what: "refused", count: totals.refused), WireCount(what: "reset", count: totals.reset),
            WireCount(what: "timed out", count: totals.timedOut),
        ] + (probes.map { [WireCount(what: "tail probes", count: $0)] } ?? [])
    }

    /// The segments of a run that went again, by what made them, and those that broke connections off.
    private struct SentAgain {
        /// Those with a SYN.
        var handshakes: Int64 = 0
        /// For answers told of what was missing.
        var fast: Int64 = 0
        /// For no answer came: after a timeout, and as a probe of the tail, which nothing in a header tells from one.
        var byTimer: Int64 = 0
        /// The probes of the tail alone, where segments are simulated.
        var tailProbes: Int64 = 0
        /// With an RST.
        var resets: Int64 = 0

        init(_ snapshot: Snapshot) {
            for event in 0..<snapshot.event {
                for case .sent(let segment) in snapshot.records[event: event + 1].changes { count(segment) }
            }
        }

        private mutating func count(_ segment: SegmentSummary) {
            if segment.flags.contains(.rst) { resets += 1 }
            guard segment.purpose.isRepetition else { return }
            if segment.flags.contains(.syn) {
                handshakes += 1
            } else if segment.purpose == .fastRepetition {
                fast += 1
            } else {
                byTimer += 1
                if segment.purpose == .tailProbe { tailProbes += 1 }
            }
        }
    }
}
