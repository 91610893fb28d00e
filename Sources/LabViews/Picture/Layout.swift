import Lab
import Screen

/// Where each part of the screen is.
struct Layout {
    /// A pane and its place, frame included.
    typealias Place = (pane: Pane, rect: Rect)

    /// The smallest screen that shows enough to act on.
    static let least = Size(rows: 16, columns: 60)
    /// From so many columns on panes stand side by side.
    private static let wide = 80

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

    init(size: Size, view: ViewState, snapshot: Snapshot, isComparing: Bool = false) {
        let parts = Rect(size).split(rows: [.fixed(1), .weight(1), .fixed(1), .fixed(1)])
        (header, body, status, keyBar) = (parts[0], parts[1], parts[2], parts[3])
        if isComparing { return }
        if view.isZoomed {
            panes = [(view.focus, body)]
            return
        }
        panes = body.columns >= Self.wide ? Self.bands(in: body, snapshot) : Self.stack(in: body)
        if !panes.contains(where: { $0.pane == view.focus }),
            let index = panes.firstIndex(where: { $0.pane.place.givesWay })
        {
            panes[index].pane = view.focus
        }
    }

    /// Panes side by side in three bands.
    private static func bands(in body: Rect, _ snapshot: Snapshot) -> [Place] {
        let usualUpper = min(max(7, body.rows * 2 / 5), 18)
        var lower = body.rows >= 36 ? 8 : body.rows >= 26 ? 7 : body.rows >= 19 ? 5 : 0
        var upper = usualUpper
        if let needed = rows(for: .upper, in: body, snapshot) {
            // What the upper band does not need goes to what happens, and to what is said of it.
            upper = min(usualUpper, max(7, needed + 2))
            if lower > 0 { lower += min(6, (usualUpper - upper) / 3) }
        }
        let rects = body.split(rows: [.fixed(upper), .weight(1), .fixed(lower)])
        return zip(PanePlace.Band.allCases, rects).flatMap { band, rect -> [Place] in
            let panes = panes(of: band, in: body)
            guard rect.rows > 0, !panes.isEmpty else { return [] }
            return Array(zip(panes, rect.split(columns: panes.map(\.place.columns))))
        }
    }

    /// The panes of a band that there is room for.
    private static func panes(of band: PanePlace.Band, in body: Rect) -> [Pane] {
        Pane.allCases.filter { pane in
            let place = pane.place
            return place.band == band && place.least.rows <= body.rows && place.least.columns <= body.columns
        }
    }

    /// The rows that all panes of a band need; nil where one of them has always more to show.
    private static func rows(for band: PanePlace.Band, in body: Rect, _ snapshot: Snapshot) -> Int? {
        let panes = panes(of: band, in: body)
        let rects = body.split(columns: panes.map(\.place.columns))
        var most = 0
        for (pane, rect) in zip(panes, rects) {
            guard let rows = pane.view.rows(for: snapshot, columns: rect.columns - 2) else { return nil }
            most = max(most, rows)
        }
        return most
    }

    /// Panes one below the other.
    private static func stack(in body: Rect) -> [Place] {
        let wanted = Pane.allCases.compactMap { pane -> (Pane, Length)? in
            let place = pane.place
            guard let rows = place.stacked, place.leastStacked <= body.rows else { return nil }
            return (pane, rows)
        }
        return Array(zip(wanted.map(\.0), body.split(rows: wanted.map(\.1))))
    }
}
