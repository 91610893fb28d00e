import Lab
import PeerNetworking
import Screen
import SimNetwork

extension Inspection {
    /// A site of draws: how it stands, and the latest draws there.
    func lines(of site: DrawSite) -> [[Span]] {
        guard let state = snapshot.sites.first(where: { $0.site == site }) else { return [field("draws", "none yet")] }
        let (word, style) = BuggifyPane.standing(of: state, snapshot)
        let draws = DrawLedger(snapshot, of: site, limit: Self.drawsShown).draws
        return [
            field("state", word, style), field("draws", "\(state.draws)"), field("fired", "\(state.fired)"), [],
            [Span("Latest draws", .title)],
        ] + draws.map { BuggifyPane.spans(of: $0, names) }
    }

    /// Draws of a site that are shown at most.
    private static let drawsShown = 50

    /// A family of faults: what has become of it.
    func lines(of family: FaultFamily) -> [[Span]] {
        guard let fault = world.faults.first(where: { $0.family == family }) else { return [field("struck", "never")] }
        let standing = world.standing.actions.filter { $0.family == family }
        return [
            field("set", "\(fault.set)"), field("drawn for", "\(fault.drawn)"), field("struck", "\(fault.fired)"),
            field("ended", "\(fault.healed)"), field("effects", "\(fault.effects)"),
        ] + standing.map { field("stands", names.text($0), .warning) }
    }

    /// A line of the story in full.
    func lines(ofStoryLine index: Int) -> [[Span]] {
        snapshot.story.indices.contains(index) ? wrapped(snapshot.story[index]) : []
    }

    private func wrapped(_ text: String) -> [[Span]] { Canvas.wrapped(text, width: columns).map { [Span($0)] } }
}
