import Lab
import PeerNetworking
import SimNetwork

/// What can be done with a thing, as command lines.
struct InterventionMenu {
    private let snapshot: Snapshot
    private let names: Names
    /// Hosts, links and peers of which something is offered where nothing is selected.
    private static let mostThings = 8

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        names = Names(snapshot)
    }

    func title(for item: Item?) -> String {
        switch item {
        case .host(let host)?: names.name(host)
        case .process(let process)?: names.name(process)
        case .link(let link)?: names.name(link)
        case .connection(let connection)?: connection.description
        case .peer(let peer)?: names.name(peer)
        case .upcoming(let event)?:
            if case .arrival(let segment) = event.what {
                ThingNames.segment(segment)
            } else {
                "\(TimeText.clock(event.time)) \(EventText(snapshot).line(of: event).text)"
            }
        case .site(let site)?: "the draws of \(site)"
        case .event(let event)? where !draws(of: event).isEmpty:
            "the draws of \(ThingNames.event(event)), from before it on"
        case .event, .family, .expectation, .violation, .storyLine, nil: "the network"
        }
    }

    /// What can be done with a thing on this network, and what is left out of it.
    func menu(for item: Item?) -> Menu {
        let syntax = ActionSyntax(lab: snapshot.lab)
        var (lines, leftOut): ([String], [String]) = ([], [])
        for line in self.lines(for: item) {
            let obstacle =
                snapshot.traits.canDoEverything ? nil : (try? syntax.action(line)).flatMap { snapshot.obstacle(to: $0) }
            if obstacle == nil { lines.append(line) } else { leftOut.append(line) }
        }
        var notes: [String] = []
        if !leftOut.isEmpty {
            var verbs: [String] = []
            for verb in leftOut.compactMap({ $0.split(separator: " ").first.map(String.init) })
            where !verbs.contains(verb) { verbs.append(verb) }
            notes.append("left out, for real sockets cannot have it done to them: \(verbs.joined(separator: ", "))")
        }
        let (topology, peers) = (snapshot.lab.topology, snapshot.lab.peers)
        let most = max(topology.links.count, topology.hosts.count, peers.count)
        if isOfEverything(item), most > Self.mostThings {
            notes.append("of each kind \(Self.mostThings) are here: select one in its pane for what is not")
        }
        let place: Int? = if case .event(let event)? = item, !draws(of: event).isEmpty { event - 1 } else { nil }
        return Menu(title: title(for: item), lines: lines, note: notes.joined(separator: "; "), place: place)
    }

    private func isOfEverything(_ item: Item?) -> Bool {
        switch item {
        case .host, .process, .link, .connection, .peer, .site: false
        case .event(let event)? where !draws(of: event).isEmpty: false
        case .upcoming(let event)?:
            switch event.what {
            case .arrival, .end, .timer: false
            case .action, .fault: true
            }
        case .event, .family, .expectation, .violation, .storyLine, nil: true
        }
    }

    /// The lines for a thing, whether or not this network can do them.
    func lines(for item: Item?) -> [String] {
        switch item {
        case .host(let host)?: hostLines(host) + names.processes(on: host).flatMap(processLines)
        case .process(let process)?: processLines(process) + (names.host(of: process).map(hostLines) ?? [])
        case .link(let link)?: linkLines(link)
        case .connection(let connection)?: connectionLines(connection)
        case .peer(let peer)?: processLines(snapshot.world.peers[Int(peer.index)].process)
        case .upcoming(let event)?: upcomingLines(event)
        case .site(let site)?: siteLines(site)
        case .event(let event)? where !draws(of: event).isEmpty: drawLines(event)
        case .event, .family, .expectation, .violation, .storyLine, nil: everything
        }
    }

    private var everything: [String] {
        let topology = snapshot.lab.topology
        return topology.links.indices.prefix(Self.mostThings).flatMap { linkLines(LinkID($0)).prefix(1) }
            + topology.hosts.indices.prefix(Self.mostThings).flatMap { hostLines(HostID($0)) }
            + snapshot.lab.peers.indices.prefix(Self.mostThings).flatMap { processLines(ProcessID($0)) }
    }

    private func hostLines(_ host: HostID) -> [String] {
        let name = names.name(host)
        guard snapshot.world.hosts[Int(host.index)].isOn else { return ["power-on \(name)"] }
        var lines = ["power-loss \(name)"]
        let isParted = snapshot.world.partitions.contains { $0.first == [host] || $0.second == [host] }
        if isParted {
            lines.append("unpartition")
        } else if snapshot.lab.topology.hosts.count > 1 {
            lines.append("partition \(name)")
        }
        if snapshot.lab.topology.links.contains(where: { $0.first == host || $0.second == host }) {
            let isClogged = snapshot.world.hosts[Int(host.index)].isClogged
            lines.append("\(isClogged ? "unclog" : "clog") host=\(name)")
        }
        if snapshot.world.listeners.contains(where: { $0.host == host }) {
            let refuses = snapshot.world.standing.actions.contains { $0.family == .refuse && $0.concerns(host) }
            lines.append("refuse \(name)\(refuses ? " 0" : "")")
        }
        return lines
    }

    private func processLines(_ process: ProcessID) -> [String] {
        let index = Int(process.index)
        let processes = snapshot.world.processes
        let state = processes.indices.contains(index) ? processes[index].state : .defined
        let name = names.name(process)
        switch state {
        case .running:
            let rate = processes[index].readRate
            return [
                "kill \(name)", "exit \(name)", "restart \(name)", "pause \(name)",
                "slow-reader \(name) \(rate == 0 ? "1KiB/s" : "0B/s")",
            ]
        case .paused: return ["resume \(name)", "kill \(name)", "restart \(name)"]
        case .killed, .exited: return ["restart \(name)"]
        case .defined, .off: return []
        }
    }

    private func linkLines(_ link: LinkID) -> [String] {
        let state = snapshot.world.links[Int(link.index)]
        let name = names.name(link)
        var lines: [String] = []
        if state.forwardCut || state.backwardCut { lines.append("heal \(name)") }
        if !state.forwardCut || !state.backwardCut { lines.append("cut \(name)") }
        let (first, second) = (
            snapshot.lab.topology.links[Int(link.index)].first, snapshot.lab.topology.links[Int(link.index)].second
        )
        for direction in LinkDirection.allCases {
            let (from, to) = direction == .forward ? (first, second) : (second, first)
            lines.append("\(state.isCut(direction) ? "heal" : "cut") \(name) \(names.name(from))->\(names.name(to))")
        }
        let isClogged = state.forwardClogged || state.backwardClogged
        lines.append("\(isClogged ? "unclog" : "clog") \(name)")
        let changed = Set(state.shapes.map(\.shape.kind))
        let usual = snapshot.lab.topology.links[Int(link.index)]
        func isChanged(_ kind: LinkShape.Kind) -> Bool {
            changed.contains(kind)
                && (state.properties(usual.forward, .forward).shape(kind) != usual.forward.shape(kind)
                    || state.properties(usual.backward, .backward).shape(kind) != usual.backward.shape(kind))
        }
        for (kind, value) in [
            (LinkShape.Kind.loss, "0.1"), (.latency, "200ms"), (.bandwidth, "8KiB/s"), (.duplicate, "0.1"),
            (.reorder, "0.1 50ms"), (.mtu, "576B"),
        ] {
            lines.append(isChanged(kind) ? "restore \(name) \(kind.rawValue)" : "\(kind.rawValue) \(name) \(value)")
        }
        return lines
    }

    private func connectionLines(_ id: ConnectionID) -> [String] {
        var lines = ["reset \(id)", "half-close \(id) client", "half-close \(id) server", "half-open \(id) server"]
        if let segment = snapshot.world.segments.first(where: { $0.connection == id }) {
            lines += segmentLines(segment)
        }
        if let connection = snapshot.world.connection(id),
            let (link, _) = names.link(from: connection.client.host, to: connection.server.host)
        {
            lines += linkLines(link).prefix(1)
            lines += hostLines(connection.client.host) + hostLines(connection.server.host)
        }
        return lines
    }

    private func segmentLines(_ segment: SegmentSummary) -> [String] {
        let name = ThingNames.segment(segment)
        return [
            "drop \(name)", "delay \(name) 200ms", "delay \(name) 1s", "deliver \(name)", "copy \(name)",
            "damage \(name)",
        ]
    }

    /// What can be done with the draws of a site.
    private func siteLines(_ drawn: DrawSite) -> [String] {
        let site = drawn.description
        let standing = snapshot.world.standing.actions.compactMap(\.drawOverride).filter { $0.site == site }
        guard standing.isEmpty else {
            let syntax = ActionSyntax(lab: snapshot.lab)
            return standing.map { syntax.text(of: .unoverride($0)) }
        }
        return ["force \(site)", "veto \(site)"]
    }

    /// The draws that were made in an event, those that struck first.
    private func draws(of event: Int) -> [DrawRecord] {
        let records = snapshot.records
        guard snapshot.traits.canChangeThePast, event >= records.first, event <= records.count else { return [] }
        let draws = records[event: event].changes.compactMap { if case .draw(let draw) = $0 { draw } else { nil } }
        return draws.filter(\.fires) + draws.filter { !$0.fires }
    }

    /// Each draw of an event decided the other way: alone, so that none behind it is.
    private func drawLines(_ event: Int) -> [String] {
        let syntax = ActionSyntax(lab: snapshot.lab)
        return draws(of: event).map { draw in
            syntax.text(
                of: .override(
                    DrawOverride(
                        site: draw.site.description, subject: names.name(draw.subject), number: draw.number,
                        fires: !draw.fires)))
        }
    }

    private func upcomingLines(_ event: UpcomingEvent) -> [String] {
        let timer = "pending=\(event.place)"
        let lines = ["deliver \(timer)", "drop \(timer)", "delay \(timer) by=200ms", "delay \(timer) by=1s"]
        return switch event.what {
        case .arrival(let segment): segmentLines(segment) + connectionLines(segment.connection).prefix(1)
        case .end(let connection, _, _): lines + connectionLines(connection)
        case .timer(let process, _): lines + processLines(process)
        case .action, .fault: lines + everything
        }
    }
}
