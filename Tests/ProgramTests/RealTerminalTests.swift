import Foundation
import Testing

/// The program on a real terminal.
@Suite(.serialized, .enabled(if: Tmux.isInstalled)) struct RealTerminalTests {
    /// Opens a lab and waits for its picture.
    private func open(_ arguments: String = "cut") throws -> Tmux {
        let terminal = try Tmux()
        try terminal.start(arguments)
        try terminal.wait(for: "the picture") { Tmux.event($0) != nil }
        return terminal
    }

    @Test("Keys step, go back, look for a fault, run, pause, go to a place")
    func moves() throws {
        let terminal = try open()
        defer { terminal.end() }
        try terminal.type("s")
        try terminal.wait(forEvent: 1)
        try terminal.type("ss")
        try terminal.wait(forEvent: 3)
        try terminal.type("S")
        try terminal.wait(forEvent: 2)
        try terminal.wait(for: "past")
        try terminal.type("n")
        let fault = try terminal.wait(for: "t 3.000 000 s")
        #expect(fault.contains("⚡ "))
        try terminal.type("r")
        try terminal.wait(for: "running 1×")
        let running = try #require(Tmux.event(fault))
        try terminal.wait(for: "a later event") { Tmux.event($0).map { $0 > running } ?? false }
        try terminal.type("r")
        try terminal.wait(for: "paused")
        try terminal.type("g")
        try terminal.wait(for: "Tab complete")
        try terminal.type("1.5s")
        try terminal.press("Enter")
        try terminal.wait(for: "t 1.500 000 s")
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }

    @Test("A filter, a command line, the help")
    func looks() throws {
        let terminal = try open("cut --at 2s")
        defer { terminal.end() }
        try terminal.type("/")
        try terminal.type("deliver")
        try terminal.press("Enter")
        let filtered = try terminal.wait(for: "/deliver")
        #expect(!filtered.contains("  arrive  "))
        try terminal.type(":")
        try terminal.type("cut client-server")
        try terminal.press("Enter")
        try terminal.wait(for: "done: cut client-server")
        try terminal.wait(for: "✖ cut")
        try terminal.type(":nonsense")
        try terminal.press("Enter")
        try terminal.wait(for: "unknown command 'nonsense'")
        try terminal.type("?")
        try terminal.wait(for: "Keys and commands")
        try terminal.press("Escape")
        try terminal.wait(for: "the help gone") { !$0.contains("Keys and commands") }
    }

    @Test("The terminal is given back as it was, with what stood on it")
    func leaves() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.shell("stty -a >before; echo here")
        try terminal.wait(for: "\nhere\n")
        try terminal.start("hello")
        let screen = try terminal.wait(forEvent: 0)
        #expect(!screen.contains("ready>"))
        try terminal.type("q")
        let shell = try terminal.wait(forExit: 0)
        #expect(shell.contains("\nhere\n"))
        #expect(!shell.contains("Topology"))
        try expectModes(terminal, "before")
    }

    /// SIGPIPE and the like too: a reader that has gone is no reason to end, but another's signal is.
    @Test(
        "The terminal is given back on every signal that ends a process",
        arguments: [
            SIGTERM, SIGHUP, SIGINT, SIGUSR1, SIGUSR2, SIGALRM, SIGVTALRM, SIGPROF, SIGXCPU, SIGXFSZ, SIGPIPE, SIGIO,
            SIGSTKFLT, SIGPWR, SIGSYS,
            SIGQUIT, 40,
        ])
    func isEnded(_ signal: Int32) throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.shell("stty -a >before; ulimit -c 0; export SWIFT_BACKTRACE=enable=no")
        try terminal.start("hello")
        try terminal.wait(forEvent: 0)
        try terminal.signal(signal)
        let shell = try terminal.wait(forExit: 128 + signal)
        #expect(!shell.contains("Topology"))
        try expectModes(terminal, "before")
    }

    @Test("The picker too ends by a signal as the lab's screen does", arguments: [SIGTERM, SIGINT])
    func thePickerIsEnded(_ signal: Int32) throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.shell("stty -a >before")
        try terminal.start("")
        try terminal.wait(for: "Enter open")
        try terminal.signal(signal)
        try terminal.wait(forExit: 128 + signal)
        try expectModes(terminal, "before")
    }

    @Test("A lab that cannot be read says why in the picker, and another one can be picked")
    func thePickerGoesOn() throws {
        let directory = Program.temporaryFile("labs")
        try? FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try "lab: aaa\nhosts: [a\n".write(
            to: directory.appendingPathComponent("aaa.yaml"), atomically: true, encoding: .utf8)
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.shell("export PEERLAB_PATH='\(directory.path)'")
        try terminal.start("")
        try terminal.wait(for: "Enter open")
        try terminal.press("Home")
        try terminal.press("Enter")
        try terminal.wait(for: "aaa cannot be read")
        try terminal.press("Escape")
        try terminal.wait(for: "Enter open")
        try terminal.press("Down")
        try terminal.press("Enter")
        try terminal.wait(for: "next ▸")
        try terminal.press("q")
        try terminal.wait(for: "Enter open")
        try terminal.press("q")
        try terminal.wait(forExit: 0)
    }

    @Test func controlCLeaves() throws {
        let terminal = try open()
        defer { terminal.end() }
        try terminal.press("C-c")
        try terminal.wait(forExit: 130)
    }

    @Test("Ctrl-Z suspends, and fg draws the same picture again")
    func suspends() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.shell("stty -a >before")
        try terminal.shell("'\(Program.path)' hello")
        try terminal.wait(forEvent: 0)
        try terminal.type("s")
        try terminal.wait(forEvent: 1)
        try terminal.press("C-z")
        try terminal.wait(for: "the shell") { $0.contains("Stopped") && !$0.contains("Topology") }
        try expectModes(terminal, "before")
        try terminal.shell("fg; echo \"exit=$?\"")
        try terminal.wait(for: "the picture") { screen in
            Tmux.event(screen) == 1 && screen.contains("Topology") && screen.contains("q quit")
        }
        try terminal.type("s")
        try terminal.wait(forEvent: 2)
        try terminal.type("q")
        try terminal.wait(forExit: 0)
        try expectModes(terminal, "before")
    }

    @Test("Another size keeps the place")
    func isResized() throws {
        let terminal = try open("cut --at 2s --seed 3")
        defer { terminal.end() }
        let event = try #require(Tmux.event(try terminal.wait(for: "t 2.000 000 s")))
        for (columns, rows) in [(200, 50), (80, 24), (60, 16), (120, 40)] {
            try terminal.resize(columns: columns, rows: rows)
            try terminal.wait(for: "event \(event) in \(columns) columns") { screen in
                let lines = screen.split(separator: "\n", omittingEmptySubsequences: false)
                return Tmux.event(screen) == event && lines.count >= rows && lines[rows - 1].contains("q quit")
                    && lines.contains { $0.count == columns && $0.hasSuffix("╮") }
            }
        }
    }

    @Test("A screen too small says so, and its keys change nothing")
    func isTooSmall() throws {
        let terminal = try open()
        defer { terminal.end() }
        try terminal.type("s")
        try terminal.wait(forEvent: 1)
        try terminal.resize(columns: 20, rows: 5)
        let small = try terminal.wait(for: "here are 20×5")
        #expect(small.contains("peerlab needs 60×16"))
        try terminal.type("sn:S")
        // Drawn behind the keys: they have been read by then.
        try terminal.resize(columns: 22, rows: 5)
        try terminal.wait(for: "here are 22×5")
        try terminal.resize(columns: 100, rows: 30)
        let large = try terminal.wait(for: "q quit")
        #expect(Tmux.event(large) == 1)
        try terminal.resize(columns: 20, rows: 5)
        try terminal.wait(for: "here are 20×5")
        try terminal.type("q")
        try terminal.wait(for: "the shell") { $0.contains("exit=0") }
    }

    @Test("A terminal that cannot show the screen gets a message", arguments: ["dumb", "nonsense", ""])
    func cannotBeShown(_ name: String) throws {
        let terminal = try Tmux(environment: ["TERM": name])
        defer { terminal.end() }
        // A shell may set TERM itself where it is missing.
        if name.isEmpty { try terminal.shell("unset TERM") }
        try terminal.shell("stty -a >before")
        for arguments in ["hello", ""] {
            try terminal.start(arguments)
            let screen = try terminal.wait(forExit: 2)
            #expect(screen.contains("error: "))
            #expect(screen.contains(name.isEmpty ? "TERM is not set" : "'\(name)'"))
            #expect(!screen.contains("Topology"))
            try expectModes(terminal, "before")
            try terminal.shell("clear")
        }
    }

    @Test("Colours are there, and NO_COLOR takes them away")
    func colours() throws {
        for (environment, isColoured) in [([:], true), (["NO_COLOR": "1"], false), (["NO_COLOR": ""], true)] {
            let terminal = try Tmux(environment: environment)
            defer { terminal.end() }
            try terminal.start("cut --at 3s")
            try terminal.wait(for: "t 3.000 000 s")
            #expect(Self.isColoured(try terminal.screen(escapes: true)) == isColoured, "\(environment)")
        }
    }

    @Test("ASCII by the locale or by choice", arguments: [["LC_ALL": "C"], ["LC_ALL": "C.UTF-8", "WITH": "--ascii"]])
    func ascii(_ environment: [String: String]) throws {
        let terminal = try Tmux(environment: environment)
        defer { terminal.end() }
        try terminal.start("cut --at 3s \(environment["WITH"] ?? "")")
        let screen = try terminal.wait(for: "t 3.000 000 s")
        #expect(screen.utf8.allSatisfy { $0 < 128 })
        #expect(screen.contains("|| paused"))
    }

    @Test("Real sockets are shown in the same panes")
    func loopback() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.start("hello --on loopback")
        try terminal.wait(for: "two peers") { $0.contains("ping connected") && $0.contains("ESTABLISHED") }
        try terminal.wait(for: "loopback")
        try terminal.type("q")
        try terminal.wait(forExit: 0)
        try terminal.start("hello --on both")
        try terminal.wait(for: "both") { screen in
            // Hosts with the kernel's own TCP where this machine has them.
            ["linux", "loopback"].contains { real in
                ["Life cycles", "sim | \(real)", " sim  t ", " \(real)  t "].allSatisfy(screen.contains)
            }
        }
        try terminal.wait(for: "both connected") { screen in
            screen.split(separator: "\n").contains { $0.split(separator: " ").count { $0 == "connected" } >= 2 }
        }
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }

    @Test("A lab is picked with Enter; who leaves it is back at the list")
    func picks() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.start("")
        // A newcomer begins with hello, and all others are above and below it.
        try terminal.wait(for: "▸ hello")
        try terminal.press("Home")
        try terminal.wait(for: "▸ backlog")
        for lab in ["bench-chaos", "black-hole", "bottleneck"] {
            try terminal.press("Down")
            try terminal.wait(for: "▸ \(lab)")
        }
        try terminal.press("Enter")
        let lab = try terminal.wait(forEvent: 0)
        #expect(lab.hasPrefix(" bottleneck "))
        try terminal.type("q")
        try terminal.wait(for: "▸ bottleneck")
        try terminal.resize(columns: 20, rows: 5)
        try terminal.wait(for: "too small")
        try terminal.press("Enter")
        try terminal.resize(columns: 80, rows: 24)
        try terminal.wait(for: "▸ bottleneck")
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }

    @Test("What w writes replays, with what was done by hand, and opens again")
    func writes() throws {
        let terminal = try open("cut --seed 5")
        defer { terminal.end() }
        try terminal.type("w")
        try terminal.wait(for: "cut-5.peerlab")
        try terminal.press("Enter")
        try terminal.wait(for: "recording to cut-5.peerlab")
        try terminal.type("sss:cut client-server")
        try terminal.press("Enter")
        try terminal.wait(for: "done: cut client-server")
        let digest = try #require(try terminal.screen().split(separator: "\n").first?.split(separator: " ").last)
        try terminal.type("q")
        try terminal.wait(forExit: 0)
        let file = terminal.home.appendingPathComponent("cut-5.peerlab").path
        let result = try Program.run(["replay", file, "--format", "json"])
        #expect(result.ended(with: 0), "\(result)")
        #expect(try Program.object(result.output)["digest"] as? String == String(digest))
        #expect(try Program.object(result.output)["events"] as? Int == 4)
        try terminal.start("replay cut-5.peerlab --open --ascii")
        let opened = try terminal.wait(forEvent: 4)
        #expect(opened.contains(digest))
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }

    /// Compares the terminal's modes with those that `stty -a` wrote to a file before.
    private func expectModes(_ terminal: Tmux, _ before: String) throws {
        try terminal.shell("stty -a >after; echo written >mark")
        let mark = terminal.home.appendingPathComponent("mark")
        try terminal.wait(for: "stty") { _ in FileManager.default.fileExists(atPath: mark.path) }
        try FileManager.default.removeItem(at: mark)
        let modes = try [before, "after"].map {
            try String(contentsOf: terminal.home.appendingPathComponent($0), encoding: .utf8)
        }
        #expect(!modes[0].isEmpty)
        #expect(modes[0] == modes[1])
    }

    /// Whether a text sets a foreground or background colour.
    private static func isColoured(_ text: String) -> Bool {
        text.components(separatedBy: "\u{1B}[").dropFirst().contains { sequence in
            let codes = sequence.prefix { $0.isNumber || $0 == ";" || $0 == ":" }.split { $0 == ";" || $0 == ":" }
            return codes.contains { code in
                Int(code).map { (30...38).contains($0) || (40...48).contains($0) || $0 >= 90 } ?? false
            }
        }
    }
}
