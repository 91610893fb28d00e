import Lab
import SimNetwork

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

    /// - Parameter site: of which site alone; nil for all.
    init(_ snapshot: Snapshot, of site: DrawSite? = nil, limit: Int) {
        var draws: [Entry] = []
        var event = snapshot.event
        while event > 0, event > snapshot.event - Self.horizon, draws.count < limit {
            for case .draw(let draw) in snapshot.records[event: event].changes.reversed()
            where draws.count < limit && (site == nil || draw.site == site) {
                draws.append(Entry(event: event, draw: draw))
            }
            event -= 1
        }
        self.draws = draws
    }
}
