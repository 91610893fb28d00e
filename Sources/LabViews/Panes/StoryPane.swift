import Lab
import Screen

extension Pane {
    static let story = Pane(StoryPane.self)
}

/// What the lab's author says at this point: the latest line, and as many before it as there is room for.
struct StoryPane: PaneView {
    static let name = "story"
    static let title = "Story"
    static let place = PanePlace(band: .lower, columns: .weight(3), stacked: .fixed(6), leastStacked: 32)

    let scene: Scene

    static func items(in snapshot: Snapshot) -> [Item] { snapshot.story.indices.map(Item.storyLine) }
    /// What was said last.
    static func usualIndex(of count: Int) -> Int { max(0, count - 1) }

    /// Its author did not know what was done to this run by hand.
    var note: String {
        scene.snapshot.story.isEmpty || scene.snapshot.interventions.isEmpty ? "" : "as if untouched"
    }

    func window(within size: Size) -> (shown: Range<Int>, count: Int)? { nil }
    func item(at position: Position, within size: Size) -> Item? { nil }

    func draw(on canvas: inout Canvas) {
        let snapshot = scene.snapshot
        let width = max(0, canvas.bounds.columns - 2)
        let rows = canvas.bounds.rows
        var lines: [(text: String, style: Style)] = snapshot.unavailable.flatMap { text in
            Canvas.wrapped("unavailable here: \(text)", width: width).map { ($0, Style.warning) }
        }
        guard !snapshot.story.isEmpty || !lines.isEmpty else {
            canvas.put(paragraph: snapshot.lab.title, in: canvas.bounds.inset(rows: 0, columns: 1), .dim)
            return
        }
        let chosen = Self.index(in: Self.items(in: snapshot), scene.view)
        for (index, text) in snapshot.story.enumerated() where index <= chosen {
            lines += Canvas.wrapped(text, width: width).map { ($0, index == chosen ? Style.normal : .dim) }
        }
        // The beginning of the chosen line matters more than its end.
        let last =
            snapshot.story.indices.contains(chosen) ? Canvas.wrapped(snapshot.story[chosen], width: width).count : 0
        let first = max(0, min(lines.count - rows, lines.count - last))
        for (row, line) in lines.dropFirst(first).prefix(rows).enumerated() {
            canvas.put(line.text, at: Position(row: row, column: 1), line.style, width: width)
        }
        guard rows > 0 else { return }
        if first > 0 {
            canvas.put(canvas.glyphs.upArrow, at: Position(row: 0, column: canvas.bounds.columns - 1), .focus)
        }
        if lines.count - first > rows {
            canvas.put(canvas.glyphs.downArrow, at: Position(row: rows - 1, column: canvas.bounds.columns - 1), .focus)
        }
    }
}
