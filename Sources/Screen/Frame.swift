import Bug

/// A picture of the whole screen: a grid of cells.
///
/// A wide character is always whole: writing over one of its halves blanks the other.
package struct Frame: Equatable, Sendable {
    /// The extent.
    package let size: Size
    private var cells: [Cell]

    /// Makes a frame of blanks.
    package init(size: Size, style: Style = .normal) {
        self.size = size
        cells = Array(repeating: .blank(style), count: size.rows * size.columns)
    }

    /// The cell at a position, which must lie in the frame.
    package subscript(row: Int, column: Int) -> Cell {
        insist(
            row >= 0 && row < size.rows && column >= 0 && column < size.columns, "There is no such cell in the frame.")
        return cells[row * size.columns + column]
    }

    /// Puts a cluster at a position; nothing happens where it does not lie wholly in the frame.
    mutating func put(_ cluster: CellText.Cluster, row: Int, column: Int, style: Style) {
        guard row >= 0, row < size.rows, column >= 0, column + cluster.width <= size.columns else { return }
        let index = row * size.columns + column
        separate(at: index)
        cells[index] = Cell(cluster, style: style)
        if cluster.width == 2 {
            separate(at: index + 1)
            cells[index + 1] = .continuation(style)
        }
    }

    /// Changes the style of the cells from one column up to another, and leaves what they show.
    mutating func restyle(row: Int, columns: Range<Int>, with change: (Style) -> Style) {
        guard row >= 0, row < size.rows else { return }
        for column in columns.clamped(to: 0..<size.columns) {
            let cell = cells[row * size.columns + column]
            let style = change(cell.style)
            cells[row * size.columns + column] =
                cell.isContinuation
                ? .continuation(style)
                : Cell(.init(character: cell.character, width: Int(cell.width)), style: style)
        }
    }

    /// Blanks the other half of a wide character, one half of which is about to be overwritten.
    private mutating func separate(at index: Int) {
        switch cells[index].width {
        case 0: cells[index - 1] = .blank(cells[index - 1].style)
        case 2: cells[index + 1] = .blank(cells[index + 1].style)
        default: break
        }
    }
}

extension Frame {
    /// What the frame shows, a line per row, without the blanks at the ends of the lines.
    package var text: String {
        lines { row in
            var line = ""
            for column in 0..<size.columns where !self[row, column].isContinuation {
                line.append(self[row, column].character)
            }
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// The styles of the frame, a line per row and a letter per column (see `Style.letter`).
    package var styles: String {
        lines { row in String((0..<size.columns).map { self[row, $0].style.letter }) }
    }

    /// Both grids in one text, as golden files hold them.
    package var golden: String {
        "\(size.columns)x\(size.rows)\n\(text)\n--- styles\n\(styles)\n"
    }

    private func lines(_ line: (Int) -> String) -> String {
        (0..<size.rows).map(line).joined(separator: "\n")
    }
}
