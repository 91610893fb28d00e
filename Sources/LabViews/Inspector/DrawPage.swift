import Lab
import SimNetwork

extension Page {
    /// The ledger of draws, of a site or of all.
    init(drawsOf site: DrawSite?, _ order: DrawLedger.Order, in snapshot: Snapshot) {
        let text = EventText(snapshot)
        let ledger = DrawLedger(
            snapshot, of: site, order, limit: Self.drawsShown, horizon: DrawLedger.longHorizon)
        var lines = ledger.draws.map { entry in
            let draw = entry.draw
            var line = TextLine([
                ("\(ThingNames.event(entry.event))  ".padded(to: 9), .time),
                (DrawText.odds(of: draw).padded(to: 20), draw.fires ? .fault : .dim),
                ("\(draw.site)  ", draw.fires ? .fault : .plain), (text.names.text(of: draw), .dim),
            ])
            line.lead = .command("draw \(ThingNames.event(entry.event)) \(entry.place)")
            return line
        }
        if lines.isEmpty {
            lines = [TextLine([(order == .nearest ? "nothing nearly fired" : "nothing was drawn for yet", .dim)])]
        }
        let of = site.map { " of \($0)" } ?? ""
        self.init(
            subject: .draws, title: order == .nearest ? "Near misses\(of)" : "Draws\(of), the latest first",
            lines: lines
        )
    }

    /// Draws that are shown, at most.
    private static let drawsShown = 200

    /// A draw: what it was for, how it came out, and what can be done about it.
    init(_ entry: DrawLedger.Entry, in snapshot: Snapshot) {
        let names = Names(snapshot)
        let draw = entry.draw
        var lines: [TextLine] = [
            .field("site", draw.site.description), .field("for", names.name(draw.subject)),
            .field("draw", "\(draw.number) of the site for that"),
            .field("outcome", draw.fires ? "fired" : "did not fire", draw.fires ? .fault : .plain),
            .field("value", DrawText.odds(of: draw)),
            .field("made", "by \(ThingNames.event(entry.event))", event: entry.event), TextLine(),
            .heading("Otherwise, from the event before it on"),
        ]
        let before = ThingNames.event(entry.event - 1)
        for (fires, word, all) in [(true, "force", "have it fire"), (false, "veto", "keep it from firing")] {
            let one = DrawOverride(
                site: draw.site.description, subject: names.name(draw.subject), number: draw.number, fires: fires)
            let site = DrawOverride(site: draw.site.description, fires: fires)
            for (override, what) in [(one, "this draw"), (site, "the whole site")] {
                let line = ActionSyntax(lab: snapshot.lab).text(of: .override(override))
                var choice = TextLine([("\(word) \(what)", .fault), ("  \(all)", .dim)])
                choice.lead = .command("goto \(before)\n\(line)")
                lines.append(choice)
            }
        }
        self.init(subject: .draws, title: "Draw of \(draw.site)", lines: lines, selected: 5)
    }
}
