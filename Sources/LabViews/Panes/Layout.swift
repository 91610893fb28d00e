import Screen

/// Where each part of the screen is.
struct Layout {
    /// A pane and its place, frame included.
    typealias Place = (pane: Pane, rect: Rect)

    /// The smallest screen that shows enough to act on.
    static let least = Size(rows: 16, columns: 60)

    /// The line at the top.
    let header: Rect
    /// The panes that there is room for.
    private(set) var panes: [Place] = []
    /// The line above the keys: messages and the next event.
    let status: Rect
    /// The line of keys at the bottom.
    let keyBar: Rect
    /// What is between the header and the status line.
    let body: Rect

    static func isTooSmall(_ size: Size) -> Bool { size.rows < least.rows || size.columns < least.columns }

    init(size: Size, view: ViewState, isComparing: Bool = false) {
        let parts = Rect(size).split(rows: [.fixed(1), .weight(1), .fixed(1), .fixed(1)])
        (header, body, status, keyBar) = (parts[0], parts[1], parts[2], parts[3])
        if isComparing { return }
        if view.isZoomed {
            panes = [(view.focus, body)]
            return
        }
        panes = body.columns >= 80 ? Self.columns(in: body) : Self.stack(in: body)
        // A pane that there is no room for takes the place of the events while it has the focus.
        if !panes.contains(where: { $0.pane == view.focus }),
            let index = panes.firstIndex(where: { $0.pane == .events })
        {
            panes[index].pane = view.focus
        }
    }

    /// Panes side by side. With less room, first what the lab expects goes, then buggify, then the story.
    private static func columns(in body: Rect) -> [Place] {
        let bottom = body.rows >= 36 ? 8 : body.rows >= 26 ? 7 : body.rows >= 19 ? 5 : 0
        let top = min(max(7, body.rows * 2 / 5), 18)
        let bands = body.split(rows: [.fixed(top), .weight(1), .fixed(bottom)])
        let upper = bands[0].split(columns: [.weight(2), .weight(3)])
        let middle = bands[1].split(columns: [.weight(3), .weight(2, min: 32)])
        var panes: [Place] = [
            (.topology, upper[0]), (.connections, upper[1]), (.events, middle[0]), (.next, middle[1]),
        ]
        guard bottom > 0 else { return panes }
        if body.rows >= 26, body.columns >= 140 {
            let lower = bands[2].split(columns: [.fixed(44), .weight(3), .weight(2)])
            panes += [(.buggify, lower[0]), (.story, lower[1]), (.expect, lower[2])]
        } else if body.rows >= 26 {
            let lower = bands[2].split(columns: [.fixed(44), .weight(1)])
            panes += [(.buggify, lower[0]), (.story, lower[1])]
        } else {
            panes.append((.story, bands[2]))
        }
        return panes
    }

    /// Panes one below the other. With less room, first the story goes, then the next events, then the topology.
    private static func stack(in body: Rect) -> [Place] {
        var wanted: [(Pane, Length)] = [(.connections, .fixed(6)), (.events, .weight(1, min: 5))]
        if body.rows >= 17 { wanted.insert((.topology, .fixed(5)), at: 0) }
        if body.rows >= 24 { wanted.append((.next, .fixed(6))) }
        if body.rows >= 32 { wanted.append((.story, .fixed(6))) }
        let rects = body.split(rows: wanted.map(\.1))
        return zip(wanted, rects).map { ($0.0.0, $0.1) }
    }
}

/// Which rows of a list are shown, so that the selected one is among them.
struct ListWindow {
    /// The first row shown.
    let first: Int
    /// How many are.
    let count: Int

    init(count: Int, selected: Int?, rows: Int) {
        let rows = max(0, rows)
        let wish = (selected ?? 0) - rows / 2
        first = max(0, min(wish, count - rows))
        self.count = min(rows, count - first)
    }

    /// The rows shown.
    var range: Range<Int> { first..<(first + max(0, count)) }
}
