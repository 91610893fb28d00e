import Foundation
import Testing

/// Every command, typed on a real terminal: each does something that is seen.
@Suite(.serialized, .enabled(if: Tmux.isInstalled)) struct CommandTerminalTests {
    /// What a command is to be seen by.
    private enum Sign {
        /// The screen shows a text.
        case says(String)
        /// The header tells another event.
        case moves
        /// The screen is another.
        case changes
    }

    private static let lab = """
        lab: all
        duration: 60m
        hosts: {client: {}, server: {}, box: {router: yes}}
        links: [{between: [client, server], latency: 5ms, bandwidth: 64KiB/s}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 100ms}}, config: {preset: test}}
        buggify: on
        expect: [ping is connected by 5s]

        """

    /// A window with a choice takes the keys itself.
    private static let escape = "(Escape)"

    private static let moving: [(String, Sign)] = [
        ("goto 2s", .says("t 2.000 000 s")), ("step", .moves), ("step 3", .moves), ("step-back 2", .moves),
        ("next-fault", .moves), ("previous-fault", .moves), ("next-message", .moves), ("previous-message", .moves),
        ("run 1s", .moves), ("faster", .changes), ("slower", .changes), ("until message", .moves),
        ("first", .says("#0")), ("break message", .changes), ("next-break", .moves), ("next-break", .moves),
        ("previous-break", .moves), ("breakpoints", .says("┏ Breakpoints")), (escape, .changes),
        ("break delete all", .changes), ("goto 20s", .moves),
    ]

    private static let looking: [(String, Sign)] = [
        ("pane connections", .changes), ("next-pane", .changes), ("previous-pane", .changes), ("pane events", .changes),
        ("up", .changes), ("down", .changes), ("page-up", .changes), ("page-down", .changes), ("top", .changes),
        ("bottom", .changes), ("zoom", .changes), ("zoom", .changes), ("inspect", .changes), ("back", .changes),
        ("why", .changes), ("back", .changes), ("message m1 ping", .says("Message m1 of ping")), ("back", .changes),
        ("segment c1>1", .says("Segment c1>1")), ("back", .changes), ("graph", .says("8 Graph")), ("graph", .changes),
        ("job 1", .says("no job 1")),
        ("believe", .changes), ("back", .changes), ("draws near", .changes), ("back", .changes),
        ("coverage", .says("no faults of its own")),
        ("draw #9999999 1", .says("no such draw")), ("filter ping", .changes), ("filter", .says("\n /")),
        (escape, .says("s step")), ("help", .says("┏ Keys")),
        ("back", .changes), ("warnings", .changes), ("mouse", .changes), ("intervene", .says("j/k choose")),
        (escape, .says("s step")),
    ]

    /// Each before it is lifted; the run goes on in between.
    private static let changing: [String] = [
        "cut client-server", "heal client-server", "latency client-server 9ms", "slow-pair client->server 20ms",
        "slow-pair client->server 0s", "bandwidth client-server 90KiB/s", "queue client-server red",
        "mtu client-server 1400B", "icmp-drop client-server", "nat box 9s", "sysctl client tcp_sack false",
        "loss client-server 0.1", "duplicate client-server 0.1", "reorder client-server 0.1 5ms",
        "corrupt client-server caught=0.1", "restore client-server corrupt", "clog client-server",
        "unclog client-server", "partition client|server", "unpartition client|server", "swizzle client,server 1s",
        "unreachable server", "unreachable server answer=off", "refuse server 0.5", "refuse server 0",
        "connect-hang server 0.5", "backlog-full server", "name-error server", "name-error server failure=off",
        "heal-all", "reset ping", "half-close ping", "half-open ping", "short-read ping 9B", "short-write ping 9B",
        "slow-reader ping 9KiB/s", "close ping probability=0.1", "close ping probability=0", "pause ping",
        "resume ping", "kill ping", "restart ping", "process-kill ping", "restart ping", "exit ping", "restart ping",
        "process-exit ping", "restart ping", "power-loss client", "power-on client", "clock-skew client offset=9ms",
        "slow-timers client 9ms", "exhaust client sockets=9", "force link.loss", "unforce link.loss",
        "veto link.loss", "heal-all", "reseed 9",
    ]

    private static let timelines: [(String, Sign)] = [
        ("disagreement", .says("there is one network here")), ("goto -1s", .moves),
        ("branch other", .says("other begins after")), ("run 1s", .moves),
        ("left-timeline", .says("main, ")), ("right-timeline", .says("other, ")), ("timeline main", .says("main, ")),
        ("beside other", .says("Where they differ")), ("beside", .changes),
        ("diff other", .says("┏ Where they differ")), ("back", .changes), ("timelines", .says("┏ Timelines")),
        (escape, .changes), ("name other left", .says("'left'")),
        ("forget left", .says("'left' is forgotten")),
    ]

    @Test("Each command of the table is seen to do something")
    func all() throws {
        try Program.withFile(Self.lab) { lab in
            let terminal = try Tmux()
            defer { terminal.end() }
            try terminal.start(lab)
            try terminal.wait(for: "the picture") { Tmux.event($0) == 0 }
            var used: Set<String> = []
            func type(_ line: String, _ sign: Sign) throws {
                used.insert(String(line.prefix { $0 != " " }))
                let before = try terminal.screen()
                if line == Self.escape {
                    try terminal.press("Escape")
                } else {
                    try terminal.type(":" + line)
                    try terminal.press("Enter")
                }
                try terminal.wait(for: "what ':\(line)' does") { screen in
                    switch sign {
                    case .says(let text): screen.contains(text) && !screen.contains("\n :\(line)")
                    case .moves:
                        Tmux.event(screen) != Tmux.event(before) && Tmux.event(screen) != nil
                            && !screen.contains("(Esc stops)")
                    case .changes: screen != before && !screen.contains(":\(line)")
                    }
                }
            }
            for (line, sign) in Self.moving + Self.looking { try type(line, sign) }
            for line in Self.changing {
                try type("goto +500ms", .moves)
                try type(line, .says("done: \(line)"))
            }
            try type("goto +2s", .moves)
            // A segment is on the wire behind the message that it answers.
            for verb in ["delay {} 1ms", "deliver {}", "damage {}", "drop {}", "copy {}"] {
                try type("until message", .moves)
                var segment: String?
                // A timer may come before it.
                for _ in 0..<10 where segment == nil {
                    var before = ""
                    let screen = try terminal.wait(for: "the screen at rest") { screen in
                        defer { before = screen }
                        return screen == before && screen.contains(" next ▸ ")
                    }
                    segment = screen.firstMatch(of: /next ▸ .* (c[0-9]+[<>][0-9]+)/).map { String($0.1) }
                    if segment == nil { try type("step", .moves) }
                }
                let line = verb.replacing("{}", with: try #require(segment))
                try type(line, .says("done: \(line)"))
                guard verb.hasPrefix("delay"), let connection = segment?.prefix(while: { $0 != ">" && $0 != "<" })
                else {
                    continue
                }
                let option = "setsockopt \(connection) TCP_NODELAY false"
                try type(option, .says("done: \(option)"))
            }
            for (line, sign) in Self.timelines { try type(line, sign) }
            try type("last", .changes)
            try terminal.press("Escape")
            try type("output", .says("the lab has no programs"))
            try type("write first.jsonl", .says("first.jsonl"))
            try type("write! first.jsonl", .changes)
            try type("reproduce", .says("peerlab "))
            try type("back", .changes)
            try type("command", .changes)
            try terminal.press("Escape")
            used.insert("quit")
            try terminal.type(":quit")
            try terminal.press("Enter")
            try terminal.wait(forExit: 0)
            let page = try String(
                contentsOf: Program.root.appending(path: "Sources/LabViews/LabViews.docc/Commands.md"), encoding: .utf8)
            let rows = page.split(separator: "\n")
            let names = rows.compactMap { $0.firstMatch(of: /^\| `([a-z][a-z!-]+)/) }.map { String($0.1) }
            #expect(names.count > 60)
            #expect(names.filter { !used.contains($0) } == [], "these were not typed")
        }
    }
}
