import ArgumentParser
import Foundation
import Lab

/// `peerlab replay`: runs a recording again and checks every checkpoint.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Re-run a recording and check every checkpoint.",
        discussion: """
            Ends with 3 where the replay does not agree with the recording. A recording of a run on real sockets holds \
            what happened there: it does not replay, and --open shows it.

            Example: peerlab replay failing.peerlab --open
            """)

    @Argument(help: "The recording, or - for standard input.") var file: String
    @Flag(help: "Open the replayed run on the screen.") var open = false
    @Option(
        help: ArgumentHelp(
            "The timeline that is replayed, or that the screen opens at: by default all are, and the one that was current.",
            valueName: "name"))
    var timeline: String?
    @Option(
        parsing: .unconditional, help: "With --open, where to begin: a time (2.5s) or an event (#1200).",
        transform: PlaceArgument.read)
    var at: PlaceArgument?
    @Option(help: "The form of the result: text or json.") var format: Format = .text
    @OptionGroup var screen: ScreenOptions

    func validate() throws {
        if at != nil, !open { throw ValidationError("--at goes with --open: without a screen nothing is shown.") }
    }

    func run() throws {
        var files = FilesInUse()
        files.reads(file, "the recording that is replayed")
        let recording: Recording
        switch try RecordedRun(path: file, workloads: KnownWorkloads.all) {
        case .simulated(let simulated): recording = simulated
        case .real(let real): return try show(real, files)
        }
        for warning in recording.warnings { Output.message("warning: \(warning)") }
        Whereabouts.set(
            recording.lab, seed: recording.seed, on: .sim, command: ["peerlab", "replay", file], eventOption: nil)
        Whereabouts.repeats(actionsByHand: recording.interventions.count)
        let (session, divergence) = try replayed(recording)
        var held: (any LabSession)? = session
        defer { Leaving.leave(&held) }
        if open {
            if let divergence { Output.message("warning: \(divergence)") }
            try ScreenRun.open(session, second: nil, named: nil, at: at, files: files, options: screen)
            return
        }
        let report = RunReport(session.snapshot)
        if let divergence {
            Output.message("\(file): \(divergence)")
            throw ExitCode(ExitStatus.diverged.rawValue)
        }
        let count = recording.checkpointCount(timeline)
        guard recording.checksEvents(of: timeline) else {
            throw Failure(
                status: .unusable,
                message:
                    "\(file): error: it was cut off before its first checkpoint: there is nothing by which a replay could be judged; --open shows what there is"
            )
        }
        let others = timeline == nil ? recording.timelineNames.filter { $0 != recording.currentTimeline } : []
        let agreement =
            "\n  replay       agrees with the recording at \(NumberText.count(count, "checkpoint"))"
            + (others.isEmpty ? "" : ", of \(recording.currentTimeline) and of \(others.joined(separator: ", "))")
        Output.result(try format == .json ? report.json() : report.text() + agreement)
        if report.outcome == .failed { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// Shows what has happened on a real network: that does not replay.
    private func show(_ recording: RealRecording, _ files: FilesInUse) throws {
        guard open else { throw recording.replayDiagnostic(file) }
        if timeline != nil { throw ValidationError("--timeline is of a run that replays: this one has no other.") }
        for warning in recording.warnings { Output.message("warning: \(warning)") }
        Whereabouts.set(
            recording.lab, seed: recording.seed, on: recording.network, command: ["peerlab", "replay", file, "--open"],
            eventOption: nil)
        var session: (any LabSession)?
        do throws(SessionError) {
            session = try RecordedSession(recording, memory: screen.logMemory)
        } catch {
            throw Failure(status: .unusable, message: "\(file): error: \(error)")
        }
        defer { Leaving.leave(&session) }
        guard let session else { return }
        try ScreenRun.open(session, second: nil, named: nil, at: at, files: files, options: screen)
    }

    private func replayed(_ recording: Recording) throws -> (session: SimSession, divergence: Replay.Divergence?) {
        do {
            return try Replay.run(
                recording, timeline: timeline, alone: timeline != nil && !open,
                memory: open ? screen.logMemory : .latest)
        } catch {
            throw Failure(status: .unusable, message: "\(file): error: \(error)")
        }
    }
}
