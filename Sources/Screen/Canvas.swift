/// A pencil on a frame: everything is drawn in coordinates of the current area, and clipped to it.
package struct Canvas: Sendable {
    /// What has been drawn so far.
    package private(set) var frame: Frame
    /// What the terminal can show.
    package let capabilities: Capabilities
    /// The current area in the frame's coordinates; may reach beyond the clip.
    private var area: Rect
    /// The part of the frame that may be drawn to.
    private var clip: Rect

    /// Makes a blank canvas of a size.
    package init(size: Size, capabilities: Capabilities) {
        frame = Frame(size: size)
        self.capabilities = capabilities
        area = Rect(size)
        clip = area
    }

    /// The characters to draw with.
    package var glyphs: GlyphSet { capabilities.glyphs }

    /// The current area in its own coordinates: what drawing may use, and what is to be split.
    package var bounds: Rect { Rect(area.size) }

    /// Draws into a part of the current area: inside the closure, that part is the area.
    @discardableResult
    package mutating func within<Result>(_ rect: Rect, _ draw: (inout Canvas) throws -> Result) rethrows -> Result {
        let outer = (area, clip)
        area = rect.offset(rows: area.row, columns: area.column)
        clip = clip.intersection(area)
        defer { (area, clip) = outer }
        return try draw(&self)
    }

    /// Puts one cluster; a wide one of which only a half fits leaves a blank there.
    mutating func place(_ cluster: CellText.Cluster, row: Int, column: Int, style: Style) {
        let (row, column) = (row + area.row, column + area.column)
        let end = column + cluster.width
        guard row >= clip.row, row < clip.endRow, end > clip.column, column < clip.endColumn else { return }
        if column >= clip.column, end <= clip.endColumn {
            frame.put(cluster, row: row, column: column, style: style)
        } else {
            let half = column < clip.column ? column + 1 : column
            frame.put(.init(character: " ", width: 1), row: row, column: half, style: style)
        }
    }

    /// Puts one character; what is not safe to show is replaced, and only its first column's worth is drawn.
    package mutating func put(_ character: Character, at position: Position, _ style: Style = .normal) {
        for cluster in CellText(String(character), ascii: glyphs.isASCII).prefix(1) {
            place(cluster, row: position.row, column: position.column, style: style)
        }
    }

    /// What is shown at a position of the current area; nil outside of what may be drawn to.
    package func character(at position: Position) -> Character? {
        let (row, column) = (position.row + area.row, position.column + area.column)
        guard row >= clip.row, row < clip.endRow, column >= clip.column, column < clip.endColumn else { return nil }
        return frame[row, column].character
    }

    /// Fills a rectangle with a character of one column, a space unless told.
    package mutating func fill(_ rect: Rect, with character: Character = " ", _ style: Style = .normal) {
        let visible = rect.intersection(clip.offset(rows: -area.row, columns: -area.column))
        for row in visible.row..<visible.endRow {
            for column in visible.column..<visible.endColumn {
                put(character, at: Position(row: row, column: column), style)
            }
        }
    }

    /// Changes the styles in a rectangle and leaves what is shown, as for a selected row.
    package mutating func restyle(_ rect: Rect, _ change: (Style) -> Style) {
        let visible = rect.offset(rows: area.row, columns: area.column).intersection(clip)
        for row in visible.row..<visible.endRow {
            frame.restyle(row: row, columns: visible.column..<visible.endColumn, with: change)
        }
    }
}
