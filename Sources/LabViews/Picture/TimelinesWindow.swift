import Lab
import Screen

/// The window with the tree of timelines.
struct TimelinesWindow {
    let scene: Scene
    let selected: TimelineID

    /// Wider lines are hard to read.
    private static let widest = 120

    /// A row, and the timeline that it is of.
    private struct Row {
        let id: TimelineID
        var spans: [Span]
    }

    func draw(on canvas: inout Canvas) {
        let columns = min(canvas.bounds.columns, Self.widest)
        let rows = rows(columns - 4, canvas.glyphs)
        let size = Size(rows: max(3, min(canvas.bounds.rows, rows.count + 2)), columns: columns)
        canvas.within(canvas.bounds.centred(size)) { canvas in
            canvas.fill(canvas.bounds)
            let first = rows.firstIndex { $0.id == selected } ?? 0
            let last = rows.lastIndex { $0.id == selected } ?? 0
            let window = ListWindow(count: rows.count, selected: last, rows: canvas.bounds.rows - 2).range
            let count = scene.snapshot.timelines.all.count
            let inner = canvas.box(
                title: "Timelines", focused: true, note: "\(count)",
                foot: ListWindow.foot(window, of: rows.count, canvas.glyphs))
            canvas.within(inner) { canvas in
                for (place, index) in window.enumerated() {
                    canvas.put(
                        whole: rows[index].spans, at: Position(row: place, column: 1),
                        width: canvas.bounds.columns - 2)
                    if (first...last).contains(index) { canvas.select(row: place) }
                }
            }
        }
    }

    /// Each timeline with what was done on it below.
    private func rows(_ width: Int, _ glyphs: GlyphSet) -> [Row] {
        let text = TimelineText(scene.snapshot)
        let order = scene.snapshot.timelines.inOrder
        let names = order.map { 2 * $0.depth + $0.summary.name.count }.max() ?? 0
        return order.flatMap { summary, depth -> [Row] in
            let isCurrent = summary.id == scene.snapshot.timelines.current
            let stem =
                depth > 0 ? String(repeating: "  ", count: depth - 1) + "\(glyphs.box.bottomLeft)\(glyphs.rule)" : ""
            var spans = [
                Span(" \(isCurrent ? glyphs.filledBullet : " ") \(stem)", .dim),
                Span(summary.name.padded(to: names - 2 * depth + 2), isCurrent ? .title : .info),
                Span(text.length(summary)), Span("  \(summary.outcome.rawValue)", style(of: summary)),
            ]
            if let failed = text.failed(summary) { spans.append(Span(": \(failed)", style(of: summary))) }
            if let digest = summary.digest, width >= 96 { spans.append(Span("  \(digest)", .accent1)) }
            let below = [text.origin(summary)].compactMap(\.self) + text.done(summary)
            let indent = String(repeating: " ", count: 5 + 2 * depth)
            let lines =
                below.isEmpty ? [] : Canvas.wrapped(below.joined(separator: ", "), width: max(20, width - indent.count))
            return [Row(id: summary.id, spans: spans)]
                + lines.map { Row(id: summary.id, spans: [Span(indent + $0, .dim)]) }
        }
    }

    private func style(of summary: TimelineSummary) -> Style {
        switch summary.outcome {
        case .passed: .good
        case .failed: .danger
        case .incomplete: .dim
        }
    }
}
