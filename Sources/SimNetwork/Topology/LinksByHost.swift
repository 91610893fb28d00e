/// The links of each host, in the order of the topology.
struct LinksByHost {
    /// The links of one host after those of another.
    private let links: [LinkID]
    /// Where those of a host begin; one more than there are hosts.
    private let starts: [Int]

    init(_ topology: Topology) {
        var starts = Array(repeating: 0, count: topology.hosts.count + 1)
        for link in topology.links { for host in link.ends { starts[Int(host.index) + 1] += 1 } }
        for host in topology.hosts.indices { starts[host + 1] += starts[host] }
        var links = Array(repeating: LinkID(0), count: starts.last ?? 0)
        var next = starts
        for (index, link) in topology.links.enumerated() {
            for host in link.ends {
                links[next[Int(host.index)]] = LinkID(index)
                next[Int(host.index)] += 1
            }
        }
        self.links = links
        self.starts = starts
    }

    subscript(host: HostID) -> ArraySlice<LinkID> {
        links[starts[Int(host.index)]..<starts[Int(host.index) + 1]]
    }
}

extension Topology.Link {
    /// The hosts that it joins, each once.
    fileprivate var ends: [HostID] { first == second ? [first] : [first, second] }
}
