import Lab
package import PeerNetworking
package import SimNetwork

/// A thing on the screen that can be selected, inspected and acted upon.
package enum Item: Hashable, Sendable {
    case host(HostID)
    case process(ProcessID)
    case link(LinkID)
    case connection(ConnectionID)
    case peer(PeerNumber)
    /// An event of the past, by its number.
    case event(Int)
    case upcoming(UpcomingEvent)
    /// A row of a pane whose rows are nothing more.
    case row(Int)
}

extension Pane {
    /// What can be selected in the pane, from the top; the events are too many to be listed, and are not.
    func items(in snapshot: Snapshot) -> [Item] {
        switch self {
        case .topology:
            let names = Names(snapshot)
            var items: [Item] = []
            for index in snapshot.lab.topology.hosts.indices {
                items.append(.host(HostID(index)))
                guard snapshot.lab.topology.hosts.count <= Self.hostsWithProcesses else { continue }
                items += names.processes(on: HostID(index)).map(Item.process)
            }
            return items + snapshot.lab.topology.links.indices.map { .link(LinkID($0)) }
        case .connections:
            let world = snapshot.world
            let idle = world.peers.indices.filter { !world.isAttached(PeerNumber(Int32($0)), in: snapshot.lab) }
            return world.connections.map { .connection($0.id) } + idle.map { .peer(PeerNumber(Int32($0))) }
        case .events: return []
        case .next: return snapshot.upcoming.map(Item.upcoming)
        case .buggify: return (0..<(snapshot.world.buggify.count + snapshot.world.faults.count)).map(Item.row)
        case .story: return snapshot.story.indices.map(Item.row)
        case .expect: return snapshot.expectations.indices.map(Item.row)
        }
    }

    /// With more hosts than this, processes are not listed one by one.
    static let hostsWithProcesses = 16
}

extension WorldState {
    /// Whether the peer is shown at an end of a connection.
    func isAttached(_ peer: PeerNumber, in lab: LabDefinition) -> Bool {
        connections.contains { connection in
            Side.allCases.contains { self.peer(at: connection, $0, in: lab) == peer }
        }
    }

    /// The peer at an end of a connection: the one that says it uses it, or that listens on the port.
    func peer(at connection: ConnectionState, _ side: Side, in lab: LabDefinition) -> PeerNumber? {
        let end = connection.end(side)
        func runsThere(_ peer: PeerView) -> Bool {
            let index = Int(peer.process.index)
            return lab.peers.indices.contains(index) && lab.peers[index].host == end.host
        }
        if let index = peers.firstIndex(where: { $0.connection == connection.id && runsThere($0) }) {
            return PeerNumber(Int32(index))
        }
        let index = peers.firstIndex { peer in
            guard runsThere(peer) else { return false }
            let definition = lab.peers[Int(peer.process.index)]
            return side == .server
                ? definition.listen == end.port
                : peer.connection == nil && definition.connect != nil && connection.failed(side) == nil
                    && (peer.state == .connecting || peer.state == .reconnecting)
        }
        return index.map { PeerNumber(Int32($0)) }
    }
}

extension ConnectionState {
    /// How an end failed, if it did.
    func failed(_ side: Side) -> NetworkError.Code? { end(side).failure }
}
