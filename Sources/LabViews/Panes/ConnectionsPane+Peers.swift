import Lab
import PeerNetworking
import Screen
import SimNetwork

extension ConnectionsPane {
    /// A peer's name and state, why it is in it or what its round trip is, and how often it was connected anew.
    func drawPeer(_ number: PeerNumber, at position: Position, width: Int, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        let name = scene.names.name(number)
        let state = peer.state.description
        // A state is never cut, and a name only for it.
        let nameColumns = max(0, min(DisplayWidth.of(name), width - state.count - 1))
        canvas.put(name, at: position, width: nameColumns)
        let column = position.column + nameColumns + 1
        let reconnects = NumberText.count(Int(peer.reconnects), "reconnect")
        canvas.put(
            fields: [
                (Span(state, peer.state.role.style), 12), (why(peer), width >= 60 ? 20 : 12),
                (Span(reconnects, peer.reconnects > 0 ? .warning : .dim), 12),
            ], at: Position(row: position.row, column: column), width: max(0, width - nameColumns - 1))
    }

    /// What keeps a peer from being connected, or its latest round trip.
    private func why(_ peer: PeerView) -> Span {
        if let why = peer.why { return Span("(\(why))", peer.circuit == .open ? .danger : .warning) }
        return Span("rtt \(peer.roundTrip.map(TimeText.duration) ?? "unknown")", .dim)
    }

    /// `queue ▓▓▓▓░░▏░ 52/64  max 60`; of a server `52 in all  max 60`, for each session has a queue of its own.
    func drawQueue(of number: PeerNumber, row: Int, column: Int = 0, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        let width = canvas.bounds.columns - column
        let gauge = Self.gauge(within: width)
        let isFull = !peer.isOfSessions && peer.depth >= peer.capacity
        let most = peer.isOfSessions ? max(peer.capacity, peer.highWater) : peer.capacity
        let level = peer.isOfSessions ? "\(peer.depth) in all" : "\(peer.depth)/\(peer.capacity)"
        let depth = peer.isOfSessions ? 10 : "\(peer.capacity)/\(peer.capacity)".count
        canvas.put("queue", at: Position(row: row, column: column), .dim)
        canvas.gauge(
            Int(peer.depth), of: Int(most), mark: Int(peer.highWater), at: Position(row: row, column: column + 6),
            width: gauge, isFull ? .danger : .accent1)
        let (mark, style): (String, Style) =
            peer.isBlocked ? ("blocked", .warning) : isFull ? ("full", .danger) : ("", .normal)
        canvas.put(
            fields: [
                (Span(level, isFull ? .danger : .normal), depth),
                (Span("max \(peer.highWater)", .dim), "max \(peer.capacity)".count), (Span(mark, style), 7),
            ], at: Position(row: row, column: column + 7 + gauge), width: max(0, width - 7 - gauge))
    }

    /// A peer that is at no end of a connection, or a server with all its sessions.
    func drawAlone(_ number: PeerNumber, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        let since = TimeText.duration(max(0, scene.now - peer.stateSince))
        var spans = [Span(" for \(since)", .dim)]
        if places.isOfSessions(number) {
            spans.append(Span("  \(NumberText.count(places.sessions(of: number), "session"))"))
        } else if let why = peer.why {
            spans.insert(Span(" (\(why))", peer.circuit == .open ? .danger : .warning), at: 0)
        }
        if let host = scene.names.host(of: peer.process) {
            spans.append(Span("  on \(scene.names.name(host))", .dim))
        }
        canvas.put(
            whole: [Span("\(scene.names.name(number)) "), Span(peer.state.description, peer.state.role.style)] + spans,
            keeping: 2, at: Position(row: 0, column: 1), width: max(0, canvas.bounds.columns - 1))
        guard canvas.bounds.rows > 1 else { return }
        drawQueue(of: number, row: 1, column: 4, on: &canvas)
    }
}
