import SimNetwork

/// How a run stands at its latest event: what is kept of one whose world is gone.
struct RunEnd {
    /// The state after its latest event.
    var state: WorldState
    /// The digest of its records.
    var digest: Digest
    /// The expectations, and how they stand.
    var expectations: [ExpectationStatus]
    /// What has been told of it.
    var narrator: Narrator
    /// The round trips that the peers have measured; nil where the records tell of them.
    var roundTrips: RoundTrips?
    /// Why it cannot go on, where it cannot.
    var failure: SimulationError?
    /// Whether the lab's duration has passed.
    var isFinished = false
    /// The time that it is, in nanoseconds: of the latest event, or later.
    var time: Int64

    /// How it stands.
    var outcome: Outcome {
        Outcome(expectations.map(\.verdict), hasFailed: failure != nil, isOver: isFinished)
    }

    /// The invariant that did not hold.
    var violation: InvariantViolation? {
        if case .invariantBroken(let violation)? = failure { violation } else { nil }
    }
}

extension Run {
    /// How it stands.
    var end: RunEnd {
        RunEnd(
            state: state, digest: digest, expectations: judge.statuses, narrator: narrator, roundTrips: roundTrips,
            failure: failure, isFinished: isFinished, time: time)
    }
}
