import ArgumentParser
import Foundation
import Lab

/// `peerlab replay`: runs a recording again and checks every checkpoint.
struct ReplayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "replay",
        abstract: "Re-run a recording and check every checkpoint.",
        discussion: """
            Ends with 3 where the replay does not agree with the recording.

            Example: peerlab replay failing.peerlab --open
            """)

    @Argument(help: "The recording, or - for standard input.") var file: String
    @Flag(help: "Open the replayed run on the screen.") var open = false
    @Option(help: "The form of the result: text or json.") var format: Format = .text
    @OptionGroup var screen: ScreenOptions

    func run() throws {
        var files = FilesInUse()
        files.reads(file, "the recording that is replayed")
        let recording = try Recording(path: file, workloads: KnownWorkloads.all)
        for warning in recording.warnings { Output.message("warning: \(warning)") }
        Whereabouts.set(
            recording.lab, seed: recording.seed, on: .sim, command: ["peerlab", "replay", file], eventOption: nil)
        Whereabouts.repeats(actionsByHand: recording.interventions.count)
        let (session, divergence) = try Replay.run(recording, memory: open ? screen.logMemory : .latest)
        var held: (any LabSession)? = session
        defer { Leaving.leave(&held) }
        if open {
            if let divergence { Output.message("warning: \(divergence)") }
            try ScreenRun.open(session, second: nil, files: files, options: screen)
            return
        }
        let report = RunReport(session.snapshot)
        if let divergence {
            Output.message("\(file): \(divergence)")
            throw ExitCode(ExitStatus.diverged.rawValue)
        }
        let checkpoints = NumberText.count(recording.checkpointCount, "checkpoint")
        let agreement = "\n  replay       agrees with the recording at \(checkpoints)"
        Output.result(try format == .json ? report.json() : report.text() + agreement)
        if report.outcome == .failed { throw ExitCode(ExitStatus.failed.rawValue) }
    }
}
