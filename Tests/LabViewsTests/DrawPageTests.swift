import Lab
import PeerNetworking
import Screen
import SimNetwork
import Testing

@testable import LabViews

/// The ledger of draws, and what can be done from there.
@Suite("Draw pages")
struct DrawPageTests {
    static func lossy() throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: lossy
                seed: 3
                duration: 10s
                hosts: [client, server]
                links: [{between: [client, server], latency: 2ms, loss: 0.05}]
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms, size: 64}}}
                """, name: "lossy.yaml")
    }

    private func open(_ script: String) throws -> LabApp {
        let app = LabApp(session: SimSession(lab: try Self.lossy()))
        try ScriptRunner(script).run(on: app)
        return app
    }

    @Test("Near misses stand first when asked for, at four sizes")
    func near() throws {
        let app = try open("goto 5s\ndraws near")
        for size in GoldenTests.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "draws-\(size.columns)x\(size.rows)")
        }
        let snapshot = app.snapshot
        let nearest = DrawLedger(snapshot, .nearest, limit: 1_000, horizon: 20_000).draws
        #expect(nearest.count > 100 && nearest.allSatisfy { !$0.draw.fires })
        #expect(zip(nearest, nearest.dropFirst()).allSatisfy { $0.draw.value <= $1.draw.value })
        let latest = DrawLedger(snapshot, limit: 1_000, horizon: 20_000).draws
        #expect(zip(latest, latest.dropFirst()).allSatisfy { $0.event >= $1.event })
        #expect(latest.contains { $0.draw.fires })
    }

    @Test("A draw that nearly fired is forced from its line: then its segment is lost")
    func force() throws {
        let app = try open("goto 5s\ndraws near link.loss\ninspect")
        let page = try #require(openPage(of: app))
        #expect(page.title == "Draw of link.loss")
        let made = try #require(page.lines[page.selected].event)
        let choice = try #require(page.lines.firstIndex { $0.text.hasPrefix("force this draw") })
        try ScriptRunner("down \(choice - page.selected)\ninspect").run(on: app)
        #expect(app.view.overlay == nil && app.view.notice?.text.hasPrefix("done: force link.loss") == true)
        // Its own event comes after the force, which is one itself.
        try ScriptRunner("goto #\(made + 1)").run(on: app)
        let record = app.snapshot.records[event: made + 1]
        #expect(record.changes.contains { if case .lost(_, .loss) = $0 { true } else { false } })
        #expect(record.changes.contains { if case .draw(let draw) = $0 { draw.isForced && draw.fires } else { false } })
    }

    @Test("draws and draw say what is wrong with what they are given")
    func refusals() throws {
        let app = try open("goto 1s")
        for line in [
            "draws link.los", "draws near far", "draws near link.loss more", "draw", "draw #1", "draw #5 99",
            "draw #99999 1",
        ] {
            #expect(!app.execute(line), "\(line)")
        }
        #expect(app.execute("draws link.loss"))
    }
}
