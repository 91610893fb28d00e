import Lab
import SimNetwork

extension LabApp {
    /// Opens the ledger of draws: `near` for those that nearly fired first, and the name of a site.
    func openDraws(_ words: [String]) throws(SessionError) {
        let here = snapshot
        let isNear = words.first == Self.near
        let names = isNear ? Array(words.dropFirst()) : words
        guard names.count <= 1 else { throw SessionError("one site is expected: draws near link.loss") }
        var site: DrawSite?
        if let name = names.first {
            guard let found = DrawSite(name) else {
                throw SessionError(
                    "there is no site \(quoted(name))" + Suggestion.offer(for: name, among: DrawSite.names))
            }
            site = found
        } else if case .site(let selected)? = selectedItem {
            site = selected
        }
        view.overlay = .page(Page(drawsOf: site, isNear ? .nearest : .latest, in: here))
    }

    /// The word for those that nearly fired.
    static let near = "near"

    /// Opens the page of a draw: its event, and which of the event's draws it is.
    func openDraw(_ words: [String]) throws(SessionError) {
        let here = snapshot
        guard words.count == 2, case .event(let event) = try place(words[0]), let place = Int(words[1]),
            event >= max(1, here.records.first), event <= here.records.count,
            let entry = DrawLedger.draws(of: event, in: here).first(where: { $0.place == place })
        else { throw SessionError("there is no such draw; write for example draw #120 1, or draws for all") }
        view.overlay = .page(Page(entry, in: here))
    }
}
