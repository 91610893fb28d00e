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
        let wanted = words(for: view)
        // Those that are kept have their room kept too.
        let reserved = wanted.reduce(0) { $0 + ($1.isKept ? $1.width + 2 : 0) }
        for word in wanted {
            let limit = word.isKept ? columns : columns - reserved
            guard column + word.width <= limit else { continue }
            entries.append(
                Entry(input: word.input, key: word.key, word: word.text, columns: column..<(column + word.width)))
            column += word.width + 2
        }
        return entries
    }

    /// A key and what it does.
    private struct Word {
        var input: Input
        var key: String
        var text: String
        var isKept = false

        var width: Int { DisplayWidth.of(key) + 1 + DisplayWidth.of(text) }
    }

    private static func words(for view: ViewState) -> [Word] {
        let leave = Word(input: .escape, key: "Esc", text: "leave")
        let enter = Word(input: .enter, key: "Enter", text: "do it")
        if view.prompt != nil { return [Word(input: .tab, key: "Tab", text: "complete"), enter, leave] }
        switch view.overlay {
        case .help?:
            return [
                Word(input: .down, key: "j/k", text: "scroll"), Word(input: .end, key: "End", text: "to the end"),
                leave,
            ]
        case .page?:
            let go = Word(input: .enter, key: "Enter", text: "go there")
            return [Word(input: .down, key: "j/k", text: "choose"), go, leave]
        case .menu?: return [Word(input: .down, key: "j/k", text: "choose"), enter, leave]
        case .timelines?:
            return [
                Word(input: .down, key: "j/k", text: "choose"), Word(input: .enter, key: "Enter", text: "go there"),
                leave, Word(input: .key("x"), key: "x", text: "beside"), Word(input: .key("d"), key: "d", text: "diff"),
                Word(input: .key("n"), key: "n", text: "name"), Word(input: .key("f"), key: "f", text: "forget"),
            ]
        case .inspector?, .warnings?, .text?, nil: break
        }
        let words = CommandTable.all.compactMap { command -> Word? in
            guard let bar = command.bar, let binding = command.keys.first else { return nil }
            let text = view.isRunning ? bar.whileRunning ?? bar.text : bar.text
            return Word(input: binding.input, key: KeyName.of(binding.input), text: text, isKept: bar.isKept)
        }
        return words.filter { !$0.isKept } + words.filter(\.isKept)
    }
}
