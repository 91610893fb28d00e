extension RunReport {
    /// The report for people: some lines, the expectations last.
    public func text() -> String {
        var lines: [(line: Fact.Line, text: String)] = []
        for fact in facts where !fact.phrase.isEmpty {
            if let last = lines.indices.last, lines[last].line == fact.line {
                // Whatever comes first behind a name: not every fact of a line has words.
                let joint = lines[last].text.hasSuffix(":") ? Fact.Joint.space : fact.joint
                lines[last].text += joint.rawValue + fact.phrase
            } else {
                lines.append((fact.line, fact.phrase))
            }
        }
        return lines.enumerated().map { place, line in
            let heading = line.line.heading
            let words = Printable.line(line.text)
            if heading.isEmpty { return place == 0 ? words : "  \(words)" }
            return "  \(heading)\(String(repeating: " ", count: max(1, Self.column - heading.count)))\(words)"
        }.joined(separator: "\n")
    }

    /// Where a line's words begin, after its heading.
    private static let column = 13
}

/// Times as the report for people has them.
enum ReportTime {
    /// `10.000 s`
    static func seconds(_ nanoseconds: Int64) -> String { "\(thousandths(nanoseconds / 1_000_000)) s" }

    /// `2.031 ms`
    static func milliseconds(_ nanoseconds: Int64) -> String { "\(thousandths(nanoseconds / 1_000)) ms" }

    private static func thousandths(_ count: Int64) -> String {
        let rest = String(count % 1_000)
        return "\(count / 1_000).\(String(repeating: "0", count: 3 - rest.count))\(rest)"
    }
}
