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
            return snapshot.world.connections.map { .connection($0.id) } + PeerPlaces(snapshot).idle.map(Item.peer)
        case .events: return []
        case .next: return snapshot.upcoming.map(Item.upcoming)
        case .buggify: return (0..<(snapshot.world.sites.count + snapshot.world.faults.count)).map(Item.row)
        case .story: return snapshot.story.indices.map(Item.row)
        case .expect: return snapshot.expectations.indices.map(Item.row)
        }
    }

    /// With more hosts than this, processes are not listed one by one.
    static let hostsWithProcesses = 16
}
