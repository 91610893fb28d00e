import Lab
import Screen
import SimNetwork

/// The past, the newest at the bottom.
struct EventsPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let shown = Self.shown(scene.view, scene.snapshot, rows: canvas.bounds.rows)
        if shown.isEmpty {
            canvas.nothing(scene.view.filter.map { "no event contains '\($0.text)'" } ?? "nothing has happened yet")
            return
        }
        let numberWidth = max(4, "\(shown.last ?? 0)".count)
        let timeWidth = TimeText.clock(scene.snapshot.world.time).count
        let selection = scene.view.selection(in: .events, of: scene.snapshot)
        for (row, event) in shown.enumerated() {
            let record = scene.snapshot.records[event: event]
            draw(record, row: row, numberWidth: numberWidth, timeWidth: timeWidth, on: &canvas)
            if scene.view.focus == .events, selection == .event(event) { canvas.select(row: row) }
        }
    }

    private func draw(_ record: EventRecord, row: Int, numberWidth: Int, timeWidth: Int, on canvas: inout Canvas) {
        let line = scene.text.line(of: record)
        let columns = canvas.bounds.columns
        var column = 1
        func put(_ text: String, _ style: Style, width: Int, _ alignment: Alignment = .leading, gap: Int = 2) {
            canvas.put(text, at: Position(row: row, column: column), style, width: width, alignment: alignment)
            column += width + gap
        }
        // In a narrow pane what happened matters more than its number, which the inspector shows.
        if columns >= 52 { put("\(record.number)", .dim, width: numberWidth, .trailing) }
        put(TimeText.clock(record.time), .dim, width: timeWidth, .trailing)
        let who = line.isFault ? "\(canvas.glyphs.bolt) \(line.who)" : line.who
        put(who, line.isFault ? .fault : .info, width: columns >= 70 ? 12 : 8, gap: 1)
        // Faults are told in one piece: their verbs are long.
        let rest = line.isFault ? "\(line.verb) \(line.detail)" : line.verb
        if line.isFault {
            put(rest, line.style, width: max(0, columns - column))
        } else {
            put(rest, line.style, width: columns >= 52 ? 9 : 8, gap: 1)
            put(line.detail, line.style, width: max(0, columns - column))
        }
    }

    /// The numbers of the events shown, ascending: the newest, or those around the selected one.
    static func shown(_ view: ViewState, _ snapshot: Snapshot, rows: Int) -> [Int] {
        let selected: Int? = if case .event(let event)? = view.selected[.events] { event } else { nil }
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
