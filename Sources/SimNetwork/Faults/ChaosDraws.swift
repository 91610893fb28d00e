/// What chaos draws of a family of faults.
struct ChaosDraws {
    /// What it chooses among.
    let network: (links: [Link], hosts: [Host], processes: [Process])
    /// The hosts that are no routers.
    let ends: [HostID]
    /// Draws of 0 ..< a bound, 0 for a bound of 0.
    let draw: (_ bound: Int64, _ what: StaticString) -> Int64

    /// A draw of 0 ..< `bound`, 0 for a bound of 0.
    func below(_ bound: Int64, _ what: StaticString) -> Int64 { draw(bound, what) }

    func probability(most: Double) -> Probability {
        Probability(Double(1 + below(1_000_000, "probability")) * most / 1_000_000)
    }

    /// All links.
    var links: [LinkID] { network.links.map(\.id) }
    /// All hosts.
    var hosts: [HostID] { network.hosts.map(\.id) }
    /// The hosts that something runs on.
    var hostsOfProcesses: [HostID] { network.hosts.filter { !$0.processes.isEmpty }.map(\.id) }

    /// One of all links; nil where there is none.
    func anyLink() -> Link? { any(network.links, "link") }
    /// One of the links before which a queue can form; nil where there is none.
    func anyQueue() -> Link? {
        any(
            network.links.filter { link in
                LinkDirection.allCases.contains { link[$0].properties.bandwidth > 0 }
            }, "link")
    }
    /// One of all hosts; nil where there is none.
    func anyHost() -> HostID? { any(network.hosts, "host")?.id }
    /// One of all routers; nil where there is none.
    func anyRouter() -> HostID? { any(network.hosts.filter(\.isRouter), "router")?.id }
    /// One of all processes; nil where there is none.
    func anyProcess() -> ProcessID? { any(network.processes, "process")?.id }

    /// A direction, or both.
    func anyDirection() -> LinkDirection? {
        let drawn = below(4, "direction")
        return drawn < 2 ? (drawn == 0 ? .forward : .backward) : nil
    }

    private func any<Element>(_ all: [Element], _ what: StaticString) -> Element? {
        all.isEmpty ? nil : all[Int(below(Int64(all.count), what))]
    }
}
