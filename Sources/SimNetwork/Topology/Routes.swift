/// Which way segments take from a host to another: the link that joins them, or the shortest path over routers.
///
/// Routes are static, as on networks without a routing protocol: a cut link is not routed around.
public struct Routes: Sendable {
    /// One link of a path, and the direction in which the path takes it.
    public struct Step: Hashable, Sendable {
        /// The link.
        public let link: LinkID
        /// The way in which the path takes it.
        public let direction: LinkDirection
    }

    /// Where a step leads, seen from where it begins.
    private struct Exit {
        let step: Step
        let host: HostID
    }

    private struct Pair: Hashable {
        let source: HostID
        let target: HostID
    }

    private let isRouter: [Bool]
    /// The first link between two hosts; looked up, never iterated over.
    private var direct: [Pair: Step] = [:]
    /// Paths over routers that were asked for, empty where there is none; looked up, never iterated over.
    private var found: [Pair: [Step]] = [:]
    /// The ways out of a host, in the order of the links; only where there is a router.
    private var exits: [[Exit]] = []

    /// Makes the routes of a topology.
    public init(_ topology: Topology) {
        isRouter = topology.hosts.map(\.isRouter)
        let hasRouters = isRouter.contains(true)
        direct.reserveCapacity(2 * topology.links.count)
        if hasRouters { exits = Array(repeating: [], count: topology.hosts.count) }
        for (index, link) in topology.links.enumerated() {
            for direction in LinkDirection.allCases {
                let ends = direction == .forward ? (link.first, link.second) : (link.second, link.first)
                let step = Step(link: LinkID(index), direction: direction)
                let pair = Pair(source: ends.0, target: ends.1)
                if direct[pair] == nil { direct[pair] = step }
                if hasRouters { exits[Int(ends.0.index)].append(Exit(step: step, host: ends.1)) }
            }
        }
    }

    /// The steps from a host to another: none on one host, nil where no path leads.
    ///
    /// Mutating because what was searched for is remembered.
    public mutating func path(from source: HostID, to target: HostID) -> [Step]? {
        if source == target { return [] }
        let pair = Pair(source: source, target: target)
        if let step = direct[pair] { return [step] }
        guard !exits.isEmpty else { return nil }
        // A host with one link has no choice, and there are many of those behind a router: only what lies between is
        // searched for. Were the router's one link that same one, nothing would lie behind it.
        if let exit = onlyExit(of: source) {
            guard isRouter[Int(exit.host.index)], onlyExit(of: exit.host) == nil else { return nil }
            return path(from: exit.host, to: target).map { [exit.step] + $0 }
        }
        if let exit = onlyExit(of: target) {
            guard isRouter[Int(exit.host.index)], onlyExit(of: exit.host) == nil else { return nil }
            return path(from: source, to: exit.host).map {
                $0 + [Step(link: exit.step.link, direction: exit.step.direction.opposite)]
            }
        }
        if let known = found[pair] { return known.isEmpty ? nil : known }
        let path = search(from: source, to: target)
        found[pair] = path
        return path.isEmpty ? nil : path
    }

    private func onlyExit(of host: HostID) -> Exit? {
        let exits = exits[Int(host.index)]
        return exits.count == 1 ? exits[0] : nil
    }

    /// Breadth first, links in their order: of the shortest paths the one over the links named first.
    private func search(from source: HostID, to target: HostID) -> [Step] {
        var arrivedBy: [(step: Step, from: HostID)?] = Array(repeating: nil, count: exits.count)
        var frontier = [source]
        while !frontier.isEmpty {
            var next: [HostID] = []
            for host in frontier {
                for exit in exits[Int(host.index)] {
                    guard exit.host != source, arrivedBy[Int(exit.host.index)] == nil else { continue }
                    arrivedBy[Int(exit.host.index)] = (exit.step, host)
                    if exit.host == target { return trace(arrivedBy, from: source, to: target) }
                    if isRouter[Int(exit.host.index)] { next.append(exit.host) }
                }
            }
            frontier = next
        }
        return []
    }

    private func trace(_ arrivedBy: [(step: Step, from: HostID)?], from source: HostID, to target: HostID) -> [Step] {
        var path: [Step] = []
        var host = target
        while host != source, let arrival = arrivedBy[Int(host.index)] {
            path.append(arrival.step)
            host = arrival.from
        }
        return path.reversed()
    }
}
