import Foundation

extension SweepReport {
    /// The report for people.
    ///
    /// - Parameter command: the words of the command that opens a run of the lab; none where there is no such command.
    package func text(opening command: [String]) -> String {
        var lines = [
            "sweep of \(lab), \(range)", "  " + counts,
            "  \(NumberText.count(jobs, "job")), \(Self.seconds(seconds))"
                + (seconds > 0 ? ", \(Int(Double(seeds.run) / seconds)) seeds/s" : ""),
        ]
        if interrupted { lines.append("  ended before all seeds were run") }
        for group in groups { lines += [""] + text(of: group, command) }
        lines += [""] + coverageText
        return lines.map { Printable.line($0) }.joined(separator: "\n")
    }

    private var range: String {
        let shard = shard.map { ", shard \($0)" } ?? ""
        return "seeds \(seeds.first)..\(seeds.last)\(shard): \(seeds.run) run"
    }

    private var counts: String {
        [
            (seeds.passed, "passed"), (seeds.failed, "failed"), (seeds.incomplete, "incomplete"),
            (seeds.crashed, "crashed"),
        ]
        .filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }

    private func text(of group: Group, _ command: [String]) -> [String] {
        let seeds = group.seeds.prefix(Self.seedsInText).map { "\($0)" }.joined(separator: ", ")
        let place = group.example.t_ns.map { " at \(TimeText.clock($0)) s" } ?? ""
        let event = group.example.event.map { " #\($0)" } ?? ""
        var lines = [
            "\(group.count) × \(group.signature)",
            "  seeds     \(seeds)" + (group.count > Self.seedsInText ? ", …" : ""),
            "  causes    "
                + group.shapes.prefix(Self.shapesInText).map { "\($0.shape) (\($0.count))" }.joined(separator: "; ")
                + (group.shapes.count > Self.shapesInText ? "; …" : ""),
            "  first     seed \(group.example.seed)\(event)\(place): \(group.example.text)",
        ]
        if !command.isEmpty {
            let words = command + ["--seed", "\(group.example.seed)", "--at", "failed"]
            lines.append("  look      " + words.map(ShellWord.quoted).joined(separator: " "))
        }
        if let recording = group.recording { lines.append("  recording \(recording)") }
        return lines
    }

    private var coverageText: [String] {
        var lines = ["coverage: \(coverage.reached) of \(NumberText.count(coverage.cells, "cell")) of fault × state"]
        if let found {
            lines.append(
                "  \(found.cell): "
                    + (found.seed.map { "reached by seed \($0)" + (found.event.map { " at #\($0)" } ?? "") }
                        ?? "not reached"))
        }
        guard !coverage.never.isEmpty else { return lines }
        // A fault's states in one line: the cells of a row follow one another.
        var rows: [(fault: String, states: [String])] = []
        for cell in coverage.never {
            let parts = cell.components(separatedBy: " × ")
            guard parts.count == 2 else { continue }
            if rows.last?.fault == parts[0] {
                rows[rows.count - 1].states.append(parts[1])
            } else {
                rows.append((parts[0], [parts[1]]))
            }
        }
        lines.append("  never reached:")
        return lines + rows.map { "    \($0.fault) × \($0.states.joined(separator: ", "))" }
    }

    private static let seedsInText = 10
    private static let shapesInText = 3

    /// `12.3 s`
    private static func seconds(_ seconds: Double) -> String {
        let tenths = Int((seconds * 10).rounded())
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
