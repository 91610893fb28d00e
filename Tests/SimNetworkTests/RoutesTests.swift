import Testing

@testable import SimNetwork

/// Which way leads where, against a search that knows no short cut.
@Suite struct RoutesTests {
    /// Breadth first over all hosts, links in their order; nil where no way leads.
    private func search(_ topology: Topology, from source: HostID, to target: HostID) -> [Routes.Step]? {
        var paths: [HostID: [Routes.Step]] = [source: []]
        var frontier = [source]
        while !frontier.isEmpty, paths[target] == nil {
            var next: [HostID] = []
            for host in frontier where host == source || topology.hosts[Int(host.index)].isRouter {
                for (index, link) in topology.links.enumerated() where link.first == host || link.second == host {
                    let isForward = link.first == host
                    let reached = isForward ? link.second : link.first
                    guard paths[reached] == nil else { continue }
                    let step = Routes.Step(link: LinkID(index), direction: isForward ? .forward : .backward)
                    paths[reached] = (paths[host] ?? []) + [step]
                    next.append(reached)
                }
            }
            frontier = next
        }
        return paths[target]
    }

    @Test(arguments: 1...60 as ClosedRange<UInt64>)
    func theShortestWayOverTheLinksNamedFirst(seed: UInt64) {
        var dice = Dice(seed: seed)
        func number(_ bound: Int) -> Int { dice.below(bound) }
        var topology = Topology()
        let count = 2 + number(9)
        let hosts = (0..<count).map { number(2) == 0 ? topology.addHost("h\($0)") : topology.addRouter("r\($0)") }
        for _ in 0..<number(2 * count) {
            let (first, second) = (hosts[number(count)], hosts[number(count)])
            if first != second { topology.connect(first, second) }
        }
        var routes = Routes(topology)
        // Twice: the second answer is one that is remembered.
        for _ in 0..<2 {
            for source in hosts {
                for target in hosts {
                    #expect(
                        routes.path(from: source, to: target) == search(topology, from: source, to: target),
                        "\(source) to \(target) in \(topology.links)")
                }
            }
        }
    }
}
