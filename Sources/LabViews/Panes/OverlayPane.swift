import Lab
import Screen

/// What lies over the panes: the help, the inspector, a menu.
struct OverlayPane {
    let scene: Scene
    let overlay: Overlay

    func draw(on canvas: inout Canvas) {
        switch overlay {
        case .help(let scroll): drawHelp(scroll, on: &canvas)
        case .inspector(let item, let scroll):
            let inspection = Inspection(scene: scene)
            drawText(
                inspection.title(of: item), inspection.lines(of: item), scroll,
                width: min(canvas.bounds.columns, 110), on: &canvas)
        case .menu(let menu): drawMenu(menu, on: &canvas)
        }
    }

    private func drawHelp(_ scroll: Int, on canvas: inout Canvas) {
        let width = min(canvas.bounds.columns, 110)
        let (keys, form) = (16, width >= 100 ? 38 : 22)
        let room = max(10, width - 4 - keys - form)
        var lines: [[Span]] = []
        for line in CommandTable.helpLines {
            if line.form.isEmpty {
                if !lines.isEmpty { lines.append([]) }
                lines.append([Span(line.text, .title)])
                continue
            }
            let texts = Canvas.wrapped(line.text, width: room)
            // A form that is too long for its column has lines of its own.
            let isLong = line.form.count >= form
            if isLong {
                for (index, part) in Canvas.wrapped(line.form, width: max(10, width - 4 - keys)).enumerated() {
                    lines.append([Span(padded(index == 0 ? line.keys : "", keys), .key), Span(part)])
                }
            }
            for (index, text) in texts.enumerated() {
                let isFirst = index == 0 && !isLong
                lines.append([
                    Span(padded(isFirst ? line.keys : "", keys), .key), Span(padded(isFirst ? line.form : "", form)),
                    Span(text, .dim),
                ])
            }
        }
        drawText("Keys and commands", lines, scroll, width: width, on: &canvas)
    }

    private func drawText(_ title: String, _ lines: [[Span]], _ scroll: Int, width: Int, on canvas: inout Canvas) {
        let height = min(canvas.bounds.rows, lines.count + 2)
        let rect = canvas.bounds.centred(Size(rows: max(3, height), columns: width))
        let room = rect.rows - 2
        let first = max(0, min(scroll, lines.count - room))
        let more = lines.count > room ? "\(first + 1)–\(min(lines.count, first + room)) of \(lines.count)" : ""
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let inner = canvas.box(title: title, focused: true, note: more)
            for (row, line) in lines.dropFirst(first).prefix(room).enumerated() {
                canvas.put(line, at: Position(row: inner.row + row, column: inner.column + 1), width: inner.columns - 2)
            }
        }
    }

    private func drawMenu(_ menu: Menu, on canvas: inout Canvas) {
        let widest = menu.lines.map(DisplayWidth.of).max() ?? 0
        let width = min(canvas.bounds.columns, max(30, widest + 8, DisplayWidth.of(menu.title) + 22))
        let rect = canvas.bounds.centred(Size(rows: menu.lines.count + 2, columns: width))
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let inner = canvas.box(title: "Intervene: \(menu.title)", focused: true)
            canvas.within(inner) { canvas in
                let window = ListWindow(count: menu.lines.count, selected: menu.selected, rows: canvas.bounds.rows)
                for (row, index) in window.range.enumerated() {
                    let digit = index < 9 ? "\(index + 1)" : " "
                    canvas.put(
                        [Span(" \(digit) ", .key), Span(menu.lines[index])], at: Position(row: row, column: 1),
                        width: canvas.bounds.columns - 1)
                    if index == menu.selected { canvas.select(row: row) }
                }
            }
        }
    }

    private func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
