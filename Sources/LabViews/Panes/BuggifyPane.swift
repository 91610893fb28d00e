import Lab
import PeerNetworking
import Screen
import SimNetwork

/// The buggify sites that were drawn for, and the fault families that struck, with counts.
struct BuggifyPane {
    let scene: Scene

    func draw(on canvas: inout Canvas) {
        let world = scene.snapshot.world
        let rows: [[Span]] =
            world.faults.map { faultRow($0, canvas.glyphs) } + world.buggify.map { siteRow($0, canvas.glyphs) }
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
    }

    private func siteRow(_ site: SiteState, _ glyphs: GlyphSet) -> [Span] {
        let name = Self.padded(site.site.description, 22)
        let state = site.fired > 0 ? "fired" : site.isArmed ? "armed" : "off"
        let style: Style = site.fired > 0 ? .fault : site.isArmed ? .warning : .dim
        return [
            Span(name), Span(Self.padded(state, 7), style), Span("\(site.fired)/\(site.draws)", style),
        ]
    }

    private func faultRow(_ fault: FaultState, _ glyphs: GlyphSet) -> [Span] {
        let healed = fault.healed > 0 ? ", ended \(fault.healed)" : ""
        return [
            Span("\(glyphs.bolt) ", .fault), Span(Self.padded(fault.family.description, 19)),
            Span("struck \(fault.fired)\(healed)", .fault),
        ]
    }

    private static func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(1, width - text.count))
    }
}
