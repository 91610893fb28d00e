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
    static let title = "Buggify"
    static let place = PanePlace(band: .lower, columns: .weight(2, min: 44), least: Size(rows: 26, columns: 0))

    let scene: Scene

    static func items(in snapshot: Snapshot) -> [Item] {
        snapshot.world.faults.map { .family($0.family) } + snapshot.world.sites.map { .site($0.site) }
    }

    func draw(on canvas: inout Canvas) {
        let world = scene.snapshot.world
        let rows: [[Span]] = world.faults.map { faultRow($0, canvas.glyphs) } + world.sites.map { siteRow($0) }
        if rows.isEmpty {
            let isOff = scene.snapshot.lab.buggify == nil
            let nothing = scene.snapshot.traits.hasDraws ? "nothing was drawn for yet" : "real sockets draw nothing"
            canvas.nothing(isOff ? "buggify is off; no fault has struck" : nothing)
            return
        }
        drawList(on: &canvas) { index, row, canvas in
            canvas.put(
                rows[index], at: Position(row: row, column: 1), width: max(0, canvas.bounds.columns - 1))
        }
        // Where there is room: what was drawn last, the newest first.
        let ledger = DrawLedger(scene.snapshot, limit: max(0, canvas.bounds.rows - rows.count - 1))
        guard !ledger.draws.isEmpty, rows.count + 1 < canvas.bounds.rows else { return }
        canvas.put("latest draws", at: Position(row: rows.count, column: 1), .dim)
        for (place, entry) in ledger.draws.enumerated() {
            canvas.put(
                Self.spans(of: entry, scene.names), at: Position(row: rows.count + 1 + place, column: 1),
                width: max(0, canvas.bounds.columns - 1))
        }
    }

    /// How a site stands: off, armed, fired, forced or vetoed; and how often it was drawn for.
    private func siteRow(_ site: SiteState) -> [Span] {
        let (state, style) = Self.standing(of: site, scene.snapshot)
        return [
            Span(site.site.description.padded(to: 22)), Span(state.padded(to: 7), style),
            Span("\(site.fired)/\(site.draws)", style),
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
    private func faultRow(_ fault: FaultState, _ glyphs: GlyphSet) -> [Span] {
        let set = fault.set > 0 ? "set \(fault.set), " : ""
        let strikes = set + (fault.fired == 0 && fault.effects > 0 ? "stands" : "struck \(fault.fired)")
        let drawn = fault.drawn > 0 ? " of \(fault.drawn)" : ""
        let healed = fault.healed > 0 ? ", ended \(fault.healed)" : ""
        let effects = fault.effects > 0 ? ", \(NumberText.count(Int(fault.effects), "effect"))" : ""
        return [
            Span("\(glyphs.bolt) ", .fault), Span(fault.family.description.padded(to: 19)),
            Span("\(strikes)\(drawn)\(healed)\(effects)", .fault),
        ]
    }

    /// An entry of the ledger: its event, its site, for what it was drawn, and how it came out.
    static func spans(of entry: DrawLedger.Entry, _ names: Names) -> [Span] {
        let draw = entry.draw
        return [
            Span("\(ThingNames.event(entry.event))  ", .dim), Span("\(draw.site) ", draw.fires ? .fault : .normal),
            Span("\(names.text(of: draw))  ", .dim), Span(DrawText.odds(of: draw), draw.fires ? .fault : .dim),
        ]
    }
}
