import Screen

/// Which rows of a list are shown, so that the selected one is among them.
struct ListWindow {
    /// The first row shown.
    let first: Int
    /// How many are.
    let count: Int

    init(count: Int, selected: Int?, rows: Int) {
        let rows = max(0, rows)
        let wish = (selected ?? 0) - rows / 2
        first = max(0, min(wish, count - rows))
        self.count = min(rows, count - first)
    }

    /// The rows shown.
    var range: Range<Int> { first..<(first + max(0, count)) }

    /// What stands at the right of the lower border of a list's frame: how much of it is out of sight, above and below.
    static func foot(_ shown: Range<Int>, of count: Int, _ glyphs: GlyphSet) -> String {
        let parts = [(glyphs.upArrow, shown.lowerBound), (glyphs.downArrow, count - shown.upperBound)]
        let said = parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }
        return said.isEmpty ? "" : said.joined(separator: "  ") + " more"
    }
}
