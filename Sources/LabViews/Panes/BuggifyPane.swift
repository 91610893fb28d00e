import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Pane {
    static let buggify = Pane(BuggifyPane.self)
}

/// The fault families that struck, the sites that were drawn for, and the ledger of the latest draws.
struct BuggifyPane: PaneView {
    static let name = "buggify"
    static let title = "Faults and buggify"
    static let place = PanePlace(band: .lower, columns: .weight(3, min: 44), least: Size(rows: 26, columns: 0))

    let scene: Scene

    static func items(in snapshot: Snapshot) -> [Item] {
        snapshot.world.faults.map { .family($0.family) } + snapshot.sites.map { .site($0.site) }
    }

    func draw(on canvas: inout Canvas) {
        let (world, sites) = (scene.snapshot.world, scene.snapshot.sites)
        let names = world.faults.map(\.family.description.count) + sites.map(\.site.description.count)
        let width = (names.max() ?? 0) + 2
        let rows: [[Span]] =
            world.faults.map { faultRow($0, width, canvas.glyphs) } + sites.map { siteRow($0, width) }
        if rows.isEmpty {
            canvas.nothing("buggify is off; no fault has struck")
            return
        }
        drawList(on: &canvas) { index, row, canvas in
            canvas.put(
                whole: rows[index], keeping: 2, at: Position(row: row, column: 1),
                width: max(0, canvas.bounds.columns - 1))
        }
        // Where there is room: what was drawn last, the newest first.
        let ledger = DrawLedger(scene.snapshot, limit: max(0, canvas.bounds.rows - rows.count - 1))
        guard !ledger.draws.isEmpty, rows.count + 1 < canvas.bounds.rows else { return }
        canvas.put("latest draws", at: Position(row: rows.count, column: 1), .dim)
        for (place, entry) in ledger.draws.enumerated() {
            canvas.put(
                whole: Self.spans(of: entry, scene.names), at: Position(row: rows.count + 1 + place, column: 1),
                width: max(0, canvas.bounds.columns - 1))
        }
    }

    /// How a site stands: off, armed, fired, forced or vetoed; and how often it was drawn for.
    private func siteRow(_ site: SiteState, _ width: Int) -> [Span] {
        let (state, style) = Self.standing(of: site, scene.snapshot)
        return [
            Span("  " + site.site.description.padded(to: width)), Span(state.padded(to: 8), style),
            Span("\(site.fired) of \(NumberText.count(Int(site.draws), "draw"))", style),
        ]
    }

    /// How a site stands, in a word.
    static func standing(of site: SiteState, _ snapshot: Snapshot) -> (word: String, style: Style) {
        let overrides = snapshot.world.standing.actions.compactMap(\.drawOverride)
            .filter { $0.site == site.site.description }
        if overrides.contains(where: \.fires) { return ("forced", .fault) }
        if !overrides.isEmpty { return ("vetoed", .warning) }
        if site.fired > 0 { return ("fired", .fault) }
        return site.isArmed ? ("armed", .warning) : ("off", .dim)
    }

    /// How often a fault was set, struck and ended, and what it did.
    /// What tells least comes last: where there is no room it is left out whole.
    private func faultRow(_ fault: FaultState, _ width: Int, _ glyphs: GlyphSet) -> [Span] {
        let drawn = fault.drawn > 0 ? " of \(fault.drawn)" : ""
        let strikes = fault.fired == 0 && fault.effects > 0 ? "stands" : "struck \(fault.fired)\(drawn)"
        let more = [
            (fault.effects, NumberText.count(Int(fault.effects), "effect")), (fault.healed, "ended \(fault.healed)"),
            (fault.set, "set \(fault.set)"),
        ].filter { $0.0 > 0 }.map { Span(", \($0.1)", .fault) }
        return [Span("\(glyphs.bolt) ", .fault), Span(fault.family.description.padded(to: width))]
            + [Span(strikes, .fault)] + more
    }

    /// An entry of the ledger: its event, its site, for what it was drawn, and how it came out.
    static func spans(of entry: DrawLedger.Entry, _ names: Names) -> [Span] {
        let draw = entry.draw
        return [
            Span("\(ThingNames.event(entry.event))  ", .dim),
            Span(DrawText.odds(of: draw).padded(to: 16), draw.fires ? .fault : .dim),
            Span("\(draw.site)  ", draw.fires ? .fault : .normal), Span(names.text(of: draw), .dim),
        ]
    }
}
