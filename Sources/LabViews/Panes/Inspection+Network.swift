import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Inspection {
    func lines(of host: HostID) -> [[Span]] {
        let isOn = world.hosts[Int(host.index)].isOn
        let tcp = snapshot.lab.topology.hosts[Int(host.index)].tcp
        var lines = [
            field("power", isOn ? "on" : "off", isOn ? .good : .danger),
            field("send buffer", NumberText.bytes(Int64(tcp.sendBuffer))),
            field("receive buffer", NumberText.bytes(Int64(tcp.receiveBuffer))),
            field("backlog", "\(tcp.backlog)"),
        ]
        let limits = snapshot.lab.topology.hosts[Int(host.index)].limits
        if limits.sockets != HostLimits().sockets { lines.append(field("sockets", "at most \(limits.sockets)")) }
        if limits.memory != HostLimits().memory {
            lines.append(field("buffer memory", "at most \(NumberText.bytes(limits.memory))"))
        }
        for action in world.standing.actions where action.concerns(host) {
            lines.append(field("stands", names.text(action), .warning))
        }
        for listener in world.listeners where listener.host == host {
            lines.append(field("listens", "port \(listener.port), \(listener.waiting) waiting"))
        }
        for process in names.processes(on: host) {
            lines.append(field("process", "\(names.name(process)) \(state(of: process))"))
        }
        let connections = world.connections.filter { $0.client.host == host || $0.server.host == host }
        for connection in connections.prefix(50) {
            let side: Side = connection.client.host == host ? .client : .server
            lines.append(field("\(connection.id) \(side)", connection.end(side).state?.description ?? "gone"))
        }
        return lines
    }

    private func state(of process: ProcessID) -> ProcessState {
        world.processes.indices.contains(Int(process.index)) ? world.processes[Int(process.index)].state : .defined
    }

    func lines(of process: ProcessID) -> [[Span]] {
        var lines = [field("state", state(of: process).description)]
        if let host = names.host(of: process) { lines.append(field("host", names.name(host))) }
        if snapshot.lab.peers.indices.contains(Int(process.index)) {
            let definition = snapshot.lab.peers[Int(process.index)]
            lines.append(field("runs", definition.workload.name))
            if let port = definition.listen { lines.append(field("listens", "port \(port)")) }
            if let endpoint = definition.connect { lines.append(field("connects", "to \(endpoint)")) }
        }
        if world.processes.indices.contains(Int(process.index)), world.processes[Int(process.index)].readRate > 0 {
            lines.append(field("reads", "at most \(world.processes[Int(process.index)].readRate) B/s", .warning))
        }
        for (index, peer) in world.peers.enumerated() where peer.process == process {
            lines += [[], [Span("Peer \(names.name(PeerNumber(Int32(index))))", .title)]]
            lines += self.lines(of: PeerNumber(Int32(index)))
        }
        return lines
    }

    func lines(of link: LinkID) -> [[Span]] {
        let definition = snapshot.lab.topology.links[Int(link.index)]
        let state = world.links[Int(link.index)]
        var lines: [[Span]] = []
        for direction in LinkDirection.allCases {
            let usual = direction == .forward ? definition.forward : definition.backward
            let properties = state.properties(usual, direction)
            lines.append([Span(names.name(link, direction), .title)])
            let (from, to) =
                direction == .forward ? (definition.first, definition.second) : (definition.second, definition.first)
            if state.isCut(direction) { lines.append(field("state", "cut", .danger)) }
            if state.isClogged(direction) { lines.append(field("state", "clogged", .danger)) }
            if world.partitions.contains(where: { $0.blocks(from, to) }) {
                lines.append(field("state", "across a partition", .danger))
            }
            // What differs from a perfect link, and what was changed.
            for kind in LinkShape.Kind.allCases {
                let shape = properties.shape(kind)
                let isChanged = shape != usual.shape(kind)
                guard kind == .latency || isChanged || shape != LinkProperties().shape(kind) else { continue }
                let was = isChanged ? " (\(usual.shape(kind).valueText) in the lab)" : ""
                lines.append(field(kind.rawValue, shape.valueText + was, isChanged ? .warning : .normal))
            }
            if properties.bandwidth > 0 {
                lines.append(field("queued", "\(state.queued(direction, at: scene.view.now)) B"))
            }
            lines.append([])
        }
        lines.append([Span("On the wire", .title)])
        for moving in (Traffic(snapshot).onLink[link] ?? []).prefix(100) {
            let segment = moving.segment
            lines.append(
                field(
                    names.name(link, segment.direction),
                    "\(scene.text.text(of: segment, number: segment.number)), due \(TimeText.clock(segment.arrives))"))
        }
        return lines
    }

    func lines(of id: ConnectionID) -> [[Span]] {
        guard let connection = world.connection(id) else { return [[Span("forgotten: both ends are gone", .dim)]] }
        var lines = [field("opened", "\(TimeText.clock(connection.openedAt)) s")]
        if let since = connection.disagreeSince {
            let time = TimeText.duration(max(0, scene.view.now - since))
            lines.append(field("the ends disagree", "for \(time)", .danger))
        }
        let places = PeerPlaces(snapshot)
        for side in Side.allCases {
            let end = connection.end(side)
            lines += [
                [], [Span("\(side): \(names.name(end.host)):\(end.port)", .title)],
                field("TCP", end.state?.description ?? "gone", end.state == nil ? .danger : .normal),
            ]
            if let failure = end.failure { lines.append(field("failed", failure.rawValue, .danger)) }
            lines += [
                field("to send", "\(end.levels.sendQueued) B"), field("unacknowledged", "\(end.levels.inFlight) B"),
                field("unread", "\(end.levels.received) B"), field("resent", "\(end.levels.retransmissions)"),
            ]
            if let peer = places.peer(at: connection, side) {
                lines.append(field("peer", names.name(peer)))
            }
        }
        return lines
    }

    func lines(of number: PeerNumber) -> [[Span]] {
        guard world.peers.indices.contains(Int(number.index)) else { return [] }
        let peer = world.peers[Int(number.index)]
        let since = TimeText.duration(max(0, scene.view.now - peer.stateSince))
        var lines = [field("state", "\(peer.state) for \(since)", EventText.style(of: peer.state))]
        if let reason = peer.reason { lines.append(field("why", reason.words, .warning)) }
        if let connection = peer.connection { lines.append(field("connection", connection.description)) }
        lines += [
            field(
                "queue",
                peer.isOfSessions
                    ? "\(peer.depth) in all sessions, at most \(peer.highWater) so far; \(peer.capacity) in each"
                    : "\(peer.depth) of \(peer.capacity), at most \(peer.highWater) so far"),
            field("admitted", "\(peer.admitted)"), field("sent", "\(peer.sent)"),
            field("delivered here", "\(peer.delivered)"), field("arrived again", "\(peer.duplicates)"),
            field("requeued", "\(peer.requeued)"), field("dropped", "\(peer.dropped)"),
            field("reconnects", "\(peer.reconnects)"), field("heartbeats missed", "\(peer.heartbeatsMissed)"),
        ]
        if let circuit = peer.circuit {
            lines.append(field("circuit", circuit.description, circuit == .closed ? .good : .warning))
        }
        if peer.suppressed > 0 { lines.append(field("not given twice", "\(peer.suppressed)")) }
        if peer.degradations > 0 { lines.append(field("degraded", "\(peer.degradations)", .warning)) }
        if peer.isBlocked { lines.append(field("application", "waits for room in the queue", .warning)) }
        if peer.requests.asked > 0 {
            let requests = peer.requests
            lines.append(
                field(
                    "requests",
                    "\(requests.answered) answered, \(requests.failed) not, \(requests.askedAgain) sent again"))
        }
        if peer.isPressed { lines.append(field("queue", "above its high water mark", .warning)) }
        if let rtt = peer.roundTrip { lines.append(field("round trip", TimeText.duration(rtt))) }
        if let progress = peer.progress {
            lines.append(
                field("progress", progress.total == 0 ? "\(progress.done)" : "\(progress.done) of \(progress.total)"))
        }
        if let finished = peer.finished {
            lines.append(
                field("finished", finished ? "all was right" : "something was wrong", finished ? .good : .danger))
        }
        // The latest messages, the newest first: those that are not settled, and then those that are.
        let held = peer.ledger.held.suffix(Self.messagesShown)
        let settled = peer.ledger.settled.suffix(Self.messagesShown - held.count)
        for message in held.reversed() + settled.reversed() {
            lines.append(
                field("message #\(message.number)", message.fate.text(message.wasRepeated), message.fate.style))
        }
        return lines
    }
}

extension Inspection {
    /// Messages of a peer whose fates are shown at most.
    private static let messagesShown = 12
}

extension MessageFate {
    fileprivate func text(_ wasRepeated: Bool) -> String {
        switch self {
        case .requeued, .onTheWire, .delivered: description + (wasRepeated ? ", may arrive twice" : "")
        case .queued, .sent, .dropped: description
        }
    }

    fileprivate var style: Style {
        switch self {
        case .queued, .onTheWire, .sent: .normal
        case .requeued: .warning
        case .delivered: .good
        case .dropped: .danger
        }
    }
}

extension Action {
    /// Whether a standing fault is about a host.
    fileprivate func concerns(_ host: HostID) -> Bool {
        switch self {
        case .slowPair(host, _, _), .slowPair(_, host, _), .unreachable(.host(host, _), _), .nameError(host, _, _),
            .clockSkew(host, _, _), .slowTimers(host, _, _), .exhaust(host, _, _), .close(.host(host), _),
            .shortRead(.host(host), _), .shortWrite(.host(host), _), .slowReader(.host(host), _):
            true
        case .refuse(let scope, _), .connectHang(let scope, _), .backlogFull(let scope, _): scope.host == host
        default: false
        }
    }
}
