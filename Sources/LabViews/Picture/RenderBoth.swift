package import Lab
package import Screen
import SimNetwork

/// The picture of two runs of the same lab, their life cycles below: the simulation left and the sockets right, or two simulations.
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
    let layout = Layout(size: size, view: view, snapshot: left, isComparing: true)
    canvas.within(layout.header) { Header(scene: scene).draw(on: &$0) }
    if view.isZoomed {
        scene.draw(view.focus, in: layout.body, on: &canvas)
        drawFoot(scene, layout, on: &canvas)
        return canvas.frame
    }
    var rightView = view
    rightView.selected = [:]
    rightView.filter = nil
    rightView.overlay = nil
    // The focus is on the left alone.
    let halves = [scene, Scene(rightView, right, hasFocus: false)]
    let isWide = size.columns >= 120
    let bands = layout.body.split(rows: [.weight(3), .weight(1, min: isWide ? 6 : 4)])
    let areas =
        isWide ? bands[0].split(columns: [.weight(1), .weight(1)]) : bands[0].split(rows: [.weight(1), .weight(1)])
    // As long as they are in the run that is looked at: who compares must know what the two do not share.
    let refused = view.refusals.filter { left.interventions.contains($0.intervention) }.map(\.line)
    let remarks = [remarks(on: left), remarks(on: right, refused: refused)].map { remarks in
        remarks.flatMap { Canvas.wrapped($0, width: areas[0].columns - 2) }.prefix(3)
    }
    // Side by side the panes begin in the same row.
    let top = 1 + (remarks.map(\.count).max() ?? 0)
    let names = names(of: left, right)
    for (index, (half, area)) in zip(halves, areas).enumerated() {
        let first = isWide ? top : 1 + remarks[index].count
        canvas.within(area) { drawHalf(half, called: names[index], Array(remarks[index]), panesFrom: first, on: &$0) }
    }
    canvas.within(bands[1]) { drawLifeCycle(view.lifeCycle, of: names.joined(separator: " | "), on: &$0) }
    drawFoot(scene, layout, on: &canvas)
    return canvas.frame
}

/// What tells two runs apart: their networks, and on the same one their seeds or their timelines.
private func names(of left: Snapshot, _ right: Snapshot) -> [String] {
    let both = [left, right]
    if left.provider != right.provider { return both.map(\.provider.rawValue) }
    if left.seed != right.seed { return both.map { "seed \($0.seed)" } }
    return left.timeline != right.timeline ? both.map(\.timeline) : ["left", "right"]
}

/// What one run has not of the other.
private func remarks(on snapshot: Snapshot, refused: [String] = []) -> [String] {
    [("not done here", refused), ("unavailable", snapshot.unavailable)].filter { !$0.1.isEmpty }
        .map { "\($0.0): \($0.1.joined(separator: ", "))" }
}

/// One run: where it stands, what it has not of the other, and the panes that are compared.
private func drawHalf(
    _ scene: Scene, called name: String, _ remarks: [String], panesFrom first: Int, on canvas: inout Canvas
) {
    let (rows, columns) = (canvas.bounds.rows, canvas.bounds.columns)
    let snapshot = scene.snapshot
    let (state, style) = standing(of: snapshot, canvas.glyphs)
    canvas.put(
        [
            Span(" \(name)", .title), Span("  t \(TimeText.clock(scene.now)) s", .normal),
            Span("  \(ThingNames.event(snapshot.event))", .dim), Span("  \(state)", style),
        ], at: Position(row: 0, column: 0), width: columns)
    for (index, remark) in remarks.enumerated() {
        canvas.put(remark, at: Position(row: 1 + index, column: 1), .warning, width: max(0, columns - 2))
    }
    let rest = Rect(row: first, column: 0, rows: max(0, rows - first), columns: columns)
    var panes = Pane.allCases.filter { $0.place.compared != nil }
    // In little room the first says most.
    if rest.rows < 9 { panes = Array(panes.prefix(1)) }
    for (pane, rect) in zip(panes, rest.split(rows: panes.compactMap(\.place.compared))) {
        scene.draw(pane, in: rect, on: &canvas)
    }
}

/// Whether a run is over, has gone further than is shown, or is at its latest event.
func standing(of snapshot: Snapshot, _ glyphs: GlyphSet) -> (String, Style) {
    if snapshot.isOver { return ("\(glyphs.filledBullet) over", .info) }
    let more = snapshot.records.count - snapshot.event
    guard more > 0 else { return ("at its latest event", .dim) }
    let further = "\(NumberText.count(more, "event")) further on"
    // A real run has not waited for whoever looks at it.
    guard !snapshot.traits.isStepped, let reached = snapshot.timelines.all.first?.time else {
        return (further, .warning)
    }
    return ("\(further), at \(TimeText.clock(reached)) s", .warning)
}

/// The transitions of both, row by row, the first disagreement marked and in view.
private func drawLifeCycle(_ comparison: LifeCycleComparison?, of names: String, on canvas: inout Canvas) {
    let rows = comparison?.rows ?? []
    let first = rows.firstIndex(where: \.disagrees)
    let window = ListWindow(count: rows.count, selected: first ?? rows.count - 1, rows: canvas.bounds.rows - 2)
    let inner = canvas.box(
        title: "Life cycles", note: names,
        foot: ListWindow.foot(window.range, of: rows.count, canvas.glyphs))
    canvas.within(inner) { canvas in
        if rows.isEmpty { return canvas.nothing("no transition yet") }
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
