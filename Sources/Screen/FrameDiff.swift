/// What changed from one frame to the next.
package struct FrameDiff: Equatable, Sendable {
    /// Neighbouring cells of one row that all changed.
    package struct Run: Equatable, Sendable {
        /// The row.
        package let row: Int
        /// The columns, never empty; a wide character is wholly inside or outside.
        package let columns: Range<Int>

        /// Makes a run.
        package init(row: Int, columns: Range<Int>) {
            self.row = row
            self.columns = columns
        }
    }

    /// The changed cells, from the top left to the bottom right.
    package private(set) var runs: [Run] = []

    /// How many cells changed.
    package var changedCells: Int { runs.reduce(0) { $0 + $1.columns.count } }

    /// Compares two frames; without an old one, or with one of another size, every cell counts as changed.
    package init(from old: Frame?, to new: Frame) {
        let columns = new.size.columns
        guard let old, old.size == new.size else {
            if columns > 0 { runs = (0..<new.size.rows).map { Run(row: $0, columns: 0..<columns) } }
            return
        }
        for row in 0..<new.size.rows {
            var column = 0
            while column < columns {
                guard old[row, column] != new[row, column] else {
                    column += 1
                    continue
                }
                let start = column
                // Where one wide character takes the place of another, the second column looks unchanged.
                while column < columns,
                    old[row, column] != new[row, column] || (column > start && new[row, column].isContinuation)
                { column += 1 }
                runs.append(Run(row: row, columns: start..<column))
            }
        }
    }
}
