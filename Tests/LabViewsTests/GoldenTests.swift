import Lab
import Screen
import Testing

@testable import LabViews

/// A state, and the commands that reach it.
struct State: Sendable, CustomTestStringConvertible {
    var name: String
    var script: String
    var testDescription: String { name }

    static let all: [State] = [
        State(name: "start", script: ""),
        State(name: "handshake", script: "step 3"),
        State(name: "traffic", script: "goto 2.5s\nnext-message\nstep 2"),
        State(name: "half-open", script: "goto 4.9s\nnext-fault\ngoto 6.2s"),
        State(name: "past", script: "goto 6s\nprevious-fault\nstep-back"),
        State(name: "help", script: "help"),
        State(name: "menu", script: "goto 2s\nstep\npane next\nintervene"),
        State(name: "inspector", script: "goto 2s\nnext-message\ninspect"),
        State(name: "filter", script: "goto 2s\nfilter deliver"),
        State(name: "zoom", script: "goto 2s\npane connections\nzoom"),
        State(name: "cut", script: "goto 2s\ncut client-server\nstep 4\npane topology"),
        State(name: "topology-link", script: "goto 2s\nstep 2\npane topology\nbottom\ninspect"),
    ]
}

/// Frames that scripts of commands reach, over sizes, glyph sets and colour tiers.
@Suite("Frames")
struct GoldenTests {
    static let sizes = [
        Size(rows: 16, columns: 60), Size(rows: 24, columns: 80), Size(rows: 40, columns: 120),
        Size(rows: 50, columns: 200),
    ]

    @Test("The states of a lab", arguments: State.all)
    func state(_ state: State) throws {
        let app = LabApp(session: SimSession(lab: Labs.halfOpen()))
        try ScriptRunner(state.script).run(on: app)
        for size in Self.sizes {
            for glyphs in [GlyphSet.unicode, .ascii] {
                for tier in [ColourTier.twoHundredFiftySix, .none] {
                    let capabilities = Capabilities(tier: tier, glyphs: glyphs)
                    let frame = app.frame(size: size, capabilities: capabilities)
                    let set = glyphs.isASCII ? "ascii" : "unicode"
                    // Colours are the palette's affair: a frame holds roles, and is the same in every tier.
                    try Golden.check(frame.golden, "\(state.name)-\(size.columns)x\(size.rows)-\(set)")
                }
            }
        }
    }

    @Test("The causes of a segment that a cut link has taken")
    func causes() throws {
        let app = LabApp(session: SimSession(lab: try Labs.shipped("cut")))
        defer { app.session.close() }
        try ScriptRunner("goto 3.9s\nwhy #209\ndown 12").run(on: app)
        for size in Self.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "causes-\(size.columns)x\(size.rows)")
        }
    }

    @Test("A list says how much of it is out of sight")
    func hiddenRows() throws {
        let app = LabApp(session: SimSession(lab: try LabLibrary.standard().load("mesh")))
        func foot(_ rows: Int) -> String {
            let frame = app.frame(size: Size(rows: rows, columns: 120), capabilities: Capabilities()).text
            return frame.split(separator: "\n").first { $0.hasPrefix("╰") || $0.hasPrefix("┗") }.map(String.init) ?? ""
        }
        // Four hosts with a peer each, and six links: the peers stand beside their hosts, until one is to be selected.
        #expect(!foot(40).contains("more") && text(of: app).contains("● a  ○ node-a "))
        #expect(foot(30).contains("─ ▾ 2 more ╯"))
        try ScriptRunner("pane topology").run(on: app)
        #expect(foot(40).contains("━ ▾ 2 more ┛") && !text(of: app).contains("● a  ○ node-a "))
        #expect(!foot(50).contains("more"))
        try ScriptRunner("bottom").run(on: app)
        #expect(foot(40).contains("━ ▴ 2 more ┛"))
    }

    @Test("A hundred hosts fold")
    func star() throws {
        let app = LabApp(session: SimSession(lab: Labs.star(clients: 99)))
        try ScriptRunner("goto 1.1s").run(on: app)
        for size in Self.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "star-\(size.columns)x\(size.rows)")
        }
    }

    @Test("A few hosts are listed")
    func few() throws {
        let app = LabApp(session: SimSession(lab: Labs.star(clients: 3)))
        try ScriptRunner("goto 1.1s\npane topology\nbottom").run(on: app)
        for size in Self.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "few-\(size.columns)x\(size.rows)")
        }
    }

    @Test("Two sessions stand side by side, or one over the other")
    func both() throws {
        let app = LabApp(
            session: SimSession(lab: Labs.halfOpen()), second: SimSession(lab: Labs.halfOpen(faults: false)))
        try ScriptRunner("goto 9s").run(on: app)
        while app.work() {}
        for _ in 0..<20 { app.work() }
        for size in Self.sizes {
            try Golden.check(
                app.frame(size: size, capabilities: Capabilities()).golden, "both-\(size.columns)x\(size.rows)")
        }
    }
}
