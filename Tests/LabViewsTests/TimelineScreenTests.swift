import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// Timelines on the screen and in scripts.
@Suite("Timelines on the screen")
struct TimelineScreenTests {
    private static let sizes = [
        Size(rows: 16, columns: 60), Size(rows: 24, columns: 80), Size(rows: 40, columns: 120),
        Size(rows: 60, columns: 200),
    ]

    /// main to 9 s; a cut at 2 s, healed on one branch of it and not on the other.
    private static let tree = """
        goto 9s
        goto 2s
        cut client-server
        goto 8s
        goto 3s
        heal client-server
        goto 7s
        name healed
        timeline main
        goto 6s
        branch other
        timeline branch-1
        """

    private func app(_ script: String = tree) throws -> LabApp {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        try ScriptRunner(script).run(on: app)
        return app
    }

    private func check(_ app: LabApp, _ name: String) throws {
        for size in Self.sizes {
            let frame = app.frame(size: size, capabilities: Capabilities())
            try Golden.check(frame.golden, "\(name)-\(size.columns)x\(size.rows)")
        }
    }

    private func text(_ app: LabApp, _ size: Size = Size(rows: 40, columns: 120)) -> String {
        app.frame(size: size, capabilities: Capabilities()).text
    }

    @Test("The tree is shown, and gone through")
    func tree() throws {
        let app = try app()
        app.handle(.key("t"))
        try check(app, "timelines")
        app.handle(.home)
        app.handle(.enter)
        #expect(app.view.overlay == nil && app.snapshot.timeline == "main")
        for key in "tjn" { app.handle(.key(key)) }
        #expect(app.view.prompt?.purpose == .name)
        for key in "cut" { app.handle(.key(key)) }
        app.handle(.enter)
        #expect(app.snapshot.timelines.all.map(\.name) == ["main", "cut", "healed", "other"])
        // Any other key keeps it.
        for key in "fkjf" { app.handle(.key(key)) }
        #expect(app.snapshot.timelines.all.map(\.name) == ["main", "cut", "healed", "other"])
        app.handle(.key("f"))
        #expect(app.snapshot.timelines.all.map(\.name) == ["main", "healed", "other"])
        app.handle(.home)
        app.handle(.key("f"))
        #expect(app.view.notice?.text.contains("is the timeline that this is") == true)
        app.handle(.escape)
        #expect(app.view.overlay == nil)
    }

    @Test("What is done in the past says which timeline begins, and which is kept")
    func begins() throws {
        let app = try app("goto 4s\ngoto 2s\ncut client-server")
        let said = app.view.notice?.text ?? ""
        #expect(said.hasPrefix("done: cut client-server; branch-1 begins after #"), "\(said)")
        #expect(said.hasSuffix(", and main is kept: t shows both"))
        #expect(text(app).contains("  branch-1"), "the header names it")
        try ScriptRunner("step\nbranch here").run(on: app)
        #expect(app.view.notice?.text.contains("here begins after #") == true)
        for (wrong, said) in [
            ("branch here", "already"), ("branch a b", "one name"), ("timeline nowhere", "no timeline 'nowhere'"),
            ("timeline here", "that this is"), ("forget here", "that this is"), ("forget", "expected"),
            ("name 1", "cannot be a timeline's name"), ("diff here", "that this is"), ("timelines all", "too much"),
        ] {
            #expect(!app.execute(wrong), "\(wrong)")
            #expect(app.view.notice?.text.contains(said) == true, "\(wrong): \(app.view.notice?.text ?? "")")
        }
    }

    @Test("To and fro between two, at the same moment")
    func toAndFro() throws {
        let app = try app("goto 9s\ngoto 2s\ncut client-server\ngoto 8s\ngoto 5s")
        app.handle(.key("."))
        #expect(app.view.notice?.text == "this is branch-1 already; , goes to main")
        app.handle(.key(","))
        #expect(app.snapshot.timeline == "main" && app.now == Labs.second(5))
        #expect(app.view.notice?.text == "main, at the same moment")
        app.handle(.key("."))
        #expect(app.snapshot.timeline == "branch-1" && app.now == Labs.second(5))
        try ScriptRunner("timeline main\ngoto 9s").run(on: app)
        app.handle(.key("."))
        #expect(app.view.notice?.text == "branch-1, at its end: it has not come so far")
        let alone = try self.app("step")
        alone.handle(.key(","))
        #expect(alone.view.notice?.text.contains("one timeline alone") == true)
    }

    @Test("Where another timeline parts there is a mark among the events")
    func mark() throws {
        let app = try app("goto 3s\ngoto 2s\ncut client-server\nstep 3\npane events")
        let fork = try #require(app.snapshot.timelines.all.last?.fork)
        let lines = text(app).split(separator: "\n").filter {
            $0.contains(" #\(fork) ") || $0.contains(" #\(fork + 1) ")
        }
        #expect(lines.contains { $0.contains("≠") && $0.contains("#\(fork) ") }, "\(lines)")
        #expect(lines.filter { $0.contains("≠") }.count == 1)
    }

    @Test("Two stand side by side, with what differs marked")
    func beside() throws {
        let app = try app("goto 6s\ngoto 2s\ncut client-server\ngoto 5s\ngoto 2.3s\nbeside")
        try check(app, "beside")
        // The whole screen for what keys go to: the events of both, or a pane of both.
        app.handle(.key("z"))
        #expect(text(app).contains(" Events ") && !text(app).contains("2 Connections"))
        #expect(!text(app).contains("Where they differ"))
        app.handle(.key("2"))
        #expect(text(app).contains("2 Connections") && !text(app).contains(" Events "))
        app.handle(.key("3"))
        app.handle(.key("z"))
        app.handle(.key(","))
        #expect(app.snapshot.timeline == "main" && app.view.comparison?.isCurrentLeft == true)
        let before = app.view.comparison
        try ScriptRunner("goto 6s\nstep").run(on: app)
        #expect(app.view.comparison != before, "what follows is told anew")
        app.handle(.key("x"))
        #expect(app.view.comparison == nil)
        try ScriptRunner("beside branch-1\nforget branch-1").run(on: app)
        #expect(app.view.comparison == nil)
    }

    @Test("In what two differ is scrolled by pages and by the wheel, where it is longer than its window")
    func scroll() throws {
        let app = try app("goto 6s\ngoto 2s\ncut client-server\ngoto 5s\ngoto 2.3s\nbeside")
        app.handle(.resize(Size(rows: 16, columns: 60)))
        func window() -> [String] {
            let lines = app.frame(size: Size(rows: 16, columns: 60), capabilities: Capabilities()).text
                .split(separator: "\n").map(String.init)
            guard let top = lines.firstIndex(where: { $0.contains("Where they differ") }) else { return [] }
            return Array(lines[(top + 1)...].prefix { !$0.contains("┛") && !$0.contains("╯") })
        }
        var seen: [String] = []
        app.handle(.pageUp)
        app.handle(.pageUp)
        for _ in 0..<20 {
            seen += window()
            app.handle(.pageDown)
        }
        let words = seen.joined(separator: " ").split(whereSeparator: { $0.isWhitespace || $0 == "│" }).map(String.init)
        for sentence in try #require(app.view.comparison).sentences {
            for word in sentence.split(separator: " ") { #expect(words.contains(String(word)), "\(word)") }
        }
        let last = window()
        app.handle(.pageDown)
        #expect(window() == last, "it ends with the last line")
        app.handle(.mouse(MouseEvent(.scrollUp, at: Position(row: 12, column: 5))))
        #expect(window() != last)
        app.handle(.mouse(MouseEvent(.scrollDown, at: Position(row: 12, column: 5))))
        #expect(window() == last)
    }

    @Test("The mark of what is selected is no difference")
    func selectionIsNoDifference() throws {
        let app = try app("goto 3s\ngoto 2s\nbranch other\nbeside\npane expect")
        app.handle(.key("j"))
        let shown = text(app).split(separator: "\n").map(String.init)
        #expect(shown.contains { $0.contains("▸") })
        #expect(!shown.contains { $0.contains("≠") && $0.contains("▸") }, "\(shown.filter { $0.contains("≠") })")
    }

    @Test("A script prints the tree and the difference")
    func scripts() throws {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        var told: [String] = []
        app.tells = { told.append($0) }
        try ScriptRunner(Self.tree + "\ntimelines\ndiff main\ndiff").run(on: app)
        #expect(told.count == 3)
        try Golden.check(told.joined(separator: "\n\n") + "\n", "timelines-script")
        #expect(ScriptRunner("diff").looksBack && !ScriptRunner("timelines\ntimeline main").looksBack)
    }

    @Test("A world is rebuilt while the screen answers, and can be left")
    func rebuilding() throws {
        let app = LabApp(session: SimSession(lab: Labs.star(clients: 15)))
        try ScriptRunner("goto #9000\ngoto #8000").run(on: app)
        app.execute("kill ping-1")
        #expect(app.isSeeking && app.snapshot.timeline == "main")
        #expect(text(app).contains("rebuilding main to #8000  6 %  (Esc stops)"), "\(text(app).suffix(500))")
        app.handle(.key("2"))
        #expect(app.isSeeking && app.view.focus == .connections, "looking goes on meanwhile")
        app.handle(.escape)
        app.settle()
        #expect(app.snapshot.timeline == "main" && app.snapshot.timelines.all.count == 1)
        // What was rebuilt by then is not rebuilt again.
        app.execute("kill ping-1")
        #expect(text(app).contains("rebuilding main to #8000  12 %"))
        app.settle()
        #expect(app.snapshot.timeline == "branch-1" && app.snapshot.event == 8_001)
        #expect(app.view.notice?.text.contains("branch-1 begins after #8000") == true)
        // Going on where another was left is waited for in the same way, and so is a run.
        try ScriptRunner("timeline main\ngoto #9000").run(on: app)
        app.execute("step")
        #expect(app.isSeeking && text(app).contains("rebuilding main to #9000"))
        app.settle()
        #expect(app.snapshot.event == 9_001 && !app.isSeeking)
        try ScriptRunner("timeline branch-1\ngoto #8001").run(on: app)
        app.execute("run")
        app.tick(elapsedNanoseconds: 20_000_000)
        #expect(text(app).contains("rebuilding branch-1 to #8001"))
        while app.session.rebuilding(for: .goingOn) != nil { app.tick(elapsedNanoseconds: 20_000_000) }
        for _ in 0..<10 { app.tick(elapsedNanoseconds: 20_000_000) }
        #expect(app.snapshot.event > 8_001 && app.view.progress == nil)
    }

    @Test("A timeline that is over is not rebuilt to find that out")
    func over() throws {
        let app = try app("last\nlast\ngoto 2s\ncut client-server\ntimeline main\nlast")
        #expect(app.snapshot.isOver && app.session.rebuilding(for: .goingOn) == nil)
        #expect(!app.execute("step") && !app.isSeeking)
        #expect(app.view.notice?.text == "nothing is pending any more")
        // What is done there needs its world.
        #expect(app.session.rebuilding(for: .intervening) != nil)
        try ScriptRunner("kill ping\nstep-back").run(on: app)
        #expect(app.snapshot.timeline == "main" && app.snapshot.timelines.all.count == 2)
    }

    @Test("Names are completed")
    func completion() throws {
        let completion = Completion(snapshot: try app().snapshot)
        #expect(completion.candidates(for: "timeline ") == ["main", "branch-1", "healed", "other"])
        #expect(completion.candidates(for: "forget h") == ["healed"])
        #expect(completion.candidates(for: "diff main ").isEmpty)
    }
}
