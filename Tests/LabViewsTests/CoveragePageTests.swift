import Lab
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// The page of fault × state.
@Suite("Coverage pages")
struct CoveragePageTests {
    @Test("What a run has met leads to its event; what it has not, to the command that searches for it")
    func cells() throws {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        try ScriptRunner("goto 6s\ncoverage").run(on: app)
        let page = try #require(openPage(of: app))
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "coverage-\(size.columns)x\(size.rows)")
        }
        let met = try #require(page.lines.first { $0.text.contains("power-loss × ESTABLISHED") })
        let event = try #require(met.event)
        #expect(
            app.snapshot.records[event: event].changes.contains { change in
                if case Change.fault(.powerLoss, _) = change { true } else { false }
            })
        let missing = try #require(page.lines.first { $0.text.contains("power-loss × FIN-WAIT-1") })
        guard case .command(let command)? = missing.lead else {
            Issue.record("it leads nowhere")
            return
        }
        #expect(app.execute(command))
        #expect(app.view.notice?.text.hasPrefix("peerlab sweep ") == true)
        #expect(app.view.notice?.text.hasSuffix("--cover 'power-loss × FIN-WAIT-1'") == true)
        #expect(!app.execute("coverage power-los × ESTABLISHED"))
        #expect(app.view.notice?.text.contains("did you mean 'power-loss'?") == true)
    }
}
