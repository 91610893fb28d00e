import Lab
import Screen

extension Pane {
    static let expect = Pane(ExpectPane.self)
}

/// What the lab expects, and how it stands.
struct ExpectPane: PaneView {
    static let name = "expect"
    static let title = "Expect"
    static let place = PanePlace(band: .lower, columns: .weight(2), least: Size(rows: 26, columns: 140))

    let scene: Scene

    static func items(in snapshot: Snapshot) -> [Item] { snapshot.expectations.indices.map(Item.expectation) }

    var note: String {
        let failed = scene.snapshot.expectations.count { $0.verdict == .failed }
        return failed > 0 ? "\(failed) failed" : ""
    }

    func draw(on canvas: inout Canvas) {
        let statuses = scene.snapshot.expectations
        if statuses.isEmpty { return canvas.nothing("the lab expects nothing") }
        drawList(on: &canvas) { index, row, canvas in
            let status = statuses[index]
            let mark = status.verdict == .failed ? "\(canvas.glyphs.cross) " : ""
            let word = mark + status.verdict.words
            let end = canvas.put(
                word, at: Position(row: row, column: 1), status.verdict.role.style,
                width: max(8, DisplayWidth.of(word)))
            canvas.put(
                status.text, at: Position(row: row, column: end + 1), width: max(0, canvas.bounds.columns - end - 1))
        }
    }
}
