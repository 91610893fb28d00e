import Foundation
import Testing

/// What the program says where a bug ends it, or where it is ended in the middle of what never ends: with a workload that
/// does both.
@Suite struct LastWordsTests {
    /// A misdeed, the signals that it may end in, and what is said of it.
    struct Case: Sendable, CustomTestStringConvertible {
        var how: String
        var signals: Set<Int32>
        var text: String
        var testDescription: String { how }

        init(_ how: String, _ signals: Set<Int32>, _ text: String) {
            (self.how, self.signals, self.text) = (how, signals, text)
        }
    }

    /// The trap of the processor is one or the other.
    private static let trap: Set = [SIGILL, SIGTRAP]
    static let cases = [
        Case("bug", trap, "a deliberate one"), Case("precondition", trap, "a text of Swift's own"),
        Case("index", trap, "an operation trapped"), Case("overflow", trap, "an operation trapped"),
        Case("recursion", [SIGSEGV], "the stack has no room left"), Case("nowhere", [SIGSEGV], "no such memory"),
        Case("abort", [SIGABRT], "it was aborted"), Case("heedless", trap, "goes on after"),
    ]

    @Test(arguments: cases)
    func aTrapSpeaks(_ misdeed: Case) throws {
        try Misbehaving.withLab(misdeed.how) { directory in
            let result = try Misbehaving.run(["run", "a lab.yaml", "--seed", "7", "--record", "r"], in: directory)
            #expect(result.wasSignalled && misdeed.signals.contains(result.status), "\(result)")
            #expect(result.errors.contains("error: this is a bug"))
            #expect(result.errors.contains(misdeed.text))
            try expectPlace(result.errors, in: directory)
        }
    }

    @Test("What never ends is ended by a signal all the same", arguments: [SIGINT, SIGTERM, SIGHUP])
    func anEndlessEventEnds(_ signal: Int32) throws {
        try Misbehaving.withLab("endless") { directory in
            let errors = directory.appendingPathComponent("errors")
            let child = try Child(
                [Misbehaving.path, "run", "a lab.yaml", "--seed", "7", "--record", "r"],
                environment: Misbehaving.environment(directory), in: directory, errors: errors.path)
            Misbehaving.waitForIt(directory)
            child.send(signal)
            let end = child.wait()
            #expect(!end.wasSignalled && end.status == 130)
            let text = try String(contentsOf: errors, encoding: .utf8)
            #expect(text.contains("error: ended in the middle"))
            try expectPlace(text, in: directory)
        }
    }

    @Test func aWorkloadThatNeverWaitsKeepsNoRunOnRealSocketsFromEnding() throws {
        try Misbehaving.withLab("endless") { directory in
            let output = directory.appendingPathComponent("output")
            let child = try Child(
                [Misbehaving.path, "run", "a lab.yaml", "--on", "loopback", "--format", "json"],
                environment: Misbehaving.environment(directory), in: directory, output: output.path)
            Misbehaving.waitForIt(directory)
            child.send(SIGINT)
            let end = child.wait()
            #expect(!end.wasSignalled && end.status == 130)
            #expect(try Program.object(String(contentsOf: output, encoding: .utf8))["events"] is Int)
        }
    }

    @Test(arguments: [cases[0], cases[4]])
    func aTrapOnRealSocketsSpeaks(_ misdeed: Case) throws {
        try Misbehaving.withLab(misdeed.how) { directory in
            let result = try Misbehaving.run(["run", "a lab.yaml", "--on", "loopback"], in: directory)
            #expect(result.wasSignalled && misdeed.signals.contains(result.status), "\(result)")
            #expect(result.errors.contains(misdeed.text))
            #expect(result.errors.contains("in the lab 'misbehaving', seed 1, on loopback"))
            #expect(result.errors.contains("peerlab run 'a lab.yaml' --seed 1 --on loopback"))
        }
    }

    @Test("A trap while a lab is read names its file", arguments: ["run", "check", "open"])
    func aTrapWhileALabIsReadSpeaks(_ command: String) throws {
        try Misbehaving.withLab("bug, when-read: true") { directory in
            let result = try Misbehaving.run([command, "a lab.yaml"], in: directory)
            #expect(result.wasSignalled && Self.trap.contains(result.status), "\(result)")
            #expect(result.errors.contains("a deliberate one"))
            #expect(result.errors.contains("  in the lab file 'a lab.yaml', while it was read\n"), "\(result)")
            #expect(result.errors.contains("the command that leads there: peerlab check 'a lab.yaml'\n"))
        }
    }

    /// Lab, seed, event, task, the way there, and a recording that replays up to the event before.
    private func expectPlace(_ text: String, in directory: URL) throws {
        let event = try #require(text.firstMatch(of: /in event (\d+) of the lab 'misbehaving', seed 7/)?.1)
        let command = "peerlab run 'a lab.yaml' --seed 7 --events \(event)"
        #expect(text.contains("the command that leads there: \(command)\n"))
        if !text.contains("the stack has no room") { #expect(text.contains("it ran a/m, the task main\n")) }
        #expect(text.contains("recorded up to event \(try #require(Int(event)) - 1): r\n"))
        let replay = try Misbehaving.run(["replay", "r", "--format", "json"], in: directory)
        #expect(replay.ended(with: 0), "\(replay)")
        #expect(try Program.object(replay.output)["events"] as? Int == Int(event).map { $0 - 1 })
    }

    @Test("An event that is slow, and not endless, is followed by an end in order")
    func theRunEndsBetweenEvents() throws {
        try Misbehaving.withLab("slow") { directory in
            let output = directory.appendingPathComponent("output")
            let child = try Child(
                [Misbehaving.path, "run", "a lab.yaml", "--format", "json"],
                environment: Misbehaving.environment(directory), in: directory, output: output.path)
            Misbehaving.waitForIt(directory)
            child.send(SIGINT)
            let end = child.wait()
            #expect(!end.wasSignalled && end.status == 130)
            let events = try Program.object(String(contentsOf: output, encoding: .utf8))["events"] as? Int
            #expect(try #require(events) < 500, "the lab has more than twice as many")
        }
    }
}

/// The same on the screen, which is given back.
@Suite(.serialized, .enabled(if: Tmux.isInstalled)) struct LastWordsOnScreenTests {
    private func open(_ how: String) throws -> Tmux {
        let terminal = try Tmux(columns: 160)
        try Misbehaving.lab(how).write(
            to: terminal.home.appendingPathComponent("a lab.yaml"), atomically: true, encoding: .utf8)
        try terminal.shell("ulimit -c 0; export SWIFT_BACKTRACE=enable=no PEERLAB_TEST_MARK=mark; stty -a >before")
        try terminal.start("\"a lab.yaml\" --seed 7", executable: Misbehaving.path)
        try terminal.wait(forEvent: 0)
        return terminal
    }

    private func expectLastWords(_ terminal: Tmux, _ text: String, exit code: Int32) throws {
        let screen = try terminal.wait(forExit: code)
        #expect(screen.contains(text))
        #expect(screen.contains("peerlab open 'a lab.yaml' --seed 7 --at #"))
        #expect(!screen.contains("Topology"))
        try terminal.shell("stty -a >after; cmp before after && echo same")
        try terminal.wait(for: "\nsame\n")
    }

    @Test(arguments: [LastWordsTests.cases[0], LastWordsTests.cases[4]])
    func aTrapGivesTheTerminalBack(_ misdeed: LastWordsTests.Case) throws {
        let terminal = try open(misdeed.how)
        defer { terminal.end() }
        try terminal.type("g1s")
        try terminal.press("Enter")
        try expectLastWords(
            terminal, misdeed.text, exit: 128 + (misdeed.how == "bug" ? Misbehaving.trapSignal : SIGSEGV))
    }

    @Test("Control-C ends it in the middle of an event that never ends, and so does a signal", arguments: [0, SIGTERM])
    func anEndlessEventEnds(_ signal: Int32) throws {
        let terminal = try open("endless")
        defer { terminal.end() }
        try terminal.type("g1s")
        try terminal.press("Enter")
        Misbehaving.waitForIt(terminal.home)
        if signal == 0 { try terminal.press("C-c") } else { try terminal.signal(signal) }
        try expectLastWords(terminal, "error: ended in the middle", exit: signal == 0 ? 130 : 128 + signal)
    }

    @Test("Keys are answered while a step takes long")
    func aLongMoveAnswers() throws {
        let terminal = try open("slow")
        defer { terminal.end() }
        try terminal.type("g1s")
        try terminal.press("Enter")
        Misbehaving.waitForIt(terminal.home)
        try terminal.type("?")
        try terminal.wait(for: "Keys and commands")
        try terminal.press("Escape")
        try terminal.wait(for: "the help gone") { !$0.contains("Keys and commands") }
        try terminal.press("C-c")
        try terminal.wait(for: "stopped")
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }
}

/// The program of `Tests/MisbehavingProgram`.
enum Misbehaving {
    static let path = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
        .appendingPathComponent("misbehaving-peerlab").path

    #if arch(x86_64)
        static let trapSignal = SIGILL
    #else
        static let trapSignal = SIGTRAP
    #endif

    static func lab(_ how: String) -> String {
        """
        lab: misbehaving
        hosts: [a, b]
        links: [{between: [a, b]}]
        duration: 2s
        peers:
          - {name: e, on: b, listen: 80, run: echo}
          - {name: p, on: a, connect: "b:80", run: {ping-pong: {every: 5ms}}}
          - {name: m, on: a, listen: 81, run: {misbehaving: {how: \(how), after: 100ms}}}
        """
    }

    /// Lets a body work in a directory with the lab, under a name that a shell would not take without quotes.
    static func withLab(_ how: String, _ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try lab(how).write(
            to: directory.appendingPathComponent("a lab.yaml"), atomically: true, encoding: .utf8)
        try body(directory)
    }

    static func environment(_ directory: URL) -> [String: String] {
        Program.variables([
            "SWIFT_BACKTRACE": "enable=no", "PEERLAB_TEST_MARK": directory.appendingPathComponent("mark").path,
        ])
    }

    static func run(_ arguments: [String], in directory: URL) throws -> Program.Result {
        try Program.run(arguments, environment: environment(directory), in: directory, executable: path)
    }

    /// Waits until the workload has come to its misdeed.
    static func waitForIt(_ directory: URL) {
        let mark = directory.appendingPathComponent("mark").path
        while !FileManager.default.fileExists(atPath: mark) { usleep(5_000) }
    }
}
