import Screen

/// The line of keys at the bottom.
struct KeyBar {
    let view: ViewState

    /// A key, its word, and the columns that the two take.
    private struct Entry {
        var input: Input
        var key: String
        var word: String
        var columns: Range<Int>
    }

    func draw(on canvas: inout Canvas) {
        for entry in Self.entries(columns: canvas.bounds.columns, view: view) {
            let end = canvas.put(entry.key, at: Position(row: 0, column: entry.columns.lowerBound), .key)
            canvas.put(" " + entry.word, at: Position(row: 0, column: end), .dim)
        }
    }

    /// The key at a position of the screen, for the mouse.
    static func input(at position: Position, size: Size, view: ViewState) -> Input? {
        guard position.row == size.rows - 1 else { return nil }
        return entries(columns: size.columns, view: view).first { $0.columns.contains(position.column) }?.input
    }

    private static func entries(columns: Int, view: ViewState) -> [Entry] {
        var entries: [Entry] = []
        var column = 1
        // The last ones come first where there is no room for all.
        let wanted = words(for: view)
        let last = wanted.suffix(Self.kept.count)
        let reserved = last.reduce(0) { $0 + DisplayWidth.of($1.1 + $1.2) + 3 }
        for (index, (input, key, word)) in wanted.enumerated() {
            let width = DisplayWidth.of(key) + 1 + DisplayWidth.of(word)
            let limit = index < wanted.count - last.count ? columns - reserved : columns
            guard column + width <= limit else { continue }
            entries.append(Entry(input: input, key: key, word: word, columns: column..<(column + width)))
            column += width + 2
        }
        return entries
    }

    /// Shown in any width, last, where the room is kept: without them nobody finds what is out of sight.
    private static let kept = ["next-pane", "help", "quit"]

    private static func words(for view: ViewState) -> [(Input, String, String)] {
        if view.prompt != nil {
            return [(.tab, "Tab", "complete"), (.enter, "Enter", "do it"), (.escape, "Esc", "leave")]
        }
        switch view.overlay {
        case .help?: return [(.down, "j/k", "scroll"), (.escape, "Esc", "leave")]
        case .menu?: return [(.down, "j/k", "choose"), (.enter, "Enter", "do it"), (.escape, "Esc", "leave")]
        case .inspector?, nil: break
        }
        let commands = CommandTable.all.filter { !Self.kept.contains($0.name) }
        let last = Self.kept.compactMap { name in CommandTable.all.first { $0.name == name } }
        return (commands + last).compactMap { command in
            guard let bar = command.bar, let binding = command.keys.first else { return nil }
            let word = command.name == "run" && view.isRunning ? "pause" : bar
            return (binding.input, KeyName.of(binding.input), word)
        }
    }
}
