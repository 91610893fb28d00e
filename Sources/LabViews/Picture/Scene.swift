import Lab
import Screen
import SimNetwork

/// What a pane draws from: the run at its cursor, and what the user has chosen.
struct Scene {
    let view: ViewState
    let snapshot: Snapshot
    let text: EventText
    /// The pane that shows the selection; nil where another half of the screen has it.
    let focus: Pane?
    var names: Names { text.names }
    /// The time at the cursor, in nanoseconds: between two events it is later than the last one's.
    var now: Int64 { snapshot.reached }

    init(_ view: ViewState, _ snapshot: Snapshot, hasFocus: Bool = true) {
        self.view = view
        self.snapshot = snapshot
        text = EventText(snapshot)
        focus = hasFocus ? view.focus : nil
    }

    /// Draws a pane with its frame.
    func draw(_ pane: Pane, in rect: Rect, on canvas: inout Canvas) {
        canvas.within(rect) { canvas in
            let drawing = pane.view.init(scene: self)
            let size = canvas.bounds.size
            let inside = Size(rows: max(0, size.rows - 2), columns: max(0, size.columns - 2))
            let inner = canvas.box(
                title: "\(pane.digit) \(pane.title)", focused: focus == pane && view.overlay == nil,
                note: drawing.note, foot: drawing.foot(within: inside, canvas.glyphs))
            canvas.within(inner) { drawing.draw(on: &$0) }
        }
    }

    /// Why nothing is known to come.
    var nothingPending: String {
        if snapshot.isOver { return "the run is over" }
        return snapshot.traits.knowsWhatIsNext
            ? "nothing more before the end" : "real sockets do not say what comes"
    }
}
