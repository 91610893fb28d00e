import Lab
import Screen
import SimNetwork

/// What a pane draws from: the run at its cursor, and what the user has chosen.
struct Scene {
    let view: ViewState
    let snapshot: Snapshot
    let text: EventText
    /// What is selected in the pane that has the focus.
    let selected: Item?
    var names: Names { text.names }

    init(_ view: ViewState, _ snapshot: Snapshot) {
        self.view = view
        self.snapshot = snapshot
        text = EventText(snapshot)
        selected = view.selection(in: view.focus, of: snapshot)
    }

    /// Draws a pane with its frame.
    func draw(_ pane: Pane, in rect: Rect, on canvas: inout Canvas) {
        canvas.within(rect) { canvas in
            let isFocused = view.focus == pane && view.overlay == nil
            let inner = canvas.box(
                title: "\(pane.digit) \(pane.title)", focused: isFocused, note: note(of: pane),
                foot: foot(of: pane, within: canvas.bounds.size, canvas.glyphs))
            canvas.within(inner) { canvas in
                switch pane {
                case .topology: TopologyPane(scene: self).draw(on: &canvas)
                case .connections: ConnectionsPane(scene: self).draw(on: &canvas)
                case .events: EventsPane(scene: self).draw(on: &canvas)
                case .next: NextPane(scene: self).draw(on: &canvas)
                case .buggify: BuggifyPane(scene: self).draw(on: &canvas)
                case .story: StoryPane(scene: self).draw(on: &canvas)
                case .expect: ExpectPane(scene: self).draw(on: &canvas)
                }
            }
        }
    }

    /// What stands at the right of a pane's heading.
    private func note(of pane: Pane) -> String {
        switch pane {
        case .topology:
            let down = snapshot.world.hosts.count { !$0.isOn }
            return NumberText.count(snapshot.world.hosts.count, "host") + (down > 0 ? ", \(down) down" : "")
                + (snapshot.world.partitions.isEmpty ? "" : ", parted")
        case .connections: return "\(snapshot.world.connections.count)"
        case .events:
            guard let filter = view.filter else { return "\(snapshot.event)" }
            return "/\(filter.text)  \(filter.matches.count)" + (filter.low > 1 ? " from #\(filter.low)" : "")
        case .next: return snapshot.isLive ? "" : "as recorded"
        case .buggify: return ""
        // Its author did not know what was done to this run by hand.
        case .story: return snapshot.story.isEmpty || snapshot.interventions.isEmpty ? "" : "as if untouched"
        case .expect:
            let failed = snapshot.expectations.count { $0.verdict == .failed }
            return failed > 0 ? "\(failed) failed" : ""
        }
    }

    /// What stands at the right of a pane's lower border: how much of its list is out of sight.
    private func foot(of pane: Pane, within size: Size, _ glyphs: GlyphSet) -> String {
        let inner = Size(rows: max(0, size.rows - 2), columns: max(0, size.columns - 2))
        switch pane {
        case .events, .next, .story: return ""
        case .topology where !TopologyPane.isList(snapshot.lab.topology, within: inner): return ""
        case .topology, .connections, .buggify, .expect: break
        }
        var items = pane.items(in: snapshot)
        if pane == .topology {
            items = TopologyPane.listed(items, rows: inner.rows, isFocused: view.focus == .topology)
        }
        let selected = view.index(in: items, of: pane)
        let shown: Range<Int>
        if pane == .connections {
            let placed = ConnectionsPane.placement(items, selected: selected, within: inner)
            shown = (placed.first?.index ?? 0)..<(placed.last.map { $0.index + 1 } ?? 0)
        } else {
            shown = ListWindow(count: items.count, selected: selected, rows: inner.rows).range
        }
        let parts = [(glyphs.upArrow, shown.lowerBound), (glyphs.downArrow, items.count - shown.upperBound)]
        let said = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        return said.isEmpty ? "" : said.joined(separator: "  ") + " more"
    }

    /// Why nothing is known to come.
    var nothingPending: String {
        if snapshot.isOver { return "the run is over" }
        return snapshot.provider == .sim
            ? "nothing more before the end" : "real sockets do not say what comes"
    }

    /// Whether a row of a pane is the selected one and shows it.
    func isSelected(_ item: Item, in pane: Pane) -> Bool {
        view.focus == pane && selected == item
    }
}

extension Canvas {
    /// Marks a row as the selected one: by its style, and by an arrow in its first column.
    mutating func select(row: Int, rows: Int = 1) {
        restyle(Rect(row: row, column: 0, rows: rows, columns: bounds.columns)) { Style(.selection, $0.emphasis) }
        put(glyphs.rightArrow, at: Position(row: row, column: 0), .selection)
    }

    /// Puts the first pieces, cut where they must be, and those of the others that fit wholly.
    mutating func put(whole spans: [Span], keeping first: Int = 1, at position: Position, width: Int) {
        var shown: [Span] = []
        var used = 0
        for span in spans {
            let columns = span.width
            if used + columns > width, shown.count >= first { break }
            shown.append(span)
            used += columns
        }
        put(shown, at: position, width: max(0, width))
    }

    /// Says in the middle of the area that there is nothing.
    mutating func nothing(_ text: String) {
        put(
            text, at: Position(row: max(0, bounds.rows / 2 - (bounds.rows > 2 ? 1 : 0)), column: 0), .dim,
            width: bounds.columns, alignment: .centre)
    }
}
