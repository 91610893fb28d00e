import Lab
import PeerNetworking
import Screen
import SimNetwork

/// The fault families that struck, the sites that were drawn for, and the ledger of the latest draws.
struct BuggifyPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let world = scene.snapshot.world
        let rows: [[Span]] = world.faults.map { faultRow($0, canvas.glyphs) } + world.sites.map { siteRow($0) }
        let ledger = DrawLedger(scene.snapshot, limit: max(0, canvas.bounds.rows - rows.count - 1))
        if rows.isEmpty {
            let isOff = scene.snapshot.lab.buggify == nil
            canvas.nothing(isOff ? "buggify is off; no fault has struck" : "nothing was drawn for yet")
            return
        }
        let selected = scene.view.index(in: rows.indices.map(Item.row), of: .buggify)
        for (row, index) in ListWindow(count: rows.count, selected: selected, rows: canvas.bounds.rows).range
            .enumerated()
        {
            canvas.put(rows[index], at: Position(row: row, column: 1), width: max(0, canvas.bounds.columns - 1))
            if scene.view.focus == .buggify, index == selected { canvas.select(row: row) }
        }
        // Where there is room: what was drawn last, the newest first.
        guard !ledger.draws.isEmpty, rows.count + 1 < canvas.bounds.rows else { return }
        canvas.put("latest draws", at: Position(row: rows.count, column: 1), .dim)
        for (place, entry) in ledger.draws.enumerated() {
            canvas.put(
                ledgerRow(entry), at: Position(row: rows.count + 1 + place, column: 1),
                width: max(0, canvas.bounds.columns - 1))
        }
    }

    /// How a site stands: off, armed, fired, forced or vetoed; and how often it was drawn for.
    private func siteRow(_ site: SiteState) -> [Span] {
        let overrides = scene.snapshot.world.standing.actions.compactMap { action -> DrawOverride? in
            if case .override(let override) = action, override.site == site.site.description { override } else { nil }
        }
        let (state, style): (String, Style) =
            if overrides.contains(where: \.fires) {
                ("forced", .fault)
            } else if !overrides.isEmpty {
                ("vetoed", .warning)
            } else if site.fired > 0 {
                ("fired", .fault)
            } else if site.isArmed {
                ("armed", .warning)
            } else {
                ("off", .dim)
            }
        return [
            Span(Self.padded(site.site.description, 22)), Span(Self.padded(state, 7), style),
            Span("\(site.fired)/\(site.draws)", style),
        ]
    }

    /// How often a fault was set, struck and ended, and what it did.
    private func faultRow(_ fault: FaultState, _ glyphs: GlyphSet) -> [Span] {
        let set = fault.set > 0 ? "set \(fault.set), " : ""
        let strikes = set + (fault.fired == 0 && fault.effects > 0 ? "stands" : "struck \(fault.fired)")
        let drawn = fault.drawn > 0 ? " of \(fault.drawn)" : ""
        let healed = fault.healed > 0 ? ", ended \(fault.healed)" : ""
        let effects = fault.effects > 0 ? ", \(NumberText.count(Int(fault.effects), "effect"))" : ""
        return [
            Span("\(glyphs.bolt) ", .fault), Span(Self.padded(fault.family.description, 19)),
            Span("\(strikes)\(drawn)\(healed)\(effects)", .fault),
        ]
    }

    private func ledgerRow(_ entry: DrawLedger.Entry) -> [Span] {
        let draw = entry.draw
        return [
            Span("#\(entry.event)  ", .dim), Span("\(draw.site) ", draw.fires ? .fault : .normal),
            Span("\(scene.names.name(draw.subject)) #\(draw.number)  ", .dim),
            Span(EventText.odds(of: draw), draw.fires ? .fault : .dim),
        ]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}

/// The latest draws up to the cursor, the newest first: those that fired and those that nearly did.
struct DrawLedger {
    /// A draw, and the event in which it was made.
    struct Entry {
        var event: Int
        var draw: DrawRecord
    }

    let draws: [Entry]

    /// Events looked back through.
    private static let horizon = 400

    init(_ snapshot: Snapshot, limit: Int) {
        var draws: [Entry] = []
        var event = snapshot.event
        while event > 0, event > snapshot.event - Self.horizon, draws.count < limit {
            for case .draw(let draw) in snapshot.records[event: event].changes.reversed() where draws.count < limit {
                draws.append(Entry(event: event, draw: draw))
            }
            event -= 1
        }
        self.draws = draws
    }
}
