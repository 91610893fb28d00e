import Screen

extension Canvas {
    /// Marks a row as the selected one: by its style, and by an arrow in its first column.
    mutating func select(row: Int, rows: Int = 1) {
        restyle(Rect(row: row, column: 0, rows: rows, columns: bounds.columns)) { Style(.selection, $0.emphasis) }
        put(glyphs.rightArrow, at: Position(row: row, column: 0), .selection)
    }

    /// Puts the first pieces, cut where they must be, and those of the others that fit wholly.
    mutating func put(whole spans: [Span], keeping first: Int = 1, at position: Position, width: Int) {
        var shown: [Span] = []
        var used = 0
        for span in spans {
            let columns = span.width
            if used + columns > width, shown.count >= first { break }
            shown.append(span)
            used += columns
        }
        put(shown, at: position, width: max(0, width))
    }

    /// Puts fields of fixed columns with two between them, so that each is in its place whatever the others hold; those that
    /// the width has no room for are left out.
    ///
    /// - Parameter fields: the text of each and its columns. The last that is shown may use what is left.
    mutating func put(fields: [(span: Span, columns: Int)], at position: Position, width: Int) {
        var column = position.column
        let end = position.column + width
        var shown = 0
        var used = 0
        while shown < fields.count, used + fields[shown].columns <= width || shown == 0 {
            used += fields[shown].columns + Self.gap
            shown += 1
        }
        for (index, field) in fields.prefix(shown).enumerated() {
            let room = index == shown - 1 ? end - column : field.columns
            put(field.span.text, at: Position(row: position.row, column: column), field.span.style, width: max(0, room))
            column += field.columns + Self.gap
        }
    }

    /// The columns between two fields.
    private static var gap: Int { 2 }

    /// Says in the middle of the area that there is nothing.
    mutating func nothing(_ text: String) {
        put(
            text, at: Position(row: max(0, bounds.rows / 2 - (bounds.rows > 2 ? 1 : 0)), column: 0), .dim,
            width: bounds.columns, alignment: .centre)
    }
}

extension String {
    /// The text with spaces after it up to a width, one at least.
    func padded(to width: Int) -> String { self + String(repeating: " ", count: max(1, width - DisplayWidth.of(self))) }
}
