/// What an end has learnt of the largest segment that its way takes (RFC 1191; RFC 4821 as Linux has it). All sizes are payload
/// bytes of a segment without what its options take: an MTU less 40.
struct PathMTU: Blank {
    /// What the network has said, and until when that is believed.
    private(set) var told = Int32.max
    private(set) var toldUntil = Int64.max
    /// The search for a larger size; nil where none is under way.
    var search: Search?

    /// A size that is known to come through, one that is not, and what is tried between them (`icsk_mtup`).
    struct Search {
        /// It comes through.
        var low: Int32
        /// More is not tried.
        var high: Int32
        /// The size of the probe that is under way; 0 where none is.
        var probed: Int32 = 0
        /// The offsets of the probe.
        var probe: Range<Int64> = 0..<0
        /// When it began.
        var since: Int64

        /// Of less than this between what is known and what is not, no more is asked (`tcp_probe_threshold`).
        static let least: Int32 = 8
        /// After this the way may have become another (`tcp_probe_interval`).
        static let repeatsAfter: Int64 = 600_000_000_000

        /// The size that is tried next.
        var middle: Int32 { (low + high) / 2 }
    }

    /// The network has said what is too large.
    mutating func learn(_ size: Int32, at now: Int64) {
        (told, toldUntil) = (size, now + TCPOptions.mtuExpires)
        if let high = search?.high { search?.high = min(high, size) }
    }

    /// What the network has said is believed no longer.
    mutating func forgetTold() { (told, toldUntil) = (.max, .max) }

    /// The largest segment that comes through, as far as is known.
    func size(agreed: Int32) -> Int32 { min(agreed, told, search?.low ?? .max) }
}
