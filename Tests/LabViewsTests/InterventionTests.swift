import Foundation
import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// An intervention, and how to come to where it can be made.
struct InterventionCase: Sendable, CustomTestStringConvertible {
    var before: String
    var line: String
    var testDescription: String { line }

    static let all = [
        InterventionCase(before: "goto 2s", line: "cut client-server"),
        InterventionCase(before: "goto 2s", line: "cut client-server server->client"),
        InterventionCase(before: "goto 2s\ncut client-server\nstep 3", line: "heal client-server"),
        InterventionCase(before: "goto 2s", line: "power-loss server"),
        InterventionCase(before: "goto 6s", line: "power-on server"),
        InterventionCase(before: "goto 2s", line: "kill echo"),
        InterventionCase(before: "goto 2s\nkill echo\nstep 3", line: "restart echo"),
        InterventionCase(before: "goto 2s", line: "pause ping"),
        InterventionCase(before: "goto 2s\npause ping\nstep 2", line: "resume ping"),
        InterventionCase(before: "goto 2s", line: "slow-reader echo 1KiB/s"),
        InterventionCase(before: "goto 2s", line: "reset c1"),
        // The segment selected among what comes next.
        InterventionCase(before: "goto 2s\npane next", line: "drop"),
        InterventionCase(before: "goto 2s\npane next", line: "delay"),
    ]
}

@Suite("Interventions")
struct InterventionTests {
    @Test("Each changes the digest, is kept, and is undone by a step back", arguments: InterventionCase.all)
    func each(_ intervention: InterventionCase) throws {
        let app = try makeApp(intervention.before)
        let before = app.snapshot
        #expect(app.execute(intervention.line), "\(app.view.notice?.text ?? "")")
        let after = app.snapshot
        #expect(after.digest != before.digest)
        #expect(after.event == before.event + 1)
        #expect(after.interventions.count == before.interventions.count + 1)
        let text = try #require(after.interventions.last.map { Names(after).text($0.action) })
        #expect(text.hasPrefix(intervention.line.split(separator: " ")[0]))
        #expect(text.hasPrefix(intervention.line.replacing("1KiB/s", with: "1024B/s")))
        #expect(self.text(of: app).contains(text))
        app.handle(.key("S"))
        #expect(app.snapshot.world == before.world)
        #expect(app.snapshot.interventions == before.interventions)
    }

    private func text(of app: LabApp) -> String {
        app.frame(size: Size(rows: 50, columns: 200), capabilities: Capabilities()).text
    }

    @Test("An intervention in the past starts a branch")
    func branch() throws {
        let app = try makeApp("goto 4s\ngoto 2s\ncut client-server")
        #expect(app.snapshot.timeline == "branch-1")
        #expect(app.snapshot.isLive)
    }

    @Test("The menu offers what suits the selection, and does it")
    func menu() throws {
        let app = try makeApp("goto 2s\npane next\nintervene")
        guard case .menu(let menu)? = app.view.overlay else {
            Issue.record("no menu")
            return
        }
        #expect(menu.lines.first?.hasPrefix("drop c1") == true)
        app.handle(.key("j"))
        app.handle(.key("k"))
        app.handle(.enter)
        #expect(app.view.overlay == nil)
        #expect(app.snapshot.world.faults.contains { $0.family == .drop })
        try ScriptRunner("pane topology\ntop\nintervene").run(on: app)
        app.handle(.key("1"))
        #expect(app.snapshot.world.hosts[0].isOn == false)
    }

    @Test("Every line of every menu can be carried out", arguments: [Pane.topology, .connections, .next])
    func menus(pane: Pane) throws {
        let script = "goto 2s\npane \(pane.name)"
        let app = try makeApp(script)
        for item in pane.view.items(in: app.snapshot) {
            for line in InterventionMenu(app.snapshot).lines(for: item) {
                let other = try makeApp(script)
                #expect(other.execute(line), "\(line): \(other.view.notice?.text ?? "")")
            }
        }
    }

    /// A draw is decided before it is made: the menu goes there.
    @Test("From an event its draws are decided the other way, and each is undone by going back")
    func drawsOfAnEvent() throws {
        let app = LabApp(session: SimSession(lab: Labs.star(clients: 3)))
        try ScriptRunner("step\nloss client-1-server 0.2\ngoto 3s\nuntil fault\npane events").run(on: app)
        let records = app.snapshot.records
        func fired(_ number: Int) -> DrawRecord? {
            for case .draw(let draw) in records[event: number].changes where draw.fires { return draw }
            return nil
        }
        let event = try #require((1...records.count).last { fired($0) != nil })
        let draw = try #require(fired(event))
        app.view.selected[.events] = .event(event)
        app.handle(.key("i"))
        guard case .menu(let menu)? = app.view.overlay else {
            Issue.record("no menu")
            return
        }
        #expect(menu.lines.first?.hasPrefix("veto \(draw.site)") == true && menu.place == event - 1, "\(menu)")
        app.handle(.enter)
        app.settle()
        #expect(app.snapshot.timeline == "branch-1" && app.snapshot.event == event, "\(app.view.notice?.text ?? "")")
        try ScriptRunner("step").run(on: app)
        var vetoed = draw
        (vetoed.fires, vetoed.isForced) = (false, true)
        #expect(app.session.current?.changes.contains(.draw(vetoed)) == true)
        try ScriptRunner("timeline main\ngoto #\(event)").run(on: app)
        #expect(app.session.current == records[event: event])
    }

    @Test("On real sockets the menu offers what can be done there, and says what is left out and why")
    func menuOnRealSockets() throws {
        var there = try makeApp("goto 2s").snapshot
        there.provider = .loopback
        let menu = InterventionMenu(there).menu(for: nil)
        #expect(
            Set(menu.lines.compactMap { $0.split(separator: " ").first })
                == ["exit", "kill", "pause", "restart", "refuse", "slow-reader"])
        #expect(menu.note.contains("left out") && menu.note.contains("cut"))
        #expect(there.obstacle == nil)
        // What cannot be done is what the session refuses.
        let syntax = ActionSyntax(lab: there.lab)
        #expect(
            there.obstacle(to: try syntax.action("cut client-server"))?.contains("a wire between the hosts") == true)
        #expect(there.obstacle(to: try syntax.action("slow-reader echo 1024B/s")) == nil)
        #expect(InterventionMenu(there).menu(for: .link(LinkID(0))).lines.isEmpty)
        var view = ViewState()
        view.overlay = .menu(menu)
        let shown = render(view, snapshot: there, size: Size(rows: 24, columns: 80), capabilities: Capabilities()).text
        #expect(shown.contains("left out, for real sockets"))
        // The past stays as it is, and what is over too.
        there.isLive = false
        #expect(there.obstacle?.contains("go to the end first") == true)
        there.isOver = true
        #expect(there.obstacle?.contains("the run is over") == true)
        there.provider = .sim
        #expect(there.obstacle == nil && InterventionMenu(there).menu(for: nil).note.isEmpty)
    }

    @Test("A menu that is longer than the screen says that it goes on, above and below")
    func longMenu() throws {
        let app = try makeApp("goto 2s", lab: Labs.star(clients: 6))
        #expect(app.execute("intervene"))
        func shown() -> String { app.frame(size: Size(rows: 24, columns: 80), capabilities: Capabilities()).text }
        #expect(shown().contains("▾") && shown().contains("more ┛"))
        app.handle(.end)
        #expect(shown().contains("▴") && shown().contains("more ┛"))
    }

    @Test("What is done to the whole network needs no selection")
    func whole() throws {
        let app = try makeApp(
            "goto 2s\npartition client|server\npartition server|client\nunpartition\ncut client-server")
        #expect(app.snapshot.world.partitions.isEmpty)
        #expect(app.snapshot.world.links[0].forwardCut)
        #expect(app.execute("heal-all"), "\(app.view.notice?.text ?? "")")
        #expect(!app.snapshot.world.links[0].forwardCut)
        #expect(!app.execute("heal-all true") && app.view.notice?.text.hasSuffix("is written: heal-all") == true)
    }

    @Test("A timer that is selected is dropped, put off and let go, and is named by what it is")
    func timers() throws {
        for verb in ["drop", "delay", "deliver"] {
            let app = try makeApp("goto 2s\npane next")
            let timer = try #require(
                app.snapshot.upcoming.first { if case .timer = $0.what { true } else { false } })
            app.view.selected[.next] = .upcoming(timer)
            try ScriptRunner(verb).run(on: app)
            let notice = app.view.notice?.text ?? ""
            #expect(notice.hasPrefix("done: \(verb) pending=\(timer.place)"), "\(notice)")
            #expect(notice.contains("(\(EventText(app.snapshot).line(of: timer).text))"), "\(notice)")
            let record = app.snapshot.records[event: app.snapshot.event]
            let line = EventText(app.snapshot).line(of: record).text
            #expect(line.contains("pending=\(timer.place)"), "\(line)")
            #expect(
                line.contains("(\(EventText(app.snapshot).line(of: timer).text))"), "the event says of what: \(line)")
            let now = app.snapshot.upcoming.first { $0.what == timer.what }
            switch verb {
            case "drop": #expect(now == nil)
            case "delay": #expect(now?.time == timer.time + 200_000_000)
            default: #expect(now?.time == app.snapshot.world.time)
            }
        }
    }

    @Test("What is said beside the name of a deed goes for what is selected")
    func delayOfSelected() throws {
        let app = try makeApp("goto 2s\npane next")
        let timer = try #require(app.snapshot.upcoming.first { if case .timer = $0.what { true } else { false } })
        app.view.selected[.next] = .upcoming(timer)
        for line in ["delay 1s", "delay by=1s"] {
            let before = try #require(app.snapshot.upcoming.first { $0.what == timer.what })
            app.view.selected[.next] = .upcoming(before)
            #expect(app.execute(line), "\(app.view.notice?.text ?? "")")
            let now = app.snapshot.upcoming.first { $0.what == timer.what }
            #expect(now?.time == before.time + 1_000_000_000)
        }
        let segment = try #require(app.snapshot.upcoming.first { if case .arrival = $0.what { true } else { false } })
        app.view.selected[.next] = .upcoming(segment)
        #expect(app.execute("delay 3ms"), "\(app.view.notice?.text ?? "")")
        #expect(!app.execute("delay 1s 2s") && !app.execute("delay c9>1 1s"))
    }

    @Test(
        "What is done to what is pending says where that is selected",
        arguments: ["drop", "deliver", "delay", "copy", "damage"])
    func unselected(verb: String) throws {
        let app = try makeApp("goto 2s\npane topology")
        #expect(!app.execute(verb))
        let notice = app.view.notice?.text ?? ""
        #expect(notice.contains("select one in Next, which must have the focus (4)"), "\(notice)")
    }

    @Test("A segment is named to a command as the screen names it")
    func segmentNames() throws {
        let app = try makeApp("goto 2s")
        let segment = try #require(app.snapshot.world.segments.first)
        #expect(text(of: app).contains(ThingNames.segment(segment)))
        let line = "drop \(ThingNames.segment(segment))"
        #expect(Completion(snapshot: app.snapshot).candidates(for: "drop ").contains(ThingNames.segment(segment)))
        #expect(app.execute(line), "\(app.view.notice?.text ?? "")")
        #expect(app.view.notice?.text == "done: \(line)")
        #expect(text(of: app).components(separatedBy: line).count - 1 == 2, "in its event and in the notice")
        #expect(!app.snapshot.world.segments.contains { $0.number == segment.number })
    }

    @Test("What cannot be done changes nothing and says why")
    func refused() throws {
        let app = try makeApp("goto 2s")
        let before = app.snapshot
        for line in ["power-on server", "heal client-server", "resume ping", "drop c9 client 1", "reset"] {
            #expect(!app.execute(line))
            #expect(app.view.notice?.isError == true)
        }
        #expect(app.snapshot.digest == before.digest)
        #expect(app.snapshot.world == before.world)
    }
}
