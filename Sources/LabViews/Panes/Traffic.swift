import Lab
import PeerNetworking
import SimNetwork

/// The segments on each link, with when they set out, so that they can be drawn where they are.
struct Traffic {
    /// A segment on its way.
    struct Moving {
        var segment: SegmentSummary
        /// When it was sent; nil where that is too long ago to be looked up.
        var sent: Int64?

        /// How far it has come at a time, in thousandths.
        func thousandths(at now: Int64) -> Int {
            guard let sent, segment.arrives > sent else { return 500 }
            return Int(min(max((now - sent) * 1_000 / (segment.arrives - sent), 0), 1_000))
        }
    }

    private(set) var onLink: [LinkID: [Moving]] = [:]

    /// Records looked through for the departures of what is on the wire.
    private static let horizon = 400
    /// With more on the wire than this, no one can tell the segments apart.
    private static let limit = 1_000

    init(_ snapshot: Snapshot) {
        let world = snapshot.world
        guard !world.segments.isEmpty else { return }
        let departures = world.segments.count <= Self.limit ? Self.departures(snapshot) : [:]
        for segment in world.segments {
            guard let link = segment.link else { continue }
            onLink[link, default: []].append(
                Moving(segment: segment, sent: departures[segment.number]))
        }
    }

    /// When the segments on the wire were sent, as far as the latest records say.
    private static func departures(_ snapshot: Snapshot) -> [Int64: Int64] {
        var missing = snapshot.world.segments.count
        var times: [Int64: Int64] = [:]
        var event = snapshot.event
        let first = snapshot.world.segments.first?.number ?? 0
        while event > 0, event > snapshot.event - horizon, missing > 0 {
            let record = snapshot.records[event: event]
            for change in record.changes {
                let number: Int64
                switch change {
                case .sent(let segment), .duplicated(let segment, _): number = segment.number
                case .forwarded(let forwarded, _, _, _): number = forwarded
                default: continue
                }
                guard number >= first, times[number] == nil else { continue }
                times[number] = record.time
                missing -= 1
            }
            event -= 1
        }
        return times
    }
}
