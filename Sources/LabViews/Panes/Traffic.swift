import Lab
import PeerNetworking
import SimNetwork

/// The segments on each link, with when they set out, so that they can be drawn where they are.
struct Traffic {
    /// A segment on its way.
    struct Moving {
        var segment: SegmentSummary
        /// From the link's first host to its second, or back.
        var direction: LinkDirection
        /// When it was sent; nil where that is too long ago to be looked up.
        var sent: Int64?

        /// How far it has come at a time, in thousandths.
        func thousandths(at now: Int64) -> Int {
            guard let sent, segment.arrives > sent else { return 500 }
            return Int(min(max((now - sent) * 1_000 / (segment.arrives - sent), 0), 1_000))
        }
    }

    private struct Route: Hashable {
        var from: HostID
        var to: HostID
    }

    private(set) var onLink: [LinkID: [Moving]] = [:]

    /// Records looked through for the departures of what is on the wire.
    private static let horizon = 400
    /// With more on the wire than this, no one can tell the segments apart.
    private static let limit = 1_000

    init(_ snapshot: Snapshot) {
        let world = snapshot.world
        guard !world.segments.isEmpty else { return }
        var routes: [Route: (LinkID, LinkDirection)] = [:]
        for (index, link) in snapshot.lab.topology.links.enumerated() {
            // Of parallel links the first carries, as in the world.
            let id = LinkID(index)
            let (there, back) = (Route(from: link.first, to: link.second), Route(from: link.second, to: link.first))
            if routes[there] == nil { routes[there] = (id, .forward) }
            if routes[back] == nil { routes[back] = (id, .backward) }
        }
        let departures = world.segments.count <= Self.limit ? Self.departures(snapshot) : [:]
        for segment in world.segments {
            guard let connection = world.connection(segment.connection) else { continue }
            let route = Route(
                from: connection.end(segment.from).host, to: connection.end(segment.from.other).host)
            guard let (link, direction) = routes[route] else { continue }
            onLink[link, default: []].append(
                Moving(segment: segment, direction: direction, sent: departures[segment.number]))
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
            for case .sent(let segment) in record.changes where segment.number >= first {
                times[segment.number] = record.time
                missing -= 1
            }
            event -= 1
        }
        return times
    }
}
