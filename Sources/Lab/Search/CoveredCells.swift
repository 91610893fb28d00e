import SimNetwork

/// The cells of a grid that runs have reached.
package struct CoveredCells: Hashable, Sendable {
    private var words: [UInt64]

    /// None of so many.
    package init(of count: Int) { words = Array(repeating: 0, count: (count + 63) / 64) }

    /// Takes a cell in.
    ///
    /// - Returns: whether it is new.
    @discardableResult
    mutating func insert(_ cell: CoverageGrid.Cell) -> Bool {
        let (word, bit) = (cell.place / 64, UInt64(1) << UInt64(cell.place % 64))
        guard words[word] & bit == 0 else { return false }
        words[word] |= bit
        return true
    }

    /// Takes in those of another run of the same lab.
    ///
    /// - Returns: whether any of them is new.
    @discardableResult
    package mutating func formUnion(_ other: CoveredCells) -> Bool {
        var isNew = false
        for index in words.indices where index < other.words.count {
            isNew = isNew || other.words[index] & ~words[index] != 0
            words[index] |= other.words[index]
        }
        return isNew
    }

    /// Whether a cell is among them.
    package func contains(_ cell: CoverageGrid.Cell) -> Bool {
        words[cell.place / 64] & (1 << UInt64(cell.place % 64)) != 0
    }

    /// How many there are.
    package var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    /// Sixteen hexadecimal digits for each 64 cells, the first cell in the lowest bit of the first.
    var text: String { words.map { Digest(value: $0).description }.joined() }

    /// - Parameter text: what ``text`` has given; nil for anything else.
    init?(_ text: String) {
        words = []
        var rest = text[...]
        while !rest.isEmpty {
            guard rest.count >= 16, let word = UInt64(rest.prefix(16), radix: 16) else { return nil }
            words.append(word)
            rest = rest.dropFirst(16)
        }
    }
}
