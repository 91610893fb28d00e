extension Canvas {
    /// Draws a pane's frame around the current area.
    ///
    /// - Parameters:
    ///   - title: what stands in the upper edge; cut to fit.
    ///   - focused: whether the pane has the focus, which shows in the strokes as well as in the colour.
    ///   - note: what stands at the right of the upper edge where there is room for it.
    ///   - foot: the same of the lower edge.
    /// - Returns: what is inside, in coordinates of the current area.
    @discardableResult
    package mutating func box(
        title: String = "", focused: Bool = false, note: String = "", foot: String = ""
    ) -> Rect {
        let area = bounds
        guard area.rows >= 2, area.columns >= 2 else { return Rect(row: 0, column: 0, rows: 0, columns: 0) }
        let box = focused ? glyphs.focusedBox : glyphs.box
        let style: Style = focused ? .focus : .border
        let (bottom, right) = (area.rows - 1, area.columns - 1)
        for column in 1..<max(1, right) {
            put(box.horizontal, at: Position(row: 0, column: column), style)
            put(box.horizontal, at: Position(row: bottom, column: column), style)
        }
        for row in 1..<max(1, bottom) {
            put(box.vertical, at: Position(row: row, column: 0), style)
            put(box.vertical, at: Position(row: row, column: right), style)
        }
        put(box.topLeft, at: Position(row: 0, column: 0), style)
        put(box.topRight, at: Position(row: 0, column: right), style)
        put(box.bottomLeft, at: Position(row: bottom, column: 0), style)
        put(box.bottomRight, at: Position(row: bottom, column: right), style)
        label(title, note: note, focused: focused)
        put(foot, rightOf: 1, row: bottom)
        return area.inset(by: 1)
    }

    private mutating func label(_ title: String, note: String, focused: Bool) {
        let room = bounds.columns - 4
        guard room >= 1 else { return }
        var end = 1
        if !title.isEmpty {
            let width = min(DisplayWidth.of(title), room)
            within(Rect(row: 0, column: 1, rows: 1, columns: width + 2)) { canvas in
                canvas.put(" ", at: Position(row: 0, column: 0))
                canvas.put(title, at: Position(row: 0, column: 1), focused ? .focus : .title, width: width)
                canvas.put(" ", at: Position(row: 0, column: width + 1))
            }
            end += width + 2
        }
        put(note, rightOf: end, row: 0)
    }

    /// Puts a text at the right of the frame's line, where there is room for all of it.
    private mutating func put(_ text: String, rightOf end: Int, row: Int) {
        let width = DisplayWidth.of(text)
        let start = bounds.columns - width - 3
        guard width > 0, start > end else { return }
        put(" \(text) ", at: Position(row: row, column: start), .dim, width: width + 2)
    }

    /// Draws a bar for a value out of a maximum.
    ///
    /// An empty bar means exactly zero and a full one at least the maximum: what lies between shows at least one cell of
    /// each. The bar takes `width` cells from the position; the mark, a high-water mark, goes into the empty part.
    package mutating func gauge(
        _ value: Int, of maximum: Int, mark: Int? = nil, at position: Position, width: Int, _ style: Style = .normal
    ) {
        guard width > 0 else { return }
        let filled = Self.cells(value, of: maximum, width: width)
        for cell in 0..<width {
            put(
                cell < filled ? glyphs.gaugeFull : glyphs.gaugeEmpty,
                at: Position(row: position.row, column: position.column + cell), cell < filled ? style : .dim)
        }
        guard let mark, mark > value else { return }
        let cell = min(Self.cells(mark, of: maximum, width: width), width) - 1
        guard cell >= filled else { return }
        put(glyphs.gaugeMark, at: Position(row: position.row, column: position.column + cell), style)
    }

    /// The filled cells of a bar: none for zero only, all for the maximum only.
    private static func cells(_ value: Int, of maximum: Int, width: Int) -> Int {
        guard value > 0 else { return 0 }
        guard value < maximum else { return width }
        let share = value.multipliedFullWidth(by: width)
        let (whole, _) = maximum.dividingFullWidth(share)
        return width == 1 ? 0 : min(max(whole, 1), width - 1)
    }

    /// Draws the last `width` values as columns of eight heights, the newest at the right.
    ///
    /// The lowest height means exactly zero. Without a maximum the largest value shown is the full height.
    package mutating func sparkline(
        _ values: [Int], maximum: Int? = nil, at position: Position, width: Int, _ style: Style = .normal
    ) {
        let shown = values.suffix(max(0, width))
        let top = maximum ?? shown.max() ?? 0
        let levels = glyphs.sparks.count - 1
        var column = position.column + max(0, width) - shown.count
        for value in shown {
            let level = value <= 0 ? 0 : value >= top ? levels : max(1, Self.cells(value, of: top, width: levels))
            put(glyphs.sparks[level], at: Position(row: position.row, column: column), style)
            column += 1
        }
    }

    /// Draws a rule to the right.
    package mutating func hline(at position: Position, length: Int, _ style: Style = .border) {
        fill(Rect(row: position.row, column: position.column, rows: 1, columns: length), with: glyphs.rule, style)
    }

    /// Draws a rule downwards.
    package mutating func vline(at position: Position, length: Int, _ style: Style = .border) {
        fill(Rect(row: position.row, column: position.column, rows: length, columns: 1), with: glyphs.lane, style)
    }
}
