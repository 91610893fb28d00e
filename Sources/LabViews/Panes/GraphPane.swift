import Lab
import PeerNetworking
import Screen
import SimNetwork
import TCP

extension Pane {
    static let graph = Pane(GraphPane.self)
}

/// Which direction of which connection the graph shows, and how far back.
package struct GraphChoice: Hashable, Sendable {
    /// The connection; nil for the one that is selected, or the first.
    var connection: ConnectionID?
    /// The sender; nil for the side that has sent more.
    var side: Side?
    /// Nanoseconds; nil for the whole life of the connection.
    var span: Int64?
}

/// The time–sequence graph of a connection, and its congestion window below.
struct GraphPane: PaneView {
    static let name = "graph"
    static let title = "Graph"
    /// It takes the place of another pane, or the whole screen.
    static let place = PanePlace(
        band: .middle, columns: .weight(3), least: Size(rows: .max, columns: .max), leastStacked: .max)

    let scene: Scene

    /// What is shown of a view: nil where there is no connection.
    private static func direction(
        _ view: ViewState, _ snapshot: Snapshot
    ) -> (connection: ConnectionID, side: Side)? {
        let all = snapshot.world.connections
        var chosen = view.graph.connection
        if chosen == nil, case .connection(let selected)? = view.selected[.connections] { chosen = selected }
        guard let connection = chosen ?? all.first?.id else { return nil }
        if let side = view.graph.side { return (connection, side) }
        return (connection, SequenceGraph.sender(of: connection, in: snapshot))
    }

    private static func graph(_ view: ViewState, _ snapshot: Snapshot) -> SequenceGraph? {
        direction(view, snapshot).map {
            SequenceGraph($0.connection, from: $0.side, back: view.graph.span, in: snapshot)
        }
    }

    var note: String {
        guard let shown = Self.direction(scene.view, scene.snapshot) else { return "" }
        return "\(shown.connection), what its \(shown.side) sends"
    }

    // MARK: Selecting

    static func items(in snapshot: Snapshot) -> [Item] { [] }
    func window(within size: Size) -> (shown: Range<Int>, count: Int)? { nil }
    func item(at position: Position, within size: Size) -> Item? {
        guard let graph = Self.graph(scene.view, scene.snapshot), !graph.isEmpty else { return nil }
        let plan = Plan(size, graph)
        return graph.events.min { left, right in
            plan.distance(of: left, from: position.column, in: scene.snapshot)
                < plan.distance(of: right, from: position.column, in: scene.snapshot)
        }.map(Item.event)
    }

    static func selection(_ view: ViewState, _ snapshot: Snapshot) -> Item? {
        let kept = snapshot.records.first...max(snapshot.records.first, snapshot.event)
        if case .event(let event)? = view.selected[pane], kept.contains(event) { return .event(event) }
        return graph(view, snapshot)?.events.last.map(Item.event)
    }

    static func moveSelection(_ view: inout ViewState, by count: Int, in snapshot: Snapshot) throws(SessionError) {
        let events = graph(view, snapshot)?.events ?? []
        guard let last = events.last else { throw SessionError("nothing was sent there yet") }
        let current: Int = if case .event(let event)? = selection(view, snapshot) { event } else { last }
        let index = events.lastIndex { $0 <= current } ?? 0
        let moved = events[min(max(index + count, 0), events.count - 1)]
        // At the newest it follows the cursor again.
        view.selected[pane] = moved == last ? nil : .event(moved)
    }

    // MARK: Drawing

    func draw(on canvas: inout Canvas) {
        guard let graph = Self.graph(scene.view, scene.snapshot) else {
            return canvas.nothing("there is no connection yet")
        }
        guard !graph.isEmpty else {
            return canvas.nothing("nothing was sent in this time")
        }
        let plan = Plan(canvas.bounds.size, graph)
        let pens = Pens(canvas.glyphs)
        canvas.within(plan.upper) { plan.drawSequence(graph, pens, on: &$0) }
        canvas.within(plan.lower) { plan.drawCongestion(graph, pens, on: &$0) }
        plan.drawLabels(graph, pens, on: &canvas)
        drawSelection(graph, plan, on: &canvas)
    }

    /// The column of the selected event, and what it is.
    private func drawSelection(_ graph: SequenceGraph, _ plan: Plan, on canvas: inout Canvas) {
        guard case .event(let event)? = Self.selection(scene.view, scene.snapshot) else { return }
        let record = scene.snapshot.records[event: event]
        let line = graph.change(of: record).map { scene.text.line(of: $0, in: record) } ?? scene.text.line(of: record)
        canvas.put(
            [
                Span("\(ThingNames.event(event))  \(TimeText.clock(record.time))  ", .dim),
                Span("\(line.who) \(line.verb) \(line.detail)", line.role.style),
            ], at: Position(row: canvas.bounds.rows - 1, column: 0), width: canvas.bounds.columns)
        guard isFocused, let column = plan.cell(ofTime: record.time) else { return }
        let rows = plan.lower.row + plan.lower.rows
        canvas.restyle(Rect(row: 0, column: column, rows: rows, columns: 1)) { style in
            var style = style
            style.role = .selection
            return style
        }
        canvas.put(canvas.glyphs.downArrow, at: Position(row: 0, column: column), .selection)
    }
}
