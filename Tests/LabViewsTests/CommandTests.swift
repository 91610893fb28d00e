import Foundation
import Lab
import PeerNetworking
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// A screen on the half-open lab, after a script.
func makeApp(_ script: String = "", lab: LabDefinition = Labs.halfOpen()) throws -> LabApp {
    let app = LabApp(session: SimSession(lab: lab))
    try ScriptRunner(script).run(on: app)
    return app
}

/// What a frame of 120×40 shows.
func text(of app: LabApp, rows: Int = 40, columns: Int = 120) -> String {
    app.frame(size: Size(rows: rows, columns: columns), capabilities: Capabilities()).text
}

@Suite("Commands")
struct CommandTests {
    @Test("A step takes an event, and a step back gives the earlier state")
    func step() throws {
        let app = try makeApp("step 20")
        #expect(app.snapshot.event == 20)
        let before = app.snapshot.world
        app.handle(.key("s"))
        #expect(app.snapshot.event == 21)
        app.handle(.key(" "))
        #expect(app.snapshot.event == 22)
        app.handle(.key("S"))
        app.handle(.backspace)
        #expect(app.snapshot.world == before)
        #expect(app.execute("step-back 1000"))
        #expect(app.snapshot.event == 0)
        #expect(!app.execute("step-back"))
        #expect(app.view.notice?.text == "this is before the first event")
    }

    @Test("To the next fault and back")
    func faults() throws {
        let app = try makeApp("next-fault")
        #expect(app.snapshot.time.nanoseconds == Labs.second(5))
        #expect(app.snapshot.world.hosts[1].isOn == false)
        app.handle(.key("n"))
        app.settle()
        #expect(app.snapshot.time.nanoseconds == Labs.second(12))
        let end = app.snapshot.event
        app.handle(.key("n"))
        #expect(app.view.notice?.text == "no fault is still to come")
        #expect(app.snapshot.event == end)
        app.handle(.key("N"))
        app.settle()
        #expect(app.snapshot.time.nanoseconds == Labs.second(5))
        app.handle(.key("N"))
        app.settle()
        #expect(app.view.notice?.isError == true)
    }

    @Test("To the next message and back")
    func messages() throws {
        let app = try makeApp("next-message")
        func isDelivery(_ event: Int) -> Bool {
            app.snapshot.records[event: event].changes.contains {
                if case .peer(_, .delivered, _) = $0 { true } else { false }
            }
        }
        let first = app.snapshot.event
        #expect(isDelivery(first))
        #expect(!(1..<first).contains(where: isDelivery))
        app.handle(.key("m"))
        app.settle()
        #expect(isDelivery(app.snapshot.event) && app.snapshot.event > first)
        app.handle(.key("M"))
        app.settle()
        #expect(app.snapshot.event == first)
    }

    @Test("Places", arguments: [("2.5s", 2_500_000_000), ("#100", nil), ("500ms", 500_000_000)] as [(String, Int64?)])
    func goto(place: String, time: Int64?) throws {
        let app = try makeApp("goto 1s\ngoto \(place)")
        if let time {
            #expect(app.snapshot.time.nanoseconds <= time)
            #expect((app.snapshot.upcoming.first?.time ?? .max) > time)
        } else {
            #expect(app.snapshot.event == 100)
        }
    }

    @Test("Relative places, and places that are none")
    func relative() throws {
        let app = try makeApp("goto 1s\nrun 500ms")
        #expect(app.snapshot.time.nanoseconds == 1_500_000_000)
        #expect(app.execute("goto -1s"))
        app.settle()
        #expect(app.snapshot.time.nanoseconds <= 500_000_000)
        #expect(!app.execute("goto nowhere"))
        #expect(app.view.notice?.text.contains("write for example 2.5s") == true)
    }

    @Test(
        "A time that cannot be read is answered with what is wrong with it",
        arguments: [
            ("goto 100h", "unknown unit 'h'; 100h is written '6000m'"), ("goto -1h", "1h is written '60m'"),
            ("goto 5", "'5' has no unit; did you mean '5ms' or '5s'?"),
            ("goto 2.5 sec", "one place is expected"), ("goto +sec", "'+sec' is no place in the run"),
            ("goto #x", "'#x' is no place in the run; write for example 2.5s, #1200 or +200ms"),
            ("goto 9999999999999m", "too large"), ("run 2d", "2d is written '2880m'"), ("run fast", "not a duration"),
        ])
    func times(line: String, answer: String) throws {
        let app = try makeApp("goto 1s")
        #expect(!app.execute(line))
        #expect(app.view.notice?.text.contains(answer) == true, "\(app.view.notice?.text ?? "")")
        #expect(app.snapshot.reached == Labs.second(1))
    }

    @Test("A place beyond the end is not reached, which is said, and nothing is shown to come")
    func beyondTheEnd() throws {
        let app = try makeApp("goto 19s")
        #expect(app.view.notice == nil)
        #expect(app.snapshot.upcoming.allSatisfy { $0.time <= Labs.second(20) })
        try ScriptRunner("goto 99s").run(on: app)
        #expect(app.view.notice?.text == "the lab ends at 20.000 000 s")
        #expect(app.snapshot.isOver && app.snapshot.upcoming.isEmpty)
        let last = app.snapshot.event
        try ScriptRunner("goto #\(last + 10)").run(on: app)
        #expect(app.view.notice?.text == "the run ended with #\(last)")
    }

    @Test("A screen that opens at a place stands where goto goes")
    func openingAt() throws {
        for (place, line) in [
            (RunPosition.time(Labs.second(5)), "goto 5s"), (.time(4_987_654_321), "goto 4987654321ns"),
            (.event(100), "goto #100"), (.time(Labs.second(99)), "goto 99s"),
        ] {
            let (opened, gone) = (try makeApp(), try makeApp(line))
            opened.open(at: place)
            #expect(opened.snapshot.event == gone.snapshot.event && opened.view.notice == gone.view.notice, "\(line)")
            #expect(text(of: opened) == text(of: gone), "\(line)")
        }
        let beyond = try makeApp()
        beyond.open(at: .time(Labs.second(99)))
        #expect(beyond.view.notice?.text == "the lab ends at 20.000 000 s")
    }

    @Test("A script that quits says at which line, and how much stands behind it")
    func quitting() throws {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        #expect(try ScriptRunner("step 5\nquit\n\n# a remark\nstep\nstep").run(on: app) == .quit(line: 2, left: 2))
        #expect(app.snapshot.event == 5)
        #expect(try ScriptRunner("step 5").run(on: LabApp(session: SimSession(lab: Labs.halfOpen()))) == .done)
    }

    @Test("First and last")
    func ends() throws {
        let app = try makeApp("goto 2s\nfirst")
        #expect(app.snapshot.event == 0)
        try ScriptRunner("last").run(on: app)
        #expect(app.snapshot.isLive && !app.snapshot.isOver)
        try ScriptRunner("last").run(on: app)
        #expect(app.snapshot.isOver)
        #expect(!app.execute("run"))
    }

    @Test("Until a condition holds")
    func until() throws {
        let app = try makeApp("until ping is connected")
        #expect(app.snapshot.world.peers.contains { $0.state == .connected })
        try ScriptRunner("until fault").run(on: app)
        #expect(app.snapshot.time.nanoseconds == Labs.second(5))
        #expect(!app.execute("until pong is connected"))
        #expect(!app.execute("until ping is happy"))
        #expect(app.view.notice?.text.contains("unknown state 'happy'") == true)
    }

    @Test("Whatever a lab can wait for can be gone on to")
    func untilAnything() throws {
        let app = try makeApp("until ping has sent 10 messages")
        let ping = try #require(app.snapshot.peerNames.firstIndex(of: "ping"))
        #expect(app.snapshot.world.peers[ping].sent == 10)
        #expect(!app.execute("until ping has sent 10 messages"))
        #expect(app.view.notice?.text == "'ping has sent 10 messages' holds already, and stays so")
        try ScriptRunner("until a connection is half-open").run(on: app)
        #expect(app.snapshot.time.nanoseconds == Labs.second(5))
        #expect(app.snapshot.world.connections.contains { $0.isHalfOpen })
        try ScriptRunner("until ping is reconnecting\nuntil server gets power").run(on: app)
        #expect(app.snapshot.time.nanoseconds == Labs.second(12))
        let event = app.snapshot.event
        try ScriptRunner("goto 1s\nuntil server gets power").run(on: app)
        #expect(app.snapshot.event == event, "along what was recorded, too")
        _ = app.execute("until client-server is cut")
        app.settle()
        #expect(app.view.notice?.text == "no 'client-server is cut' before the end of the run")
        #expect(!app.execute("until no message is dropped") && !app.execute("until ping is connected by 5s"))
    }

    @Test("The run goes on by virtual time, and pauses")
    func run() throws {
        let app = try makeApp("goto 1s")
        app.handle(.key("r"))
        #expect(app.isRunning)
        while app.tick(elapsedNanoseconds: 100_000_000) {}
        #expect(app.now == 1_100_000_000)
        #expect(app.snapshot.time.nanoseconds == 1_100_000_000)
        app.handle(.key("+"))
        while app.tick(elapsedNanoseconds: 100_000_000) {}
        #expect(app.now == 1_300_000_000)
        for _ in 0..<3 { app.handle(.key("-")) }
        #expect(app.view.speed.description == "¼×")
        while app.tick(elapsedNanoseconds: 100_000_000) {}
        #expect(app.now == 1_325_000_000)
        app.handle(.key("r"))
        #expect(!app.isRunning)
        #expect(app.now == 1_325_000_000, "it stands where it was paused, between two events")
        #expect(app.now == app.snapshot.reached)
        app.handle(.key("r"))
        for _ in 0..<9 { app.handle(.key("+")) }
        #expect(app.view.speed.isUnbounded)
        app.handle(.key("+"))
        #expect(app.view.notice?.isError == true)
        while app.isRunning { app.tick(elapsedNanoseconds: 1) }
        #expect(app.snapshot.isOver)
    }

    @Test("A slow tick stays small")
    func bounded() throws {
        let app = try makeApp("run")
        for _ in 0..<9 { app.handle(.key("+")) }
        let before = app.snapshot.event
        app.tick(elapsedNanoseconds: 1)
        #expect(app.snapshot.event - before <= LabApp.slice)
    }

    @Test("Panes are focused by digit, by Tab and by name; zoom gives one the screen")
    func panes() throws {
        let app = try makeApp("goto 1s")
        for pane in Pane.allCases {
            app.handle(.key(Character("\(pane.digit)")))
            #expect(app.view.focus == pane)
            #expect(text(of: app, rows: 16, columns: 60).contains(pane.title))
        }
        app.handle(.tab)
        #expect(app.view.focus == .topology)
        app.handle(.backTab)
        #expect(app.view.focus == Pane.allCases.last)
        #expect(app.execute("pane next"))
        #expect(app.view.focus == .next)
        app.handle(.key("z"))
        #expect(!text(of: app).contains("Events"))
        app.handle(.escape)
        #expect(text(of: app).contains("Events"))
        #expect(!app.execute("pane nowhere"))
    }

    @Test("The selection moves, follows the newest event again, and is inspected")
    func selection() throws {
        let app = try makeApp("goto 2s\npane events")
        let newest = app.snapshot.event
        app.handle(.up)
        app.handle(.key("k"))
        #expect(app.selectedItem == .event(newest - 2))
        app.handle(.enter)
        #expect(openPage(of: app)?.title == "Event #\(newest - 2)")
        #expect(text(of: app).contains("Causes, the latest first"))
        app.handle(.escape)
        app.handle(.home)
        #expect(app.selectedItem == .event(1))
        app.handle(.end)
        app.handle(.key("s"))
        #expect(app.selectedItem == .event(newest + 1))
        app.handle(.pageUp)
        #expect(app.selectedItem != .event(newest + 1))
        app.handle(.pageDown)
        app.handle(.down)
        #expect(app.selectedItem == .event(newest + 1))
    }

    @Test("Everything that can be selected can be inspected", arguments: [Pane.topology, .connections, .next])
    func inspect(pane: Pane) throws {
        let app = try makeApp("goto 2s\nnext-message\npane \(pane.name)")
        for _ in pane.view.items(in: app.snapshot) {
            app.handle(.enter)
            #expect(app.view.overlay != nil)
            #expect(!text(of: app).isEmpty)
            app.handle(.escape)
            app.handle(.down)
        }
    }

    @Test("The filter shows the events that contain a text")
    func filter() throws {
        let app = try makeApp("goto 3s\nfilter DELIVER")
        let matches = try #require(app.view.filter?.matches)
        #expect(!matches.isEmpty)
        /// The events of which any change at all tells of a delivery.
        func deliveries() -> [Int] {
            let text = EventText(app.snapshot)
            return (1...app.snapshot.event).filter { event in
                let record = app.snapshot.records[event: event]
                return record.changes.contains { text.line(of: $0, in: record).text.contains("deliver") }
            }
        }
        #expect(matches == deliveries())
        try ScriptRunner("step 50\nstep-back 30").run(on: app)
        #expect(app.view.filter?.matches == deliveries())
        app.handle(.escape)
        #expect(app.view.filter == nil)
        for input in [Input.key("/"), .key("l"), .key("o"), .key("s"), .key("t")] { app.handle(input) }
        #expect(app.view.filter?.text == "lost")
        app.handle(.enter)
        #expect(app.view.prompt == nil && app.view.filter?.text == "lost")
    }

    /// The attempt is refused: the socket's failure is in the same event.
    @Test("The event that opens a circuit says so, and not what failed")
    func openCircuit() throws {
        var lab = Labs.halfOpen()
        lab.peers[1].config = .test
        lab.peers[1].config.breaker = PeerConfig.Breaker(failures: 1, openFor: .seconds(2))
        lab.faults = [ScheduledAction(.kill(ProcessID(0)), .at(5_000_000_000))]
        let app = try makeApp("goto 12s", lab: lab)
        let records = (1...app.snapshot.event).map { app.snapshot.records[event: $0] }
        let opening = records.filter { record in
            record.changes.contains { if case .peer(_, .circuit(.open), _) = $0 { true } else { false } }
        }
        #expect(opening.count > 1)
        for record in opening { #expect(EventText(app.snapshot).line(of: record).text.contains("open")) }
        // And while it is open the peer says so, and not only why.
        try ScriptRunner("goto #\(opening[0].number)").run(on: app)
        #expect(text(of: app).contains("circuit open"))
    }

    @Test("What cannot be done says why")
    func reasons() throws {
        let app = try makeApp()
        #expect(!app.execute("stpe"))
        #expect(app.view.notice?.text == "unknown command 'stpe'; did you mean 'step'?")
        #expect(!app.execute("power-los server"))
        #expect(app.view.notice?.text.contains("'power-loss'") == true)
        #expect(!app.execute("cut client-serve"))
        #expect(app.view.notice?.text == "there is no link 'client-serve'; did you mean 'client-server'?")
        app.handle(.key("%"))
        #expect(app.view.notice?.text == "% does nothing here; ? lists the keys")
        #expect(text(of: app).contains("% does nothing here"))
        #expect(!app.execute("step nothing"))
        #expect(!app.execute("zoom 5"))
    }

    @Test("The command line completes names and operands, and has a history")
    func commandLine() throws {
        let app = try makeApp("goto 1s")
        for input in [Input.key(":"), .key("p"), .key("o"), .key("w"), .tab] { app.handle(input) }
        #expect(app.view.prompt?.editor.text == "power-")
        for input in [Input.key("l"), .tab, .tab, .tab] { app.handle(input) }
        #expect(app.view.prompt?.editor.text == "power-loss client")
        app.handle(.enter)
        #expect(app.snapshot.world.hosts[0].isOn == false)
        app.handle(.key(":"))
        app.handle(.up)
        #expect(app.view.prompt?.editor.text == "power-loss client")
        #expect(app.cursor?.row == app.size.rows - 2)
        app.handle(.escape)
        #expect(app.view.prompt == nil && app.cursor == nil)
        let completion = Completion(snapshot: app.snapshot)
        #expect(completion.candidates(for: "cut client-server ") == ["client->server", "server->client"])
        #expect(completion.candidates(for: "until ping is conn") == ["connecting", "connected"])
        #expect(completion.candidates(for: "until ping has ") == ["sent", "received", "requeued"])
        #expect(completion.candidates(for: "until client-server is ") == ["cut", "healed"])
        #expect(completion.candidates(for: "kill ") == ["echo", "ping"])
        #expect(completion.candidates(for: "clog ") == ["client-server", "client", "server"])
        #expect(completion.candidates(for: "clog server ") == ["inbound", "outbound"])
        #expect(completion.candidates(for: "unreachable client-server ") == ["answer=", "direction="])
        #expect(completion.candidates(for: "unreachable client-server answer=host ") == ["direction="])
        #expect(completion.candidates(for: "name-error server ") == ["failure=", "delay=", "probability="])
        #expect(completion.candidates(for: "restore client-server l") == ["latency", "loss"])
        #expect(
            completion.candidates(for: "partition ") == ["client", "server", "random", "uniform-size", "isolate-one"])
        // An action that is written in two ways goes on in the one that was begun.
        #expect(completion.candidates(for: "drop client-server f") == ["first-data", "fin"])
        #expect(completion.candidates(for: "drop client-server syn ") == ["probability=", "direction="])
    }

    @Test("A recording is written where it is asked for")
    func write() throws {
        let file = FileManager.default.temporaryDirectory.appending(
            path: "views-\(UInt64.random(in: 0 ... .max)).peerlab")
        defer { try? FileManager.default.removeItem(at: file) }
        let app = try makeApp("goto 1s\nwrite \(file.path())")
        try ScriptRunner("cut client-server").run(on: app)
        app.session.finishRecording()
        let recording = try String(contentsOf: file, encoding: .utf8)
        #expect(recording.contains("cut client-server"))
        app.handle(.key("w"))
        #expect(app.view.prompt?.editor.text == "" && app.view.prompt?.hint == "half-open-7.peerlab")
        #expect(text(of: app).contains("write to:   Enter alone: half-open-7.peerlab"))
        app.handle(.escape)
        #expect(!app.execute("write /nowhere/at/all"))
    }

    @Test("The command line that leads here")
    func reproduce() throws {
        let app = try makeApp("step 12")
        app.handle(.key("y"))
        #expect(app.view.notice?.text == "peerlab half-open --seed 7 --at '#12'")
        // By the name that it was opened by.
        app.nameOnCommandLine = "my labs/half.yaml"
        app.handle(.key("y"))
        #expect(app.view.notice?.text == "peerlab 'my labs/half.yaml' --seed 7 --at '#12'")
        app.nameOnCommandLine = "half-open"
        try ScriptRunner("cut client-server\nreproduce").run(on: app)
        #expect(app.view.notice?.text == "peerlab half-open --seed 7 --do '#12 cut client-server' --at '#13'")
        // Its breakpoints too, as far as they are on.
        try ScriptRunner("break ping is reconnecting\nbreak failed\nbreak off 2\nreproduce").run(on: app)
        #expect(
            app.view.notice?.text
                == "peerlab half-open --seed 7 --do '#12 cut client-server' --break 'ping is reconnecting' --at '#13'")
        try ScriptRunner("break delete all").run(on: app)
        // Between two events, and on a branch: what it says brings the same screen back.
        try ScriptRunner("goto 3.55s\nheal client-server\ngoto 6s\ngoto 4.2s\nkill ping\nreproduce").run(on: app)
        let said = try #require(app.view.notice?.text)
        let again = SimSession(lab: Labs.halfOpen())
        defer { again.close() }
        try again.carryOut(app.snapshot.placedActions)
        #expect(
            said.contains("--do '3550ms heal client-server'") || said.contains("--do '3.55s heal client-server'"),
            "\(said)")
        #expect(again.snapshot.world == app.snapshot.world && again.snapshot.digest == app.snapshot.digest)
        #expect(throws: SessionError.self) { try again.carryOut([PlacedAction(.event(1_000_000), "kill ping")]) }
        #expect(throws: SessionError.self) { try again.carryOut([PlacedAction(.event(1), "kil ping")]) }
        let early = [PlacedAction(.event(20), "kill ping"), PlacedAction(.event(10), "kill echo")]
        #expect(throws: SessionError.self) { try again.carryOut(early) }
    }

    @Test("What does not fit a line is recorded for it")
    func reproduceLong() throws {
        let session = SimSession(lab: Labs.halfOpen())
        defer { session.close() }
        var written: [String] = []
        let app = LabApp(session: session) { path throws(SessionError) in written.append(path) }
        let deeds = (1...6).map { "goto \($0)s\n\($0 % 2 == 1 ? "cut" : "heal") client-server" }
        try ScriptRunner(deeds.joined(separator: "\n") + "\nreproduce").run(on: app)
        #expect(written.count == 1)
        #expect(app.view.notice?.text == "peerlab replay \(written.first ?? "") --open --at '#\(app.snapshot.event)'")
        try ScriptRunner("goto 3s\nkill ping\nstep-back\nstep\nbranch x\nlast\nreproduce").run(on: app)
        #expect(written.count == 1, "the recording goes on")
    }

    @Test("Help, mouse, quitting")
    func rest() throws {
        let app = try makeApp("help")
        app.handle(.key("j"))
        #expect(app.view.overlay == .help(scroll: 1))
        app.handle(.key("?"))
        #expect(app.view.overlay == nil)
        #expect(app.execute("mouse"))
        #expect(!app.view.usesMouse)
        app.handle(.key("q"))
        #expect(app.wantsQuit == .asked)
        for (input, reason) in [(Input.terminate, QuitReason.terminated), (.interrupt, .interrupted)] {
            let app = try makeApp()
            app.handle(input)
            #expect(app.wantsQuit == reason)
        }
    }

    @Test("A script stops at the first line that fails, and says which")
    func script() throws {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        let script = ScriptRunner("# two steps\nstep 2  # one more\n\ngoto #10\nnonsense\nstep")
        #expect(
            throws: ScriptRunner.Failure(
                line: 5,
                message:
                    "unknown command 'nonsense'; there are \(CommandTable.all.count); on the screen ? lists the commands"
            )
        ) {
            try script.run(on: app)
        }
        #expect(app.snapshot.event == 10)
    }
}
