package import Foundation
import SimNetwork
import Workloads

/// What is left of a failing run: a lab that fails alone, with its seed and in the same way.
public struct ShrunkRun: Sendable {
    /// The lab; its story tells the causes.
    public let lab: LabDefinition
    /// The seed.
    public let seed: UInt64
    /// By what it fails.
    public let failure: RunFailure
    /// How much there was, and how much is left.
    public let before: ShrinkSize, after: ShrinkSize
    /// The causes that are left, a sentence each, in the order of their times.
    public let causes: [String]
    /// Runs that it took to find.
    public let runs: Int
    /// Whether all was tried that may be left out; otherwise the runs were spent before.
    public let isWhole: Bool

    /// - Throws: ``ShrinkProblem`` where what is left, written as a lab, does not fail in the same way.
    init(
        _ original: FailingRun, _ observed: FailureObservation, _ failure: RunFailure, _ search: ShrinkSearch,
        _ workloads: WorkloadRegistry
    ) throws(ShrinkProblem) {
        let scenario = search.trials.scenario
        seed = scenario.seed
        var whole = ShrinkSize(original.lab, Self.causes(of: scenario, observed), events: observed.events)
        // What was done by hand behind the failure is in the recording all the same.
        whole.interventions = original.interventions.count
        before = whole
        guard let found = search.trials.lab(of: search.least) else { throw .doesNotFailAlone("it is no lab") }
        let left = search.least.kept.map { scenario.causes[$0] }
        var lab = try Self.read(found, workloads)
        let tale = CauseTale(lab, seed, left, of: original.lab)
        guard let failed = tale.failure, failed.signature == failure.signature else {
            throw .doesNotFailAlone(tale.failure?.text ?? "it passes")
        }
        // Its file alone is to make the run: with the seed that the run had.
        lab.seed = seed
        lab.story = tale.story
        self.lab = try Self.read(lab, workloads)
        self.failure = failed
        causes = tale.sentences
        after = ShrinkSize(lab, left, events: tale.events)
        (runs, isWhole) = (search.trials.runs, search.isWhole)
    }

    /// What its file says of a lab.
    private static func read(
        _ lab: LabDefinition, _ workloads: WorkloadRegistry
    ) throws(ShrinkProblem) -> LabDefinition {
        do throws(LabDiagnostics) {
            return try LabFile.read(text: LabFile.text(of: lab), name: lab.name, workloads: workloads)
        } catch {
            throw .doesNotFailAlone(error.all.first?.message ?? "")
        }
    }

    /// All causes of the run, those too that the scenario leaves to the seed.
    private static func causes(of scenario: ShrinkScenario, _ observed: FailureObservation) -> [ShrinkCause] {
        let draws = observed.fired.map { ShrinkCause.draw($0) }
        let others = scenario.causes.filter { cause in
            if case .draw = cause { false } else { true }
        }
        return draws + others
    }

    /// Records it: a file that replays, and opens at the failure.
    ///
    /// - Returns: the file's bytes.
    /// - Throws: ``SessionError`` where they cannot be made.
    package func recording() throws(SessionError) -> Data {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-shrunk-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: path) }
        let session = SimSession(lab: lab, seed: seed, memory: .latest)
        defer { session.close() }
        try session.record(to: path.path)
        do throws(SessionError) {
            _ = try session.seek(to: .time(lab.duration))
        } catch {
            // One that cannot go on ends there.
            guard session.snapshot.failure != nil else { throw error }
        }
        session.finishRecording()
        if let problem = session.recordingProblem { throw SessionError(problem) }
        do {
            return try Data(contentsOf: path)
        } catch {
            throw SessionError("the recording cannot be read back: \(error.localizedDescription)")
        }
    }
}
