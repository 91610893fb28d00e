extension Canvas {
    /// Puts a text on one row.
    ///
    /// - Parameters:
    ///   - text: what to show; control characters are replaced.
    ///   - position: where the columns begin, in the current area.
    ///   - style: how the text and its padding are meant.
    ///   - width: the columns to fill, in cells: a longer text is cut and ends in `…`, a shorter one is padded. Without a
    ///     width the text may go to the end of the area, is cut there, and is not padded.
    ///   - alignment: where in the width the text stands.
    /// - Returns: the column after the last one drawn.
    @discardableResult
    package mutating func put(
        _ text: String, at position: Position, _ style: Style = .normal, width: Int? = nil,
        alignment: Alignment = .leading
    ) -> Int {
        put([Span(text, style)], at: position, padding: style, width: width, alignment: alignment)
    }

    /// Puts pieces of text in several styles on one row, cut and padded as one text.
    @discardableResult
    package mutating func put(
        _ spans: [Span], at position: Position, padding: Style = .normal, width: Int? = nil,
        alignment: Alignment = .leading
    ) -> Int {
        let room = max(0, width ?? bounds.columns - position.column)
        let line = fitted(spans, to: room)
        let slack = width == nil ? 0 : room - line.width
        let left =
            switch alignment {
            case .leading: 0
            case .trailing: slack
            case .centre: slack / 2
            }
        var column = position.column
        func blanks(_ count: Int, _ canvas: inout Canvas) {
            for _ in 0..<count {
                canvas.place(.init(character: " ", width: 1), row: position.row, column: column, style: padding)
                column += 1
            }
        }
        blanks(left, &self)
        for (cluster, style) in line.clusters {
            place(cluster, row: position.row, column: column, style: style)
            column += cluster.width
        }
        blanks(slack - left, &self)
        return column
    }

    /// Puts a text on as many rows as it needs and the rectangle has, broken at spaces.
    ///
    /// - Returns: the number of rows used.
    @discardableResult
    package mutating func put(paragraph text: String, in rect: Rect, _ style: Style = .normal) -> Int {
        let lines = Self.wrapped(text, width: rect.columns)
        for (index, line) in lines.prefix(rect.rows).enumerated() {
            let isCut = index == rect.rows - 1 && lines.count > rect.rows
            put(
                isCut ? line + String(glyphs.ellipsis) : line, at: Position(row: rect.row + index, column: rect.column),
                style, width: rect.columns)
        }
        return min(lines.count, rect.rows)
    }

    /// The lines of a text broken at spaces, none wider than the width unless it is a single long word.
    package static func wrapped(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            var used = 0
            for word in paragraph.split(separator: " ") {
                let columns = DisplayWidth.of(String(word))
                if used > 0, used + 1 + columns > width {
                    lines.append(line)
                    (line, used) = ("", 0)
                }
                if used > 0 { line += " " }
                line += word
                used += columns + (used > 0 ? 1 : 0)
            }
            lines.append(line)
        }
        return lines
    }

    /// The clusters of a text, cut to a width with an ellipsis at the end where they do not all fit.
    private func fitted(
        _ spans: [Span], to room: Int
    ) -> (clusters: [(CellText.Cluster, Style)], width: Int) {
        var clusters: [(CellText.Cluster, Style)] = []
        var width = 0
        for span in spans {
            for cluster in CellText(span.text, ascii: glyphs.isASCII) {
                if width + cluster.width > room {
                    return cut(clusters, to: room, overflowing: span.style)
                }
                clusters.append((cluster, span.style))
                width += cluster.width
            }
        }
        return (clusters, width)
    }

    private func cut(
        _ clusters: [(CellText.Cluster, Style)], to room: Int, overflowing style: Style
    ) -> (clusters: [(CellText.Cluster, Style)], width: Int) {
        guard room > 0 else { return ([], 0) }
        var clusters = clusters
        var width = clusters.reduce(0) { $0 + $1.0.width }
        var style = style
        while width >= room, let last = clusters.popLast() {
            width -= last.0.width
            style = last.1
        }
        clusters.append((.init(character: glyphs.ellipsis, width: 1), style))
        return (clusters, width + 1)
    }
}
