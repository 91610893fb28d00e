import Foundation
import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// Where a run stops: at conditions, at what fails, forwards and backwards.
@Suite("Breakpoints")
struct BreakpointTests {
    /// A lab of which one line fails at a time, and one with an event.
    static func failing() throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: failing
                duration: 10s
                hosts: [client, server]
                links: [{between: [client, server], latency: 2ms}]
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 100ms, size: 64}}
                    config: {connect-timeout: 1s, heartbeat: {interval: 1s, timeout: 2s}}
                faults:
                  - {at: 2s, power-loss: server}
                  - {at: 6s, power-on: server}
                expect:
                  - ping is connected by 5s
                  - no connection is half-open
                  - ping is connected by 9s
                """, name: "failing.yaml")
    }

    @Test("A run stops at a breakpoint, says which, and goes on from there on the same timeline")
    func run() throws {
        let app = try makeApp("break ping is reconnecting\nbreak server gets power")
        #expect(app.view.breakpoints.all.map(\.number) == [1, 2])
        app.handle(.key("r"))
        for _ in 0..<400 where app.isRunning { app.tick(elapsedNanoseconds: 100_000_000) }
        #expect(app.view.notice?.text == "breakpoint 1: ping is reconnecting")
        #expect(!app.isRunning && app.snapshot.isLive && app.now > 5_000_000_000 && app.now < 12_000_000_000)
        app.handle(.key("r"))
        for _ in 0..<400 where app.isRunning { app.tick(elapsedNanoseconds: 100_000_000) }
        #expect(app.view.notice?.text == "breakpoint 2: server gets power" && app.now == 12_000_000_000)
        let event = app.snapshot.event
        // In what is recorded the same places stop it.
        try ScriptRunner("first\nnext-break").run(on: app)
        #expect(app.view.notice?.text == "breakpoint 1: ping is reconnecting" && !app.snapshot.isLive)
        try ScriptRunner("next-break").run(on: app)
        #expect(app.snapshot.event == event)
        try ScriptRunner("previous-break").run(on: app)
        #expect(app.view.notice?.text == "breakpoint 1: ping is reconnecting")
        #expect(!app.execute("previous-break") || !run(app) || app.view.notice?.isError == true)
    }

    /// Does all that is under way.
    private func run(_ app: LabApp) -> Bool {
        app.settle()
        return app.view.notice?.isError != true
    }

    @Test("A search stops at breakpoints before what it looks for; a run by a duration stops there too")
    func search() throws {
        let app = try makeApp("break ping has sent 5 messages\nuntil server loses power")
        #expect(app.view.notice?.text == "breakpoint 1: ping has sent 5 messages")
        let event = app.snapshot.event
        try ScriptRunner("first\nrun 5s").run(on: app)
        #expect(app.snapshot.event == event)
        try ScriptRunner("break off 1\nfirst\nrun 2s").run(on: app)
        #expect(app.now == 2_000_000_000)
        #expect(!app.execute("next-break"))
        try ScriptRunner("break on all\nfirst\nrun 200ms").run(on: app)
        #expect(app.now == 200_000_000, "there was none by then")
        try ScriptRunner("break delete 1").run(on: app)
        #expect(app.view.breakpoints.all.isEmpty && !app.execute("breakpoints"))
        for line in ["break off 1", "break", "break off", "break server is", "break nobody is connected"] {
            #expect(!app.execute(line) || app.view.prompt != nil, "\(line)")
            app.view.prompt = nil
        }
    }

    @Test("A screen opens with breakpoints, and says nothing of them until one stops it")
    func given() throws {
        let app = try makeApp("")
        try app.open(stoppingAt: ["ping is  reconnecting", "failed"])
        #expect(app.view.breakpoints.on.map(\.number) == [1, 2] && app.view.notice == nil)
        #expect(throws: SessionError.self) { try app.open(stoppingAt: ["ping is reconected"]) }
    }

    @Test("until failed stops where something fails: with an event, or when a time has passed")
    func failures() throws {
        let app = LabApp(session: SimSession(lab: try Self.failing()))
        defer { app.session.close() }
        try ScriptRunner("until failed").run(on: app)
        #expect(app.view.notice?.text.hasPrefix("failed: no connection is half-open: c1: client ESTABLISHED") == true)
        #expect(app.snapshot.isLive && app.snapshot.expectations[1].verdict == .failed)
        #expect(app.snapshot.event == app.snapshot.expectations[1].event)
        try ScriptRunner("until failed").run(on: app)
        #expect(app.view.notice?.text == "failed: ping is connected by 5s: it was reconnecting")
        #expect(app.now == 5_000_000_001 && app.snapshot.expectations[0].verdict == .failed)
        #expect(app.snapshot.isLive)
        #expect(!app.execute("until failed") || !run(app))
        #expect(app.view.notice?.text == "nothing fails before the end of the run")
        // Backwards the same.
        try ScriptRunner("break failed\nprevious-break").run(on: app)
        #expect(app.now == 5_000_000_001)
        try ScriptRunner("previous-break").run(on: app)
        #expect(app.snapshot.event == app.snapshot.expectations[1].event)
        // So it is from a place of the same event that is later, and from the next event.
        for place in ["goto 5000000002ns", "goto 5000000001ns\nstep"] {
            try ScriptRunner("\(place)\nprevious-break").run(on: app)
            #expect(app.now == 5_000_000_001, "\(place)")
        }
        let opened = LabApp(session: SimSession(lab: try Self.failing()))
        defer { opened.session.close() }
        // As a replay leaves it.
        _ = try opened.session.seek(to: .time(9_000_000_000), budget: .max)
        opened.openWhereItFails()
        #expect(opened.view.notice?.text.hasPrefix("failed: no connection is half-open") == true)
    }

    @Test("A run that would pass the lab's end stops at a breakpoint before")
    func runPastTheEnd() throws {
        let app = LabApp(session: SimSession(lab: try Self.failing()))
        defer { app.session.close() }
        try ScriptRunner("break failed\nrun 60s").run(on: app)
        #expect(app.snapshot.event == app.snapshot.expectations[1].event && app.now < 5_000_000_000)
        try ScriptRunner("break off all\nrun 60s").run(on: app)
        #expect(app.snapshot.isOver && app.view.notice?.isError != true)
    }

    @Test("What is to follow soon is judged from wherever a search begins", arguments: ["3s", "1s"])
    func soon(span: String) throws {
        let text = try Self.failing().source.components(separatedBy: "expect:")[0]
        let lab = try LabFile.read(
            text: text + "expect: [ping is reconnecting within \(span) of server loses power]", name: "soon.yaml")
        for beginning in ["first", "goto 2500ms"] {
            let app = LabApp(session: SimSession(lab: lab))
            defer { app.session.close() }
            let script = ScriptRunner("\(beginning)\nuntil failed")
            if span == "3s" {
                let error = #expect(throws: (any Error).self) { try script.run(on: app) }
                #expect("\(error, default: "")".contains("nothing fails before the end"), "\(beginning)")
            } else {
                try script.run(on: app)
                #expect(app.view.notice?.text.hasPrefix("failed:") == true && app.now == 3_000_000_001, "\(beginning)")
            }
        }
    }

    @Test("The list shows the breakpoints, and Enter switches and deletes")
    func list() throws {
        let app = try makeApp("break ping is reconnecting\nbreak failed\nbreak off 2\nbreakpoints")
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden,
                "breakpoints-\(size.columns)x\(size.rows)")
        }
        app.handle(.enter)
        #expect(app.view.breakpoints.on.isEmpty && openPage(of: app) != nil)
        app.handle(.down)
        app.handle(.enter)
        #expect(app.view.breakpoints.all.map(\.text) == ["failed"])
        app.handle(.end)
        app.handle(.enter)
        #expect(app.view.breakpoints.all.isEmpty && app.view.overlay == nil)
    }

    @Test("Enter on what failed tells what was found, what decided it and why, and goes there")
    func expectation() throws {
        let app = LabApp(session: SimSession(lab: try Self.failing()))
        defer { app.session.close() }
        try ScriptRunner("goto 10s\npane expect\ninspect").run(on: app)
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "failed-\(size.columns)x\(size.rows)")
        }
        let page = try #require(openPage(of: app))
        #expect(page.text.contains { $0.hasPrefix("so since") })
        app.handle(.enter)
        #expect(app.now == 5_000_000_001 && app.view.overlay == nil)
        #expect(app.snapshot.expectations[0].verdict == .failed)
        try ScriptRunner("goto 10s\ndown\ninspect").run(on: app)
        app.handle(.enter)
        #expect(app.snapshot.event == app.snapshot.expectations[1].event)
    }

    @Test("An invariant that did not hold stands first, and leads to the event that broke it")
    func violation() throws {
        let app = try makeApp("goto 2s")
        var snapshot = app.snapshot
        snapshot.violation = InvariantViolation(
            invariant: .flowControl, event: snapshot.event, detail: "too much")
        #expect(ExpectPane.items(in: snapshot).first == .violation)
        let page = try #require(Page(of: .violation, in: snapshot))
        #expect(page.lines[page.selected].event == snapshot.event)
        #expect(page.text.contains { $0.contains("too much") })
    }
}
