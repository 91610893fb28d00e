import Lab
import PeerNetworking
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
            try follow(command, on: page)
        case .place(let place)?:
            view.overlay = nil
            view.selected[.events] = nil
            begin(.place(place))
        case nil: throw SessionError("this line leads to no event; Esc leaves")
        }
    }

    /// Does what a line stands for: command lines, one after another. Where the last of them changes the network, that is
    /// to be seen.
    private func follow(_ lines: String, on page: Page) throws(SessionError) {
        let lines = lines.split(separator: "\n").map(String.init)
        for line in lines {
            guard execute(line) else { return }
            if lines.count > 1 { settle() }
        }
        let last = lines.last?.split(separator: " ").first.map(String.init) ?? ""
        if try CommandTable.command(named: last).changesNetwork {
            view.overlay = nil
        } else {
            remake(page)
        }
    }

    /// Opens a page anew, for what it tells of has changed.
    private func remake(_ page: Page) {
        switch page.subject {
        // A command that opens a page has put it in place of this one.
        case .item, .message, .segment, .job, .belief, .draws, .output, .coverage: break
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

    /// A peer that is named has to be one.
    private func expectPeer(_ name: String?) throws(SessionError) {
        // Before the first event none has said its name; the lab has.
        let known = snapshot.peerNames.isEmpty ? snapshot.lab.peers.map(\.name) : snapshot.peerNames
        guard let name, !known.contains(name) else { return }
        throw SessionError("there is no peer \(quoted(name))" + Suggestion.offer(for: name, among: known))
    }

    /// Opens the page of a message: `m41`, of a peer, of a session of it.
    func openMessage(_ words: [String]) throws(SessionError) {
        guard let query = MessageQuery(words) else {
            throw SessionError("a message is expected, as in: message m41, message m41 ping, message m41 echo c1")
        }
        try expectPeer(query.peer)
        let story = try MessageStory(query, in: snapshot)
        view.overlay = .page(Page(subject: .message(query), title: story.title, lines: story.lines))
    }

    /// Opens the page of a segment: `c1>3`.
    func openSegment(_ words: [String]) throws(SessionError) {
        guard words.count == 1, let name = SegmentName(words[0]) else {
            throw SessionError(
                "a segment is expected, as in: segment c1>3, the third of its client, or segment c1<3 of its server")
        }
        let story = try SegmentStory(name, in: snapshot)
        view.overlay = .page(Page(subject: .segment(name), title: story.title, lines: story.lines))
    }

    /// Opens the page of a job: `41`, of a queue.
    func openJob(_ words: [String]) throws(SessionError) {
        guard let query = JobQuery(words) else {
            throw SessionError("a job is expected, as in: job 41, or job 41 office of one queue of several")
        }
        try expectPeer(query.queue)
        let story = try JobStory(query, in: snapshot)
        view.overlay = .page(Page(subject: .job(query), title: story.title, lines: story.lines))
    }

    /// Opens the page of what the ends of a connection believe.
    ///
    /// - Parameter word: the connection's name; nil for the one that is selected, or the only one there is.
    func openBelief(_ word: String?) throws(SessionError) {
        let here = snapshot
        var connection: ConnectionID?
        if let word {
            guard let named = ConnectionID(named: word) else {
                throw SessionError("\(quoted(word)) is no connection; write for example believe c1")
            }
            connection = named
        } else if case .connection(let selected)? = selectedItem {
            connection = selected
        } else if here.world.connections.count == 1 {
            connection = here.world.connections[0].id
        }
        guard let connection else { throw SessionError("which connection? Select one, or write believe c1") }
        let story = try BeliefStory(connection, in: here)
        view.overlay = .page(Page(subject: .belief(connection), title: story.title, lines: story.lines))
    }

    /// Shows the graph of a connection: of an end of it, so far back; of what is not said, as it is.
    func openGraph(_ words: [String]) throws(SessionError) {
        var choice = GraphChoice(connection: view.graph.connection)
        for word in words {
            if let connection = ConnectionID(named: word) {
                choice.connection = connection
            } else if let side = Side.allCases.first(where: { $0.description == word }) {
                choice.side = side
            } else if word.first?.isNumber == true {
                choice.span = max(1, try Units.readDuration(word))
            } else {
                throw SessionError(
                    "\(quoted(word)) is no connection, side or time; write for example graph c1 server 5s")
            }
        }
        if let connection = choice.connection, snapshot.world.connection(connection) == nil {
            throw SessionError("there is no \(connection)" + (words.isEmpty ? "; write graph and another" : ""))
        }
        view.graph = choice
        view.overlay = nil
        view.selected[.graph] = nil
        // The key that opens it closes it.
        view.isZoomed = !(words.isEmpty && view.focus == .graph && view.isZoomed)
        view.focus = .graph
    }

    /// Takes the page that is open, line by line: for who has no screen to show it on. Empty where none is.
    package func takePage() -> [String] {
        guard case .page(let page)? = view.overlay else { return [] }
        view.overlay = nil
        return page.text
    }
}
