import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// Pages: what is told of events, whose lines lead to others.
@Suite("Pages")
struct PageTests {
    @Test("Enter on a cause goes to it, and on what is none says so")
    func jump() throws {
        let app = try makeApp("goto 5.05s\ngoto #200\nwhy")
        let page = try #require(openPage(of: app))
        #expect(page.title == "Event #200")
        let causes = page.lines.indices.filter { page.lines[$0].event != nil }
        let last = try #require(causes.last)
        app.handle(.end)
        for _ in 0..<(page.lines.count - 1 - last) { app.handle(.up) }
        app.handle(.enter)
        #expect(app.view.overlay == nil && app.snapshot.event == page.lines[last].event)
        try ScriptRunner("why #200\ndown").run(on: app)
        app.handle(.down)
        app.handle(.enter)
        #expect(app.view.notice?.isError == true && app.view.overlay != nil)
        app.handle(.escape)
        #expect(app.view.overlay == nil)
    }

    @Test("why needs an event that there is")
    func refusals() throws {
        let app = try makeApp("step 3")
        for line in ["why 2s", "why #4", "why #0", "why here", "why #1 #2"] { #expect(!app.execute(line), "\(line)") }
        #expect(app.execute("why") && app.execute("why #1"))
        let fresh = try makeApp("")
        #expect(!fresh.execute("why"))
    }

    @Test("A script hands its pages over as text")
    func script() throws {
        let app = try makeApp("goto 1s\nwhy")
        let lines = app.takePage()
        #expect(lines.first?.hasPrefix("Event #") == true && lines.contains("Causes, the latest first"))
        #expect(app.takePage().isEmpty)
    }

    @Test("The end of a page is seen at every size", arguments: GoldenTests.sizes)
    func ends(size: Size) throws {
        let app = try makeApp("goto 5.05s\nwhy")
        app.handle(.resize(size))
        app.handle(.end)
        let last = try #require(openPage(of: app)?.lines.last?.text)
        #expect(text(of: app, rows: size.rows, columns: size.columns).contains(last.prefix(30)))
    }
}

/// The page that is open.
func openPage(of app: LabApp) -> Page? {
    if case .page(let page)? = app.view.overlay { page } else { nil }
}

/// The page of a message.
@Suite("Message pages")
struct MessagePageTests {
    @Test("A message's life on one page, at four sizes")
    func golden() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("cut")))
        defer { app.session.close() }
        try ScriptRunner("goto 4.5s\nmessage m31 ping").run(on: app)
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "message-\(size.columns)x\(size.rows)")
        }
    }

    /// Goes down to a line; blank ones and headings are stepped over.
    private func choose(_ line: Int, in app: LabApp) {
        for _ in 0..<line where (openPage(of: app)?.selected ?? line) < line { app.handle(.down) }
    }

    @Test("Enter on what an event tells of a message opens its page, and on a line of that goes there")
    func way() throws {
        let app = try makeApp("goto 1s\ngoto +150ms\nuntil message\nwhy")
        // The event in which ping is answered tells of no message of its own; the one that queued it does.
        try ScriptRunner("goto 1.1s\nwhy").run(on: app)
        let page = try #require(openPage(of: app))
        let index = try #require(page.lines.firstIndex { $0.text.contains("queue  m") })
        app.handle(.home)
        choose(index, in: app)
        app.handle(.enter)
        let message = try #require(openPage(of: app))
        #expect(message.title.hasPrefix("Message m") && message.title.hasSuffix(" of ping"))
        let queued = try #require(message.lines.firstIndex { $0.text.hasSuffix("queued") })
        app.handle(.home)
        choose(queued, in: app)
        app.handle(.enter)
        #expect(app.view.overlay == nil && app.snapshot.event == message.lines[queued].event)
    }

    @Test("message says what is wrong with what it was given")
    func refusals() throws {
        let app = try makeApp("goto 1s")
        for line in ["message", "message 41", "message m99999", "message m1 nobody", "message m1 ping x", "message m1"]
        {
            #expect(!app.execute(line), "\(line)")
        }
        #expect(app.view.notice?.text.contains("message m1 ping or message m1 echo c1") == true)
    }
}

/// The page of a segment.
@Suite("Segment pages")
struct SegmentPageTests {
    private func app() throws -> LabApp {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("cut")))
        try ScriptRunner("goto 4.5s").run(on: app)
        return app
    }

    @Test("A segment that was lost, at four sizes: its repeats, and the messages in it")
    func golden() throws {
        let app = try app()
        defer { app.session.close() }
        try ScriptRunner("message m31 ping").run(on: app)
        let way = try #require(openPage(of: app)).lines.map(\.text)
        let lost = try #require(way.first { $0.contains(" is lost") })
        let name = try #require(lost.split(separator: " ").first { $0.contains(">") })
        app.execute("segment \(name)")
        let lines = try #require(openPage(of: app)).lines
        #expect(lines.contains { $0.text.contains("\(name) is lost") && $0.event != nil })
        #expect(lines.contains { $0.text.contains("m31 of ping") && $0.lead == .command("message m31 ping") })
        #expect(lines.contains { $0.text.contains("is sent again") })
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "segment-\(size.columns)x\(size.rows)")
        }
    }

    @Test("Enter on what an event tells of a segment opens its page")
    func way() throws {
        let app = try app()
        defer { app.session.close() }
        let records = app.snapshot.records
        let event = try #require(
            (1...app.snapshot.event).first { event in
                records[event: event].changes.contains { if case .lost = $0 { true } else { false } }
            })
        app.execute("why #\(event)")
        let page = try #require(openPage(of: app))
        let line = try #require(page.lines.first { $0.text.contains("lost") })
        guard case .command(let command) = line.lead else {
            Issue.record("\(line.text) leads nowhere")
            return
        }
        #expect(app.execute(command) && openPage(of: app)?.title.hasPrefix("Segment c1") == true)
    }

    @Test("segment says what is wrong with what it was given")
    func refusals() throws {
        let app = try app()
        defer { app.session.close() }
        for line in ["segment", "segment 3", "segment c1", "segment c1>0", "segment c9>1", "segment c1>1 c1>2"] {
            #expect(!app.execute(line), "\(line)")
        }
        #expect(!app.execute("segment c1>99999"))
        #expect(app.view.notice?.text.contains("the latest is c1>") == true)
    }
}

/// The page of what two ends believe.
@Suite("Belief pages")
struct BeliefPageTests {
    @Test("A half-open connection at four sizes")
    func golden() throws {
        let app = try makeApp("goto 6.2s\npane connections")
        app.handle(.key("e"))
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "belief-\(size.columns)x\(size.rows)")
        }
        app.handle(.enter)
        #expect(app.view.overlay == nil && app.now == 5_000_000_000, "where they began to disagree")
        for line in ["believe c9", "believe x", "believe c1 c2"] { #expect(!app.execute(line), "\(line)") }
    }
}

/// The page of a job.
@Suite("Job pages")
struct JobPageTests {
    @Test("Enter on what an event tells of a job opens its page, and on a line of that goes there")
    func way() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("jobs")))
        defer { app.session.close() }
        try ScriptRunner("goto 6s\njob 65").run(on: app)
        let told = try #require(openPage(of: app))
        #expect(told.title == "Job 65 of office")
        let again = try #require(told.lines.firstIndex { $0.text.contains("gives it again") })
        app.handle(.home)
        while try #require(openPage(of: app)).selected < again { app.handle(.down) }
        app.handle(.enter)
        #expect(app.view.overlay == nil && app.snapshot.event == told.lines[again].event)
        try ScriptRunner("why").run(on: app)
        let page = try #require(openPage(of: app))
        let line = try #require(page.lines.firstIndex { $0.text.contains("give  job 65 again") })
        app.handle(.home)
        while try #require(openPage(of: app)).selected < line { app.handle(.down) }
        app.handle(.enter)
        #expect(openPage(of: app)?.title == "Job 65 of office")
    }

    @Test("The filter finds what became of a job, at the queue and at its workers")
    func filter() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("jobs")))
        defer { app.session.close() }
        try ScriptRunner("goto 6s\nfilter job 65").run(on: app)
        let page = try JobStory(try #require(JobQuery(["65"])), in: app.snapshot)
        let events = page.lines.filter { !$0.text.hasPrefix("is ") }.compactMap(\.event)
        #expect(events.count == 9)
        for event in events { #expect(app.view.filter?.matches.contains(event) == true, "\(event)") }
    }

    @Test("job says what is wrong with what it was given")
    func refusals() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("jobs")))
        defer { app.session.close() }
        try ScriptRunner("goto 1s").run(on: app)
        for line in ["job", "job x", "job 201", "job 1 nobody", "job 1 hand-1", "job 1 office 3"] {
            #expect(!app.execute(line), "\(line)")
        }
        #expect(app.execute("job 1 office"))
    }
}
