import Drill
import Lab
import Screen

/// The picture of a script that is stepped.
struct DrillPicture {
    let app: DrillApp

    /// The smallest screen that shows enough.
    private static let least = Size(rows: 12, columns: 50)

    func draw(on canvas: inout Canvas) {
        let size = canvas.bounds.size
        guard size.rows >= Self.least.rows, size.columns >= Self.least.columns else {
            canvas.put(
                "a drill needs \(Self.least.columns)×\(Self.least.rows)", at: Position(row: 0, column: 0), .warning,
                width: size.columns)
            return
        }
        let rows = Rect(size).split(rows: [.fixed(1), .weight(1), .fixed(2), .fixed(1)])
        canvas.within(rows[0], drawHeader)
        let isWide = size.columns >= 90
        let parts =
            isWide ? rows[1].split(columns: [.weight(5), .weight(4)]) : rows[1].split(rows: [.weight(1), .weight(1)])
        let below =
            isWide
            ? parts[1].split(rows: [.weight(1), .fixed(factRows + 2)])
            : parts[1].split(columns: [.weight(3), .weight(2)])
        canvas.within(parts[0], drawScript)
        let wires = below[0].split(rows: app.runs.map { _ in .weight(1) })
        for (index, wire) in wires.enumerated() { canvas.within(wire) { drawLog(of: index, on: &$0) } }
        canvas.within(below[1], drawStack)
        canvas.within(rows[2], drawVerdict)
        let difference = app.difference == nil ? "" : "d to the first difference   "
        canvas.put(
            " s step   S back   r to the end, or what does not hold   \(difference)[ to the beginning   q quit",
            at: Position(row: rows[3].row, column: 0), .dim, width: size.columns)
    }

    private func drawHeader(on canvas: inout Canvas) {
        var spans = [
            Span(" drill \(app.name)  ", .title), Span("\(app.place) of \(app.count)  ", .normal),
        ]
        for (run, state) in zip(app.runs, app.states) {
            spans += [Span("\(run.name) ", .dim), Span("t \(TimeText.clock(state.moment.time)) s ")]
            switch state.verdict {
            case .holds: spans.append(Span(app.due == nil ? "holds  " : "holds so far  ", .good))
            case .fails(let line, _, _): spans.append(Span("line \(line) does not hold  ", .danger))
            case .unsupported(let line, _): spans.append(Span("line \(line) is not supported  ", .warning))
            case .notJudged: spans.append(Span("not judged  ", .warning))
            }
        }
        canvas.put(spans, at: Position(row: 0, column: 0), width: canvas.bounds.columns)
    }

    // MARK: The script

    /// The line that does not hold, from 1.
    private var failed: Int? {
        switch app.verdict {
        case .fails(let line, _, _), .unsupported(let line, _): line
        case .holds, .notJudged: nil
        }
    }

    private func drawScript(on canvas: inout Canvas) {
        let inner = canvas.box(title: "Script", focused: true)
        let here = failed ?? app.due ?? app.lines.count
        let window = ListWindow(count: app.lines.count, selected: max(0, here - 1), rows: inner.rows).range
        canvas.within(inner) { canvas in
            for (row, index) in window.enumerated() {
                let line = index + 1
                let mark: Span =
                    line == failed
                    ? Span("\(canvas.glyphs.cross) ", .danger)
                    : line == app.due ? Span("\(canvas.glyphs.rightArrow) ", .focus) : Span("  ")
                let isDone = app.due.map { line < $0 } ?? true
                let style: Style =
                    line == failed ? .danger : app.lines[index].hasPrefix("//") ? .info : isDone ? .dim : .normal
                canvas.put(
                    [mark, Span(app.lines[index], style)], at: Position(row: row, column: 0),
                    width: canvas.bounds.columns)
                if line == app.due, failed == nil { canvas.select(row: row) }
            }
        }
    }

    // MARK: What has happened

    private func drawLog(of index: Int, on canvas: inout Canvas) {
        let inner = canvas.box(title: app.runs.count == 1 ? "On the wire" : "On the wire: \(app.runs[index].name)")
        canvas.within(inner) { canvas in
            let shown = app.states[index].log.suffix(canvas.bounds.rows)
            if shown.isEmpty { return canvas.nothing("nothing yet") }
            for (row, entry) in shown.enumerated() {
                let (mark, style): (String, Style) =
                    switch entry.kind {
                    case .incoming: ("<", .info)
                    case .outgoing: (">", .normal)
                    case .unasked: (">", .warning)
                    case .call: (" ", .dim)
                    }
                let more = entry.kind == .unasked ? "  not asked for yet" : ""
                canvas.put(
                    [
                        Span("\(TimeText.clock(entry.at)) ", .dim), Span("\(mark) \(entry.text)", style),
                        Span(more, .warning),
                    ], at: Position(row: row, column: 0), width: canvas.bounds.columns)
            }
        }
    }

    // MARK: What the stack knows

    /// Fields of `TCP_INFO`, what they are called beside their values, and how they are written.
    private static let facts: [(field: String, label: String, text: @Sendable (Int64) -> String)] = [
        ("tcpi_state", "state", { state($0) }), ("tcpi_ca_state", "recovery", { recovery($0) }),
        ("tcpi_snd_cwnd", "cwnd", { "\($0)" }),
        ("tcpi_snd_ssthresh", "ssthresh", { $0 >= 2_147_483_647 ? "none" : "\($0)" }),
        ("tcpi_unacked", "unacked", { "\($0)" }), ("tcpi_sacked", "SACKed", { "\($0)" }),
        ("tcpi_lost", "lost", { "\($0)" }), ("tcpi_retrans", "under way again", { "\($0)" }),
        ("tcpi_rtt", "srtt", { TimeText.duration($0 * 1_000) }),
        ("tcpi_rttvar", "rttvar", { TimeText.duration($0 * 1_000) }),
        ("tcpi_rto", "RTO", { TimeText.duration($0 * 1_000) }), ("tcpi_backoff", "back-off", { "\($0)" }),
        ("tcpi_snd_wnd", "its window", { "\($0) B" }), ("tcpi_total_retrans", "sent again", { "\($0)" }),
    ]

    private static func state(_ number: Int64) -> String {
        let names = [
            "", "ESTABLISHED", "SYN-SENT", "SYN-RECEIVED", "FIN-WAIT-1", "FIN-WAIT-2", "TIME-WAIT", "CLOSED",
            "CLOSE-WAIT", "LAST-ACK", "LISTEN", "CLOSING",
        ]
        return names.indices.contains(Int(number)) ? names[Int(number)] : "\(number)"
    }

    private static func recovery(_ number: Int64) -> String {
        let names = ["Open", "Disorder", "CWR", "Recovery", "Loss"]
        return names.indices.contains(Int(number)) ? names[Int(number)] : "\(number)"
    }

    private func drawStack(on canvas: inout Canvas) {
        let names = app.runs.map(\.name).joined(separator: ", ")
        let inner = canvas.box(title: app.runs.count == 1 ? "The stack" : "The stacks: \(names)")
        canvas.within(inner) { canvas in
            let known = app.states.map(\.moment.information)
            guard known.contains(where: { !$0.isEmpty }) else { return canvas.nothing("no connection yet") }
            let columns = app.runs.count == 1 && canvas.bounds.columns >= 48 ? 2 : 1
            let width = canvas.bounds.columns / columns
            let perColumn = (Self.facts.count + columns - 1) / columns
            for (index, fact) in Self.facts.enumerated() {
                let values = known.map { fact.text($0[fact.field] ?? 0) }
                let isSame = Set(values).count == 1
                canvas.put(
                    [Span("\(fact.label) ", .dim)]
                        + values.enumerated().map { Span($0 > 0 ? ", \($1)" : $1, isSame ? .normal : .warning) },
                    at: Position(row: index % perColumn, column: index / perColumn * width), width: width - 1)
            }
        }
    }

    /// Rows that the facts take on a wide screen.
    private var factRows: Int { app.runs.count == 1 ? Self.facts.count / 2 : Self.facts.count }

    // MARK: What came of it

    private func drawVerdict(on canvas: inout Canvas) {
        func put(_ label: String, _ text: String, _ style: Style, row: Int) {
            canvas.put(
                [Span(" \(label) ", .dim), Span(text, style)], at: Position(row: row, column: 0),
                width: canvas.bounds.columns)
        }
        switch app.verdict {
        case .fails(_, let expected, let seen):
            put("expected", expected, .good, row: 0)
            put("seen    ", seen, .danger, row: 1)
        case .unsupported(_, let why), .notJudged(let why): put("because", why, .warning, row: 0)
        case .holds:
            if let due = app.due, app.lines.indices.contains(due - 1) {
                put("next", app.lines[due - 1].trimming, .normal, row: 0)
            } else {
                put("over", "every line holds", .good, row: 0)
            }
        }
        if !app.notice.isEmpty { put("", app.notice, .warning, row: 1) }
    }
}

extension String {
    /// Without blanks at its ends.
    fileprivate var trimming: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
