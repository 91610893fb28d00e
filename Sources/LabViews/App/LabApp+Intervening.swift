import Lab
import PeerNetworking
import SimNetwork

extension LabApp {
    /// Does something to the network, from its verb and operands; without operands to what is selected.
    func intervene(_ verb: String, _ operands: [String]) throws(SessionError) {
        let words = operands.isEmpty ? try operandsFromSelection(verb) : operands
        let action = try ActionSyntax(lab: session.lab).action(([verb] + words).joined(separator: " "))
        stop()
        invalidate()
        try session.intervene(action)
        invalidate()
        settleClock()
        view.selected[.events] = nil
        say("done: \(([verb] + words).joined(separator: " "))")
        if let second {
            do {
                // Real sockets can only be acted upon now.
                _ = try second.seek(to: .event(.max), budget: Self.slice)
                try second.intervene(action)
            } catch {
                complain(SessionError("done here, not on \(second.provider.rawValue): \(error.description)"))
            }
            invalidate()
        }
    }

    private func operandsFromSelection(_ verb: String) throws(SessionError) -> [String] {
        let here = snapshot
        let choices = InterventionMenu(here).lines(for: selectedItem)
        let matching = choices.first { $0.split(separator: " ").first.map(String.init) == verb }
        if let matching { return matching.split(separator: " ").dropFirst().map(String.init) }
        let form = ActionSyntax.form(of: verb) ?? verb
        throw SessionError("nothing is selected to \(verb); write: \(form)")
    }

    /// Opens the menu of what can be done with the selection.
    func openMenu() throws(SessionError) {
        let here = snapshot
        let menu = InterventionMenu(here)
        let item = selectedItem
        let lines = menu.lines(for: item)
        guard !lines.isEmpty else { throw SessionError("nothing can be done here") }
        view.overlay = .menu(Menu(title: menu.title(for: item), lines: lines))
    }
}

/// What can be done with a thing, as command lines.
struct InterventionMenu {
    private let snapshot: Snapshot
    private let names: Names
    /// More would not fit a screen.
    private static let limit = 30

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
                "\(segment.connection) \(segment.from) #\(segment.ordinal)"
            } else {
                "the pending event"
            }
        case .event, .row, nil: "the network"
        }
    }

    func lines(for item: Item?) -> [String] {
        let lines: [String] =
            switch item {
            case .host(let host)?: hostLines(host) + names.processes(on: host).flatMap(processLines)
            case .process(let process)?: processLines(process) + (names.host(of: process).map(hostLines) ?? [])
            case .link(let link)?: linkLines(link)
            case .connection(let connection)?: connectionLines(connection)
            case .peer(let peer)?: processLines(snapshot.world.peers[Int(peer.index)].process)
            case .upcoming(let event)?: upcomingLines(event)
            case .event, .row, nil: everything
            }
        return Array(lines.prefix(Self.limit))
    }

    private var everything: [String] {
        let topology = snapshot.lab.topology
        return topology.links.indices.prefix(8).flatMap { linkLines(LinkID($0)).prefix(1) }
            + topology.hosts.indices.prefix(8).flatMap { hostLines(HostID($0)) }
            + snapshot.lab.peers.indices.prefix(8).flatMap { processLines(ProcessID($0)) }
    }

    private func hostLines(_ host: HostID) -> [String] {
        let isOn = snapshot.world.hosts[Int(host.index)].isOn
        return [(isOn ? "power-loss " : "power-on ") + names.name(host)]
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
                "kill \(name)", "restart \(name)", "pause \(name)",
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
        return lines
    }

    private func connectionLines(_ id: ConnectionID) -> [String] {
        var lines = ["reset \(id)"]
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
        let operands = "\(segment.connection) \(segment.from) \(segment.ordinal)"
        return ["drop \(operands)", "delay \(operands) 200ms", "delay \(operands) 1s"]
    }

    private func upcomingLines(_ event: UpcomingEvent) -> [String] {
        switch event.what {
        case .arrival(let segment): segmentLines(segment) + connectionLines(segment.connection).prefix(1)
        case .retransmission(let connection, _), .expiry(let connection, _): connectionLines(connection)
        case .timer(let process, _): processLines(process)
        case .action, .fault: everything
        }
    }
}
