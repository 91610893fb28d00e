package import Lab
package import Screen
import SimNetwork

/// The picture of two timelines at the same moment: where each stands, a pane of both, their events in one list, and in
/// words where they first differ and what follows.
///
/// - Parameters:
///   - view: what the user has chosen to see.
///   - current: the timeline that keys act on, at its cursor.
///   - other: the one beside it, at the same moment.
///   - comparison: how they differ.
///   - size: the screen's extent; below 60×16 the picture says what is missing.
///   - capabilities: what the terminal can show.
package func renderTimelines(
    _ view: ViewState, _ current: Snapshot, beside other: Snapshot, _ comparison: TimelineComparison, size: Size,
    capabilities: Capabilities
) -> Screen.Frame {
    guard !Layout.isTooSmall(size) else {
        return render(view, snapshot: current, size: size, capabilities: capabilities)
    }
    var canvas = Canvas(size: size, capabilities: capabilities)
    let scene = Scene(view, current)
    let layout = Layout(size: size, view: view, snapshot: current, isComparing: true)
    var otherView = view
    otherView.selected = [:]
    otherView.filter = nil
    otherView.overlay = nil
    // The focus is on what keys act on.
    let beside = Scene(otherView, other, hasFocus: false)
    let pair = SideBySide(
        left: comparison.isCurrentLeft ? scene : beside, right: comparison.isCurrentLeft ? beside : scene,
        comparison: comparison, focus: view.focus, isZoomed: view.isZoomed)
    canvas.within(layout.header) { Header(scene: scene).draw(on: &$0) }
    canvas.within(layout.body) { pair.draw(on: &$0) }
    drawFoot(scene, layout, on: &canvas)
    return canvas.frame
}

/// Two timelines, between the header and the status line.
private struct SideBySide {
    let left: Scene
    let right: Scene
    let comparison: TimelineComparison
    /// The pane that keys go to: it is shown of both, but for the events, which are in one list anyway.
    let focus: Pane
    let isZoomed: Bool

    private var pane: Pane { focus == .events ? .connections : focus }

    func draw(on canvas: inout Canvas) {
        let rows = canvas.bounds.rows
        let words = DifferenceWindow.rows(within: rows)
        let isAllEvents = isZoomed && focus == .events
        let panes = isAllEvents ? 0 : isZoomed ? rows - 1 : rows >= 20 ? (rows - words - 1) / 2 : 0
        let parts = canvas.bounds.split(rows: [
            .fixed(1), .fixed(panes), .weight(1), .fixed(isZoomed ? 0 : words),
        ])
        canvas.within(parts[0]) { canvas in
            let halves = canvas.bounds.split(columns: [.weight(1), .weight(1)])
            for (scene, half) in zip([left, right], halves) {
                canvas.within(half) { drawStand(of: scene, on: &$0) }
            }
        }
        if panes > 0 { canvas.within(parts[1]) { drawPanes(on: &$0) } }
        if !isZoomed || isAllEvents { canvas.within(parts[2]) { drawEvents(on: &$0) } }
        guard !isZoomed else { return }
        canvas.within(parts[3]) { drawWords(on: &$0) }
    }

    private func drawStand(of scene: Scene, on canvas: inout Canvas) {
        let snapshot = scene.snapshot
        let (state, style) = standing(of: snapshot, canvas.glyphs)
        canvas.put(
            whole: [
                Span(" \(snapshot.timeline)", scene.focus == nil ? .info : .title),
                Span("  t \(TimeText.clock(scene.now)) s", .normal),
                Span("  \(ThingNames.event(snapshot.event))", .dim), Span("  \(state)", style),
            ], at: Position(row: 0, column: 0), width: canvas.bounds.columns)
    }

    /// A pane of both, with a mark beside each row that is not the same.
    private func drawPanes(on canvas: inout Canvas) {
        let halves = canvas.bounds.split(columns: [.weight(1), .weight(1)])
        let columns = min(halves[0].columns, halves[1].columns)
        let rects = halves.map { Rect(row: $0.row, column: $0.column, rows: $0.rows, columns: columns) }
        for (scene, rect) in zip([left, right], rects) { scene.draw(pane, in: rect, on: &canvas) }
        let drawn = canvas
        for row in 1..<max(1, canvas.bounds.rows - 1)
        // Behind the border and the mark of what is selected.
        where (2..<max(2, columns - 1)).contains(where: { column in
            drawn.character(at: Position(row: rects[0].row + row, column: rects[0].column + column))
                != drawn.character(at: Position(row: rects[1].row + row, column: rects[1].column + column))
        }) {
            for rect in rects {
                canvas.put(
                    canvas.glyphs.differs, at: Position(row: rect.row + row, column: rect.column), .warning)
            }
        }
    }

    private func drawEvents(on canvas: inout Canvas) {
        let aligned = AlignedEvents(
            left, right, sharing: comparison.difference.shared, limit: max(0, canvas.bounds.rows - 2))
        let inner = canvas.box(title: "Events", note: "\(left.snapshot.timeline) | \(right.snapshot.timeline)")
        canvas.within(inner) { canvas in
            if aligned.rows.isEmpty { return canvas.nothing("nothing has happened yet") }
            let width = (canvas.bounds.columns - 3) / 2
            for (row, events) in aligned.rows.enumerated() {
                if comparison.difference.isMarked(left: events.left, right: events.right) {
                    canvas.put(canvas.glyphs.cross, at: Position(row: row, column: 0), .danger)
                } else if !events.isSame {
                    canvas.put(canvas.glyphs.differs, at: Position(row: row, column: 0), .warning)
                }
                draw(events.left, of: left, isSame: events.isSame, row, 2, width, on: &canvas)
                canvas.put(canvas.glyphs.lane, at: Position(row: row, column: width + 2), .border)
                draw(events.right, of: right, isSame: events.isSame, row, width + 4, width - 1, on: &canvas)
            }
        }
    }

    private func draw(
        _ event: Int?, of scene: Scene, isSame: Bool, _ row: Int, _ column: Int, _ width: Int,
        on canvas: inout Canvas
    ) {
        guard let event else { return }
        let record = scene.snapshot.records[event: event]
        let line = scene.text.line(of: record)
        let number = width >= 50 ? [Span("\(ThingNames.event(event))  ", .dim)] : []
        canvas.put(
            number + [
                Span("\(TimeText.clock(record.time))  ", .dim),
                Span(line.text, isSame ? .dim : line.isFault ? .fault : line.role.style),
            ], at: Position(row: row, column: column), width: max(0, width - 2))
    }

    private func drawWords(on canvas: inout Canvas) {
        DifferenceWindow(comparison, columns: canvas.bounds.columns, rows: canvas.bounds.rows).draw(on: &canvas)
    }
}
