import Lab
import Screen

/// A page as it is laid out: its lines broken into rows, of which those of the chosen line are marked.
struct PageText {
    /// A row, and the line that it is of.
    private struct Row {
        var line: Int
        var spans: [Span]
    }

    private let page: Page
    private let columns: Int
    private let rows: [Row]

    /// Lays a page out in a window of so many columns at most.
    init(_ page: Page, columns: Int) {
        self.page = page
        self.columns = min(columns, WindowText.widest)
        let width = self.columns - 4
        rows = page.lines.enumerated().flatMap { index, line in
            Self.rows(of: line, width: width).map { Row(line: index, spans: $0) }
        }
    }

    func draw(on canvas: inout Canvas) {
        let rect = canvas.bounds.centred(
            Size(rows: max(3, min(canvas.bounds.rows, rows.count + 2)), columns: columns))
        let room = rect.rows - 2
        let chosen = rows.firstIndex { $0.line == page.selected } ?? 0
        let window = ListWindow(count: rows.count, selected: chosen, rows: room).range
        let more = rows.count > room ? "\(window.lowerBound + 1)–\(window.upperBound) of \(rows.count)" : ""
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let inner = canvas.box(
                title: page.title, focused: true, note: more,
                foot: ListWindow.foot(window, of: rows.count, canvas.glyphs))
            canvas.within(inner) { canvas in
                for (row, index) in window.enumerated() {
                    canvas.put(
                        rows[index].spans, at: Position(row: row, column: 1), width: canvas.bounds.columns - 2)
                    if rows[index].line == page.selected { canvas.select(row: row) }
                }
            }
        }
    }

    // MARK: Breaking lines

    /// A line in rows, none wider than the width unless a word is: those after the first are moved in.
    private static func rows(of line: TextLine, width: Int) -> [[Span]] {
        // Deep causes must not run out of the window.
        let indent = min(2 * line.depth, width / 4)
        var rows: [[Span]] = []
        var row = [Span(String(repeating: " ", count: indent))]
        var used = indent
        for piece in line.pieces {
            let style = line.isHeading ? Style.title : piece.role.style
            for word in words(of: piece.text) {
                let columns = DisplayWidth.of(word)
                if used + DisplayWidth.of(word.trimmed) > width, used > indent {
                    rows.append(row)
                    row = [Span(String(repeating: " ", count: indent + 4))]
                    used = indent + 4
                    row.append(Span(word.trimmed, style))
                    used += DisplayWidth.of(word.trimmed)
                } else {
                    row.append(Span(word, style))
                    used += columns
                }
            }
        }
        rows.append(row)
        return rows
    }

    /// The words of a text, each with the spaces before it; spaces at the end are a word.
    private static func words(of text: String) -> [String] {
        var words: [String] = []
        var word = ""
        var hasLetters = false
        for character in text {
            if character == " ", hasLetters {
                words.append(word)
                (word, hasLetters) = ("", false)
            }
            if character != " " { hasLetters = true }
            word.append(character)
        }
        if !word.isEmpty { words.append(word) }
        return words
    }
}

extension String {
    /// Without the spaces before it.
    fileprivate var trimmed: String { String(drop { $0 == " " }) }
}
