package import Lab
package import Screen

/// The picture of a session at a size: a pure function of what it is given.
///
/// - Parameters:
///   - view: what the user has chosen to see.
///   - snapshot: the run at its cursor.
///   - size: the screen's extent; below 60×16 the picture says what is missing.
///   - capabilities: what the terminal can show.
package func render(
    _ view: ViewState, snapshot: Snapshot, size: Size, capabilities: Capabilities
) -> Screen.Frame {
    var canvas = Canvas(size: size, capabilities: capabilities)
    guard !Layout.isTooSmall(size) else {
        drawTooSmall(on: &canvas)
        return canvas.frame
    }
    let scene = Scene(view, snapshot)
    let layout = Layout(size: size, view: view, snapshot: snapshot)
    canvas.within(layout.header) { Header(scene: scene).draw(on: &$0) }
    for place in layout.panes { scene.draw(place.pane, in: place.rect, on: &canvas) }
    drawFoot(scene, layout, on: &canvas)
    return canvas.frame
}

/// What lies below and over the panes.
func drawFoot(_ scene: Scene, _ layout: Layout, on canvas: inout Canvas) {
    if let overlay = scene.view.overlay {
        canvas.within(layout.body) { OverlayPane(scene: scene, overlay: overlay).draw(on: &$0) }
    }
    let status = StatusLine(scene: scene)
    // What is too long for the line takes rows from what is above it: there is no other place to read it.
    let more = min(layout.body.rows, status.rows(within: layout.status.columns) - 1)
    let rect = Rect(
        row: layout.status.row - more, column: layout.status.column, rows: layout.status.rows + more,
        columns: layout.status.columns)
    canvas.within(rect) { status.draw(on: &$0) }
    canvas.within(layout.keyBar) { KeyBar(view: scene.view).draw(on: &$0) }
}

private func drawTooSmall(on canvas: inout Canvas) {
    let size = canvas.bounds.size
    let least = Layout.least
    let lines = [
        "peerlab needs \(least.columns)×\(least.rows)", "here are \(size.columns)×\(size.rows)",
        "make it larger, or q quits",
    ]
    let first = max(0, (size.rows - lines.count) / 2)
    for (index, line) in lines.prefix(size.rows).enumerated() {
        canvas.put(
            line, at: Position(row: first + index, column: 0), index == 0 ? .warning : .normal, width: size.columns,
            alignment: .centre)
    }
}
