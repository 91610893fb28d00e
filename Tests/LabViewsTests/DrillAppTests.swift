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
        return DrillApp(try ScriptReader.read(text, name: name), text: text)
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
        #expect(app.state.verdict == .holds && pictures.count == app.count + 1)
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
        guard case .fails(let line, let expected, let seen) = app.state.verdict else {
            Issue.record("it holds")
            return
        }
        #expect(app.lines[line - 1].contains("1:501"))
        let picture = text(app)
        #expect(picture.contains(expected) && picture.contains(seen) && picture.contains("line \(line) does not hold"))
        let done = app.state.done
        _ = app.handle(.key("s"))
        #expect(app.state.done == done && text(app).contains("it stops at the line that does not hold"))
        _ = app.handle(.key("S"))
        #expect(app.state.verdict == .holds && app.state.done == done, "before that line")
    }

    @Test("What the stack has sent and no line has asked for is told")
    func unasked() throws {
        let app = try app()
        while let due = app.due, !app.lines[due - 1].contains("> P. 1:10001") { _ = app.handle(.key("s")) }
        #expect(app.state.log.count { $0.kind == .unasked } == 10)
        #expect(app.state.information["tcpi_unacked"] == 10)
    }

    @Test("Every script may be gone through from one end to the other")
    func all() throws {
        let files = FileManager.default.enumerator(atPath: Self.folder.path)?.compactMap { $0 as? String } ?? []
        let scripts = files.filter { $0.hasSuffix(".pkt") }
        #expect(scripts.count > 100)
        for name in scripts {
            let app = try app(name)
            _ = app.handle(.end)
            #expect(app.state.verdict == .holds && app.due == nil, "\(name)")
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
