import ArgumentParser
import Foundation
import Glibc
import Lab

/// `peerlab shrink`: finds the least of a failing run that fails in the same way.
struct ShrinkCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "shrink",
        abstract: "Find the smallest set of causes with which a run still fails in the same way.",
        discussion: """
            Takes a recording, or a lab and a seed (lab@7). Leaves out draws, episodes of chaos, faults of the schedule \
            and what was done by hand, then peers, hosts and time, as long as the first thing that fails stays the \
            same. What is left is written as a recording, and with --lab as a lab that fails with its seed: its story \
            tells the causes. Comments of the original are no part of it. Ends with 2 where the run does not fail.

            Example: peerlab shrink failing.peerlab -o small.peerlab --lab small.yaml
            """)

    @Argument(help: "A recording, or a lab and a seed, as in bench-chaos@7.") var file: String
    @Option(name: [.customShort("o"), .customLong("output")], help: "Write what is left as a recording to a file.")
    var output: String
    @Option(help: "Write what is left as a lab to a file.") var lab: String?
    @Option(parsing: .unconditional, help: "Runs that it may take, at most.") var runs = 5_000
    @Option(parsing: .unconditional, help: "Runs at a time; as many as there are cores, unless it is given.")
    var jobs: Int?
    @Option(help: "The form of the result: text or json.") var format: Format = .text

    func validate() throws {
        if runs < 1 { throw ValidationError("--runs takes a number from 1.") }
        if let jobs, jobs < 1 { throw ValidationError("--jobs takes a number from 1.") }
        for (option, path) in [("-o", output), ("--lab", lab)] where path == "-" {
            throw ValidationError("\(option) takes a file: standard output has the result.")
        }
    }

    func run() throws {
        var files = FilesInUse()
        let source = try RunSource(file, seed: nil, &files)
        try claim(output, "the recording", &files)
        if let lab { try claim(lab, "the lab", &files) }
        var found: ShrunkRun?
        let interrupted = try Interruption.watching { found = try shrink(source) }
        guard let found else { return }
        try write(found)
        let report = ShrinkReport(found)
        Output.result(try format == .json ? JSONText(isPretty: true).string(report) : report.text)
        if interrupted { throw ExitCode(ExitStatus.interrupted.rawValue) }
    }

    /// Sees to it that a file can be written before anything is run for it.
    private func claim(_ path: String, _ what: String, _ files: inout FilesInUse) throws {
        try Output.writing(what, to: path) { () throws(UnwritableFile) in
            try files.writes(path, what)
            try OutputFile.check(path)
        }
    }

    private func shrink(_ source: RunSource) throws -> ShrunkRun {
        let run: FailingRun
        switch source {
        case .lab(let lab, let seed): run = FailingRun(lab: lab, seed: seed)
        case .recording(var recording, _, let timeline):
            if let timeline { recording = try recording.alone(timeline) }
            try replay(recording)
            run = FailingRun(recording)
        }
        var limits = Shrinker.Limits()
        limits.runs = runs
        if let jobs { limits.jobs = jobs }
        limits.isAbandoned = { Interruption.wanted }
        let line = ProgressLine()
        defer { line.end() }
        let shrinker = Shrinker(run, limits: limits, workloads: KnownWorkloads.all) { progress in
            line.show(
                "without \(progress.phase)?  \(NumberText.count(progress.causes, "cause")) left after \(NumberText.count(progress.runs, "run"))"
            )
        }
        do throws(ShrinkProblem) {
            return try shrinker.shrunk()
        } catch {
            line.end()
            if error == .abandoned { throw Failure(status: .interrupted, message: "\(error): nothing is written") }
            throw Failure(status: .unusable, message: "\(file): error: \(error)")
        }
    }

    /// Sees whether a recording is still what happens.
    private func replay(_ recording: Recording) throws {
        let replayed: (session: SimSession, divergence: Replay.Divergence?)
        do throws(SessionError) {
            replayed = try Replay.run(
                recording, timeline: recording.currentTimeline, alone: true, memory: .latest)
        } catch {
            throw Failure(status: .unusable, message: "\(file): error: \(error)")
        }
        replayed.session.close()
        if let divergence = replayed.divergence {
            throw Failure(status: .diverged, message: "\(file): \(divergence)")
        }
    }

    private func write(_ found: ShrunkRun) throws {
        let recording: Data
        do throws(SessionError) {
            recording = try found.recording()
        } catch {
            throw Failure(status: .unusable, message: "\(output): error: \(error)")
        }
        try Output.writing("the recording", to: output) { () throws(UnwritableFile) in
            try OutputFile.write(recording, to: output)
        }
        guard let lab else { return }
        try Output.writing("the lab", to: lab) { () throws(UnwritableFile) in
            try OutputFile.write(Data(found.lab.source.utf8), to: lab)
        }
    }
}
