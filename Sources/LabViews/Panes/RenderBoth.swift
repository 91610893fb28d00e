package import Lab
package import Screen
import SimNetwork

/// The picture of the same lab on two networks: the simulation left, the sockets right, their life cycles below.
///
/// From 120 columns the two stand side by side; below, one over the other.
///
/// - Parameters:
///   - view: what the user has chosen to see; its ``ViewState/lifeCycle`` holds the transitions of both.
///   - left: the simulation at its cursor.
///   - right: the run on sockets at its cursor.
///   - size: the screen's extent; below 60×16 the picture says what is missing.
///   - capabilities: what the terminal can show.
package func renderBoth(
    _ view: ViewState, left: Snapshot, right: Snapshot, size: Size, capabilities: Capabilities
) -> Screen.Frame {
    guard !Layout.isTooSmall(size) else { return render(view, snapshot: left, size: size, capabilities: capabilities) }
    var canvas = Canvas(size: size, capabilities: capabilities)
    let scene = Scene(view, left)
    let layout = Layout(size: size, view: view, isComparing: true)
    canvas.within(layout.header) { Header(scene: scene).draw(on: &$0) }
    if view.isZoomed {
        scene.draw(view.focus, in: layout.body, on: &canvas)
        drawFoot(scene, layout, on: &canvas)
        return canvas.frame
    }
    var rightView = view
    rightView.now = max(right.world.time, 0)
    rightView.selected = [:]
    rightView.filter = nil
    rightView.overlay = nil
    let halves = [(scene, true), (Scene(rightView, right), false)]
    let isWide = size.columns >= 120
    let bands = layout.body.split(rows: [.weight(3), .weight(1, min: isWide ? 6 : 4)])
    let areas =
        isWide ? bands[0].split(columns: [.weight(1), .weight(1)]) : bands[0].split(rows: [.weight(1), .weight(1)])
    for ((half, isLeft), area) in zip(halves, areas) {
        canvas.within(area) { drawHalf(half, isLeft: isLeft, on: &$0) }
    }
    canvas.within(bands[1]) { drawLifeCycle(view.lifeCycle, on: &$0) }
    drawFoot(scene, layout, on: &canvas)
    return canvas.frame
}

/// One run's connections and events.
private func drawHalf(_ scene: Scene, isLeft: Bool, on canvas: inout Canvas) {
    let rows = canvas.bounds.rows
    let parts = canvas.bounds.split(rows: [.fixed(1), .weight(2), .weight(3)])
    let snapshot = scene.snapshot
    canvas.put(
        [
            Span(" \(snapshot.provider.rawValue)", .title),
            Span("  t \(TimeText.clock(snapshot.world.time)) s", .normal),
            Span("  #\(snapshot.event)", .dim),
            Span(
                snapshot.unavailable.isEmpty ? "" : "  unavailable: \(snapshot.unavailable.joined(separator: ", "))",
                .warning),
        ], at: Position(row: 0, column: 0), width: canvas.bounds.columns)
    let shown: [(Pane, Rect)] =
        rows >= 10
        ? [(.connections, parts[1]), (.events, parts[2])]
        : [(.connections, Rect(row: 1, column: 0, rows: rows - 1, columns: canvas.bounds.columns))]
    for (pane, rect) in shown {
        var scene = scene
        if !isLeft || scene.view.focus != pane {
            // The focus is on the left alone.
            var view = scene.view
            view.focus = .story
            scene = Scene(view, snapshot)
        }
        scene.draw(pane, in: rect, on: &canvas)
    }
}

/// The transitions of both, row by row, the first disagreement marked and in view.
private func drawLifeCycle(_ comparison: LifeCycleComparison?, on canvas: inout Canvas) {
    let inner = canvas.box(title: "Life cycles", note: "sim | loopback")
    canvas.within(inner) { canvas in
        let rows = comparison?.rows ?? []
        if rows.isEmpty { return canvas.nothing("no transition yet") }
        let first = rows.firstIndex(where: \.disagrees)
        let window = ListWindow(count: rows.count, selected: first ?? rows.count - 1, rows: canvas.bounds.rows)
        for (line, index) in window.range.enumerated() {
            let row = rows[index]
            let columns = canvas.bounds.columns
            let width = max(8, (columns - 20) / 2)
            let isFirst = index == first
            let mark = isFirst ? canvas.glyphs.cross : row.disagrees ? canvas.glyphs.cross : " "
            canvas.put(mark, at: Position(row: line, column: 0), .danger)
            canvas.put(row.subject, at: Position(row: line, column: 2), .info, width: 15)
            func put(_ transition: Transition?, _ column: Int) {
                let style: Style = row.disagrees ? .danger : transition == nil ? .dim : .normal
                let text = transition.map { "\($0.state)  \(TimeText.clock($0.time))" } ?? "not yet"
                canvas.put(text, at: Position(row: line, column: column), style, width: width)
            }
            put(row.left, 18)
            put(row.right, 19 + width)
            if isFirst { canvas.restyle(Rect(row: line, column: 0, rows: 1, columns: columns)) { $0.bold } }
        }
    }
}
