import Lab
import PeerNetworking
import SimNetwork

extension Page {
    /// The grid of fault × state, as far as a run has reached it: the grid, and its cells one by one.
    init(_ coverage: RunCoverage) {
        let grid = coverage.grid
        let width = (grid.rows.map(\.rawValue.count).max() ?? 0) + 2
        var lines = [
            TextLine([("".padded(to: width) + CoverageGrid.columns.map(\.mark).joined(separator: " "), .dim)])
        ]
        let cells = grid.cells
        for (row, family) in grid.rows.enumerated() {
            let marks = cells[row * CoverageGrid.columns.count..<(row + 1) * CoverageGrid.columns.count].map {
                coverage.first($0) == nil ? " ·" : " x"
            }
            lines.append(
                TextLine([(family.rawValue.padded(to: width), .plain), (marks.joined(separator: " "), .good)]))
        }
        lines += [TextLine(), .heading("Met")]
        let met = cells.compactMap { cell in coverage.first(cell).map { (cell, $0) } }
        lines += met.map { cell, event in
            TextLine([("\(ThingNames.event(event))  ".padded(to: 9), .time), (grid.name(cell), .plain)], event: event)
        }
        if met.isEmpty { lines.append(TextLine([("nothing yet", .dim)])) }
        lines += [TextLine(), .heading("Not met in this run: Enter tells how to search for a seed that does")]
        lines += cells.filter { coverage.first($0) == nil }.map { cell in
            var line = TextLine([(grid.name(cell), .dim)])
            line.lead = .command("coverage \(grid.name(cell))")
            return line
        }
        self.init(
            subject: .coverage, title: "Fault × state: \(coverage.reached) of \(grid.count) met", lines: lines)
    }
}

extension CoverageGrid.Column {
    /// Two letters for it.
    fileprivate var mark: String {
        switch self {
        case .connection:
            let words = name.split(separator: "-")
            return words.count > 1
                ? String(words[0].prefix(1) + words[words.count - 1].prefix(1)) : String(name.prefix(2))
        case .peer(.idle): return "id"
        case .peer(.connecting): return "cg"
        case .peer(.connected): return "cd"
        case .peer(.reconnecting): return "re"
        case .peer(.closing): return "lg"
        case .peer(.closed): return "ld"
        case .peer(.failed): return "fa"
        case .peer(.listening): return "li"
        }
    }
}
