/// A picture of dots, finer than cells: eight to a cell in Braille patterns (Unicode 28xx), or one character to a cell where only
/// ASCII reaches the terminal.
package struct DotPlot: Sendable {
    /// What is drawn with: the higher of two in a cell gives it its colour, and its character.
    package struct Pen: Hashable, Sendable {
        /// Its look.
        package var style: Style
        /// What stands for it where there are no dots, or where ``isSign``.
        package var character: Character
        /// Which of two is seen.
        package var rank: Int
        /// The character is drawn, and not the dots: it says what colour alone would not.
        package var isSign: Bool

        /// Makes a pen.
        package init(_ style: Style, _ character: Character, rank: Int, isSign: Bool = false) {
            self.style = style
            self.character = character
            self.rank = rank
            self.isSign = isSign
        }
    }

    private struct Cell {
        var dots: UInt8 = 0
        var pen: Pen?
    }

    private let size: Size
    private var cells: [Cell]

    /// A blank picture of so many cells.
    package init(size: Size) {
        self.size = size
        cells = Array(repeating: Cell(), count: max(0, size.rows) * max(0, size.columns))
    }

    /// Dots from left to right.
    package var width: Int { 2 * size.columns }
    /// Dots from the bottom to the top.
    package var height: Int { 4 * size.rows }

    /// The dots of a cell, by their place from the upper left: a Braille pattern's bits.
    private static let bits: [[UInt8]] = [[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]]

    /// Draws a dot; what lies outside is left out.
    ///
    /// - Parameters:
    ///   - column: from the left, from 0.
    ///   - height: from the bottom, from 0.
    package mutating func dot(_ column: Int, _ height: Int, _ pen: Pen) {
        guard column >= 0, column < width, height >= 0, height < self.height else { return }
        let fromTop = self.height - 1 - height
        let place = fromTop / 4 * size.columns + column / 2
        cells[place].dots |= Self.bits[fromTop % 4][column % 2]
        if pen.rank >= cells[place].pen?.rank ?? .min { cells[place].pen = pen }
    }

    /// Draws upright dots from one height to another.
    package mutating func rise(at column: Int, _ heights: ClosedRange<Int>, _ pen: Pen) {
        for height in heights.clamped(to: 0...max(0, height - 1)) { dot(column, height, pen) }
    }

    /// Draws level dots, each `step`-th.
    package mutating func run(_ columns: ClosedRange<Int>, at height: Int, _ pen: Pen, step: Int = 1) {
        for column in columns.clamped(to: 0...max(0, width - 1)) where column % step == 0 { dot(column, height, pen) }
    }

    /// Puts the picture into the upper left corner of a canvas' area.
    package func draw(on canvas: inout Canvas) {
        for row in 0..<size.rows {
            for column in 0..<size.columns {
                let cell = cells[row * size.columns + column]
                guard let pen = cell.pen else { continue }
                let braille = Character(Unicode.Scalar(0x2800 + UInt32(cell.dots)) ?? " ")
                canvas.put(
                    canvas.glyphs.isASCII || pen.isSign ? pen.character : braille,
                    at: Position(row: row, column: column), pen.style)
            }
        }
    }
}
