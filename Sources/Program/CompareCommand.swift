import ArgumentParser
import Foundation
import Lab

/// `peerlab compare`: runs a lab in the simulation and on real sockets, and says where the two differ.
struct CompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Run the same peers in the simulation and on real sockets, and compare what they went through.",
        discussion: """
            The peers' states are compared one after the other, whatever the time they took, what became of each \
            connection, and whether messages came twice. In place of a lab it takes the recording of a real run \
            (FILE.peerlab), which is then compared. A real run takes as long as the lab lasts. What the real network cannot have done to \
            it ends the comparison where it would have been done. Ends with 1 where a run disagrees.

            Example: peerlab compare hello --runs 3
            """)

    @OptionGroup var lab: LabArgument
    @Option(parsing: .unconditional, help: "The seed, instead of the lab's own.", transform: Seed.read) var seed: Seed?
    @Option(help: "The real network: loopback or linux.") var on: ProviderKind = .loopback
    @Option(parsing: .unconditional, help: "How many real runs.") var runs = 1
    @Option(help: "The form of the result: text or json.") var format: Format = .text

    func validate() throws {
        if on == .sim { throw ValidationError("--on takes a real network: loopback.") }
        guard (1...1_000).contains(runs) else { throw ValidationError("--runs takes a number from 1 to 1000.") }
    }

    func run() throws {
        var files = FilesInUse()
        if lab.lab.hasSuffix(RecordingName.ending) { return try compareRecorded(&files) }
        let definition = try lab.load(&files)
        for warning in definition.warnings { Output.message(warning.description) }
        var real: [Snapshot] = []
        var simulated: Snapshot?
        let interrupted = try Interruption.watching {
            let first = try runToItsEnd(definition, on: .sim)
            simulated = first
            while real.count < runs, !Interruption.wanted { real.append(try runInTime(definition, beside: first)) }
        }
        guard !interrupted, let simulated else { throw ExitCode(ExitStatus.interrupted.rawValue) }
        try tell(Comparison(simulated: simulated, real: real, reach: on.reach(of: definition)))
    }

    private func tell(_ comparison: Comparison) throws {
        let report = ComparisonReport(comparison)
        Output.result(try format == .json ? JSONText().string(report) : report.text)
        if comparison.agreed < comparison.disagreements.count { throw ExitCode(ExitStatus.failed.rawValue) }
    }

    /// Compares a real run that was recorded, as far as it went.
    private func compareRecorded(_ files: inout FilesInUse) throws {
        files.reads(lab.lab, "the recording that is compared")
        guard case .real(let recording) = try RecordedRun(path: lab.lab, workloads: KnownWorkloads.all) else {
            throw Failure(
                status: .unusable,
                message: "\(lab.lab): error: it is of a simulated run, and a run on a real network is compared")
        }
        for warning in recording.warnings { Output.message("warning: \(warning)") }
        let session = try RecordedSession(recording)
        let real = session.snapshot
        var simulated: Snapshot?
        let interrupted = try Interruption.watching {
            simulated = try runToItsEnd(recording.lab, on: .sim, seed: recording.seed)
        }
        guard !interrupted, let simulated else { throw ExitCode(ExitStatus.interrupted.rawValue) }
        let reach = min(recording.network.reach(of: recording.lab), real.isOver ? .max : real.reached)
        try tell(Comparison(simulated: simulated, real: [real], reach: reach))
    }

    /// Times that a run is made whose wire was late, at most.
    private static let attempts = 3

    /// A real run; where it disagrees and its wire was late it says nothing, and is made again.
    private func runInTime(_ definition: LabDefinition, beside simulated: Snapshot) throws -> Snapshot {
        var snapshot = try runToItsEnd(definition, on: on)
        for _ in 1..<Self.attempts where !Interruption.wanted {
            let comparison = Comparison(simulated: simulated, real: [snapshot], reach: on.reach(of: definition))
            guard comparison.isInDoubt else { break }
            Output.message("the wire was late, and the run says nothing: it is made again")
            snapshot = try runToItsEnd(definition, on: on)
        }
        return snapshot
    }

    private func runToItsEnd(
        _ definition: LabDefinition, on network: ProviderKind, seed recorded: UInt64? = nil
    ) throws -> Snapshot {
        let seed = recorded.map { Seed(value: $0) } ?? seed
        let session = try network.session(of: definition, seed: seed, memory: .standard)
        defer { session.close() }
        while !Interruption.wanted, try !session.seek(to: .time(definition.duration), budget: 5_000) {
            // Real time passes by itself.
            if !session.traits.isStepped { usleep(10_000) }
        }
        return session.snapshot
    }
}
