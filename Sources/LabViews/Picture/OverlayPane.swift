import Lab
import Screen

/// What lies over the panes: a text in a window, or a menu.
struct OverlayPane {
    let scene: Scene
    let overlay: Overlay

    func draw(on canvas: inout Canvas) {
        switch overlay {
        case .help(let scroll), .inspector(_, let scroll), .warnings(let scroll), .text(_, _, let scroll):
            guard let text = WindowText(overlay, scene, columns: canvas.bounds.columns) else { return }
            draw(text, from: scroll, on: &canvas)
        case .page(let page): PageText(page, columns: canvas.bounds.columns).draw(on: &canvas)
        case .menu(let menu): drawMenu(menu, on: &canvas)
        case .timelines(let selected): TimelinesWindow(scene: scene, selected: selected).draw(on: &canvas)
        }
    }

    private func draw(_ text: WindowText, from scroll: Int, on canvas: inout Canvas) {
        let lines = text.lines
        let rect = canvas.bounds.centred(
            Size(rows: max(3, min(canvas.bounds.rows, lines.count + 2)), columns: text.columns))
        let room = rect.rows - 2
        let first = min(max(0, scroll), text.last(within: canvas.bounds.rows))
        let more = lines.count > room ? "\(first + 1)–\(min(lines.count, first + room)) of \(lines.count)" : ""
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let inner = canvas.box(
                title: text.title, focused: true, note: more,
                foot: ListWindow.foot(first..<min(lines.count, first + room), of: lines.count, canvas.glyphs))
            for (row, line) in lines.dropFirst(first).prefix(room).enumerated() {
                canvas.put(line, at: Position(row: inner.row + row, column: inner.column + 1), width: inner.columns - 2)
            }
        }
    }

    private func drawMenu(_ menu: Menu, on canvas: inout Canvas) {
        let widest = menu.lines.map(DisplayWidth.of).max() ?? 0
        let width = min(
            canvas.bounds.columns, max(menu.note.isEmpty ? 30 : 60, widest + 8, DisplayWidth.of(menu.title) + 22))
        let note = menu.note.isEmpty ? [] : Canvas.wrapped(menu.note, width: width - 4)
        let rect = canvas.bounds.centred(Size(rows: menu.lines.count + note.count + 2, columns: width))
        canvas.within(rect) { canvas in
            canvas.fill(canvas.bounds)
            let room = canvas.bounds.rows - 2 - note.count
            let window = ListWindow(count: menu.lines.count, selected: menu.selected, rows: room).range
            let isWhole = window.count == menu.lines.count
            let inner = canvas.box(
                title: "Intervene: \(menu.title)", focused: true,
                note: isWhole ? "" : "\(menu.selected + 1) of \(menu.lines.count)",
                foot: ListWindow.foot(window, of: menu.lines.count, canvas.glyphs))
            for (row, line) in note.enumerated() {
                canvas.put(
                    line, at: Position(row: inner.row + max(0, room) + row, column: inner.column + 1), .dim,
                    width: inner.columns - 2)
            }
            canvas.within(inner) { canvas in
                for (row, index) in window.enumerated() {
                    let digit = index < 9 ? "\(index + 1)" : " "
                    canvas.put(
                        [Span(" \(digit) ", .key), Span(menu.lines[index])], at: Position(row: row, column: 1),
                        width: canvas.bounds.columns - 1)
                    if index == menu.selected { canvas.select(row: row) }
                }
            }
        }
    }
}
