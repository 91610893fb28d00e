import Foundation

/// A terminal under tmux with a plain shell in it: keys go in, and the screen is read back.
///
/// Each has a server of its own, which ``end()`` ends.
final class Tmux {
    /// Nothing of what was waited for came.
    struct NeverCame: Error, CustomStringConvertible {
        var what: String
        var screen: String
        var description: String { "never came: \(what); the screen is\n\(screen)" }
    }

    /// Whether there is a tmux.
    static let isInstalled = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
        FileManager.default.isExecutableFile(atPath: $0 + "/tmux")
    }

    /// The directory in which the shell runs, and its HOME.
    let home: URL

    private let socket = "peerlab-test-\(UUID())"
    /// Each poll runs a process; this many are patience for a machine that does other things too.
    private static let polls = 3_000
    private static let prompt = "ready>"

    /// Opens a terminal and waits for its shell.
    ///
    /// - Parameter environment: variables beside PATH, HOME, TERM and LC_ALL; an empty TERM is left out.
    init(columns: Int = 120, rows: Int = 40, environment: [String: String] = [:]) throws {
        home = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: home, withIntermediateDirectories: true)
        var variables = [
            "PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin", "HOME": home.path,
            "TERM": "tmux-256color", "LC_ALL": "C.UTF-8", "PS1": Self.prompt + " ",
            "PEERLAB_PATH": Program.root.appendingPathComponent("labs").path,
        ]
        for (name, value) in environment { variables[name] = value }
        if variables["TERM"] == "" { variables["TERM"] = nil }
        let shell = ["env", "-i"] + variables.map { "\($0.key)=\($0.value)" } + ["sh"]
        try command(
            ["start-server", ";", "set-option", "-g", "status", "off", ";", "new-session", "-d"]
                + ["-x", "\(columns)", "-y", "\(rows)", "-c", home.path] + shell)
        try wait(for: "the shell") { Self.lastLine($0) == Self.prompt }
    }

    deinit { end() }

    /// Ends the server with all that runs in it.
    func end() {
        _ = try? command(["kill-server"])
        // The server leaves its socket behind.
        try? FileManager.default.removeItem(atPath: "/tmp/tmux-\(getuid())/\(socket)")
        try? FileManager.default.removeItem(at: home)
    }

    // MARK: Hands

    /// Types a text as it is.
    func type(_ text: String) throws { try command(["send-keys", "-l", "--", text]) }

    /// Presses keys by tmux's names: `Enter`, `Escape`, `C-z`.
    func press(_ keys: String...) throws { try command(["send-keys"] + keys) }

    /// Gives the shell a command line.
    func shell(_ line: String) throws {
        try type(line)
        try press("Enter")
    }

    /// Starts peerlab from the shell, which prints `exit=` and the code when it is left.
    ///
    /// The program's process id is in the file `pid` of ``home``.
    func start(_ arguments: String, executable: String = Program.path) throws {
        try shell("sh -c 'echo $$ >pid; exec \"\(executable)\" \(arguments)'; echo \"exit=$?\"")
    }

    /// Makes the window larger or smaller.
    func resize(columns: Int, rows: Int) throws {
        try command(["resize-window", "-x", "\(columns)", "-y", "\(rows)"])
    }

    /// Sends the program a signal.
    func signal(_ signal: Int32) throws {
        let text = try String(contentsOf: home.appendingPathComponent("pid"), encoding: .utf8)
        if let pid = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) { kill(pid, signal) }
    }

    // MARK: Eyes

    /// The screen's text; with its escape sequences, if they are asked for.
    func screen(escapes: Bool = false) throws -> String {
        try command(["capture-pane", "-p"] + (escapes ? ["-e"] : []))
    }

    /// Looks at the screen until it is as it should be.
    ///
    /// - Returns: the screen.
    @discardableResult
    func wait(for what: String, _ isThere: (String) -> Bool) throws -> String {
        var screen = ""
        for _ in 0..<Self.polls {
            screen = try self.screen()
            if isThere(screen) { return screen }
        }
        throw NeverCame(what: what, screen: screen)
    }

    /// Waits for a text anywhere on the screen.
    @discardableResult
    func wait(for text: String) throws -> String { try wait(for: text) { $0.contains(text) } }

    /// Waits until the header says that the run stands at an event.
    @discardableResult
    func wait(forEvent number: Int) throws -> String {
        try wait(for: "event \(number)") { Self.event($0) == number }
    }

    /// Waits until the program is left and the shell asks again.
    ///
    /// - Returns: the screen.
    @discardableResult
    func wait(forExit code: Int32) throws -> String {
        try wait(for: "exit=\(code)") { screen in
            screen.split(separator: "\n").contains("exit=\(code)") && Self.lastLine(screen) == Self.prompt
        }
    }

    /// The number of the event in the header.
    static func event(_ screen: String) -> Int? {
        guard let header = screen.split(separator: "\n").first, let mark = header.range(of: "   #") else { return nil }
        return Int(header[mark.upperBound...].prefix { $0.isNumber })
    }

    private static func lastLine(_ screen: String) -> String? {
        screen.split(separator: "\n").last?.trimmingCharacters(in: .whitespaces)
    }

    @discardableResult
    private func command(_ words: [String]) throws -> String {
        let result = try Program.run(
            ["-u", "-L", socket, "-f", "/dev/null"] + words, environment: ["LC_ALL": "C.UTF-8"], executable: "tmux")
        guard result.ended(with: 0) else {
            throw NeverCame(what: "tmux \(words.joined(separator: " "))", screen: result.errors)
        }
        return result.output
    }
}
