import Lab
import PeerNetworking
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// The whole screen over a terminal in memory.
@Suite("Sessions")
struct SessionTests {
    /// Runs the main loop on a terminal until its inputs end with a `q`.
    private func run(
        _ inputs: [Input], size: Size = Size(rows: 24, columns: 80), lab: LabDefinition = Labs.halfOpen()
    ) -> (app: LabApp, terminal: InMemoryTerminal) {
        let terminal = InMemoryTerminal(size: size, inputs: inputs + [.key("q")])
        let app = LabApp(session: SimSession(lab: lab))
        var now: Int64 = 0
        app.run(on: terminal) {
            // Every look at the clock takes ten microseconds: one stands behind every event.
            now += 10_000
            return now
        }
        return (app, terminal)
    }

    private func keys(_ text: String) -> [Input] { text.map { $0 == "\n" ? .enter : .key($0) } }

    @Test("A keyboard session reaches its frame")
    func keyboard() throws {
        let (app, terminal) = run(keys("ssn:goto 6.2s\nSS2z"))
        #expect(app.wantsQuit == .asked)
        #expect(app.view.focus == .connections && app.view.isZoomed)
        try Golden.check(try #require(terminal.frame).golden, "session-keyboard")
    }

    @Test("Typing shows where the cursor is")
    func typing() throws {
        let terminal = InMemoryTerminal(size: Size(rows: 24, columns: 80), inputs: keys(":step 3") + [.terminate])
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        app.run(on: terminal) { 0 }
        #expect(app.wantsQuit == .terminated)
        #expect(terminal.cursor == Position(row: 22, column: 8))
        #expect(terminal.frame?.text.contains(":step 3") == true)
    }

    /// A node listens under its own name, whatever links its process has beside.
    @Test("A connection to a node is at the node, not at one of its other links")
    func nodes() throws {
        let peers = ["a", "b", "c"].enumerated().map { index, name in
            "  - {name: node-\(name), on: \(name), listen: 4500, run: heartbeat-mesh}"
        }
        let lab = try LabFile.read(
            text: """
                lab: nodes
                hosts: [a, b, c]
                links: [{between: [a, b]}, {between: [a, c]}, {between: [b, c]}]
                peers:
                \(peers.joined(separator: "\n"))
                """, name: "x")
        let session = SimSession(lab: lab)
        defer { session.close() }
        // SYNs are on their way, and nobody is attached yet.
        for _ in 0..<4 { _ = try session.step() }
        let snapshot = session.snapshot
        let places = PeerPlaces(snapshot)
        let servers = snapshot.world.connections.compactMap { connection in
            places.peer(at: connection, .server).map { snapshot.peerNames[Int($0.index)] }
        }
        #expect(!servers.isEmpty)
        #expect(servers.allSatisfy { ["node-a", "node-b", "node-c"].contains($0) }, "\(servers)")
    }

    @Test("The warnings of the lab's file are told at the opening, and read in a window")
    func warnings() throws {
        let lab = try LabFile.read(
            text: """
                lab: warned
                hosts: [a, b]
                links: [{between: [a, b]}]
                peers:
                  - {name: e, on: a, listen: 4500, run: echo}
                  - {name: p, on: b, connect: "a:4501", run: ping-pong}
                """, name: "x.yaml")
        let app = LabApp(session: SimSession(lab: lab))
        defer { app.session.close() }
        let size = Size(rows: 24, columns: 80)
        let first = app.frame(size: size, capabilities: Capabilities()).text
        #expect(first.contains("1 warning in the lab's file; :warnings shows it"))
        #expect(app.execute("warnings"))
        try Golden.check(app.frame(size: size, capabilities: Capabilities()).golden, "warnings-80x24-unicode")
        app.handle(.escape)
        #expect(app.view.overlay == nil)
        let beyond = LabApp(session: SimSession(lab: lab))
        defer { beyond.session.close() }
        beyond.open(at: .time(Labs.second(11)))
        let both = "the lab ends at 10.000 000 s; 1 warning in the lab's file; :warnings shows it"
        #expect(beyond.view.notice?.text == both)
        #expect(!LabApp(session: SimSession(lab: Labs.halfOpen())).execute("warnings"))
    }

    @Test("Nothing is drawn where nothing changed")
    func idle() {
        let (_, terminal) = run([])
        #expect(terminal.frameCount == 1)
    }

    @Test("A new size keeps the place")
    func resize() throws {
        let large = Size(rows: 50, columns: 200)
        let small = Size(rows: 16, columns: 60)
        let inputs = keys("ss:goto 2s\n4jj") + [.resize(small), .resize(large)]
        let (app, _) = run(inputs, size: large)
        let (other, _) = run(keys("ss:goto 2s\n4jj"), size: large)
        #expect(app.view == other.view)
        #expect(app.snapshot.event == other.snapshot.event)
    }

    @Test("A terminal that is too small says so, and its keys change nothing")
    func small() throws {
        let size = Size(rows: 5, columns: 20)
        let (app, terminal) = run(keys("ssrn:step\nig") + [.resize(size)] + keys("x"), size: size)
        #expect(app.snapshot.event == 0)
        #expect(app.view == ViewState())
        try Golden.check(try #require(terminal.frame).golden, "session-small")
        for size in [Size(rows: 0, columns: 0), Size(rows: 1, columns: 1), Size(rows: 15, columns: 200)] {
            let frame = app.frame(size: size, capabilities: Capabilities())
            #expect(frame.size == size)
        }
    }

    @Test("A text put in key by key is not drawn key by key, and one too long is no command")
    func flood() {
        let text = String(repeating: "step ", count: 20_000)
        let (app, terminal) = run([.key(":")] + text.map(Input.key) + [.enter, .key("s")])
        #expect(terminal.frameCount < 1_000)
        #expect(app.snapshot.event == 1, "the key behind it, and nothing of it")
    }

    @Test("A pasted text is no keys")
    func paste() {
        let (app, _) = run([])
        app.handle(.paste("sss:step 5\n"))
        #expect(app.snapshot.event == 0 && app.view.notice?.text.contains("pasted text") == true)
        let (other, _) = run([.key(":"), .paste("step\n5\n"), .enter])
        #expect(other.snapshot.event == 5)
    }

    @Test(
        "An interruption ends the prompt, then the program",
        arguments: [Size(rows: 24, columns: 80), Size(rows: 5, columns: 20)])
    func interrupts(size: Size) {
        let inputs: [Input] = [.key(":"), .key("x"), .interrupt]
        let (app, _) = run(inputs, size: size)
        #expect(app.view.prompt == nil)
        let (other, _) = run(inputs + [.interrupt], size: size)
        #expect(other.wantsQuit == .interrupted)
    }

    @Test("Suspending gives the terminal away and draws anew")
    func suspend() {
        let (_, terminal) = run([.suspend])
        #expect(terminal.suspendCount == 1)
        #expect(terminal.frameCount == 2)
    }

    @Test("The mouse selects, scrolls, focuses and presses keys")
    func mouse() throws {
        let app = try makeApp("goto 2s\npane next")
        let frame = app.frame(size: Size(rows: 24, columns: 90), capabilities: Capabilities())
        let newest = app.snapshot.event
        #expect(app.handle(.mouse(MouseEvent(.press, button: 1, at: Position(row: 10, column: 5)))))
        #expect(app.view.focus == .events)
        guard case .event(let event)? = app.selectedItem else {
            Issue.record("no event is selected")
            return
        }
        #expect(frame.text.split(separator: "\n")[10].contains(" \(ThingNames.event(event)) "))
        app.handle(.mouse(MouseEvent(.scrollDown, at: Position(row: 10, column: 5))))
        let step = Position(row: 23, column: 2)
        app.handle(.mouse(MouseEvent(.press, button: 1, at: step)))
        #expect(app.snapshot.event == newest + 1)
        #expect(app.execute("mouse"))
        #expect(!app.handle(.mouse(MouseEvent(.press, button: 1, at: step))))
    }

    @Test("Control characters of a lab never reach the screen")
    func control() throws {
        var lab = Labs.halfOpen()
        lab.name = "evil\u{1B}[31m\u{7}"
        lab.title = "bell\u{7}"
        lab.story = [StoryLine(when: .start, text: "line\r\u{1B}]0;title\u{7}")]
        lab.topology.hosts[0].name = "cli\u{9B}ent\n"
        lab.peers[0].name = "e\u{8}cho"
        let app = try makeApp("goto 1s", lab: lab)
        for overlay in ["", "pane topology\ninspect", "intervene", "filter \u{1B}x"] {
            try ScriptRunner(overlay).run(on: app)
            let frame = app.frame(size: Size(rows: 40, columns: 160), capabilities: Capabilities())
            for scalar in frame.text.unicodeScalars where scalar != "\n" {
                #expect(scalar.properties.generalCategory != .control)
            }
        }
        #expect(app.recordingName.allSatisfy { $0.isLetter || $0.isNumber || "-_.".contains($0) })
    }

    @Test("A script that would have to be asked fails", arguments: ["goto", "until"])
    func unasked(command: String) throws {
        let app = try makeApp()
        #expect(
            throws: ScriptRunner.Failure(
                line: 2, message: "'\(command)' needs an operand: a script cannot be asked for it")
        ) { try ScriptRunner("step\n\(command)").run(on: app) }
    }

    @Test("ASCII means ASCII alone")
    func ascii() throws {
        for state in State.all {
            let app = try makeApp(state.script)
            let frame = app.frame(size: Size(rows: 40, columns: 120), capabilities: Capabilities(glyphs: .ascii))
            let strange = frame.text.unicodeScalars.first { !$0.isASCII }
            #expect(strange == nil, "\(state.name)")
        }
    }

    @Test("A long move goes in slices, shows how far it is, and can be stopped")
    func slices() throws {
        let app = try makeApp(lab: Labs.star(clients: 20))
        app.execute("goto 10s")
        #expect(app.isSeeking)
        #expect(text(of: app).contains("going to 10.000 000 s"))
        app.handle(.escape)
        #expect(!app.isSeeking)
        #expect(app.snapshot.time.nanoseconds < Labs.second(10))
    }

    @Test("The lives of two runs are aligned, and the first disagreement is found")
    func lives() throws {
        let app = LabApp(
            session: SimSession(lab: Labs.halfOpen()), second: SimSession(lab: Labs.halfOpen(faults: false)))
        try ScriptRunner("goto 9s").run(on: app)
        for _ in 0..<20 { app.work() }
        let rows = try #require(app.view.lifeCycle?.rows)
        let first = try #require(rows.first { $0.disagrees })
        #expect(first.left?.time == Labs.second(5))
        #expect(first.right == nil)
    }
}
