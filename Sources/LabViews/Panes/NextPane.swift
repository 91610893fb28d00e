import Lab
import Screen
import SimNetwork

extension Pane {
    static let next = Pane(NextPane.self)
}

/// What is pending, the earliest first.
struct NextPane: PaneView {
    static let name = "next"
    static let title = "Next"
    static let place = PanePlace(band: .middle, columns: .weight(2, min: 32), stacked: .fixed(6), leastStacked: 24)

    let scene: Scene

    static func items(in snapshot: Snapshot) -> [Item] { snapshot.upcoming.map(Item.upcoming) }

    var note: String { scene.snapshot.isLive ? "" : "as recorded" }

    /// The rows above the list: the start is an event of the run, and no one schedules it.
    private var above: Int { scene.snapshot.event == 0 && scene.snapshot.traits.isStepped ? 1 : 0 }

    private func listed(within size: Size) -> Range<Int> {
        let items = Self.items(in: scene.snapshot)
        return ListWindow(
            count: items.count, selected: Self.index(in: items, scene.view), rows: size.rows - above
        ).range
    }

    /// It is longer than is known: what is out of sight is not counted.
    func window(within size: Size) -> (shown: Range<Int>, count: Int)? { nil }

    func foot(within size: Size, _ glyphs: GlyphSet) -> String {
        let shown = listed(within: size)
        let arrows =
            (shown.lowerBound > 0 ? "\(glyphs.upArrow)" : "")
            + (shown.upperBound < scene.snapshot.upcoming.count ? "\(glyphs.downArrow)" : "")
        return arrows.isEmpty ? "" : "\(arrows) more"
    }

    func item(at position: Position, within size: Size) -> Item? {
        let shown = listed(within: size)
        let index = shown.lowerBound + position.row - above
        return shown.contains(index) ? .upcoming(scene.snapshot.upcoming[index]) : nil
    }

    func draw(on canvas: inout Canvas) {
        let upcoming = scene.snapshot.upcoming
        if upcoming.isEmpty, scene.snapshot.event > 0 { return canvas.nothing(scene.nothingPending) }
        if above > 0 {
            canvas.put(
                [Span("\(canvas.glyphs.rightArrow)", .focus), Span(" 0.000 000  ", .dim), Span("run start", .info)],
                at: Position(row: 0, column: 0), width: canvas.bounds.columns)
        }
        let shown = listed(within: canvas.bounds.size)
        let width = upcoming[shown].map { TimeText.clock($0.time).count }.max() ?? 0
        let selected = Self.index(in: Self.items(in: scene.snapshot), scene.view)
        for (place, index) in shown.enumerated() {
            draw(upcoming[index], isFirst: index == 0 && above == 0, row: place + above, time: width, on: &canvas)
            if isFocused, index == selected { canvas.select(row: place + above) }
        }
    }

    private func draw(_ event: UpcomingEvent, isFirst: Bool, row: Int, time width: Int, on canvas: inout Canvas) {
        let line = scene.text.line(of: event)
        if isFirst { canvas.put(canvas.glyphs.rightArrow, at: Position(row: row, column: 0), .focus) }
        canvas.put(
            TimeText.clock(event.time), at: Position(row: row, column: 2), .dim, width: width, alignment: .trailing)
        let text = line.isFault ? "\(canvas.glyphs.bolt) \(line.verb)" : line.text
        let column = width + 4
        canvas.put(
            text, at: Position(row: row, column: column), line.role.style,
            width: max(0, canvas.bounds.columns - column))
    }
}
