import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Inspection {
    /// All about a peer, with the fates of its latest messages.
    func lines(of number: PeerNumber) -> [[Span]] {
        guard world.peers.indices.contains(Int(number.index)) else { return [] }
        let peer = world.peers[Int(number.index)]
        let capacity = peer.capacity
        let since = TimeText.duration(max(0, scene.now - peer.stateSince))
        var lines = [field("state", "\(peer.state) for \(since)", peer.state.role.style)]
        if let why = peer.why { lines.append(field("why", why, .warning)) }
        if let connection = peer.connection { lines.append(field("connection", connection.description)) }
        lines += [
            field(
                "queue",
                peer.isOfSessions
                    ? "\(peer.depth) in all sessions, at most \(peer.highWater) so far; \(peer.capacity) in each"
                    : Self.level(peer.depth, of: capacity, atMost: peer.highWater)),
            field("admitted", "\(peer.admitted)"), field("sent", "\(peer.sent)"),
            field("delivered here", "\(peer.delivered)"), field("arrived again", "\(peer.duplicates)"),
            field("requeued", "\(peer.requeued)"), field("dropped", "\(peer.dropped)"),
            field("reconnects", "\(peer.reconnects)"), field("heartbeats missed", "\(peer.heartbeatsMissed)"),
        ]
        if let circuit = peer.circuit {
            lines.append(field("circuit", circuit.description, circuit == .closed ? .good : .warning))
        }
        if peer.refused > 0 { lines.append(field("refused", "\(peer.refused), its circuit was open", .warning)) }
        if peer.suppressed > 0 { lines.append(field("not given twice", "\(peer.suppressed)")) }
        if peer.degradations > 0 { lines.append(field("degraded", "\(peer.degradations)", .warning)) }
        if peer.isBlocked { lines.append(waits) }
        let blocked = peer.blocked(upTo: scene.now)
        if blocked > 0 { lines.append(field("waited for room", "\(TimeText.duration(blocked)) in all")) }
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
        if peer.isOfSessions { lines += sessions(of: number, capacity) }
        lines += limits(of: number)
        // The latest messages, the newest first: those that are not settled, and then those that are.
        let held = peer.ledger.held.suffix(Self.messagesShown)
        let settled = peer.ledger.settled.suffix(Self.messagesShown - held.count)
        if !held.isEmpty || !settled.isEmpty { lines += [[], [Span("Latest messages", .title)]] }
        for message in held.reversed() + settled.reversed() {
            lines.append(
                field(
                    ThingNames.message(message.number), message.fate.text(wasRepeated: message.wasRepeated),
                    message.fate.role.style))
        }
        return lines
    }
}

extension Inspection {
    /// What a session has for itself, beside what its peer has for all of them.
    func lines(of session: SessionView?, of number: PeerNumber) -> [[Span]] {
        let capacity = world.peers[Int(number.index)].capacity
        var lines = [
            field("queue", Self.level(session?.depth ?? 0, of: capacity, atMost: session?.highWater ?? 0))
        ]
        if session?.isBlocked == true { lines.append(waits) }
        if let rtt = session?.roundTrip { lines.append(field("round trip", TimeText.duration(rtt))) }
        return lines
    }

    /// The fullest sessions of a server, those first in which the application waits.
    private func sessions(of number: PeerNumber, _ capacity: Int32) -> [[Span]] {
        let open = world.connections.compactMap { connection in
            connection.server.state == nil ? nil : connection.session.map { (id: connection.id, session: $0) }
        }
        let fullest = open.filter { $0.session.peer == number }.sorted { left, right in
            left.session.isBlocked != right.session.isBlocked
                ? left.session.isBlocked : (left.session.depth, right.id) > (right.session.depth, left.id)
        }
        return fullest.prefix(Self.sessionsShown).map { id, session in
            field(
                "session \(id)",
                Self.level(session.depth, of: capacity, atMost: session.highWater)
                    + (session.isBlocked ? "; the application waits" : ""), session.isBlocked ? .warning : .normal)
        }
    }

    private static func level(_ depth: Int32, of capacity: Int32, atMost most: Int32) -> String {
        "\(depth) of \(capacity), at most \(most) so far"
    }

    private var waits: [Span] { field("application", "waits for room in the queue", .warning) }

    /// Sessions of a server that are shown at most.
    private static let sessionsShown = 8

    /// Messages of a peer whose fates are shown at most.
    private static let messagesShown = 12
}
