import Foundation
import Testing

/// Timelines on a real terminal.
@Suite(.serialized, .enabled(if: Tmux.isInstalled)) struct TimelineTerminalTests {
    @Test("A branch begins, is gone to and from, compared, and brought back by the line that y shows")
    func timelines() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.start("cut --at 2s")
        try terminal.wait(for: "t 2.000 000 s")
        try terminal.type(":goto 1s")
        try terminal.press("Enter")
        try terminal.wait(for: "t 1.000 000 s")
        try terminal.type(":kill ping")
        try terminal.press("Enter")
        try terminal.wait(for: "branch-1 begins after #")
        try terminal.type("y")
        let shown = try terminal.wait(for: "peerlab cut --seed 11 --do ")
        let line = try #require(shown.firstMatch(of: /peerlab (cut --seed 11 --do '[^']*' --at '[^']*')/)).1
        try terminal.type(",")
        try terminal.wait(for: "main, at the same moment")
        try terminal.type(".x")
        let beside = try terminal.wait(for: "Where they differ")
        #expect(beside.contains("branch-1 and main have the events up to #"))
        try terminal.type("x")
        try terminal.wait(for: "one again") { !$0.contains("Where they differ") }
        try terminal.type("Btj")
        let tree = try terminal.wait(for: "┏ Timelines")
        #expect(tree.contains("branch-2") && tree.contains("kill ping"))
        try terminal.press("Escape")
        try terminal.wait(for: "the window gone") { !$0.contains("┏ Timelines") }
        let digest = terminal.digest(try terminal.screen())
        try terminal.type("q")
        try terminal.wait(forExit: 0)
        // What the line opens is what was shown.
        let again = try Tmux()
        defer { again.end() }
        // The helper has it in single quotes of its own.
        try again.start(String(line).replacing("'", with: "\""))
        try again.wait(for: "the picture") { Tmux.event($0) != nil }
        let other = again.digest(try again.screen())
        #expect(other == digest && digest != nil, "\(line): \(other ?? "") \(digest ?? "")")
    }

    @Test("Breakpoints are given on the command line, and are in the line that y shows")
    func breakpoints() throws {
        let terminal = try Tmux()
        defer { terminal.end() }
        try terminal.start("cut --break \"client-server is cut\"")
        try terminal.wait(for: "the picture") { $0.contains("t 0.000 000 s") }
        try terminal.type("c")
        try terminal.wait(for: "breakpoint 1: client-server is cut")
        try terminal.type("y")
        try terminal.wait(for: "--break 'client-server is cut' --at")
        try terminal.type("q")
        try terminal.wait(forExit: 0)
    }
}

extension Tmux {
    /// The event and the digest in the header.
    fileprivate func digest(_ screen: String) -> String? {
        screen.split(separator: "\n").first.flatMap { $0.firstMatch(of: /#[0-9].*$/).map { String($0.0) } }
    }
}
