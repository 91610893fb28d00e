/// One link of a path, and the direction in which the path takes it.
struct Hop {
    let link: Link
    let direction: LinkDirection
}

/// Which way segments take from a host to another: the link that joins them, or the shortest path over routers.
///
/// Routes are static, as on networks without a routing protocol: a cut link is not routed around.
struct Routes {
    /// The first link between two hosts; looked up, never iterated over.
    private var direct: [UInt64: Hop] = [:]
    /// Paths over routers that were asked for, empty where there is none; looked up, never iterated over.
    private var found: [UInt64: [Hop]] = [:]
    /// The hops that leave a host, in the order of the links; only where there is a router.
    private var leaving: [[Hop]] = []

    init(hosts: [Host], links: [Link]) {
        direct.reserveCapacity(2 * links.count)
        for link in links {
            for direction in LinkDirection.allCases {
                let pair = Routes.pair(link.sender(direction), link.receiver(direction))
                if direct[pair] == nil { direct[pair] = Hop(link: link, direction: direction) }
            }
        }
        guard hosts.contains(where: \.isRouter) else { return }
        leaving = Array(repeating: [], count: hosts.count)
        for link in links {
            for direction in LinkDirection.allCases {
                leaving[Int(link.sender(direction).id.index)].append(Hop(link: link, direction: direction))
            }
        }
    }

    private static func pair(_ first: Host, _ second: Host) -> UInt64 {
        UInt64(UInt32(bitPattern: first.id.index)) << 32 | UInt64(UInt32(bitPattern: second.id.index))
    }

    /// The hops from a host to another, or nil where no path leads.
    mutating func path(from source: Host, to target: Host) -> [Hop]? {
        if let hop = direct[Routes.pair(source, target)] { return [hop] }
        guard !leaving.isEmpty else { return nil }
        let pair = Routes.pair(source, target)
        if let known = found[pair] { return known.isEmpty ? nil : known }
        let path = search(from: source, to: target)
        found[pair] = path
        return path.isEmpty ? nil : path
    }

    /// Breadth first, links in their order: of the shortest paths the one over the links named first.
    private func search(from source: Host, to target: Host) -> [Hop] {
        var arrivedBy: [Hop?] = Array(repeating: nil, count: leaving.count)
        var frontier = [source]
        while !frontier.isEmpty {
            var next: [Host] = []
            for host in frontier {
                for hop in leaving[Int(host.id.index)] {
                    let reached = hop.link.receiver(hop.direction)
                    guard reached !== source, arrivedBy[Int(reached.id.index)] == nil else { continue }
                    arrivedBy[Int(reached.id.index)] = hop
                    if reached === target { return trace(arrivedBy, from: source, to: target) }
                    if reached.isRouter { next.append(reached) }
                }
            }
            frontier = next
        }
        return []
    }

    private func trace(_ arrivedBy: [Hop?], from source: Host, to target: Host) -> [Hop] {
        var path: [Hop] = []
        var host = target
        while host !== source, let hop = arrivedBy[Int(host.id.index)] {
            path.append(hop)
            host = hop.link.sender(hop.direction)
        }
        return path.reversed()
    }
}
