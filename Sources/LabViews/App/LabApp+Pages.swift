import Lab
import Screen
import SimNetwork

extension LabApp {
    /// Lets an input act on a page.
    ///
    /// - Returns: whether it meant something to it.
    func handle(_ input: Input, in page: Page) -> Bool {
        var page = page
        switch input {
        case .up, .key("k"): page.move(by: -1)
        case .down, .key("j"): page.move(by: 1)
        case .pageUp: page.move(by: -windowRows)
        case .pageDown: page.move(by: windowRows)
        case .home: page.move(by: -page.lines.count)
        case .end: page.move(by: page.lines.count)
        case .escape, .key("q"):
            view.overlay = nil
            return true
        default: return false
        }
        view.overlay = .page(page)
        return true
    }

    /// Goes to the event that the chosen line of a page leads to, or does what it stands for.
    func follow(_ page: Page) throws(SessionError) {
        guard page.lines.indices.contains(page.selected) else { return }
        let line = page.lines[page.selected]
        switch line.lead {
        case .command(let command)?:
            execute(command)
            remake(page)
        case .place(let place)?:
            view.overlay = nil
            view.selected[.events] = nil
            begin(.place(place))
        case nil: throw SessionError("this line leads to no event; Esc leaves")
        }
    }

    /// Opens a page anew, for what it tells of has changed.
    private func remake(_ page: Page) {
        switch page.subject {
        // A command that opens a page has put it in place of this one.
        case .item, .message: break
        case .breakpoints:
            guard !view.breakpoints.all.isEmpty else { return view.overlay = nil }
            var made = Page(view.breakpoints)
            made.move(by: page.selected)
            view.overlay = .page(made)
        }
    }

    /// Opens the page of an event.
    ///
    /// - Parameter word: the event's name, `#1284`; nil for the one at the cursor.
    func openWhy(_ word: String?) throws(SessionError) {
        let here = snapshot
        var event = here.event
        if let word {
            guard case .event(let number) = try place(word) else {
                throw SessionError("\(quoted(word)) is no event; write for example why #1284")
            }
            event = number
        }
        guard event >= max(1, here.records.first), event <= here.records.count else {
            throw SessionError(
                event < 1 ? "nothing has happened yet" : "there is no record of \(ThingNames.event(event))")
        }
        view.overlay = Page(of: .event(event), in: here).map(Overlay.page)
    }

    /// Opens the page of a message: `m41`, of a peer, of a session of it.
    func openMessage(_ words: [String]) throws(SessionError) {
        guard let query = MessageQuery(words) else {
            throw SessionError("a message is expected, as in: message m41, message m41 ping, message m41 echo c1")
        }
        let here = snapshot
        if let peer = query.peer, !here.peerNames.contains(peer) {
            throw SessionError(
                "there is no peer \(quoted(peer))" + Suggestion.offer(for: peer, among: here.peerNames))
        }
        let story = try MessageStory(query, in: here)
        view.overlay = .page(Page(subject: .message(query), title: story.title, lines: story.lines))
    }

    /// Takes the page that is open, line by line: for who has no screen to show it on. Empty where none is.
    package func takePage() -> [String] {
        guard case .page(let page)? = view.overlay else { return [] }
        view.overlay = nil
        return page.text
    }
}
