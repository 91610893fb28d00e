import Lab
import Screen

/// A part of the screen that shows one aspect of the run: what it is called, where it stands, what can be selected in it, and
/// how it is drawn.
///
/// A new pane is a type in a file of its own and a name in ``Pane/allCases``; everything else that knows panes asks this.
protocol PaneView: SendableMetatype {
    /// The name on the command line and in scripts, unique among panes.
    static var name: String { get }
    /// The heading.
    static var title: String { get }
    /// Where it stands on the screen, and which room it needs to be there.
    static var place: PanePlace { get }

    /// What can be selected, from the top.
    static func items(in snapshot: Snapshot) -> [Item]
    /// Which of so many items is selected where the user has chosen none.
    static func usualIndex(of count: Int) -> Int
    /// What is selected.
    static func selection(_ view: ViewState, _ snapshot: Snapshot) -> Item?
    /// Selects what is so many items further down.
    static func moveSelection(_ view: inout ViewState, by count: Int, in snapshot: Snapshot) throws(SessionError)
    /// The rows in which all that it shows of a lab is seen, frame not included; they do not change from event to event. Nil
    /// where there is always more.
    static func rows(for snapshot: Snapshot, columns: Int) -> Int?

    /// What it draws from.
    var scene: Scene { get }
    init(scene: Scene)
    /// What stands at the right of the heading.
    var note: String { get }
    /// Which of how many items are in sight in an area, where they are a list that may be longer than it.
    func window(within size: Size) -> (shown: Range<Int>, count: Int)?
    /// What stands at the right of the lower border of its frame: how much of a list is out of sight.
    func foot(within size: Size, _ glyphs: GlyphSet) -> String
    /// What a click hits in an area, from its upper left corner.
    func item(at position: Position, within size: Size) -> Item?
    /// Draws what is inside the frame.
    func draw(on canvas: inout Canvas)
}

extension PaneView {
    static var pane: Pane { Pane(Self.self) }
    /// Whether keys go to it, and the selection is shown in it.
    var isFocused: Bool { scene.focus == Self.pane }

    static func usualIndex(of count: Int) -> Int { 0 }
    static func rows(for snapshot: Snapshot, columns: Int) -> Int? { nil }
    var note: String { "" }

    func foot(within size: Size, _ glyphs: GlyphSet) -> String {
        window(within: size).map { ListWindow.foot($0.shown, of: $0.count, glyphs) } ?? ""
    }

    /// The place of what is selected among the items; the usual one where that is gone.
    static func index(in items: [Item], _ view: ViewState) -> Int {
        view.selected[pane].flatMap(items.firstIndex(of:)) ?? usualIndex(of: items.count)
    }

    static func selection(_ view: ViewState, _ snapshot: Snapshot) -> Item? {
        let items = items(in: snapshot)
        return items.isEmpty ? nil : items[index(in: items, view)]
    }

    static func moveSelection(_ view: inout ViewState, by count: Int, in snapshot: Snapshot) throws(SessionError) {
        let items = items(in: snapshot)
        guard !items.isEmpty else { throw SessionError("there is nothing to select in \(title)") }
        let index = index(in: items, view)
        view.selected[pane] = items[min(max(index + count, 0), items.count - 1)]
    }

    /// A list with a row an item.
    func window(within size: Size) -> (shown: Range<Int>, count: Int)? {
        let items = Self.items(in: scene.snapshot)
        let selected = Self.index(in: items, scene.view)
        return (ListWindow(count: items.count, selected: selected, rows: size.rows).range, items.count)
    }

    func item(at position: Position, within size: Size) -> Item? {
        guard let shown = window(within: size)?.shown else { return nil }
        let index = shown.lowerBound + position.row
        return shown.contains(index) ? Self.items(in: scene.snapshot)[index] : nil
    }

    /// Draws a list with a row an item, the selected one among them.
    func drawList(
        on canvas: inout Canvas, row draw: (_ item: Int, _ row: Int, _ canvas: inout Canvas) -> Void
    ) {
        guard let shown = window(within: canvas.bounds.size)?.shown else { return }
        let selected = Self.index(in: Self.items(in: scene.snapshot), scene.view)
        for (row, index) in shown.enumerated() {
            draw(index, row, &canvas)
            if isFocused, index == selected { canvas.select(row: row) }
        }
    }
}
