import Lab
import PeerNetworking
import Screen
import SimNetwork
import TCP
import Testing

@testable import LabViews

/// The time–sequence graph of a connection.
@Suite("The graph of a connection")
struct GraphTests {
    private func app(_ lines: String = "goto 3s") throws -> LabApp {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("slow-start")))
        try ScriptRunner(lines).run(on: app)
        return app
    }

    @Test("What was sent, lost, sent again and acknowledged, at four sizes, and in ASCII")
    func golden() throws {
        let app = try app("goto 3s\ngraph c1")
        defer { app.session.close() }
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "graph-\(size.columns)x\(size.rows)")
        }
        let size = Size(rows: 24, columns: 80)
        try Golden.check(
            app.frame(size: size, capabilities: Capabilities(glyphs: .ascii)).golden, "graph-ascii")
    }

    @Test("The graph tells what the records do: each segment, its repeats and losses, and the congestion window")
    func truth() throws {
        let app = try app()
        defer { app.session.close() }
        let here = app.snapshot
        let graph = SequenceGraph(ConnectionID(1), from: .client, in: here)
        var (sent, repeated, lost, numbers) = (0, 0, 0, Set<Int64>())
        var acknowledged: Int64 = 0
        var answers: [Int64: Int64] = [:]
        for event in 1...here.event {
            for change in here.records[event: event].changes {
                switch change {
                case .sent(let segment) where segment.connection == ConnectionID(1) && segment.from == .client:
                    guard segment.length > 0 || !segment.flags.isDisjoint(with: [.syn, .fin]) else { continue }
                    numbers.insert(segment.number)
                    if segment.purpose.isRepetition { repeated += 1 } else { sent += 1 }
                case .sent(let segment) where segment.connection == ConnectionID(1):
                    answers[segment.number] = segment.acknowledgement
                case .lost(let number, _): if numbers.contains(number) { lost += 1 }
                case .arrived(let number): acknowledged = max(acknowledged, answers[number] ?? 0)
                default: break
                }
            }
        }
        #expect(graph.marks.count { $0.kind != .selected } == sent + repeated && !graph.isCut)
        #expect(graph.marks.count { $0.kind == .lost } == lost && lost > 2)
        #expect(graph.acknowledgements.map(\.number).max() == acknowledged)
        #expect(graph.congestion.last?.window == here.world.connection(ConnectionID(1))?.client.levels.congestionWindow)
        #expect(graph.congestion.contains { $0.recovery == Int32(LossRecovery.State.recovery.rawValue) })
    }

    @Test("SACK blocks are told where ends agree on them, and only there")
    func selective() throws {
        let app = try app()
        defer { app.session.close() }
        let here = app.snapshot
        func blocks(_ connection: UInt32) -> Int {
            SequenceGraph(ConnectionID(connection), from: .client, in: here).marks.count { $0.kind == .selected }
        }
        #expect(blocks(1) == 0, "the textbook has none")
        #expect(blocks(2) > 5)
    }

    @Test("The last stretch alone is shown where that is asked for; what stood before it is known")
    func span() throws {
        let app = try app()
        defer { app.session.close() }
        let graph = SequenceGraph(ConnectionID(1), from: .client, back: 500_000_000, in: app.snapshot)
        #expect(graph.times == 2_500_000_000...3_000_000_000)
        #expect(graph.marks.allSatisfy { graph.times.contains($0.time) } && !graph.marks.isEmpty)
        #expect(graph.congestion.first?.time == graph.times.lowerBound)
        #expect(graph.acknowledgements.first?.time == graph.times.lowerBound)
    }

    @Test("Up and down choose an event, Enter opens it, the newest is followed; G opens the graph and closes it")
    func choosing() throws {
        let app = try app("goto 3s\ngraph c1 client 1s")
        defer { app.session.close() }
        #expect(app.view.focus == .graph && app.view.isZoomed)
        app.handle(.up)
        app.handle(.up)
        guard case .event(let event)? = app.view.selected[.graph] else {
            Issue.record("no event is selected")
            return
        }
        let record = app.snapshot.records[event: event]
        #expect(record.time <= 3_000_000_000)
        #expect(text(of: app, rows: 30, columns: 100).contains("#\(event)"))
        app.handle(.enter)
        #expect(openPage(of: app)?.title == "Event #\(event)")
        app.handle(.escape)
        app.handle(.end)
        #expect(app.view.selected[.graph] == nil, "at the newest it follows the cursor")
        app.handle(.key("G"))
        #expect(!app.view.isZoomed)
        app.handle(.key("G"))
        #expect(app.view.isZoomed && app.view.graph.connection == ConnectionID(1))
    }

    @Test(
        "What is no connection, side or time is refused",
        arguments: ["graph c9", "graph here", "graph c1 middle", "graph 5x"])
    func refusals(line: String) throws {
        let app = try app()
        defer { app.session.close() }
        #expect(!app.execute(line))
    }

    @Test("Where nothing was sent in the time, it says so, and a press there does nothing")
    func quiet() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("hello")))
        defer { app.session.close() }
        try ScriptRunner("goto 3ms\ngraph c1 client 1ms").run(on: app)
        #expect(text(of: app, rows: 30, columns: 100).contains("nothing was sent in this time"))
        app.handle(.mouse(MouseEvent(.press, button: 1, at: Position(row: 12, column: 40))))
        #expect(app.view.selected[.graph] == nil)
    }

    @Test("Without a side it is that of the end which has sent more, whatever their windows are")
    func side() throws {
        let app = try app()
        defer { app.session.close() }
        for place in stride(from: 1, through: app.snapshot.event, by: max(1, app.snapshot.event / 40)).dropFirst() {
            try ScriptRunner("goto #\(place)").run(on: app)
            #expect(SequenceGraph.sender(of: ConnectionID(1), in: app.snapshot) == .client)
        }
    }

    @Test("Without a connection it says so")
    func nothing() throws {
        let app = try app("")
        defer { app.session.close() }
        app.execute("pane graph")
        app.handle(.key("z"))
        #expect(text(of: app, rows: 30, columns: 100).contains("there is no connection yet"))
    }
}
