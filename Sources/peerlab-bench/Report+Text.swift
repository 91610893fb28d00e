import Foundation

extension Report {
    /// A table for people.
    var text: String {
        var cells = [["row", "median", "unit", "runs", "min", "max", "× simpy", "× floor"]]
        var notes: [String] = []
        for row in rows {
            guard let value = row.value, let least = row.values.min(), let most = row.values.max() else {
                cells.append([row.name, "—", row.unit.rawValue, "0", "—", "—", "—", "—"])
                notes.append("\(row.name): not measured: \(row.failure ?? "no run")")
                continue
            }
            cells.append([
                row.name, figure(value), row.unit.rawValue, "\(row.values.count)", figure(least), figure(most),
                ratioToSimPy(row).map(figure) ?? "—", ratioToFloor(row).map(figure) ?? "—",
            ])
        }
        return ([heading] + table(cells) + notes).joined(separator: "\n")
    }

    private var heading: String {
        let memory = figure(Double(machine.memoryBytes) / 1_073_741_824)
        return """
            \(machine.processor), \(machine.cores) cores, \(memory) GiB; \(machine.swift), \(machine.build) build; \
            order \(seed)
            """
    }

    private func table(_ cells: [[String]]) -> [String] {
        let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
        return cells.map { row in
            row.indices.map { column in
                let padding = String(repeating: " ", count: widths[column] - row[column].count)
                let isText = column == 0 || column == 2
                return isText ? row[column] + padding : padding + row[column]
            }.joined(separator: "  ")
        }
    }

    /// A figure to three digits at least; thousands apart.
    private func figure(_ value: Double) -> String {
        if value < 10 { return String(format: "%.3f", value) }
        if value < 1_000 { return String(format: "%.1f", value) }
        var digits = String(Int(value.rounded()))
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return ([digits] + groups).joined(separator: ",")
    }
}
