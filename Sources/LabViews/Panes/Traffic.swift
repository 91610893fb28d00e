import Lab
import PeerNetworking
import SimNetwork

/// The segments on each link, with when they set out, so that they can be drawn where they are.
struct Traffic {
    /// A segment on its way.
    struct Moving {
        var segment: SegmentSummary
        /// When it went on the link that it is on.
        var sent: Int64

        /// How far it has come at a time, in thousandths.
        func thousandths(at now: Int64) -> Int {
            guard segment.arrives > sent else { return 500 }
            return Int(min(max((now - sent) * 1_000 / (segment.arrives - sent), 0), 1_000))
        }
    }

    private(set) var onLink: [LinkID: [Moving]] = [:]

    init(_ snapshot: Snapshot) {
        for segment in snapshot.world.segments {
            guard let link = segment.link else { continue }
            let sent = snapshot.records.time(ofEvent: segment.cause)
            onLink[link, default: []].append(Moving(segment: segment, sent: sent))
        }
    }
}
