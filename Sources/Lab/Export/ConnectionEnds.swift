import PeerNetworking
import SimNetwork

/// The hosts at the ends of the connections that there are, as records tell of them.
struct ConnectionEnds {
    private var hosts: [ConnectionID: (client: HostID, server: HostID)] = [:]

    /// Takes in that a connection was opened, or is forgotten.
    mutating func take(_ change: Change) {
        if case .opened(let connection, let from, _, let to, _, _) = change {
            hosts[connection] = (from, to)
        } else if case .forgotten(let connection) = change {
            hosts[connection] = nil
        }
    }

    /// The host on a side of a connection; nil where it is not known.
    func host(of connection: ConnectionID, _ side: Side) -> HostID? {
        hosts[connection].map { side == .client ? $0.client : $0.server }
    }

    /// Where a segment comes from, and where it goes; nil where its connection is not known.
    func way(of segment: SegmentSummary) -> (from: HostID, to: HostID)? {
        guard let from = host(of: segment.connection, segment.from),
            let to = host(of: segment.connection, segment.from.other)
        else { return nil }
        return (from, to)
    }
}
