import Lab
import Screen
import SimNetwork

/// The line above the keys: what is being typed, what the last key did, how far a move is; and the next event, where there
/// is room for it beside that.
struct StatusLine {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let columns = canvas.bounds.columns
        let view = scene.view
        if let prompt = view.prompt {
            draw(prompt, on: &canvas)
            return
        }
        if canvas.bounds.rows > 1 {
            drawLong(on: &canvas)
            return
        }
        let next = nextSpans(canvas.glyphs)
        let message = messageSpans(canvas.glyphs)
        let messageWidth = message.reduce(0) { $0 + $1.width }
        if messageWidth == 0 {
            canvas.put(next, at: Position(row: 0, column: 1), width: columns - 2)
        } else {
            // The message is there for one key, the next event with every one, and in a pane of its own.
            canvas.put(message, at: Position(row: 0, column: 1), width: columns - 2)
            let start = messageWidth + 3
            guard columns - start - 1 >= Self.leastNext else { return }
            canvas.put(next, at: Position(row: 0, column: start), width: columns - start - 1)
        }
    }

    /// The rows that a message needs which is too long for one; otherwise 1.
    func rows(within columns: Int) -> Int {
        guard scene.view.prompt == nil else { return 1 }
        let text = messageSpans(.unicode).map(\.text).joined()
        return DisplayWidth.of(text) <= columns - 2 ? 1 : Canvas.wrapped(text, width: columns - 2).count
    }

    private func drawLong(on canvas: inout Canvas) {
        canvas.fill(canvas.bounds)
        guard let message = messageSpans(canvas.glyphs).first else { return }
        canvas.put(paragraph: message.text, in: canvas.bounds.inset(rows: 0, columns: 1), message.style)
    }

    /// The columns in which the next event says more than its time.
    private static let leastNext = 24

    private func nextSpans(_ glyphs: GlyphSet) -> [Span] {
        let snapshot = scene.snapshot
        if let failure = snapshot.failure { return [Span("\(glyphs.cross) \(failure)", .danger)] }
        if snapshot.event == 0, snapshot.traits.isStepped {
            return [
                Span("next ", .dim), Span("\(glyphs.rightArrow) \(TimeText.clock(0))  ", .title),
                Span("run start", .info),
            ]
        }
        guard let next = snapshot.upcoming.first else { return [Span("next  \(scene.nothingPending)", .dim)] }
        let line = scene.text.line(of: next)
        let mark = line.isFault ? "\(glyphs.bolt) " : ""
        return [
            Span("next ", .dim), Span("\(glyphs.rightArrow) \(TimeText.clock(next.time))  ", .title),
            Span("\(mark)\(line.text)", line.role.style),
        ]
    }

    private func messageSpans(_ glyphs: GlyphSet) -> [Span] {
        let view = scene.view
        if let progress = view.progress {
            let share = progress.thousandths.map { "  \($0 / 10) %" } ?? ""
            return [Span("\(progress.text)\(share)  (Esc stops)", .info)]
        }
        if let notice = view.notice {
            return [
                Span(notice.isError ? "\(glyphs.cross) \(notice.text)" : notice.text, notice.isError ? .danger : .good)
            ]
        }
        if let unavailable = scene.snapshot.unavailable.first {
            let more = scene.snapshot.unavailable.count - 1
            return [Span("unavailable here: \(unavailable)" + (more > 0 ? " and \(more) more" : ""), .warning)]
        }
        return []
    }

    private func draw(_ prompt: Prompt, on canvas: inout Canvas) {
        let label = prompt.purpose.rawValue
        let start = 1 + DisplayWidth.of(label)
        let room = max(0, canvas.bounds.columns - start - 1)
        let candidates = prompt.editor.candidates
        let window = prompt.editor.window(width: room)
        canvas.put(label, at: Position(row: 0, column: 1), .key)
        let end = canvas.put(window.text, at: Position(row: 0, column: start))
        if prompt.editor.text.isEmpty, !prompt.hint.isEmpty {
            canvas.put("Enter alone: \(prompt.hint)", at: Position(row: 0, column: start + 2), .dim, width: room - 2)
        }
        if !candidates.isEmpty, end + 3 < canvas.bounds.columns {
            canvas.put("   " + candidates.joined(separator: "  "), at: Position(row: 0, column: end), .dim)
        }
    }

    /// Where the cursor stands on the screen while a line is typed.
    static func cursor(of prompt: Prompt, size: Size) -> Position {
        let start = 1 + DisplayWidth.of(prompt.purpose.rawValue)
        let window = prompt.editor.window(width: max(0, size.columns - start - 1))
        return Position(row: size.rows - 2, column: start + window.cursorColumn)
    }
}
