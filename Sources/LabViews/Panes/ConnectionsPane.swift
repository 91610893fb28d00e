import Lab
import PeerNetworking
import Screen
import SimNetwork

/// Both ends of every connection side by side, each with what it believes; then the peers that have none.
struct ConnectionsPane {
    let scene: Scene
    private let places: PeerPlaces

    init(scene: Scene) {
        self.scene = scene
        places = PeerPlaces(scene.snapshot)
    }

    /// The rows that an item takes.
    private static func height(of item: Item, rows: Int, connection: Int) -> Int {
        if case .connection = item { return rows >= 4 ? connection : min(rows, 2) }
        return rows >= 4 ? 2 : 1
    }

    /// What an end says of its bytes on the way does not fit beside its buffer in fewer columns.
    private static let leastForOneRow = 64

    /// Which items are shown, and in which rows, so that the selected one is among them.
    static func placement(
        _ items: [Item], selected: Int, within size: Size
    ) -> [(index: Int, row: Int, height: Int)] {
        let rows = size.rows
        guard rows > 0, !items.isEmpty else { return [] }
        // A row more for each connection where it is needed, and all that there is has room.
        let all = items.prefix(rows).reduce(0) { $0 + height(of: $1, rows: rows, connection: 5) }
        let connection = size.columns < leastForOneRow && all <= rows ? 5 : 4
        let heights = { (index: Int) in height(of: items[index], rows: rows, connection: connection) }
        var first = selected
        var used = heights(selected)
        // As much before the selected item as leaves it in view.
        while first > 0, used + heights(first - 1) <= rows {
            first -= 1
            used += heights(first)
        }
        var placed: [(index: Int, row: Int, height: Int)] = []
        var row = 0
        for index in first..<items.count where row < rows {
            placed.append((index, row, min(heights(index), rows - row)))
            row += heights(index)
        }
        return placed
    }

    func draw(on canvas: inout Canvas) {
        let items = Pane.connections.items(in: scene.snapshot)
        if items.isEmpty { return canvas.nothing("no connection and no peer yet") }
        let selected = scene.view.index(in: items, of: .connections)
        for place in Self.placement(items, selected: selected, within: canvas.bounds.size) {
            let rect = Rect(row: place.row, column: 0, rows: place.height, columns: canvas.bounds.columns)
            canvas.within(rect) { canvas in
                switch items[place.index] {
                case .connection(let id):
                    if let connection = scene.snapshot.world.connection(id) { draw(connection, on: &canvas) }
                case .peer(let peer): drawIdle(peer, on: &canvas)
                default: break
                }
            }
            if scene.view.focus == .connections, place.index == selected { canvas.select(row: place.row) }
        }
    }

    // MARK: A connection

    private func draw(_ connection: ConnectionState, on canvas: inout Canvas) {
        let columns = canvas.bounds.columns
        let name = "\(connection.id)"
        let start = max(4, name.count + 2)
        let half = (columns - start) / 2
        canvas.put(name, at: Position(row: 0, column: 1), .title)
        for side in Side.allCases {
            let column = side == .client ? start : start + half
            canvas.within(Rect(row: 0, column: column, rows: canvas.bounds.rows, columns: half - 1)) {
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

    private func drawEnd(_ connection: ConnectionState, _ side: Side, on canvas: inout Canvas) {
        let end = connection.end(side)
        let peer = places.peer(at: connection, side)
        let width = canvas.bounds.columns - (side == .client ? 2 : 0)
        canvas.put(
            whole: [
                Span(stateText(end), stateStyle(end)), Span("  \(scene.names.name(end.host))", .dim),
                // On loopback the client's port is the kernel's choice, and not known.
                Span(end.port == 0 ? "" : ":\(end.port)", .dim),
            ], at: Position(row: 0, column: 0), width: width)
        var peerSpans: [Span] = []
        if side == .server, let since = connection.disagreeSince {
            let time = TimeText.duration(max(0, scene.view.now - since))
            peerSpans.append(Span("\(canvas.glyphs.cross) half-open for \(time)", .danger))
        } else if let peer {
            peerSpans = spans(of: peer) + roundTrip(of: peer)
        }
        if let failure = end.failure { peerSpans.append(Span("  failed: \(failure.words)", .danger)) }
        canvas.put(whole: peerSpans, keeping: 2, at: Position(row: 1, column: 0), width: width)
        if let peer, canvas.bounds.rows > 2 { drawQueue(of: peer, row: 2, on: &canvas) }
        if canvas.bounds.rows > 3, end.state != nil { drawBuffers(of: end, row: 3, on: &canvas) }
    }

    private func stateText(_ end: ConnectionState.End) -> String {
        end.state?.description ?? (end.hadSocket ? "gone" : "none yet")
    }

    private func stateStyle(_ end: ConnectionState.End) -> Style {
        switch end.state {
        case nil: .danger
        case .established?: .good
        case .closed?: .dim
        default: .warning
        }
    }

    /// `recv ▓░░░ 12/64K  3 B unacked  2 resent`.
    private func drawBuffers(of end: ConnectionState.End, row: Int, on canvas: inout Canvas) {
        let levels = end.levels
        let capacity = scene.snapshot.lab.topology.hosts[Int(end.host.index)].tcp.receiveBuffer
        let gauge = canvas.bounds.columns >= 36 ? 8 : 4
        canvas.put("recv ", at: Position(row: row, column: 0), .dim)
        let isFull = levels.received >= capacity
        canvas.gauge(
            Int(levels.received), of: Int(capacity), at: Position(row: row, column: 5), width: gauge,
            isFull ? .danger : .accent3)
        var spans = [
            Span(
                " \(NumberText.level(Int64(levels.received)))/\(NumberText.level(Int64(capacity)))",
                isFull ? .danger : .normal)
        ]
        var sent: [Span] = []
        if levels.inFlight > 0 { sent.append(Span("\(NumberText.bytes(Int64(levels.inFlight))) unacked", .accent1)) }
        if levels.retransmissions > 0 { sent.append(Span("\(levels.retransmissions) resent", .warning)) }
        if row + 1 < canvas.bounds.rows {
            let line = Array(sent.map { [$0] }.joined(separator: [Span("  ")]))
            canvas.put(whole: line, at: Position(row: row + 1, column: 0), width: canvas.bounds.columns)
        } else {
            spans += sent.flatMap { [Span("  "), $0] }
        }
        canvas.put(
            whole: spans, at: Position(row: row, column: 5 + gauge), width: max(0, canvas.bounds.columns - 5 - gauge))
    }
}
