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

    /// A send queue as it is drawn.
    private struct Queue {
        var depth: Int32
        var highWater: Int32
        var capacity: Int32
        var isBlocked: Bool
        /// It is those of all sessions together, each of which has the capacity for itself.
        var isOfAll = false

        var isFull: Bool { !isOfAll && depth >= capacity }
        /// What the gauge holds.
        var most: Int32 { isOfAll ? max(capacity, highWater) : capacity }
        var level: String { isOfAll ? "\(depth) in all" : "\(depth)/\(capacity)" }
        var levelColumns: Int { isOfAll ? 10 : "\(capacity)/\(capacity)".count }
        var mark: (text: String, style: Style) {
            isBlocked ? ("blocked", .warning) : isFull ? ("full", .danger) : ("", .normal)
        }
    }

    /// `queue ▓▓▓▓░░▏░ 52/64  max 60`; of a server `52 in all  max 60`, for each session has a queue of its own.
    func drawQueue(of number: PeerNumber, row: Int, column: Int = 0, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        draw(
            Queue(
                depth: peer.depth, highWater: peer.highWater, capacity: peer.capacity, isBlocked: peer.isBlocked,
                isOfAll: peer.isOfSessions), row: row, column: column, on: &canvas)
    }

    /// The queue of a session that has one of its own beside those of its peer's other ones.
    func drawQueue(of session: SessionView?, of number: PeerNumber, row: Int, on canvas: inout Canvas) {
        draw(
            Queue(
                depth: session?.depth ?? 0, highWater: session?.highWater ?? 0,
                capacity: scene.snapshot.world.peers[Int(number.index)].capacity,
                isBlocked: session?.isBlocked ?? false), row: row, column: 0, on: &canvas)
    }

    private func draw(_ queue: Queue, row: Int, column: Int, on canvas: inout Canvas) {
        let width = canvas.bounds.columns - column
        let gauge = Self.gauge(within: width)
        canvas.put("queue", at: Position(row: row, column: column), .dim)
        canvas.gauge(
            Int(queue.depth), of: Int(queue.most), mark: Int(queue.highWater),
            at: Position(row: row, column: column + 6), width: gauge, queue.isFull ? .danger : .accent1)
        canvas.put(
            fields: [
                (Span(queue.level, queue.isFull ? .danger : .normal), queue.levelColumns),
                (Span("max \(queue.highWater)", .dim), "max \(queue.capacity)".count),
                (Span(queue.mark.text, queue.mark.style), 7),
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
