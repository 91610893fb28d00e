import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// What is kept of the past, on the screen and in scripts.
@Suite("Memory of the past") struct LogMemoryTests {
    /// 15 clients: some 1,000 events a second.
    private func app(_ memory: LogMemory) -> LabApp {
        LabApp(session: SimSession(lab: Labs.star(clients: 15), memory: memory))
    }

    @Test("The header says how much has left memory, and the way back is open")
    func header() throws {
        let app = app(LogMemory(keepsPast: true, budget: 4_096))
        try ScriptRunner("goto #10500").run(on: app)
        #expect(app.snapshot.event == 10_500)
        let line = { app.frame(size: Size(rows: 24, columns: 140), capabilities: Capabilities()).text.prefix(140) }
        #expect(line().contains(" log ") && line().contains("iB on disk"), "\(line())")
        try ScriptRunner("goto #3\nfilter deliver").run(on: app)
        #expect(app.snapshot.event == 3 && line().contains("on disk"))
    }

    @Test("A script that goes back does so without a past, too")
    func scripts() throws {
        let script = "goto #21000\ngoto #5\nstep 2\nrun 3s\ncut client-1-server\ngoto #15000\nlast"
        #expect(!ScriptRunner(script).looksBack)
        #expect(ScriptRunner("step\n step-back 2 # here").looksBack)
        let (first, second) = (app(.latest), app(.standard))
        for app in [first, second] { try ScriptRunner(script).run(on: app) }
        #expect(first.snapshot.digest == second.snapshot.digest)
        #expect(first.snapshot.world == second.snapshot.world)
    }

    @Test("Commands that look at the past say so")
    func commands() {
        for command in CommandTable.all where command.name.hasPrefix("previous-") && command.name != "previous-pane" {
            #expect(command.looksBack, "\(command.name)")
        }
        // What goes on, or to a place, finds out for itself.
        for name in ["step", "goto", "run", "until", "last", "write", "quit", "cut"] {
            #expect((try? CommandTable.command(named: name))?.looksBack == false, "\(name)")
        }
    }
}
