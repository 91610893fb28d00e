import Lab
import Screen

/// The text of a window over the panes, as wide as the screen lets it be.
struct WindowText {
    let title: String
    let lines: [[Span]]
    /// The window's columns, frame included.
    let columns: Int

    /// Wider lines are hard to read.
    static let widest = 110

    /// The text of what lies over the panes; nil for what is chosen from.
    init?(_ overlay: Overlay, _ scene: Scene, columns: Int) {
        let columns = min(columns, Self.widest)
        self.columns = columns
        switch overlay {
        case .help:
            title = "Keys and commands"
            lines = Self.help(columns: columns)
        case .inspector(let item, _):
            let inspection = Inspection(scene: scene, columns: columns - 4)
            title = inspection.title(of: item)
            lines = inspection.lines(of: item)
        case .warnings:
            title = "Warnings of the lab's file"
            lines = Self.warnings(scene.snapshot.lab, width: columns - 4)
        case .text(let heading, let text, _):
            title = heading
            lines = text.flatMap { line in
                Canvas.wrapped(line, width: columns - 6).enumerated().map { [Span($0 == 0 ? $1 : "  \($1)")] }
            }
        case .menu, .timelines, .page: return nil
        }
    }

    /// Each with its place, and what is said of it below.
    private static func warnings(_ lab: LabDefinition, width: Int) -> [[Span]] {
        lab.warnings.flatMap { warning in
            [[Span("\(warning.file):\(warning.line):\(warning.column)", .dim)]]
                + Canvas.wrapped(warning.message, width: max(10, width - 2)).map { [Span("  \($0)", .warning)] }
        }
    }

    /// The last line that the window may begin with, in an area of so many rows: its end is in sight then.
    func last(within rows: Int) -> Int { max(0, lines.count - max(1, min(rows, lines.count + 2) - 2)) }

    /// The help: each command with its keys, what is too long for its column on lines of its own.
    private static func help(columns: Int) -> [[Span]] {
        let (keys, form) = (16, columns >= 100 ? 38 : 22)
        let room = max(10, columns - 4 - keys - form)
        var lines: [[Span]] = []
        for line in CommandTable.helpLines {
            if line.form.isEmpty {
                if !lines.isEmpty { lines.append([]) }
                lines.append([Span(line.text, .title)])
                continue
            }
            let isLong = line.form.count >= form
            if isLong {
                for (index, part) in Canvas.wrapped(line.form, width: max(10, columns - 4 - keys)).enumerated() {
                    lines.append([Span((index == 0 ? line.keys : "").padded(to: keys), .key), Span(part)])
                }
            }
            for (index, text) in Canvas.wrapped(line.text, width: room).enumerated() {
                let isFirst = index == 0 && !isLong
                lines.append([
                    Span((isFirst ? line.keys : "").padded(to: keys), .key),
                    Span((isFirst ? line.form : "").padded(to: form)), Span(text, .dim),
                ])
            }
        }
        return lines
    }
}
