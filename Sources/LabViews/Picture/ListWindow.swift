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
}
