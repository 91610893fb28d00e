import Lab
import Screen

extension CommandTable {
    static let timelines: [Command] = [
        Command(
            "timelines", keys: [.key("t")], group: .timelines,
            help:
                "Show the tree of timelines: what was done on each, how long it is, how it stands. A script prints it on standard error."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.showTimelines()
        },
        Command(
            "timeline", "TIMELINE", group: .timelines,
            help: "Go to a timeline: to the same moment where it has come so far, else to its end."
        ) { app, words throws(SessionError) in
            guard words.count == 1 else { throw SessionError("a timeline is expected: timeline TIMELINE") }
            try app.go(to: try app.snapshot.timelines.named(words[0]))
        },
        Command(
            "left-timeline", keys: [.key(",")], group: .timelines,
            help: "Go to the left one of two timelines, at the same moment: this one and the one that was left last."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.go(toLeft: true)
        },
        Command(
            "right-timeline", keys: [.key(".")], group: .timelines,
            help: "Go to the right one of the two: the one that was begun later."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.go(toLeft: false)
        },
        Command(
            "branch", keys: [.key("B")], "[NAME]", group: .timelines,
            help:
                "Begin a timeline here that has all before in common with this one. What is done in the past does so by itself."
        ) { app, words throws(SessionError) in try app.branch(words) },
        Command(
            "name", "[TIMELINE] NAME", group: .timelines, help: "Give this timeline, or another, a name."
        ) { app, words throws(SessionError) in try app.rename(words) },
        Command(
            "forget", "TIMELINE", group: .timelines,
            help: "Forget a timeline that is not this one. Those that left it keep what they have of it."
        ) { app, words throws(SessionError) in try app.forget(words) },
        Command(
            "diff", "[TIMELINE]", group: .timelines, looksBack: true,
            help:
                "Say where this timeline and another first differ, in an event and in a draw, and what follows. A script prints it on standard error."
        ) { app, words throws(SessionError) in try app.showDifference(words) },
        Command(
            "beside", keys: [.key("x")], "[TIMELINE]", group: .timelines, looksBack: true,
            help:
                "Show this timeline and another side by side at the same moment, or no longer: `✖` marks the first event that is not the same, `≠` those behind it, and rows of panes that differ."
        ) { app, words throws(SessionError) in try app.toggleComparison(words) },
    ]
}
