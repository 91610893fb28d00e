import Foundation
import Lab
import PeerNetworking
import Screen
import SimNetwork
import Testing

@testable import LabViews

@Suite("Panes")
struct PaneTests {
    @Test("Names and titles are there once, and the command line knows every pane")
    func unique() throws {
        #expect(Set(Pane.allCases.map(\.name)).count == Pane.allCases.count)
        #expect(Set(Pane.allCases.map(\.title)).count == Pane.allCases.count)
        let completion = Completion(snapshot: try makeApp().snapshot)
        #expect(completion.candidates(for: "pane ") == Pane.allCases.map(\.name))
    }

    @Test("One pane makes room for those that have none, and each band and the stack have one that may grow")
    func places() {
        #expect(Pane.allCases.count { $0.place.givesWay } == 1)
        #expect(Pane.allCases.contains { $0.place.compared != nil })
        for band in PanePlace.Band.allCases { #expect(Pane.allCases.contains { $0.place.band == band }) }
    }

    @Test("A host that is clogged is seen on each of its links, and can be released")
    func cloggedHost() throws {
        let many = try makeApp("goto 2s\nclog server", lab: Labs.star(clients: 200))
        #expect(text(of: many).contains("200 clogged"))
        #expect(try !text(of: makeApp("goto 2s", lab: Labs.star(clients: 200))).contains("clogged"))
        let pair = try makeApp("goto 2s\nclog server inbound")
        #expect(text(of: pair).contains("clogged \(GlyphSet.unicode.rightArrow)"))
        let server = try #require(pair.snapshot.lab.host("server"))
        #expect(InterventionMenu(pair.snapshot).lines(for: .host(server)).contains("unclog host=server"))
        pair.view.overlay = .inspector(.host(server), scroll: 0)
        let page = text(of: pair)
        #expect(page.contains("inbound") && !page.contains("outbound"))
        pair.view.overlay = nil
        #expect(pair.execute("unclog server inbound") && !text(of: pair).contains("clogged"))
    }

    @Test("Whatever is selected can be inspected and acted upon", arguments: Pane.allCases)
    func selection(pane: Pane) throws {
        let app = try makeApp("goto 6s\npane \(pane.name)")
        var seen = 0
        for _ in 0..<40 {
            guard let item = app.selectedItem else { break }
            #expect(app.execute("inspect"), "\(item)")
            app.handle(.escape)
            seen += 1
            app.handle(.down)
        }
        #expect(seen > 0 || pane.view.items(in: app.snapshot).isEmpty)
    }

    @Test("A click selects what is drawn there", arguments: [Pane.topology, .connections, .next, .buggify, .expect])
    func clicks(pane: Pane) throws {
        let app = try makeApp("goto 6s\npane \(pane.name)", lab: Labs.star(clients: 3))
        app.view.isZoomed = true
        for row in 2..<7 {
            app.handle(.mouse(MouseEvent(.press, button: 1, at: Position(row: row, column: 4))))
            guard app.view.selected[pane] != nil else { continue }
            let lines = text(of: app).split(separator: "\n", omittingEmptySubsequences: false)
            // A connection is marked in its first row.
            #expect(lines[max(0, row - 4)...row].contains { $0.contains("▸") }, "\(row)")
        }
        #expect(app.view.selected[pane] != nil || pane.view.items(in: app.snapshot).isEmpty)
    }

    @Test("What belongs to a server is shown once, however many sessions it has")
    func server() throws {
        let app = try makeApp("goto 900ms\npane connections\nzoom", lab: Labs.star(clients: 3))
        let text = text(of: app)
        #expect(text.components(separatedBy: "session of echo").count - 1 == 3)
        #expect(text.components(separatedBy: "echo listening").count - 1 == 1)
        #expect(text.contains("3 sessions"))
        #expect(text.components(separatedBy: "in all").count - 1 == 1)
        #expect(text.components(separatedBy: "queue").count - 1 == 7, "three clients, three sessions, and all of these")
    }

    @Test("Each session of a server shows its own queue, and the server that of all of them")
    func sessions() throws {
        let app = try makeApp("goto 1s\npane connections\nzoom", lab: Labs.star(clients: 3))
        var depths: [Int32] = []
        while Set(depths).count < 2 {
            try #require(app.execute("step"))
            depths = app.snapshot.world.connections.map { $0.session?.depth ?? 0 }
        }
        let text = text(of: app)
        let lines = text.split(separator: "\n").map(String.init)
        let rows = lines.indices.filter { lines[$0].contains("session of echo") }
        try #require(rows.count == depths.count)
        for (row, depth) in zip(rows, depths) {
            let queue = try #require(lines[row + 1].components(separatedBy: "queue").last)
            #expect(queue.contains(" \(depth)/64 "), "\(queue)")
        }
        #expect(text.contains(" \(depths.reduce(0, +)) in all "))
    }

    @Test("A half-open connection is marked at the end that is gone, whichever it is", arguments: ["client", "server"])
    func halfOpen(host: String) throws {
        let app = try makeApp("goto 2s\npower-loss \(host)\nstep 3\npane connections\nzoom")
        let lines = text(of: app).split(separator: "\n")
        let row = try #require(lines.firstIndex { $0.contains("c1 ") && $0.contains("gone") })
        let gone = try #require(lines[row].range(of: "gone"))
        let mark = try #require(lines[row + 1].range(of: "✖ half-open"))
        let columns = (lines[row][..<gone.lowerBound].count, lines[row + 1][..<mark.lowerBound].count)
        #expect(columns.0 == columns.1)
        #expect(lines[row + 1].contains(host == "client" ? "session of echo" : "ping connected"))
    }

    @Test("Fields of a connection keep their columns from event to event")
    func columns() throws {
        let app = try makeApp("goto 1s\npane connections\nzoom")
        var columns: [String: Set<Int>] = [:]
        for _ in 0..<200 {
            app.handle(.key("s"))
            guard app.snapshot.world.connections.count == 1 else { continue }
            let frame = app.frame(size: Size(rows: 20, columns: 200), capabilities: Capabilities()).text
            for line in frame.split(separator: "\n").prefix(while: {
                !$0.contains(" echo ") || $0.contains("session of")
            }) {
                for field in ["unacked", "resent", "reconnect", "max", "rtt"] {
                    guard let range = line.firstRange(of: field) else { continue }
                    // A field begins after two spaces: its number stands before its word.
                    let before = line[..<range.lowerBound]
                    let start = before.range(of: "  ", options: .backwards)?.upperBound ?? before.startIndex
                    columns[field, default: []].insert(line[..<start].count)
                }
            }
        }
        for (field, places) in columns { #expect(places.count == 1, "\(field) is at \(places)") }
        #expect(columns.count == 5)
    }

    @Test("On a large screen the events get the rows that the upper panes do not need")
    func room() throws {
        let app = try makeApp("goto 2s")
        let size = Size(rows: 60, columns: 200)
        let layout = Layout(size: size, view: app.view, snapshot: app.snapshot)
        let rows = Dictionary(uniqueKeysWithValues: layout.panes.map { ($0.pane, $0.rect.rows) })
        let topology = try #require(rows[.topology])
        let events = try #require(rows[.events])
        #expect(topology <= 10 && events >= 36, "\(rows)")
        let crowded = try makeApp("goto 2s", lab: Labs.star(clients: 3))
        let other = Layout(size: size, view: crowded.view, snapshot: crowded.snapshot)
        #expect(try #require(other.panes.first { $0.pane == .topology }).rect.rows > topology)
    }

    @Test("The layout stays as it is while a run goes on")
    func steady() throws {
        let app = try makeApp()
        func rects() -> [Rect] {
            Layout(size: Size(rows: 50, columns: 200), view: app.view, snapshot: app.snapshot).panes.map(\.rect)
        }
        let first = rects()
        for _ in 0..<500 {
            guard (try? app.step(1)) != nil else { break }
            #expect(rects() == first)
        }
    }

    @Test("A name is cut only where nothing is free beside it")
    func longNames() throws {
        var lab = Labs.halfOpen()
        lab.topology.hosts[1].name = "a-server-with-a-long-name"
        lab.peers[1].connect = Endpoint(host: "a-server-with-a-long-name", port: 4500)
        let app = try makeApp("goto 2s\nfilter ACK c1>", lab: lab)
        let wide = text(of: app, rows: 50, columns: 200)
        #expect(!wide.contains("a-server-w…") && wide.contains("a-server-with-a-long-name arrive"))
    }

    @Test("The story says that there is text above what is shown")
    func story() throws {
        var lab = Labs.halfOpen()
        lab.story = (0..<12).map { StoryLine(when: .start, text: "line \($0)") }
        let app = try makeApp("step 3\npane story", lab: lab)
        #expect(text(of: app).contains("line 11"))
        let row = try #require(text(of: app).split(separator: "\n").first { $0.contains("▴") })
        #expect(row.contains("line "))
        try ScriptRunner("top").run(on: app)
        #expect(!text(of: app).contains("▴"))
    }

    @Test("What is told of faults and draws is there whole or not at all, at every width", arguments: [80, 120, 200])
    func faultsAreNotCut(columns: Int) throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("labs/bench-chaos.yaml").path
        let app = try makeApp("goto 3s\npane buggify\nzoom", lab: try LabFile.load(path: path))
        #expect(text(of: app, rows: 60, columns: columns).contains("latest draws"))
        try ScriptRunner("zoom").run(on: app)
        let rows = text(of: app, rows: 40, columns: columns).split(separator: "\n")
        let shown = rows.drop { !$0.contains("Faults and buggify") }.prefix { !$0.hasPrefix("┗") }
        #expect(columns == 80 || shown.contains { $0.contains("effects") })
        for row in shown { #expect(!row.prefix(columns / 2).contains("…"), "\(row)") }
    }
}
