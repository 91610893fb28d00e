import Foundation
import SimNetwork
public import Workloads

/// Finds the least of a failing run that fails in the same way: the fewest causes, hosts and peers, and the shortest time.
///
/// Causes are the draws that fired, what chaos, the lab's schedule or a hand did, and what buggify turned. They are made
/// explicit, so that nothing else can strike, and left out in groups and then one by one (``DeltaDebugging``). A run that
/// fails in another way does not count, nor one that fails without its causes where the run that is shrunk does not: a peer
/// that has lost its server is never connected, and that is no part of the failure.
public struct Shrinker {
    /// What it may take.
    public struct Limits {
        /// Runs, at most.
        public var runs = 5_000
        /// Runs at a time.
        public var jobs = ProcessInfo.processInfo.activeProcessorCount
        /// Asked now and then, on any thread, whether it is to end with what it has.
        public var isAbandoned: @Sendable () -> Bool = { false }

        /// Five thousand runs, on all cores.
        public init() {}
    }

    /// How far it has come.
    public struct Progress: Hashable, Sendable {
        /// What is being left out, as in `causes`.
        public var phase: String
        /// Runs so far.
        public var runs: Int
        /// Causes that are left.
        public var causes: Int
    }

    private let original: FailingRun
    private let limits: Limits
    private let workloads: WorkloadRegistry
    private let reports: (Progress) -> Void

    /// - Parameters:
    ///   - run: what is to be shrunk.
    ///   - limits: what that may take.
    ///   - workloads: those that its lab may name.
    ///   - reports: is told how far it has come.
    public init(
        _ run: FailingRun, limits: Limits = Limits(), workloads: WorkloadRegistry = .shipped,
        reports: @escaping (Progress) -> Void = { _ in }
    ) {
        (original, self.limits, self.workloads, self.reports) = (run, limits, workloads, reports)
    }

    /// Shrinks the run.
    ///
    /// - Throws: ``ShrinkProblem`` where it does not fail, or does otherwise when it is done again.
    public func shrunk() throws(ShrinkProblem) -> ShrunkRun {
        let observed = FailureObservation(of: original, isAbandoned: limits.isAbandoned)
        if limits.isAbandoned() { throw .abandoned }
        if observed.refusals > 0 { throw .differs("something that was done by hand cannot be done any more") }
        guard let failure = observed.failure else { throw .doesNotFail }
        let (trials, whole) = try scenario(observed, failure.signature)
        var search = ShrinkSearch(trials, whole, failure, reports)
        search.run()
        return try ShrunkRun(original, observed, failure, search, workloads)
    }

    /// The form in which the run's causes stand by themselves and fail in the same way.
    private func scenario(
        _ observed: FailureObservation, _ signature: FailureSignature
    ) throws(ShrinkProblem) -> (ShrinkTrials, ShrinkCandidate) {
        let hasHands = !original.interventions.isEmpty
        for form in ShrinkScenario.Form.all where hasHands || form.handDelay == 0 {
            func trials(closing sites: [DrawSite]) -> (ShrinkTrials, ShrinkCandidate) {
                let scenario = ShrinkScenario(original, observed, form, closing: sites)
                let trials = ShrinkTrials(scenario, signature, events: observed.events, limits, workloads)
                let shape = ShrinkShape(duration: original.lab.duration)
                return (trials, ShrinkCandidate(kept: Array(scenario.causes.indices), shape: shape))
            }
            let sites = observed.sites.filter { site in
                if case .chaos = site { !form.schedulesChaos } else { true }
            }
            let all = trials(closing: sites)
            if all.0.fails(all.1) { return all }
            var best = trials(closing: [])
            guard best.0.fails(best.1) else { continue }
            // Of draws that are counted from when something can strike, others come out once they are vetoed before.
            var closed: [DrawSite] = []
            for site in sites {
                let next = trials(closing: closed + [site])
                guard next.0.fails(next.1) else { continue }
                closed.append(site)
                best = next
            }
            return best
        }
        throw limits.isAbandoned()
            ? .abandoned : .differs("with its faults on the schedule it does not fail in the same way")
    }
}

extension ShrinkScenario.Form {
    /// All of them, the most explicit first.
    fileprivate static var all: [Self] {
        [0, 1].flatMap { delay in
            [(true, true), (true, false), (false, true), (false, false)].map { chaos, knobs in
                Self(schedulesChaos: chaos, turnsKnobs: knobs, handDelay: delay)
            }
        }
    }
}
