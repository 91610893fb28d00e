import Lab
import SimNetwork

/// Draws up to the cursor: those that fired and those that nearly did.
struct DrawLedger {
    /// A draw, and the event in which it was made.
    struct Entry {
        var event: Int
        /// Which of the draws of its event it is, from 1.
        var place: Int
        var draw: DrawRecord

        /// How far it was from firing, in units of 2⁻³²; nil for what fired, could not or was not left to chance.
        var miss: UInt32? {
            guard !draw.fires, !draw.isForced, draw.threshold != .never else { return nil }
            return draw.value - UInt32(clamping: UInt64(draw.threshold.fraction * 4_294_967_296))
        }
    }

    /// In which order they stand.
    enum Order {
        /// The latest first.
        case latest
        /// Those that nearly fired first.
        case nearest
    }

    let draws: [Entry]

    /// Events looked back through for a pane, which is drawn with every event.
    static let shortHorizon = 400
    /// Events looked back through for a page.
    static let longHorizon = 20_000

    /// - Parameters:
    ///   - site: of which site alone; nil for all.
    ///   - limit: how many, at most.
    ///   - horizon: events looked back through.
    init(
        _ snapshot: Snapshot, of site: DrawSite? = nil, _ order: Order = .latest, limit: Int,
        horizon: Int = shortHorizon
    ) {
        var draws: [Entry] = []
        var event = snapshot.event
        let most = order == .latest ? limit : .max
        while event >= max(1, snapshot.records.first), event > snapshot.event - horizon, draws.count < most {
            let entries = Self.draws(of: event, in: snapshot).filter { site == nil || $0.draw.site == site }
            draws += entries.reversed()
            event -= 1
        }
        if order == .nearest {
            // As they come where two are as near: the later first.
            draws = draws.enumerated().compactMap { offset, entry in entry.miss.map { ($0, offset, entry) } }
                .sorted { ($0.0, $0.1) < ($1.0, $1.1) }.map(\.2)
        }
        self.draws = Array(draws.prefix(limit))
    }

    /// The draws of an event, in order.
    static func draws(of event: Int, in snapshot: Snapshot) -> [Entry] {
        var draws: [Entry] = []
        for case .draw(let draw) in snapshot.records[event: event].changes {
            draws.append(Entry(event: event, place: draws.count + 1, draw: draw))
        }
        return draws
    }
}
