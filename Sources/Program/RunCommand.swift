import ArgumentParser
import Foundation
import Lab
import LabViews

/// `peerlab run`: runs a lab without a screen.
struct Run: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Run a lab without a screen and print the result.",
        discussion: """
            A script that quits ends the run where it is. The result is that of all that has happened on the \
            timeline where a script leaves off, wherever on it: a replay of the recording gives the same. Ends with 0 when all that the lab expects holds, with 1 when an expectation or an invariant failed.

            Example: peerlab run half-open --seed 7 --format json
            """)

    @OptionGroup var lab: LabArgument
    @Option(parsing: .unconditional, help: "The seed, instead of the lab's own.", transform: Seed.read) var seed: Seed?
    @Option(help: "The network: sim, loopback or linux.") var on: ProviderKind = .sim
    @Option(
        parsing: .unconditional, help: "Stop at a time of the run, for example 10s.", transform: Units.readDuration)
    var until: Int64?
    @Option(parsing: .unconditional, help: "Stop after so many events.") var events: Int?
    @Option(help: "The form of the result: text or json.") var format: Format = .text
    @Option(help: "Write one JSON object per event to a file.") var trace: String?
    @Option(help: "Write what the peers and the network measured to a file, as OpenMetrics text.") var metrics: String?
    @Option(help: "Write a recording to a file.") var record: String?
    @Option(help: "Carry out the commands of a file (- for standard input), one a line.") var script: String?

    func validate() throws {
        if let events, events < 1 { throw ValidationError("--events takes a number from 1.") }
        for (option, path) in [("--trace", trace), ("--metrics", metrics), ("--record", record)] where path == "-" {
            throw ValidationError("\(option) takes a file: standard output has the result.")
        }
    }

    func run() throws {
        var files = FilesInUse()
        let definition = try lab.load(&files)
        warn(of: definition)
        try claim(&files)
        let script = try script.map { ($0, try Input.script($0)) }
        sayWhereItIs(definition)
        let session = try on.session(of: definition, seed: seed, memory: memory(script?.1))
        // Whatever ends the run, its recordings have their footers.
        defer { session.close() }
        try beginRecording(session)
        let followers = try follow(session)
        session.ask(pauses: { Interruption.wanted }, isAbandoned: { Interruption.wanted })
        let interrupted = try Interruption.watching {
            do {
                try drive(session, definition, script, files)
            } catch let error as SessionError {
                // A run that cannot go on has a result all the same, and the report says why.
                guard session.snapshot.failure != nil else { throw error }
            }
        }
        let report = RunReport(session.snapshot)
        session.finishRecording()
        try write(session.snapshot, followers)
        Output.result(try format == .json ? report.json() : report.text())
        if interrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
        if let problem = session.recordingProblem {
            Output.message("error: \(problem)")
            if report.outcome != .failed { throw ExitCode(ExitStatus.unusable.rawValue) }
        }
        if report.outcome == .failed {
            tellWhereToLook(report)
            throw ExitCode(ExitStatus.failed.rawValue)
        }
    }

    /// Says which command opens the screen where the first thing failed.
    private func tellWhereToLook(_ report: RunReport) {
        // What a script did is in a recording alone, and what stood on standard input is gone.
        guard script == nil, lab.lab != "-", on == .sim, let event = report.failedAt else { return }
        let words = ["peerlab", lab.lab, "--seed", "\(report.seed)", "--at", "failed"].map(ShellWord.quoted)
        Output.message("failed at #\(event); to look at it: \(words.joined(separator: " "))")
    }

    // MARK: Before the run

    private func warn(of definition: LabDefinition) {
        for warning in definition.warnings { Output.message(warning.description) }
        guard let until, until > definition.duration else { return }
        let end = TimeText.operand(definition.duration)
        Output.message("warning: --until \(TimeText.operand(until)) is after the end of the lab, which lasts \(end)")
    }

    /// Notes the files that it reads and writes, before anything is done that one of them may turn out to spoil.
    private func claim(_ files: inout FilesInUse) throws {
        if let script { files.reads(script, "the script") }
        for (path, what) in [(trace, "the trace"), (metrics, "the metrics")] {
            guard let path else { continue }
            try Output.writing(what, to: path) { () throws(UnwritableFile) in
                try files.writes(path, what)
                try OutputFile.check(path)
            }
        }
        guard let record else { return }
        try Output.writing("the recording", to: record) { () throws(UnwritableFile) in
            try files.writes(record, "a recording")
        }
    }

    private func sayWhereItIs(_ definition: LabDefinition) {
        let seed = seed?.value ?? definition.seed
        Whereabouts.set(
            definition, seed: seed, on: on,
            command: ["peerlab", "run", lab.lab, "--seed", "\(seed)"]
                + (on == .sim ? [] : ["--on", on.rawValue]) + (script.map { ["--script", $0] } ?? []),
            eventOption: " --events ")
        Whereabouts.repeats(actionsByHand: .max)
    }

    private func beginRecording(_ session: any LabSession) throws {
        guard let record else { return }
        do {
            try session.record(to: record)
        } catch {
            throw Failure(status: .unusable, message: "error: \(error)")
        }
    }

    /// What takes in the events as they happen, where they are not taken from the past at the end.
    private typealias Followers = (trace: Trace?, measures: PeerMeasures?)

    private func follow(_ session: any LabSession) throws -> Followers {
        guard followsRun else { return (nil, nil) }
        let followers = (trace: try trace.map { try Trace(to: $0) }, measures: metrics.map { _ in PeerMeasures() })
        for follower in [followers.trace, followers.measures] as [(any RunFollower)?] {
            if let follower { session.follow(with: follower) }
        }
        return followers
    }

    // MARK: After the run

    private func write(_ snapshot: Snapshot, _ followers: Followers) throws {
        if let traced = followers.trace {
            try traced.finish()
        } else if let trace {
            try Trace.write(snapshot, to: trace)
        }
        guard let metrics else { return }
        let report = followers.measures.map { MetricsReport(snapshot, $0) } ?? MetricsReport(snapshot)
        let text = Printable.text(report.text)
        try Output.writing("the metrics", to: metrics) { () throws(UnwritableFile) in
            try OutputFile.write(Data(text.utf8), to: metrics)
        }
    }

    // MARK: The run

    /// Whether a trace and metrics are made as the run goes. A script may go back and do something else, on another
    /// timeline: then they are made of the one that there is at the end.
    private var followsRun: Bool { on.traits.canBeDoneAgain && script == nil }

    /// What of the past is kept: all of it where the script is seen to look back, or what it may give up is written at the
    /// end. What goes back in another way, as `goto` does to a time that has passed, does the run again.
    private func memory(_ script: String?) -> LogMemory {
        let isWrittenAtEnd = !followsRun && (trace != nil || metrics != nil)
        return isWrittenAtEnd || script.map { ScriptRunner($0).looksBack } ?? false ? .standard : .latest
    }

    private enum Going { case goesOn, quits }

    /// Carries a script out; one that quits ends the run.
    private func carryOut(
        _ text: String, of path: String, on session: any LabSession, _ files: FilesInUse
    ) throws -> Going {
        do {
            let app = LabApp(session: session, recordTo: files.recording(session))
            // Standard output has the result alone.
            app.tells = Output.text
            let ending = try ScriptRunner(text).run(
                on: app, wait: { usleep(5_000) },
                isCancelled: { Interruption.wanted },
                afterEach: { app in for line in app.takePage() { Output.message(line) } })
            switch ending {
            case .done: return .goesOn
            case .quit(let line, let left):
                if left > 0 {
                    let lines = NumberText.count(left, "line")
                    Output.message("\(path):\(line): warning: the run ends here; \(lines) behind it not carried out")
                }
                return .quits
            }
        } catch {
            throw Failure(status: .unusable, message: "\(path):\(error.line): error: \(error.message)")
        }
    }

    private func drive(
        _ session: any LabSession, _ definition: LabDefinition, _ script: (path: String, text: String)?,
        _ files: FilesInUse
    ) throws {
        if let script, try carryOut(script.text, of: script.path, on: session, files) == .quits {
            try session.seekLatest()
            return
        }
        let target = until ?? definition.duration
        while !Interruption.wanted {
            let left = events.map { $0 - session.snapshot.event } ?? .max
            guard left > 0, try !session.seek(to: .time(target), budget: min(left, 5_000)) else { break }
            // Real time passes by itself.
            if !session.traits.isStepped { usleep(10_000) }
        }
        // A time or a number that a script has gone past leaves what has happened as it is.
        if session.traits.isStepped { try session.seekLatest() }
        // On real sockets several events come at once.
        if let events, !session.traits.isStepped, session.snapshot.event > events {
            _ = try session.seek(to: .event(events), budget: .max)
        }
    }
}
