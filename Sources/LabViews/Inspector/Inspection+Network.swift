import Lab
import PeerNetworking
import Screen
import SimNetwork
import TCP

extension Inspection {
    func lines(of host: HostID) -> [[Span]] {
        let isOn = world.hosts[Int(host.index)].isOn
        let tcp = snapshot.lab.topology.hosts[Int(host.index)].tcp
        var lines = [
            field("power", isOn ? "on" : "off", isOn ? .good : .danger),
            field("send buffer", NumberText.bytes(Int64(tcp.sendBuffer))),
            field("receive buffer", NumberText.bytes(Int64(tcp.receiveBuffer))),
            field("backlog", "\(tcp.backlog)"),
            field(
                "congestion control",
                "\(tcp.congestionControl), from \(NumberText.count(Int(tcp.initialWindow), "segment"))"),
        ]
        if world.hosts[Int(host.index)].inboundClogged { lines.append(field("inbound", "clogged", .danger)) }
        if world.hosts[Int(host.index)].outboundClogged { lines.append(field("outbound", "clogged", .danger)) }
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
            if world.isClogged(link, direction, between: (definition.first, definition.second)) {
                lines.append(field("state", "clogged", .danger))
            }
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
                lines.append(field("queued", "\(state.queued(direction, at: scene.now)) B"))
            }
            lines.append([])
        }
        lines.append([Span("On the wire", .title)])
        for moving in (Traffic(snapshot).onLink[link] ?? []).prefix(100) {
            let segment = moving.segment
            lines.append(
                field(
                    names.name(link, segment.direction),
                    "\(EventText.text(of: segment)), due \(TimeText.clock(segment.arrives))"))
        }
        return lines
    }

    func lines(of id: ConnectionID) -> [[Span]] {
        guard let connection = world.connection(id) else { return [[Span("forgotten: both ends are gone", .dim)]] }
        var lines = [field("opened", "\(TimeText.clock(connection.openedAt)) s")]
        if let since = connection.disagreeSince {
            let time = TimeText.duration(max(0, scene.now - since))
            lines.append(field("the ends disagree", "for \(time)", .danger))
        }
        let places = PeerPlaces(snapshot)
        for side in Side.allCases {
            let end = connection.end(side)
            lines += [
                [], [Span("\(side): \(names.name(end.host)):\(end.port)", .title)],
                field("TCP", end.state?.description ?? end.absence, end.state == nil ? .danger : .normal),
            ]
            if let failure = end.failure { lines.append(field("failed", failure.words, .danger)) }
            let tcp = snapshot.lab.topology.hosts[Int(end.host.index)].tcp
            lines.append(field("congestion control", "\(tcp.congestionControl)"))
            lines += EndLevel.all.map { field($0.label, end.levels.text(of: $0)) }
            lines += end.timers.map { field("timer", "\($0.kind.words) at \(TimeText.clock($0.due))") }
            if let peer = places.peer(at: connection, side) {
                let isSession = places.isOfSessions(peer)
                lines.append(field(isSession ? "session of" : "peer", names.name(peer)))
                if isSession, end.state != nil { lines += self.lines(of: connection.session, of: peer) }
            }
        }
        return lines
    }
}
