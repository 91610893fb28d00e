import Lab
import Screen
import SimNetwork

extension CommandTable {
    static let moving: [Command] = [
        Command(
            "step", keys: [.key("s"), .key(" ")], "[COUNT]", bar: "step", group: .moving,
            help: "Take the next event, or so many."
        ) { app, words throws(SessionError) in try app.step(try Command.count(words)) },
        Command(
            "step-back", keys: [.key("S"), .backspace], "[COUNT]", bar: "back", group: .moving, looksBack: true,
            help: "Go back an event, or so many. What was recorded stays, and can be gone through again."
        ) { app, words throws(SessionError) in try app.stepBack(try Command.count(words)) },
        Command(
            "next-fault", keys: [.key("n")], bar: "next fault", group: .moving,
            help: "Go on to the next fault, intervention or fired buggify site."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.checkForFaultsToCome()
            try app.goOn(to: .fault(nil))
        },
        Command(
            "previous-fault", keys: [.key("N")], group: .moving, looksBack: true,
            help: "Go back to the fault, intervention or fired buggify site before this."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.begin(.backward(.fault(nil)))
        },
        Command(
            "next-message", keys: [.key("m")], bar: "message", group: .moving,
            help: "Go on to the next message delivered to an application."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.goOn(to: .message(.delivered))
        },
        Command(
            "previous-message", keys: [.key("M")], group: .moving, looksBack: true,
            help: "Go back to the message delivered before this."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.begin(.backward(.message(.delivered)))
        },
        Command(
            "run", keys: [.key("r")], "[DURATION]", bar: .changing("run", whileRunning: "pause"), group: .moving,
            help: "Let the run go on by itself, and pause it; with a duration, go on by that much at once."
        ) { app, words throws(SessionError) in try app.toggleRun(words) },
        Command(
            "faster", keys: [.key("+"), .key("=")], group: .moving,
            help: "Double the speed of the run: up to 64×, then max."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.changeSpeed(\.faster)
        },
        Command("slower", keys: [.key("-")], group: .moving, help: "Halve the speed of the run: down to ¼×.") {
            app, words throws(SessionError) in
            try Command.none(words)
            try app.changeSpeed(\.slower)
        },
        Command(
            "goto", keys: [.key("g")], "PLACE", bar: "go to", group: .moving,
            help: "Go to a time (`2.5s`, `+200ms`, `-1s`) or to an event (`#1200`)."
        ) { app, words throws(SessionError) in
            guard let word = words.first else { return app.ask(.goto) }
            guard words.count == 1 else { throw SessionError("one place is expected: goto PLACE") }
            app.begin(.place(try app.place(word)))
        },
        Command(
            "until", keys: [.key("u")], "CONDITION", group: .moving,
            help:
                "Go on until `fault`, `message` or a condition holds, as in `until ping is connected`; or until something fails: `until failed`."
        ) { app, words throws(SessionError) in
            guard !words.isEmpty else { return app.ask(.until) }
            switch try app.target(words) {
            case .condition(let condition): try app.goOn(to: condition)
            case .failure: app.begin(.forward(app.search(for: .failure)))
            }
        },
        Command(
            "disagreement", keys: [.key("d")], group: .moving,
            help: "With the simulation and a real network side by side: go to where the two disagree first."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            app.begin(.place(.time(try app.firstDisagreement())))
        },
        Command("first", keys: [.key("[")], group: .moving, looksBack: true, help: "Go to before the first event.") {
            app, words throws(SessionError) in
            try Command.none(words)
            app.begin(.place(.event(0)))
        },
        Command(
            "last", keys: [.key("]")], group: .moving,
            help:
                "Go to the latest event that has happened; at it already, to the end of the run (on sockets that comes by itself)."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            let here = app.snapshot
            if !here.traits.isStepped { return app.begin(.place(.event(.max))) }
            app.begin(.place(here.isLive ? .time(here.lab.duration) : .event(here.records.count)))
        },
    ]
}

extension CommandTable {
    static let breaking: [Command] = [
        Command(
            "break", keys: [.key("b")], "CONDITION", bar: "break", group: .moving,
            help:
                "Stop whenever a condition comes true, as in `break ping is reconnecting`, or something fails: `break failed`. `break off 2`, `break on 2` and `break delete 2` (or `all`) are about those that there are."
        ) { app, words throws(SessionError) in
            guard !words.isEmpty else { return app.ask(.breakpoint) }
            try app.changeBreakpoints(words)
        },
        Command(
            "breakpoints", keys: [.control("b")], group: .moving,
            help: "List the breakpoints; Enter switches one on or off."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.listBreakpoints()
        },
        Command("next-break", keys: [.key("c")], group: .moving, help: "Go on to the next stop at a breakpoint.") {
            app, words throws(SessionError) in
            try Command.none(words)
            try app.needBreakpoints()
            app.begin(.forward(app.search(for: .breakpoint)))
        },
        Command(
            "previous-break", keys: [.key("C")], group: .moving, looksBack: true,
            help: "Go back to the stop at a breakpoint before this."
        ) { app, words throws(SessionError) in
            try Command.none(words)
            try app.needBreakpoints()
            app.begin(.backTo(app.search(for: .breakpoint)))
        },
    ]
}

extension LabApp {
    /// When the two networks that are shown disagree first, as far as both have been gone through.
    fileprivate func firstDisagreement() throws(SessionError) -> Int64 {
        guard second != nil, let lives = view.lifeCycle else {
            throw SessionError("there is one network here; --on both shows the simulation and a real one")
        }
        guard let row = lives.rows.first(where: \.disagrees),
            let time = [row.left?.time, row.right?.time].compactMap(\.self).min()
        else { throw SessionError("the two have not disagreed so far") }
        return time
    }

    /// Lets the run go on or pauses it, or goes on by a duration.
    func toggleRun(_ words: [String]) throws(SessionError) {
        if !words.isEmpty {
            let duration = try Units.readDuration(words.joined(separator: " "))
            let (end, overflow) = now.addingReportingOverflow(duration)
            let time = overflow ? .max : end
            let isWatched = !view.breakpoints.on.isEmpty
            begin(isWatched ? .forward(search(for: .time(time))) : .place(.time(time)))
            return
        }
        if isRunning {
            stop()
            return
        }
        let here = snapshot
        if here.isOver { throw SessionError("the run is over; [ goes to its beginning, S back") }
        stop()
        view.isRunning = true
    }

    /// Changes the speed.
    func changeSpeed(_ change: (Speed) -> Speed) throws(SessionError) {
        let speed = change(view.speed)
        guard speed != view.speed else {
            throw SessionError(speed.isUnbounded ? "this is as fast as it goes" : "\(speed) is the slowest")
        }
        view.speed = speed
        target = now
        say("speed \(speed)")
    }
}
