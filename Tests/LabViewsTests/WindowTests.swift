import Foundation
import Lab
import PeerNetworking
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// What lies over the panes, and what is too long for a line.
@Suite("Windows")
struct WindowTests {
    static let sizes = GoldenTests.sizes

    @Test("Help and inspector are seen to their end at every size, and from there one line back", arguments: sizes)
    func ends(size: Size) throws {
        for script in ["help", "goto 2s\npane connections\ninspect"] {
            let app = try makeApp(script)
            app.handle(.resize(size))
            let overlay = try #require(app.view.overlay)
            let window = try #require(WindowText(overlay, Scene(app.view, app.snapshot), columns: size.columns))
            let last = try #require(window.lines.last).map(\.text).joined().trimmingPrefix { $0 == " " }
            app.handle(.end)
            #expect(text(of: app, rows: size.rows, columns: size.columns).contains(last.prefix(40)), "\(script)")
            let atEnd = text(of: app, rows: size.rows, columns: size.columns)
            app.handle(.pageDown)
            #expect(text(of: app, rows: size.rows, columns: size.columns) == atEnd)
            app.handle(.up)
            let isWhole = window.last(within: size.rows - 3) == 0
            #expect((text(of: app, rows: size.rows, columns: size.columns) == atEnd) == isWhole)
            app.handle(.home)
            #expect([.help(scroll: 0), .inspector(.connection(ConnectionID(1)), scroll: 0)].contains(app.view.overlay))
        }
    }

    @Test("A menu goes to both its ends by a key")
    func menu() throws {
        let app = try makeApp("goto 2s\npane story\nintervene")
        func selected() -> Int? { if case .menu(let menu)? = app.view.overlay { menu.selected } else { nil } }
        guard case .menu(let menu)? = app.view.overlay else {
            Issue.record("no menu")
            return
        }
        app.handle(.end)
        #expect(selected() == menu.lines.count - 1)
        #expect(text(of: app, rows: 16, columns: 60).contains(try #require(menu.lines.last)))
        app.handle(.down)
        #expect(selected() == menu.lines.count - 1)
        app.handle(.home)
        #expect(selected() == 0)
    }

    @Test("A sentence that is too long for the status line is read whole", arguments: sizes)
    func longNotices(size: Size) throws {
        let app = try makeApp("goto 2s")
        app.handle(.resize(size))
        let words = (1...40).map { "word\($0)" }
        app.say(words.joined(separator: " "))
        let shown = text(of: app, rows: size.rows, columns: size.columns)
        for word in words { #expect(shown.contains(word)) }
        #expect(shown.contains("q quit"))
        app.handle(.key("s"))
        #expect(!text(of: app, rows: size.rows, columns: size.columns).contains("word1"))
    }

    @Test("The story's lines and the expectations are read whole where their panes cut them")
    func wholeTexts() throws {
        var lab = Labs.halfOpen()
        let long = (1...30).map { "word\($0)" }.joined(separator: " ")
        lab.expectations[0].text = long
        let app = try makeApp("step 3\npane expect\ninspect", lab: lab)
        let shown = text(of: app, rows: 40, columns: 80)
        for word in long.split(separator: " ") { #expect(shown.contains(word)) }
    }
}

/// Two runs side by side.
@Suite("Both halves")
struct BothTests {
    private func makeBoth(_ script: String) throws -> LabApp {
        let app = LabApp(
            session: SimSession(lab: Labs.halfOpen()), second: SimSession(lab: Labs.halfOpen(faults: false)))
        try ScriptRunner(script).run(on: app)
        while app.work() {}
        return app
    }

    @Test("What could not be done on the other side is told as long as it is in the run, and not in a moment before it")
    func refusals() throws {
        let app = try makeBoth("goto 6s")
        let before = app.snapshot.event
        // Only the left server is without power.
        #expect(app.execute("power-on server"))
        #expect(app.view.notice?.isError == true)
        for _ in 0..<5 {
            #expect(text(of: app).contains("not done here: power-on server"))
            app.handle(.key("s"))
        }
        try ScriptRunner("goto #\(before)").run(on: app)
        #expect(!text(of: app).contains("not done here"))
    }

    @Test("A half says that it is over, or has gone further than is shown")
    func standing() throws {
        let app = try makeBoth("goto 3s\ngoto 2s")
        #expect(text(of: app).contains("events further on"))
        try ScriptRunner("goto 20s").run(on: app)
        while app.work() {}
        let heads = text(of: app).split(separator: "\n").filter { $0.contains("● over") }
        #expect(heads.contains { $0.components(separatedBy: "● over").count > 2 })
    }

    @Test("The time shown is the cursor's, on both sides and everywhere")
    func time() throws {
        let app = try makeBoth("goto 2.25s")
        let clock = TimeText.clock(2_250_000_000)
        #expect(app.now == 2_250_000_000)
        let lines = text(of: app).split(separator: "\n")
        #expect(lines[0].contains("t \(clock) s"))
        #expect(lines[1].components(separatedBy: "t \(clock) s").count == 3)
    }
}
