import SimNetwork

/// Which hosts hear of each other: those that a link joins, and those on both sides of routers that links join.
struct Reach {
    /// Hosts that a link joins, both ways.
    private var pairs: Set<LabNames.Pair> = []
    /// The next one of a router's group, as in union-find; itself for the group's own.
    private var groups: [Int]
    /// The groups of routers that a host has a link to.
    private var doors: [Set<Int>]

    init(_ topology: Topology) {
        groups = Array(topology.hosts.indices)
        doors = Array(repeating: [], count: topology.hosts.count)
        let isRouter = topology.hosts.map(\.isRouter)
        for link in topology.links {
            let (first, second) = (Int(link.first.index), Int(link.second.index))
            pairs.insert(LabNames.Pair(link.first, link.second))
            guard isRouter[first], isRouter[second] else { continue }
            let (group, other) = (group(of: first), group(of: second))
            groups[group] = other
        }
        for link in topology.links {
            let (first, second) = (Int(link.first.index), Int(link.second.index))
            if isRouter[first] {
                let group = group(of: first)
                doors[second].insert(group)
            }
            if isRouter[second] {
                let group = group(of: second)
                doors[first].insert(group)
            }
        }
    }

    private mutating func group(of host: Int) -> Int {
        var host = host
        while groups[host] != host {
            // Each look halves the way for the next.
            groups[host] = groups[groups[host]]
            host = groups[host]
        }
        return host
    }

    /// Whether segments of a host find a way to another, or need none.
    func leads(from first: HostID, to second: HostID) -> Bool {
        first == second || pairs.contains(LabNames.Pair(first, second))
            || !doors[Int(first.index)].isDisjoint(with: doors[Int(second.index)])
    }
}
