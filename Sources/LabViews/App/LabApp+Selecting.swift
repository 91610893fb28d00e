import Lab
import PeerNetworking
import Screen
import SimNetwork

extension LabApp {
    /// What is selected in the pane that has the focus.
    var selectedItem: Item? { view.selection(in: view.focus, of: snapshot) }

    /// Moves the selection of the pane that has the focus.
    func moveSelection(by count: Int) throws(SessionError) {
        let here = snapshot
        if view.focus == .events {
            try moveEvent(by: count, in: here)
            return
        }
        let items = view.focus.items(in: here)
        guard !items.isEmpty else { throw SessionError("there is nothing to select in \(view.focus.title)") }
        let index = view.index(in: items, of: view.focus)
        view.selected[view.focus] = items[min(max(index + count, 0), items.count - 1)]
    }

    private func moveEvent(by count: Int, in here: Snapshot) throws(SessionError) {
        guard here.event > 0 else { throw SessionError("nothing has happened yet") }
        let current: Int = if case .event(let event)? = selectedItem { event } else { here.event }
        let moved: Int
        if let filter = view.filter {
            guard !filter.matches.isEmpty else { throw SessionError("no event contains '\(filter.text)'") }
            let index = filter.matches.lastIndex { $0 <= current } ?? 0
            if index + count < 0 { view.filter?.wantMore() }
            moved = filter.matches[min(max(index + count, 0), filter.matches.count - 1)]
        } else {
            moved = min(max(current + count, 1), here.event)
        }
        // At the newest the pane follows the cursor again.
        view.selected[.events] = moved == (view.filter?.matches.last ?? here.event) ? nil : .event(moved)
    }

    /// Opens the inspector on what is selected.
    func inspect() throws(SessionError) {
        guard let item = selectedItem else { throw SessionError("there is nothing to inspect in \(view.focus.title)") }
        if case .row = item { throw SessionError("\(view.focus.title) shows all there is to its rows") }
        view.overlay = .inspector(item, scroll: 0)
    }

    /// Goes one level back: out of an overlay, a long move, the filter, the zoom, the selection.
    func goBack() throws(SessionError) {
        if view.overlay != nil {
            view.overlay = nil
        } else if seek != nil {
            stop()
            say("stopped")
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
        let layout = Layout(size: size, view: view, isComparing: second != nil)
        guard let (pane, rect) = layout.panes.first(where: { $0.rect.contains(event.position) }) else { return false }
        view.focus = pane
        do throws(SessionError) {
            switch event.kind {
            case .scrollUp: try moveSelection(by: -3)
            case .scrollDown: try moveSelection(by: 3)
            case .press: select(in: pane, rect, at: event.position)
            }
        } catch {
            complain(error)
        }
        return true
    }

    private func select(in pane: Pane, _ rect: Rect, at position: Position) {
        let here = snapshot
        let row = position.row - rect.row - 1
        let rows = rect.rows - 2
        guard row >= 0, row < rows else { return }
        switch pane {
        case .events:
            let shown = EventsPane.shown(view, here, rows: rows)
            if shown.indices.contains(row) { view.selected[.events] = .event(shown[row]) }
        case .next, .expect, .buggify:
            let items = pane.items(in: here)
            // Before the first event the start stands above what is scheduled.
            let above = pane == .next && here.event == 0 ? 1 : 0
            let index = view.index(in: items, of: pane)
            let place = ListWindow(count: items.count, selected: index, rows: rows - above).first + row - above
            if items.indices.contains(place) { view.selected[pane] = items[place] }
        case .connections:
            let items = pane.items(in: here)
            let places = ConnectionsPane.placement(
                items, selected: view.index(in: items, of: pane), within: Size(rows: rows, columns: rect.columns - 2))
            let hit = places.first { row >= $0.row && row < $0.row + $0.height }
            if let hit { view.selected[pane] = items[hit.index] }
        case .topology, .story: break
        }
    }
}

extension ViewState {
    /// The place of what is selected among a pane's items; the first where that is gone.
    func index(in items: [Item], of pane: Pane) -> Int {
        selected[pane].flatMap(items.firstIndex(of:)) ?? (pane == .story ? max(0, items.count - 1) : 0)
    }

    /// What is selected in a pane; the newest event and the first item by themselves.
    func selection(in pane: Pane, of snapshot: Snapshot) -> Item? {
        if pane == .events {
            if case .event(let event)? = selected[.events], event <= snapshot.event { return .event(event) }
            if let filter { return filter.matches.last.map(Item.event) }
            return snapshot.event > 0 ? .event(snapshot.event) : nil
        }
        let items = pane.items(in: snapshot)
        return items.isEmpty ? nil : items[index(in: items, of: pane)]
    }
}
