import Lab
import PeerNetworking
import Screen
import SimNetwork

extension ConnectionsPane {
    /// A peer's name and state, with reconnects.
    func spans(of number: PeerNumber) -> [Span] {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        var spans = [
            Span("\(scene.names.name(number)) "), Span(peer.state.description, EventText.style(of: peer.state)),
        ]
        if let reason = peer.reason { spans.append(Span(" (\(reason.words))", .warning)) }
        if peer.isBlocked { spans.append(Span("  blocked", .warning)) }
        if peer.reconnects > 0 {
            spans.append(Span("  \(NumberText.count(Int(peer.reconnects), "reconnect"))", .warning))
        }
        return spans
    }

    /// The round trip that a connected peer has last measured.
    func roundTrip(of number: PeerNumber) -> [Span] {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        return peer.roundTrip.map { [Span("  rtt \(TimeText.duration($0))", .dim)] } ?? []
    }

    /// `send ▓▓▓▓░░▏░ 52/64 max 60`; of a server `52 max 60`, for each session has a
    /// queue of its own.
    func drawQueue(of number: PeerNumber, row: Int, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        let gauge = canvas.bounds.columns >= 36 ? 10 : 5
        canvas.put("send ", at: Position(row: row, column: 0), .dim)
        let isFull = !peer.isOfSessions && peer.depth >= peer.capacity
        let most = peer.isOfSessions ? max(peer.capacity, peer.highWater) : peer.capacity
        let bound = peer.isOfSessions ? "" : "/\(peer.capacity)"
        canvas.gauge(
            Int(peer.depth), of: Int(most), mark: Int(peer.highWater), at: Position(row: row, column: 5),
            width: gauge, isFull ? .danger : .accent1)
        canvas.put(
            whole: [
                Span(" \(peer.depth)\(bound)\(isFull ? " full" : "")", isFull ? .danger : .normal),
                Span(" max \(peer.highWater)", .dim),
            ], at: Position(row: row, column: 5 + gauge), width: max(0, canvas.bounds.columns - 5 - gauge))
    }

    /// A peer without a connection.
    func drawIdle(_ number: PeerNumber, on canvas: inout Canvas) {
        let peer = scene.snapshot.world.peers[Int(number.index)]
        let host = scene.names.host(of: peer.process).map { "  on \(scene.names.name($0))" } ?? ""
        let since = TimeText.duration(max(0, scene.view.now - peer.stateSince))
        canvas.put(
            whole: spans(of: number) + [Span(" for \(since)", .dim), Span(host, .dim)],
            keeping: 2, at: Position(row: 0, column: 1), width: max(0, canvas.bounds.columns - 1))
        guard canvas.bounds.rows > 1 else { return }
        canvas.within(Rect(row: 1, column: 4, rows: 1, columns: canvas.bounds.columns - 4)) {
            drawQueue(of: number, row: 0, on: &$0)
        }
    }
}
