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
            let properties = direction == .forward ? definition.forward : definition.backward
            let isCut = state.isCut(direction)
            lines += [
                [Span(names.name(link, direction), .title)],
                field("state", isCut ? "cut" : "whole", isCut ? .danger : .good),
                field("latency", text(of: properties.latency)),
                field("loss", "\(Int((properties.loss.mean * 100).rounded())) %"), [],
            ]
        }
        lines.append([Span("On the wire", .title)])
        for moving in (Traffic(snapshot).onLink[link] ?? []).prefix(100) {
            let segment = moving.segment
            lines.append(
                field(
                    names.name(link, moving.direction),
                    "\(scene.text.text(of: segment, number: segment.number)), due \(TimeText.clock(segment.arrives))"))
        }
        return lines
    }

    private func text(of latency: Latency) -> String {
        switch latency {
        case .constant(let value): TimeText.duration(value)
        case .uniform(let low, let high): "uniform \(TimeText.duration(low))…\(TimeText.duration(high))"
        case .normal(let mean, let deviation):
            "normal, mean \(TimeText.duration(mean)), deviation \(TimeText.duration(deviation))"
        case .exponential(let mean): "exponential, mean \(TimeText.duration(mean))"
        case .bimodal(let first, let second, _): "\(TimeText.duration(first)) or \(TimeText.duration(second))"
        case .pareto(let least, _): "Pareto from \(TimeText.duration(least))"
        }
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
        if let reason = peer.reason { lines.append(field("why", reason.rawValue, .warning)) }
        if let connection = peer.connection { lines.append(field("connection", connection.description)) }
        lines += [
            field("queue", "\(peer.depth) of \(peer.capacity), at most \(peer.highWater) so far"),
            field("admitted", "\(peer.admitted)"), field("sent", "\(peer.sent)"),
            field("delivered here", "\(peer.delivered)"), field("arrived again", "\(peer.duplicates)"),
            field("requeued", "\(peer.requeued)"), field("dropped", "\(peer.dropped)"),
            field("reconnects", "\(peer.reconnects)"), field("heartbeats missed", "\(peer.heartbeatsMissed)"),
        ]
        if peer.isBlocked { lines.append(field("application", "waits for room in the queue", .warning)) }
        if let rtt = peer.roundTrip { lines.append(field("round trip", TimeText.duration(rtt))) }
        if let progress = peer.progress {
            lines.append(
                field("progress", progress.total == 0 ? "\(progress.done)" : "\(progress.done) of \(progress.total)"))
        }
        if let finished = peer.finished {
            lines.append(
                field("finished", finished ? "all was right" : "something was wrong", finished ? .good : .danger))
        }
        return lines
    }
}
