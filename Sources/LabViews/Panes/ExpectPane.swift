import Lab
import Screen
import SimNetwork

extension Pane {
    static let expect = Pane(ExpectPane.self)
}

/// What the lab expects, and how it stands.
struct ExpectPane: PaneView {
    static let name = "expect"
    static let title = "Expect"
    static let place = PanePlace(band: .lower, columns: .weight(2), least: Size(rows: 26, columns: 140))

    let scene: Scene

    /// The invariant that broke comes first: it ended the run.
    static func items(in snapshot: Snapshot) -> [Item] {
        (snapshot.violation == nil ? [] : [.violation]) + snapshot.expectations.indices.map(Item.expectation)
    }

    var note: String {
        let failed =
            scene.snapshot.expectations.count { $0.verdict == .failed } + (scene.snapshot.violation == nil ? 0 : 1)
        return failed > 0 ? "\(failed) failed" : ""
    }

    func draw(on canvas: inout Canvas) {
        var statuses = scene.snapshot.expectations
        if let violation = scene.snapshot.violation {
            statuses.insert(ExpectationStatus(text: violation.description, verdict: .failed), at: 0)
        }
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
