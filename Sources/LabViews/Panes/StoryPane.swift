import Lab
import Screen

/// What the lab's author says at this point: the latest line, and as many before it as there is room for.
struct StoryPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let snapshot = scene.snapshot
        let width = max(0, canvas.bounds.columns - 2)
        var lines: [(text: String, style: Style)] = snapshot.unavailable.flatMap { text in
            Canvas.wrapped("unavailable here: \(text)", width: width).map { ($0, Style.warning) }
        }
        guard !snapshot.story.isEmpty || !lines.isEmpty else {
            canvas.put(paragraph: snapshot.lab.title, in: canvas.bounds.inset(rows: 0, columns: 1), .dim)
            return
        }
        let chosen = scene.view.index(in: snapshot.story.indices.map(Item.row), of: .story)
        for (index, text) in snapshot.story.enumerated() where index <= chosen {
            let isLatest = index == chosen
            lines += Canvas.wrapped(text, width: width).map { ($0, isLatest ? Style.normal : .dim) }
        }
        // The beginning of the chosen line matters more than its end.
        let last =
            snapshot.story.indices.contains(chosen) ? Canvas.wrapped(snapshot.story[chosen], width: width).count : 0
        let first = max(0, min(lines.count - canvas.bounds.rows, lines.count - last))
        for (row, line) in lines.dropFirst(first).prefix(canvas.bounds.rows).enumerated() {
            canvas.put(line.text, at: Position(row: row, column: 1), line.style, width: width)
        }
        if lines.count - first > canvas.bounds.rows, canvas.bounds.rows > 0 {
            canvas.put(
                canvas.glyphs.downArrow, at: Position(row: canvas.bounds.rows - 1, column: canvas.bounds.columns - 1),
                .focus)
        }
    }
}

/// What the lab expects, and how it stands.
struct ExpectPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let statuses = scene.snapshot.expectations
        if statuses.isEmpty { return canvas.nothing("the lab expects nothing") }
        let selected = scene.view.index(in: statuses.indices.map(Item.row), of: .expect)
        for (row, index) in ListWindow(count: statuses.count, selected: selected, rows: canvas.bounds.rows).range
            .enumerated()
        {
            let status = statuses[index]
            let (word, style): (String, Style) =
                switch status.verdict {
                case .open: ("open", .dim)
                case .held: ("held", .good)
                case .failed: ("\(canvas.glyphs.cross) failed", .danger)
                case .notJudged: ("not judged", .warning)
                }
            let end = canvas.put(word, at: Position(row: row, column: 1), style, width: max(8, DisplayWidth.of(word)))
            canvas.put(
                status.text, at: Position(row: row, column: end + 1), width: max(0, canvas.bounds.columns - end - 1))
            if scene.view.focus == .expect, index == selected { canvas.select(row: row) }
        }
    }
}
