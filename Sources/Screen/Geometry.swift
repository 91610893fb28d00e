/// A place on the screen, counted from the top left corner, from zero.
package struct Position: Hashable, Sendable {
    /// The row, downwards.
    package var row: Int
    /// The column, to the right.
    package var column: Int

    /// Makes a position.
    package init(row: Int, column: Int) {
        self.row = row
        self.column = column
    }
}

/// An extent in rows and columns; never negative.
package struct Size: Hashable, Sendable {
    /// How many rows.
    package var rows: Int
    /// How many columns.
    package var columns: Int

    /// Makes a size; negative numbers become zero.
    package init(rows: Int, columns: Int) {
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }
}

/// A rectangle of cells.
package struct Rect: Hashable, Sendable {
    /// The first row.
    package var row: Int
    /// The first column.
    package var column: Int
    /// How many rows.
    package var rows: Int
    /// How many columns.
    package var columns: Int

    /// Makes a rectangle from its top left corner and its extent; a negative extent becomes zero.
    package init(row: Int, column: Int, rows: Int, columns: Int) {
        self.row = row
        self.column = column
        self.rows = max(0, rows)
        self.columns = max(0, columns)
    }

    /// Makes a rectangle of a size at the origin.
    package init(_ size: Size) {
        self.init(row: 0, column: 0, rows: size.rows, columns: size.columns)
    }

    /// The row below the last one.
    package var endRow: Int { row + rows }
    /// The column right of the last one.
    package var endColumn: Int { column + columns }
    /// The extent.
    package var size: Size { Size(rows: rows, columns: columns) }
    /// The top left corner.
    package var origin: Position { Position(row: row, column: column) }
    /// Whether there is no cell in it.
    package var isEmpty: Bool { rows == 0 || columns == 0 }

    /// Whether a position lies in it.
    package func contains(_ position: Position) -> Bool {
        position.row >= row && position.row < endRow && position.column >= column && position.column < endColumn
    }

    /// What two rectangles share; empty where they do not meet.
    package func intersection(_ other: Rect) -> Rect {
        let top = max(row, other.row)
        let left = max(column, other.column)
        return Rect(
            row: top, column: left, rows: min(endRow, other.endRow) - top,
            columns: min(endColumn, other.endColumn) - left)
    }

    /// The rectangle without a margin on all four sides.
    package func inset(by margin: Int) -> Rect {
        inset(rows: margin, columns: margin)
    }

    /// The rectangle without a margin above and below, and left and right.
    package func inset(rows vertical: Int, columns horizontal: Int) -> Rect {
        Rect(
            row: row + vertical, column: column + horizontal, rows: rows - 2 * vertical,
            columns: columns - 2 * horizontal)
    }

    /// The rectangle moved.
    package func offset(rows down: Int, columns right: Int) -> Rect {
        Rect(row: row + down, column: column + right, rows: rows, columns: columns)
    }

    /// One row of it, as a rectangle; counted from its own top.
    package func line(_ index: Int) -> Rect {
        Rect(row: row + index, column: column, rows: 1, columns: columns).intersection(self)
    }

    /// A rectangle of the given size in the middle of this one, cut to it.
    package func centred(_ size: Size) -> Rect {
        let height = min(size.rows, rows)
        let width = min(size.columns, columns)
        return Rect(
            row: row + (rows - height) / 2, column: column + (columns - width) / 2, rows: height, columns: width)
    }
}
