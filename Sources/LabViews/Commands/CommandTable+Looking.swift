import Lab
import Screen

extension CommandTable {
    static let looking: [Command] = [
        Command(
            "pane",
            bindings: Pane.allCases.prefix(9).map { pane in
                Command.Binding(input: .key(Character("\(pane.digit)")), words: [pane.name])
            }, "PANE", group: .looking, looksBack: true,
            help: "Focus a pane: \(Pane.allCases.map(\.name).joined(separator: ", "))."
        ) { app, words throws(SessionError) in
            guard words.count == 1, let pane = Pane.named(words[0]) else {
                let name = words.joined(separator: " ")
                throw SessionError(
                    "there is no pane \(quoted(name))" + Suggestion.offer(for: name, among: Pane.allCases.map(\.name)))
            }
            app.view.focus = pane
        },
        Command(
            "next-pane", keys: [.tab, .right, .key("l")], bar: .kept("pane"), group: .looking, looksBack: true,
            help: "Focus the next pane."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.view.focus = app.view.focus.advanced(by: 1)
        },
        Command(
            "previous-pane", keys: [.backTab, .left, .key("h")], group: .looking, looksBack: true,
            help: "Focus the pane before."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.view.focus = app.view.focus.advanced(by: -1)
        },
        Command(
            "up", keys: [.up, .key("k")], "[COUNT]", group: .looking, looksBack: true, help: "Select the row above."
        ) {
            app, words throws(SessionError) in
            try app.moveSelection(by: -(try Command.count(words)))
        },
        Command(
            "down", keys: [.down, .key("j")], "[COUNT]", group: .looking, looksBack: true, help: "Select the row below."
        ) {
            app, words throws(SessionError) in
            try app.moveSelection(by: try Command.count(words))
        },
        Command(
            "page-up", keys: [.pageUp, .control("u")], group: .looking, looksBack: true,
            help: "Go up by a page; beside another timeline, in where they differ."
        ) {
            app, words throws(SessionError) in
            try Command.none(words)
            try app.movePage(by: -1)
        },
        Command(
            "page-down", keys: [.pageDown, .control("d")], group: .looking, looksBack: true,
            help: "Go down by a page; beside another timeline, in where they differ."
        ) {
            app, words throws(SessionError) in
            try Command.none(words)
            try app.movePage(by: 1)
        },
        Command("top", keys: [.home], group: .looking, looksBack: true, help: "Select the first row.") {
            app, words throws(SessionError) in
            try Command.none(words)
            try app.moveSelection(by: -1_000_000_000)
        },
        Command(
            "bottom", keys: [.end], group: .looking, looksBack: true,
            help: "Select the last row; among the events, follow the newest again."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.moveSelection(by: 1_000_000_000)
        },
        Command("zoom", keys: [.key("z")], group: .looking, help: "Give the pane the whole screen, or no longer.") {
            app, words throws(SessionError) in
            try Command.none(words)
            app.view.isZoomed.toggle()
        },
        Command(
            "inspect", keys: [.enter], group: .looking, looksBack: true,
            help: "Show all about what is selected: an event with its changes and causes, both ends of a connection."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.inspect()
        },
        Command(
            "why", "[EVENT]", group: .looking, looksBack: true,
            help:
                "Show an event with its causes, back to a draw, a hand or the lab file's line; Enter goes to the one chosen."
        ) { app, words throws(SessionError) in
            guard words.count <= 1 else { throw SessionError("one event is expected: why #1284") }
            try app.openWhy(words.first)
        },
        Command(
            "message", "NAME [PEER [CONNECTION]]", group: .looking, looksBack: true,
            help:
                "Show a message's life on a page: its way, the segments that carried it, and what made it late: `message m41 ping`."
        ) { app, words throws(SessionError) in try app.openMessage(words) },
        Command(
            "segment", "NAME", group: .looking, looksBack: true,
            help:
                "Show a segment on a page: its header, its way, other segments with the same bytes, and the messages in it: `segment c1>3`."
        ) { app, words throws(SessionError) in try app.openSegment(words) },
        Command(
            "job", "NUMBER [QUEUE]", group: .looking, looksBack: true,
            help:
                "Show a job of a queue on a page: who had it and when, whose lease ran out, who has done it, and what counted: `job 41`."
        ) { app, words throws(SessionError) in try app.openJob(words) },
        Command(
            "believe", keys: [.key("e")], "[CONNECTION]", group: .looking, looksBack: true,
            help:
                "Show what each end of a connection believes: its state and its peer's, sequence numbers, windows, what its RTO is made of; and since when they disagree."
        ) { app, words throws(SessionError) in
            guard words.count <= 1 else { throw SessionError("one connection is expected: believe c1") }
            try app.openBelief(words.first)
        },
        Command(
            "output", keys: [.key("o")], "[PROGRAM]", group: .looking, looksBack: true,
            help:
                "Show what a program of the lab has written last, and go on with it: the one selected, or the only one."
        ) { app, words throws(SessionError) in
            guard words.count <= 1 else { throw SessionError("one program is expected: output web") }
            try app.openOutput(words.first)
        },
        Command(
            "graph", keys: [.key("G")], "[CONNECTION] [client|server] [SPAN]", group: .looking, looksBack: true,
            help:
                "Draw what an end of a connection sends over time, what comes back, and its congestion window: all of it, or the last `5s`; ↑ and ↓ choose an event."
        ) { app, words throws(SessionError) in try app.openGraph(words) },
        Command(
            "coverage", "[FAULT × STATE]", group: .looking, looksBack: true,
            help:
                "Show which faults the run has met in which states of connections and peers, as a grid and one by one; of a cell that it has not, the command that searches for a seed that does."
        ) { app, words throws(SessionError) in try app.openCoverage(words) },
        Command(
            "draws", keys: [.key("v")], "[near] [SITE]", group: .looking, looksBack: true,
            help:
                "List the draws, each with its value against its threshold; with `near` those first that nearly fired. Enter on one opens it, to force or veto it."
        ) { app, words throws(SessionError) in try app.openDraws(words) },
        Command(
            "draw", "EVENT NUMBER", group: .looking, looksBack: true,
            help:
                "Show a draw of an event: `draw #120 1` is its first; Enter on a line forces or vetoes it, or goes there."
        ) { app, words throws(SessionError) in try app.openDraw(words) },
        Command(
            "back", keys: [.escape], group: .looking,
            help:
                "Go one level back: out of a window, a long move, two timelines side by side, the filter, the zoom, a selection."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.goBack()
        },
        Command(
            "filter", keys: [.key("/")], "[TEXT]", bar: "filter", group: .looking, looksBack: true,
            help: "Show only the events of which a change is told with the text, in any case; all without one."
        ) { app, words throws(SessionError) in
            app.view.focus = .events
            app.setFilter(words.joined(separator: " "))
            // Without a text it is asked for, and the events are filtered as it is typed.
            if words.isEmpty { app.ask(.filter) }
        },
        Command("help", keys: [.key("?")], bar: .kept("help"), group: .looking, help: "Show all keys and commands.") {
            app, words throws(SessionError) in
            try Command.none(words)
            app.view.overlay = .help(scroll: 0)
        },
        Command(
            "warnings", group: .looking,
            help: "Show what the lab's file says that is no error and probably not meant, as `peerlab check` does."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            guard !app.session.lab.warnings.isEmpty else { throw SessionError("the lab's file has no warnings") }
            app.view.overlay = .warnings(scroll: 0)
        },
        Command("mouse", group: .looking, help: "Listen to the mouse, or no longer.") {
            app, words throws(SessionError) in
            try Command.none(words)
            app.view.usesMouse.toggle()
            app.say("the mouse is \(app.view.usesMouse ? "on" : "off")")
        },
    ]
}
