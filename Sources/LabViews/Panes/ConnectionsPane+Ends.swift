import Lab
import PeerNetworking
import Screen
import SimNetwork
import TCP

extension ConnectionsPane {
    /// A connection: its name, its two ends, and whether they agree.
    func draw(_ connection: ConnectionState, on canvas: inout Canvas) {
        let columns = canvas.bounds.columns
        let name = "\(connection.id)"
        let start = max(4, name.count + 2)
        let half = (columns - start) / 2
        canvas.put(name, at: Position(row: 0, column: 1), .title)
        for side in Side.allCases {
            let column = side == .client ? start : start + half
            let width = half - (side == .client ? 3 : 1)
            canvas.within(Rect(row: 0, column: column, rows: canvas.bounds.rows, columns: width)) {
                drawEnd(connection, side, on: &$0)
            }
        }
        if canvas.bounds.rows > 0 {
            let agree = connection.disagreeSince == nil
            canvas.put(
                agree ? canvas.glyphs.bothWays : canvas.glyphs.cross, at: Position(row: 0, column: start + half - 2),
                agree ? .dim : .danger)
        }
    }

    /// An end, each field in its place: what it believes and where it is; whose it is; what that has queued; its buffers.
    private func drawEnd(_ connection: ConnectionState, _ side: Side, on canvas: inout Canvas) {
        let end = connection.end(side)
        let options = scene.snapshot.lab.topology.hosts[Int(end.host.index)].tcp
        let rows = canvas.bounds.rows
        drawAddress(of: end, on: &canvas)
        guard rows > 1 else { return }
        drawOwner(of: connection, side, on: &canvas)
        guard rows > 2 else { return }
        let isThere = end.state != nil
        let owner = places.peer(at: connection, side)
        if let peer = owner, !places.isOfSessions(peer) {
            drawQueue(of: peer, row: 2, on: &canvas)
        } else if isThere, let peer = owner {
            drawQueue(of: connection.session, of: peer, row: 2, on: &canvas)
        } else {
            let level = isThere ? Int64(end.levels.sendQueued) : nil
            drawBuffer("send", level, of: Int64(options.sendBuffer), .accent1, row: 2, on: &canvas)
        }
        guard rows > 3 else { return }
        let level = isThere ? Int64(end.levels.received) : nil
        let column = drawBuffer("recv", level, of: Int64(options.receiveBuffer), .accent3, row: 3, on: &canvas)
        guard isThere else { return }
        if rows > 4 {
            drawFlight(of: end.levels, withUnsent: owner != nil, row: 4, column: 0, on: &canvas)
        } else if canvas.bounds.columns - column >= Self.unackedColumns {
            drawFlight(of: end.levels, withUnsent: owner != nil, row: 3, column: column, on: &canvas)
        }
    }

    /// `ESTABLISHED  client:32768`.
    private func drawAddress(of end: ConnectionState.End, on canvas: inout Canvas) {
        let width = canvas.bounds.columns
        let state = end.state?.description ?? end.absence
        let style: Style =
            switch end.state {
            case nil: .danger
            case .established: .good
            case .closed: .dim
            case .synSent, .synReceived, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait:
                .warning
            }
        let name = scene.names.name(end.host)
        // On loopback the client's port is the kernel's choice, and not known.
        let port = end.port == 0 ? "" : ":\(end.port)"
        let stateColumns = max(Self.stateColumns, state.count + 1)
        canvas.put(state, at: Position(row: 0, column: 0), style, width: min(width, stateColumns))
        let room = width - stateColumns
        let fits = DisplayWidth.of(name) + port.count <= room
        canvas.put(name + (fits ? port : ""), at: Position(row: 0, column: stateColumns), .dim, width: max(0, room))
    }

    /// The columns of a state, which most of them fit into with a space after it.
    private static let stateColumns = 12

    /// Whose end it is: a client with its state, or that it is a session of a server; and what has gone wrong.
    private func drawOwner(of connection: ConnectionState, _ side: Side, on canvas: inout Canvas) {
        let end = connection.end(side)
        let width = canvas.bounds.columns
        let position = Position(row: 1, column: 0)
        if side == connection.silentSide, let since = connection.disagreeSince {
            let time = TimeText.duration(max(0, scene.now - since))
            // How long is worth more than the little word.
            let texts = ["for ", ""].map { "\(canvas.glyphs.cross) half-open \($0)\(time)" }
            let text = texts.first { DisplayWidth.of($0) <= width } ?? texts[1]
            canvas.put(text, at: position, .danger, width: width)
        } else if let failure = end.failure {
            canvas.put("failed: \(failure.words)", at: position, .danger, width: width)
        } else if let peer = places.peer(at: connection, side) {
            if places.isOfSessions(peer) {
                let isThere = end.state != nil
                let owner = Span(
                    isThere ? "session of \(scene.names.name(peer))" : "no session", isThere ? .normal : .dim)
                let roundTrip = isThere ? connection.session?.roundTrip : nil
                let time = roundTrip.map { [Span("  rtt \(TimeText.duration($0))", .dim)] } ?? []
                canvas.put(whole: [owner] + time, at: position, width: width)
            } else {
                drawPeer(peer, at: position, width: width, on: &canvas)
            }
        }
    }

    /// `recv ▓░░░ 12/64K`; without a socket there is no buffer, which is said.
    ///
    /// - Returns: the column after it.
    @discardableResult
    private func drawBuffer(
        _ name: String, _ level: Int64?, of capacity: Int64, _ style: Style, row: Int, on canvas: inout Canvas
    ) -> Int {
        let gauge = Self.gauge(within: canvas.bounds.columns)
        canvas.put(name, at: Position(row: row, column: 0), .dim)
        guard let level else {
            return canvas.put("none", at: Position(row: row, column: 6), .dim, width: max(0, canvas.bounds.columns - 6))
        }
        let isFull = level >= capacity
        canvas.gauge(
            Int(level), of: Int(capacity), at: Position(row: row, column: 6), width: gauge, isFull ? .danger : style)
        canvas.put(
            "\(NumberText.level(level))/\(NumberText.level(capacity))", at: Position(row: row, column: 7 + gauge),
            isFull ? .danger : .normal, width: max(0, canvas.bounds.columns - 7 - gauge))
        return 7 + gauge + Self.levelColumns
    }

    /// `647 B unacked  2 resent  900 B to send`: what is on the way, what had to be sent again, and what the send buffer holds
    /// where no gauge shows that.
    private func drawFlight(
        of levels: EndLevels, withUnsent: Bool, row: Int, column: Int, on canvas: inout Canvas
    ) {
        let queued = Int64(levels.sendQueued)
        let unsent = Span("\(NumberText.bytes(queued)) to send", queued > 0 ? .accent1 : .dim)
        let unacked = "\(NumberText.bytes(Int64(levels.inFlight))) unacked"
        canvas.put(
            fields: [
                (Span(unacked, levels.inFlight > 0 ? .accent1 : .dim), Self.unackedColumns),
                (
                    Span("\(levels.retransmissions) resent", levels.retransmissions > 0 ? .warning : .dim),
                    Self.resentColumns
                ),
            ] + (withUnsent ? [(unsent, Self.unackedColumns)] : []), at: Position(row: row, column: column),
            width: max(0, canvas.bounds.columns - column))
    }

    private static let levelColumns = 11
    private static let unackedColumns = 14
    private static let resentColumns = 9

    /// The columns of a gauge in an end of so many.
    static func gauge(within columns: Int) -> Int { columns >= 36 ? 10 : columns >= 24 ? 5 : 4 }
}

extension ConnectionState {
    /// The side that the other one believes in wrongly, where the two disagree.
    fileprivate var silentSide: Side {
        client.state == nil || (client.failure != nil && server.state != nil) ? .client : .server
    }
}
