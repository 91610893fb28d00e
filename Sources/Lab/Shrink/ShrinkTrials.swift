import Foundation
import SimNetwork
import Synchronization
import Workloads

/// What may be left of a failing run.
struct ShrinkCandidate: Hashable, Sendable {
    /// The causes that are left, by their places among the scenario's.
    var kept: [Int]
    /// The rest of the lab.
    var shape: ShrinkShape
    /// The sites where nothing is vetoed any more, because nothing draws there.
    var opened: Set<DrawSite> = []
    /// The draws that are made to fire by their times, by their places among the causes.
    var timed: Set<Int> = []
}

/// Runs candidates, many at a time, and tells which of them fail in the same way.
final class ShrinkTrials {
    /// What there is to know of a candidate.
    fileprivate struct Verdict: Sendable {
        var fails: Bool
        /// Runs that it took.
        var runs: Int
        /// Whether these are counted: of many that are run together none behind the first that fails is.
        var isCounted = false
    }

    let scenario: ShrinkScenario
    /// How they must fail.
    let signature: FailureSignature
    /// The causes that belong to the lab and not to its failure: without any others it must not fail.
    var undisturbed: Set<Int>?
    private let limits: Shrinker.Limits
    private let workloads: WorkloadRegistry
    private let mostEvents: Int
    private var verdicts: [ShrinkCandidate: Verdict] = [:]
    /// Runs so far: as many however many cores there are.
    private(set) var runs = 0
    /// Whether it was asked for more runs than it may make.
    private(set) var isSpent = false
    /// Called when something has become known.
    var reports: () -> Void = {}

    init(
        _ scenario: ShrinkScenario, _ signature: FailureSignature, events: Int, _ limits: Shrinker.Limits,
        _ workloads: WorkloadRegistry
    ) {
        (self.scenario, self.signature, self.limits, self.workloads) = (scenario, signature, limits, workloads)
        mostEvents = 100_000 + 4 * min(events, Int.max / 8)
    }

    /// Whether a candidate fails in the same way, and the lab without what disturbs it does not.
    func fails(_ candidate: ShrinkCandidate) -> Bool { first([candidate]) != nil }

    /// The first of some candidates that does, in their order.
    func first(_ candidates: [ShrinkCandidate]) -> Int? {
        var index = 0
        while index < candidates.count {
            guard runs < limits.runs, !limits.isAbandoned() else {
                isSpent = true
                return nil
            }
            let wave = Array(candidates[index...].prefix(limits.jobs))
            let unknown = wave.filter { verdicts[$0] == nil }
            let found = judge(unknown)
            if limits.isAbandoned() { continue }
            for (candidate, verdict) in zip(unknown, found) { verdicts[candidate] = verdict }
            for candidate in wave {
                guard let verdict = verdicts[candidate] else { continue }
                if !verdict.isCounted {
                    runs += verdict.runs
                    verdicts[candidate]?.isCounted = true
                }
                if verdict.fails {
                    reports()
                    return index
                }
                index += 1
            }
            reports()
        }
        return nil
    }

    private func judge(_ candidates: [ShrinkCandidate]) -> [Verdict] {
        let judge = judging
        if candidates.count == 1 { return [judge.verdict(of: candidates[0])] }
        let found = Mutex([Verdict?](repeating: nil, count: candidates.count))
        DispatchQueue.concurrentPerform(iterations: candidates.count) { index in
            let verdict = judge.verdict(of: candidates[index])
            found.withLock { $0[index] = verdict }
        }
        return found.withLock { $0.compactMap(\.self) }
    }

    private var judging: Judging {
        Judging(
            scenario: scenario, signature: signature, undisturbed: undisturbed, workloads: workloads,
            mostEvents: mostEvents, isAbandoned: limits.isAbandoned)
    }

    /// The lab of a candidate; nil where there is none.
    func lab(of candidate: ShrinkCandidate) -> LabDefinition? {
        judging.lab(of: candidate)
    }

    /// By what a candidate fails first.
    func failure(of candidate: ShrinkCandidate) -> RunFailure? {
        lab(of: candidate).flatMap {
            TrialRun(lab: $0, seed: scenario.seed, mostEvents: mostEvents).result().failure
        }
    }
}

/// All that the verdict of a candidate hangs on: the same on any thread.
private struct Judging: Sendable {
    let scenario: ShrinkScenario
    let signature: FailureSignature
    let undisturbed: Set<Int>?
    let workloads: WorkloadRegistry
    let mostEvents: Int
    let isAbandoned: @Sendable () -> Bool

    func lab(of candidate: ShrinkCandidate) -> LabDefinition? {
        candidate.shape.applied(
            to: scenario.lab(keeping: candidate.kept, timed: candidate.timed, without: candidate.opened), workloads)
    }

    func verdict(of candidate: ShrinkCandidate) -> ShrinkTrials.Verdict {
        typealias Verdict = ShrinkTrials.Verdict
        guard let lab = lab(of: candidate) else { return Verdict(fails: false, runs: 0) }
        guard isSame(lab) else { return Verdict(fails: false, runs: 1) }
        guard let undisturbed else { return Verdict(fails: true, runs: 1) }
        var quiet = candidate
        quiet.kept = candidate.kept.filter { undisturbed.contains($0) }
        if quiet.kept == candidate.kept { return Verdict(fails: false, runs: 1) }
        guard let lab = self.lab(of: quiet) else { return Verdict(fails: false, runs: 1) }
        return Verdict(fails: !isSame(lab), runs: 2)
    }

    private func isSame(_ lab: LabDefinition) -> Bool {
        let trial = TrialRun(
            lab: lab, seed: scenario.seed, mostEvents: mostEvents, isAbandoned: isAbandoned)
        return trial.result().failure?.signature == signature
    }
}
