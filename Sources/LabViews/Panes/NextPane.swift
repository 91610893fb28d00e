import Lab
import Screen
import SimNetwork

/// What is pending, the earliest first.
struct NextPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let upcoming = scene.snapshot.upcoming
        if upcoming.isEmpty, scene.snapshot.event > 0 {
            canvas.nothing(scene.nothingPending)
            return
        }
        if scene.snapshot.event == 0, scene.snapshot.provider == .sim {
            // The start is an event of the run, and no one schedules it.
            canvas.put(
                [Span("\(canvas.glyphs.rightArrow)", .focus), Span(" 0.000 000  ", .dim), Span("run start", .info)],
                at: Position(row: 0, column: 0), width: canvas.bounds.columns)
            let rest = Rect(row: 1, column: 0, rows: canvas.bounds.rows - 1, columns: canvas.bounds.columns)
            canvas.within(rest) { drawList(upcoming, on: &$0) }
            return
        }
        drawList(upcoming, on: &canvas)
    }

    private func drawList(_ upcoming: [UpcomingEvent], on canvas: inout Canvas) {
        let items = upcoming.map(Item.upcoming)
        let selected = scene.view.index(in: items, of: .next)
        let window = ListWindow(count: items.count, selected: selected, rows: canvas.bounds.rows).range
        let width = upcoming[window].map { TimeText.clock($0.time).count }.max() ?? 0
        for (row, index) in window.enumerated() {
            let event = upcoming[index]
            let line = scene.text.line(of: event)
            if index == 0, scene.snapshot.event > 0 {
                canvas.put(canvas.glyphs.rightArrow, at: Position(row: row, column: 0), .focus)
            }
            canvas.put(
                TimeText.clock(event.time), at: Position(row: row, column: 2), .dim, width: width, alignment: .trailing)
            let text = line.isFault ? "\(canvas.glyphs.bolt) \(line.verb)" : line.text
            let column = width + 4
            canvas.put(
                text, at: Position(row: row, column: column), line.style, width: max(0, canvas.bounds.columns - column))
            if scene.view.focus == .next, index == selected { canvas.select(row: row) }
        }
    }
}
