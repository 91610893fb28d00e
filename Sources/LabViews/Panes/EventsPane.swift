import Lab
import Screen
import SimNetwork

extension Pane {
    static let events = Pane(EventsPane.self)
}

/// The past, the newest at the bottom.
struct EventsPane: PaneView {
    static let name = "events"
    static let title = "Events"
    static let place = PanePlace(
        band: .middle, columns: .weight(3), stacked: .weight(1, min: 5), compared: .weight(3), givesWay: true)

    let scene: Scene

    var note: String {
        guard let filter = scene.view.filter else { return "\(scene.snapshot.event)" }
        return "/\(filter.text)  \(filter.matches.count)"
            + (filter.low > 1 ? " from \(ThingNames.event(filter.low))" : "")
    }

    func draw(on canvas: inout Canvas) {
        let shown = Self.shown(scene.view, scene.snapshot, rows: canvas.bounds.rows)
        if shown.isEmpty {
            canvas.nothing(
                scene.view.filter.map { "no event contains \(quoted($0.text))" } ?? "nothing has happened yet")
            return
        }
        let columns = Columns(canvas.bounds.columns, last: shown.last ?? 0, time: scene.snapshot.world.time)
        let selection = Self.selection(scene.view, scene.snapshot)
        let partings = Set(scene.snapshot.timelines.partings(from: scene.snapshot.timelines.current))
        for (row, event) in shown.enumerated() {
            draw(scene.snapshot.records[event: event], row: row, columns, on: &canvas)
            // Behind this event another timeline goes its own way.
            if partings.contains(event) {
                canvas.put(canvas.glyphs.differs, at: Position(row: row, column: 0), .warning)
            }
            if isFocused, selection == .event(event) { canvas.select(row: row) }
        }
    }

    /// The columns of the fields, the same in every row.
    private struct Columns {
        let all: Int
        /// In a narrow pane what happened matters more than its number, which the inspector shows.
        let number: Int
        let time: Int
        let who: Int
        let verb: Int

        init(_ all: Int, last: Int, time: Int64) {
            self.all = all
            number = all >= 52 ? max(5, ThingNames.event(last).count) : 0
            self.time = TimeText.clock(time).count
            who = all >= 70 ? 12 : 8
            verb = all >= 52 ? 9 : 8
        }
    }

    private func draw(_ record: EventRecord, row: Int, _ columns: Columns, on canvas: inout Canvas) {
        let line = scene.view.filter?.line(of: record, scene.text) ?? scene.text.line(of: record)
        let more = line.more > 0 ? "+\(line.more)" : ""
        var column = 1
        func put(_ text: String, _ style: Style, width: Int, _ alignment: Alignment = .leading, gap: Int = 2) {
            canvas.put(text, at: Position(row: row, column: column), style, width: width, alignment: alignment)
            column += width + gap
        }
        if columns.number > 0 { put(ThingNames.event(record.number), .dim, width: columns.number, .trailing) }
        put(TimeText.clock(record.time), .dim, width: columns.time, .trailing)
        let end = columns.all - (more.isEmpty ? 0 : more.count + 1)
        let who = line.isFault ? "\(canvas.glyphs.bolt) \(line.who)" : line.who
        // Faults are told in one piece: their verbs are long.
        let rest = line.isFault ? 0 : max(columns.verb, DisplayWidth.of(line.verb)) + 1
        let detail = line.isFault ? "\(line.verb) \(line.detail)" : line.detail
        // A long name takes the columns that nothing else in its row needs.
        let free = end - column - columns.who - 1 - rest - DisplayWidth.of(detail)
        put(
            who, line.isFault ? .fault : .info,
            width: columns.who + max(0, min(free, DisplayWidth.of(who) - columns.who)), gap: 1)
        if !line.isFault { put(line.verb, line.role.style, width: rest - 1, gap: 1) }
        put(detail, line.role.style, width: max(0, end - column))
        if !more.isEmpty { canvas.put(more, at: Position(row: row, column: columns.all - more.count), .dim) }
    }

    func window(within size: Size) -> (shown: Range<Int>, count: Int)? { nil }

    /// What is newer than the last that is shown: of what is older the numbers tell.
    func foot(within size: Size, _ glyphs: GlyphSet) -> String {
        guard let last = Self.shown(scene.view, scene.snapshot, rows: size.rows).last else { return "" }
        let newer = scene.view.filter.map { $0.matches.count { $0 > last } } ?? scene.snapshot.event - last
        return ListWindow.foot(0..<1, of: 1 + newer, glyphs)
    }

    func item(at position: Position, within size: Size) -> Item? {
        let shown = Self.shown(scene.view, scene.snapshot, rows: size.rows)
        return shown.indices.contains(position.row) ? .event(shown[position.row]) : nil
    }

    /// The numbers of the events shown, ascending: the newest, or those around the selected one.
    private static func shown(_ view: ViewState, _ snapshot: Snapshot, rows: Int) -> [Int] {
        let selected: Int? = if case .event(let event)? = view.selected[pane] { event } else { nil }
        if let filter = view.filter {
            let matches = filter.matches
            let index = selected.flatMap { selected in matches.lastIndex { $0 <= selected } } ?? matches.count - 1
            let end = min(matches.count, max(index + 1 + rows / 2, rows))
            return Array(matches[max(0, end - rows)..<max(0, end)])
        }
        var last = snapshot.event
        if let selected, selected <= last - rows { last = min(last, selected + rows / 2) }
        last = max(last, min(rows, snapshot.event))
        guard last > 0, rows > 0 else { return [] }
        return Array(max(1, last - rows + 1)...last)
    }
}

// MARK: Selecting

extension EventsPane {
    /// None: they are too many to be listed.
    static func items(in snapshot: Snapshot) -> [Item] { [] }

    static func selection(_ view: ViewState, _ snapshot: Snapshot) -> Item? {
        if case .event(let event)? = view.selected[pane], event <= snapshot.event { return .event(event) }
        if let filter = view.filter { return filter.matches.last.map(Item.event) }
        return snapshot.event > 0 ? .event(snapshot.event) : nil
    }

    static func moveSelection(_ view: inout ViewState, by count: Int, in snapshot: Snapshot) throws(SessionError) {
        guard snapshot.event > 0 else { throw SessionError("nothing has happened yet") }
        let current: Int =
            if case .event(let event)? = selection(view, snapshot) { event } else { snapshot.event }
        let moved: Int
        if let filter = view.filter {
            guard !filter.matches.isEmpty else { throw SessionError("no event contains \(quoted(filter.text))") }
            let index = filter.matches.lastIndex { $0 <= current } ?? 0
            if index + count < 0 { view.filter?.wantMore(-(index + count)) } else { view.filter?.stay() }
            moved = filter.matches[min(max(index + count, 0), filter.matches.count - 1)]
        } else {
            moved = min(max(current + count, 1), snapshot.event)
        }
        // At the newest the pane follows the cursor again.
        view.selected[pane] = moved == (view.filter?.matches.last ?? snapshot.event) ? nil : .event(moved)
    }
}
