import Lab
import PeerNetworking
import Screen
import SimNetwork

extension LabApp {
    /// What is selected in the pane that has the focus.
    var selectedItem: Item? { view.focus.view.selection(view, snapshot) }

    /// Moves the selection of the page that is open, or of the pane that has the focus.
    func moveSelection(by count: Int) throws(SessionError) {
        if case .page(var page)? = view.overlay {
            page.move(by: count)
            view.overlay = .page(page)
            return
        }
        try view.focus.view.moveSelection(&view, by: count, in: snapshot)
    }

    /// Moves it by pages; of two timelines side by side the words about them where those are longer than their window.
    func movePage(by pages: Int) throws(SessionError) {
        if view.overlay == nil, let window = differenceWindow, scrollDifference(by: pages * window.page) { return }
        try moveSelection(by: pages * max(1, size.rows / 2))
    }

    /// The window of what two timelines differ in; nil where it is not in sight.
    private var differenceWindow: DifferenceWindow? {
        guard second == nil, !view.isZoomed, let comparison = view.comparison else { return nil }
        let body = Layout(size: size, view: view, snapshot: snapshot, isComparing: true).body
        return DifferenceWindow(comparison, columns: body.columns, rows: DifferenceWindow.rows(within: body.rows))
    }

    /// Scrolls it.
    ///
    /// - Returns: whether there is something to scroll.
    private func scrollDifference(by lines: Int) -> Bool {
        guard let scroll = differenceWindow?.scrolled(by: lines) else { return false }
        view.comparison?.scroll = scroll
        return true
    }

    /// Opens the inspector on what is selected; of a page that is open, goes to what the chosen line leads to.
    func inspect() throws(SessionError) {
        if case .page(let page)? = view.overlay { return try follow(page) }
        guard let item = selectedItem else { throw SessionError("there is nothing to inspect in \(view.focus.title)") }
        if let page = Page(of: item, in: snapshot) {
            view.overlay = .page(page)
        } else {
            view.overlay = .inspector(item, scroll: 0)
        }
    }

    /// Goes one level back: out of an overlay, a long move, the filter, the zoom, the selection.
    func goBack() throws(SessionError) {
        if view.overlay != nil {
            view.overlay = nil
        } else if seek != nil {
            stop()
            say("stopped")
        } else if view.comparison != nil {
            view.comparison = nil
        } else if view.filter != nil {
            setFilter("")
        } else if view.isZoomed {
            view.isZoomed = false
        } else if view.selected[view.focus] != nil {
            view.selected[view.focus] = nil
        } else {
            throw SessionError("there is nothing to go back from; q quits")
        }
    }

    /// Lets the mouse act: selects, scrolls, focuses, presses the keys of the key bar.
    func handle(_ event: MouseEvent) -> Bool {
        guard view.usesMouse else { return false }
        if let input = KeyBar.input(at: event.position, size: size, view: view), event.kind == .press {
            return handle(input)
        }
        if view.overlay != nil {
            switch event.kind {
            case .press: view.overlay = nil
            case .scrollUp: return handle(.up)
            case .scrollDown: return handle(.down)
            }
            return true
        }
        if isComparing {
            switch event.kind {
            case .scrollUp: return scrollDifference(by: -1)
            case .scrollDown: return scrollDifference(by: 1)
            case .press: return false
            }
        }
        let here = snapshot
        let layout = Layout(size: size, view: view, snapshot: here, isComparing: isComparing)
        guard let (pane, rect) = layout.panes.first(where: { $0.rect.contains(event.position) }) else { return false }
        view.focus = pane
        do throws(SessionError) {
            switch event.kind {
            case .scrollUp: try moveSelection(by: -3)
            case .scrollDown: try moveSelection(by: 3)
            case .press:
                let inner = rect.inset(by: 1)
                guard inner.contains(event.position) else { break }
                let hit = Position(row: event.position.row - inner.row, column: event.position.column - inner.column)
                if let item = pane.view.init(scene: Scene(view, here)).item(at: hit, within: inner.size) {
                    view.selected[pane] = item
                }
            }
        } catch {
            complain(error)
        }
        return true
    }
}
