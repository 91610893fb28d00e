import Drill
import Foundation
import Lab
import Screen
import Testing

@testable import LabViews

/// A script that is stepped on the screen.
@Suite("Drills on the screen")
struct DrillAppTests {
    private static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appending(path: "DrillTests/Drill")

    private func app(_ name: String = "recovery/fast-retransmit.pkt", _ change: (String) -> String = { $0 }) throws
        -> DrillApp
    {
        let text = change(try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8))
        let script = try ScriptReader.read(text, name: name)
        return DrillApp(script, text: text, runs: [DrillApp.Run("sim", DrillSteps.simulated(script))])
    }

    private func text(_ app: DrillApp, rows: Int = 40, columns: Int = 120) -> String {
        app.frame(size: Size(rows: rows, columns: columns), capabilities: Capabilities()).golden
    }

    @Test("A script half-way, at four sizes, and in ASCII")
    func golden() throws {
        let app = try app()
        for _ in 0..<13 { _ = app.handle(.key("s")) }
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "drill-\(size.columns)x\(size.rows)")
        }
        let size = Size(rows: 24, columns: 80)
        try Golden.check(app.frame(size: size, capabilities: Capabilities(glyphs: .ascii)).golden, "drill-ascii")
    }

    @Test("Lines may end as on Windows")
    func carriageReturns() throws {
        let (plain, other) = (try app(), try app { $0.replacing("\n", with: "\r\n") })
        for app in [plain, other] { for _ in 0..<13 { _ = app.handle(.key("s")) } }
        #expect(text(other) == text(plain))
    }

    @Test("Stepping back shows what was there before, at every place")
    func back() throws {
        let app = try app()
        var pictures = [text(app)]
        while app.due != nil {
            _ = app.handle(.key("s"))
            pictures.append(text(app))
        }
        #expect(app.verdict == .holds && pictures.count == app.count + 1)
        for picture in pictures.dropLast().reversed() {
            _ = app.handle(.key("S"))
            #expect(text(app) == picture)
        }
        _ = app.handle(.key("r"))
        #expect(app.due == nil && text(app).contains("every line holds"))
    }

    @Test("It stops at the first line that does not hold, with what was expected and what came")
    func failing() throws {
        let app = try app { $0.replacing("+0 > . 1:1001(1000) ack 1", with: "+0 > . 1:501(500) ack 1") }
        _ = app.handle(.key("r"))
        guard case .fails(let line, let expected, let seen) = app.verdict else {
            Issue.record("it holds")
            return
        }
        #expect(app.lines[line - 1].contains("1:501"))
        let picture = text(app)
        #expect(picture.contains(expected) && picture.contains(seen) && picture.contains("line \(line) does not hold"))
        let place = app.place
        _ = app.handle(.key("s"))
        #expect(app.place == place && text(app).contains("it stops at the line that does not hold"))
        _ = app.handle(.key("S"))
        #expect(app.verdict == .holds && app.place == place, "before that line")
    }

    @Test("Of two stacks the first difference is told and gone to, and both stop where one does")
    func both() throws {
        let name = "recovery/fast-retransmit.pkt"
        let text = try String(contentsOf: Self.folder.appending(path: name), encoding: .utf8)
        let script = try ScriptReader.read(text, name: name)
        var other = script
        other.settings["net.ipv4.tcp_early_retrans"] = "0"
        other.settings["net.ipv4.tcp_sack"] = "0"
        let app = DrillApp(
            script, text: text,
            runs: [
                DrillApp.Run("sim", DrillSteps.simulated(script)), DrillApp.Run("other", DrillSteps.simulated(other)),
            ])
        let difference = try #require(app.difference)
        _ = app.handle(.key("d"))
        let picture = self.text(app)
        #expect(picture.contains("On the wire: sim") && picture.contains("On the wire: other"))
        #expect(picture.contains("sim: \(difference.first)"), "\(picture)")
        // The other stack permits no SACK: its SYN-ACK is another, and the script stops there on both.
        #expect(app.hasFailed && app.states[0].verdict == .holds)
        _ = app.handle(.key("r"))
        #expect(app.place < app.count && app.states[0].done == app.states[1].done + 1)
        // With itself there is none.
        let same = DrillApp(
            script, text: text,
            runs: [
                DrillApp.Run("sim", DrillSteps.simulated(script)), DrillApp.Run("again", DrillSteps.simulated(script)),
            ])
        _ = same.handle(.key("d"))
        #expect(same.difference == nil && self.text(same).contains("both do the same"))
    }

    @Test("What the stack has sent and no line has asked for is told")
    func unasked() throws {
        let app = try app()
        while let due = app.due, !app.lines[due - 1].contains("> P. 1:10001") { _ = app.handle(.key("s")) }
        #expect(app.states[0].log.count { $0.kind == .unasked } == 10)
        #expect(app.states[0].moment.information["tcpi_unacked"] == 10)
    }

    @Test("Every script may be gone through from one end to the other")
    func all() throws {
        let files = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap { $0 as? String } ?? []
        let scripts = files.filter { $0.hasSuffix(".pkt") }
        #expect(scripts.count > 100)
        for name in scripts {
            let app = try app(name)
            _ = app.handle(.end)
            #expect(app.verdict == .holds && app.due == nil, "\(name)")
            #expect(text(app, rows: 16, columns: 60).contains("holds"))
        }
    }

    @Test("q leaves, Ctrl-C interrupts, a small screen says so")
    func leaving() throws {
        let app = try app()
        #expect(app.handle(.key("q")) == .quit && app.handle(.interrupt) == .interrupted)
        #expect(app.handle(.terminate) == .terminated && app.handle(.key("x")) == nil)
        #expect(text(app, rows: 8, columns: 40).contains("a drill needs 50×12"))
    }
}
