import Foundation
import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// The page of what a program writes.
@Suite("Output pages")
struct OutputPageTests {
    /// A run beside which programs stand.
    private final class Accompanied: LabSession {
        let run: SimSession
        var programs: [ProgramState] = []

        init(_ run: SimSession) { self.run = run }

        var lab: LabDefinition { run.lab }
        var provider: ProviderKind { run.provider }
        var timelines: Timelines { run.timelines }
        var snapshot: Snapshot {
            var snapshot = run.snapshot
            snapshot.programs = programs
            return snapshot
        }
        func step() throws(SessionError) -> Bool { try run.step() }
        func stepBack() -> Bool { run.stepBack() }
        func seek(to position: Lab.Position, budget: Int) throws(SessionError) -> Bool {
            try run.seek(to: position, budget: budget)
        }
        func intervene(_ action: Action) throws(SessionError) { try run.intervene(action) }
        func close() { run.close() }
    }

    private func withPrograms(_ names: [String], _ body: (LabApp, Accompanied, URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let session = Accompanied(SimSession(lab: Labs.halfOpen()))
        defer { session.close() }
        session.programs = names.map {
            ProgramState(name: $0, isRunning: true, exit: nil, log: folder.appendingPathComponent($0).path)
        }
        for name in names { try Data("\(name) begins\n".utf8).write(to: folder.appendingPathComponent(name)) }
        try body(LabApp(session: session), session, folder)
    }

    private func write(_ text: String, to file: URL) throws {
        let handle = try FileHandle(forWritingTo: file)
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(text.utf8))
        try handle.close()
    }

    @Test("The page follows what is written, for who stands at its end, and shows nothing that a terminal acts on")
    func follows() throws {
        try withPrograms(["web"]) { app, session, folder in
            app.handle(.key("o"))
            #expect(openPage(of: app)?.lines.map(\.text) == ["web begins"])
            let file = folder.appendingPathComponent("web")
            try write("two\n\u{1B}[2Jthree\n", to: file)
            app.work()
            let page = try #require(openPage(of: app))
            #expect(page.lines.map(\.text) == ["web begins", "two", "\u{FFFD}[2Jthree"] && page.selected == 2)
            app.handle(.up)
            try write("four\n", to: file)
            app.work()
            #expect(openPage(of: app)?.selected == 1 && openPage(of: app)?.lines.count == 4)
            session.programs = [ProgramState(name: "web", isRunning: false, exit: 3, log: file.path)]
            app.handle(.escape)
            #expect(
                app.execute("step") && app.execute("output")
                    && openPage(of: app)?.title.contains("ended with 3") == true)
            app.handle(.escape)
            #expect(app.view.overlay == nil)
        }
    }

    @Test("Of several one is named; who names none, or one that is not there, is told which there are")
    func names() throws {
        try withPrograms(["web", "cache"]) { app, _, folder in
            #expect(!app.execute("output") && app.view.notice?.text.contains("web, cache") == true)
            #expect(!app.execute("output wep") && app.view.notice?.text.contains("'web'") == true)
            #expect(app.execute("output cache") && openPage(of: app)?.lines.first?.text == "cache begins")
            try FileManager.default.removeItem(at: folder.appendingPathComponent("web"))
            #expect(!app.execute("output web") && app.view.notice?.text.contains("cannot be read") == true)
        }
        let app = try makeApp("")
        #expect(!app.execute("output") && app.view.notice?.text.contains("no programs") == true)
    }
}
