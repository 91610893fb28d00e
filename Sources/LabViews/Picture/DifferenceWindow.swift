import Lab
import Screen

/// Where two timelines differ, in words, below the two of them: it scrolls where there is more than it has room for.
struct DifferenceWindow {
    private let lines: [Span]
    private let room: Int
    private let scroll: Int?

    init(_ comparison: TimelineComparison, columns: Int, rows: Int) {
        lines = comparison.sentences.enumerated().flatMap { index, sentence in
            Canvas.wrapped(sentence, width: max(20, columns - 4)).enumerated().map { part, text in
                Span(part > 0 ? "  \(text)" : text, index == 0 ? .dim : index <= 2 ? .warning : .normal)
            }
        }
        room = max(0, rows - 2)
        scroll = comparison.scroll
    }

    /// The rows that it has of so many between the header and the status line, its frame included.
    static func rows(within rows: Int) -> Int { rows >= 20 ? 7 : rows >= 16 ? 5 : 4 }

    /// The first line that can stand at the top.
    private var last: Int { max(0, lines.count - room) }

    /// The line at the top. In little room the first difference says most.
    private var first: Int {
        let usual = room < 4 ? lines.firstIndex { $0.style == .warning } ?? 0 : 0
        return min(scroll ?? usual, last)
    }

    /// From which line on it is shown after it was scrolled by so many; nil where it shows all there is.
    func scrolled(by count: Int) -> Int? { last == 0 ? nil : min(max(0, first + count), last) }

    /// As many lines as a page has: one stays in sight.
    var page: Int { max(1, room - 1) }

    func draw(on canvas: inout Canvas) {
        let shown = first..<min(first + room, lines.count)
        let inner = canvas.box(
            title: "Where they differ", foot: ListWindow.foot(shown, of: lines.count, canvas.glyphs))
        canvas.within(inner) { canvas in
            for (row, line) in lines[shown].enumerated() {
                canvas.put([line], at: Position(row: row, column: 1), width: canvas.bounds.columns - 2)
            }
        }
    }
}
