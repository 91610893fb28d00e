import ArgumentParser
import Foundation
import Glibc
import Lab
import LabViews
import Terminal

/// What concerns the screen alone.
struct ScreenOptions: ParsableArguments {
    @Flag(help: "Draw with ASCII alone.") var ascii = false
    @Flag(inversion: .prefixedNo, help: "Let the mouse select and scroll.") var mouse = true
    @Option(
        help: ArgumentHelp(
            "The memory that the past of the run takes, as in 2GiB: by default a quarter of the machine's. More leaves to a file.",
            valueName: "size"),
        transform: Units.readMemory)
    var memory: Int?

    @Option(
        name: .customLong("break"), parsing: .unconditionalSingleValue,
        help: ArgumentHelp(
            "A breakpoint, as the key b makes one: a condition ('ping is reconnecting'), or 'failed'; may be given several times.",
            valueName: "condition"))
    var breakpoints: [String] = []

    /// What of the past is kept.
    var logMemory: LogMemory { memory.map { LogMemory(keepsPast: true, budget: $0) } ?? .standard }
}

/// Opens a session on the terminal and gives the terminal back.
enum ScreenRun {
    /// Whether there is a terminal to draw on and to read from.
    static var hasTerminal: Bool { isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// - Parameters:
    ///   - name: what a command line calls the lab; nil where none can.
    ///   - place: where to begin; without, where the session stands.
    ///   - files: what is not written over.
    static func open(
        _ session: any LabSession, second: (any LabSession)?, named name: String?, at place: PlaceArgument? = nil,
        files: FilesInUse, options: ScreenOptions
    ) throws {
        let app = LabApp(session: session, second: second, recordTo: files.recording(session))
        app.nameOnCommandLine = name
        switch place {
        case .position(let position)?: app.open(at: position)
        case .failure?: app.openWhereItFails()
        case nil: break
        }
        do throws(SessionError) {
            try app.open(stoppingAt: options.breakpoints)
        } catch {
            throw Failure(status: .unusable, message: "error: --break \(error)")
        }
        let reason = try withTerminal(options) { terminal in
            let reason = app.run(on: terminal, clock: nanoseconds)
            if reason == .terminated {
                // Its end frees the rest faster than anybody else.
                session.finishRecording()
                second?.finishRecording()
                terminal.endBySignal()
            }
            return reason
        }
        if let problem = session.recordingProblem {
            throw Failure(status: .unusable, message: "error: \(problem)")
        }
        if reason == .interrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }

    /// Runs a body on the terminal; whatever becomes of it, the terminal is given back.
    static func withTerminal<Result>(_ options: ScreenOptions, _ body: (CursesTerminal) throws -> Result) throws
        -> Result
    {
        let terminal: CursesTerminal
        do {
            terminal = try CursesTerminal(
                options: TerminalOptions(
                    forceASCII: options.ascii, mouse: options.mouse, logPath: logPath(), watches: true))
        } catch {
            throw Failure(status: .unusable, message: "error: \(error)")
        }
        defer { terminal.close() }
        return try body(terminal)
    }

    /// The monotonic clock in nanoseconds.
    private static func nanoseconds() -> Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    /// The file that takes what the runtime writes while the screen is up: `$XDG_STATE_HOME/peerlab/peerlab.log`.
    private static func logPath() -> String? {
        // A read-only home must not keep the screen from opening: then there is no log.
        StateFolder.path().map { $0 + "/peerlab.log" }
    }
}
