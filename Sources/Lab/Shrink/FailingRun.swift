/// A simulated run that is to be shrunk: a lab, a seed, and what was done by hand.
public struct FailingRun: Sendable {
    /// The lab.
    public var lab: LabDefinition
    /// The seed.
    public var seed: UInt64
    /// What was done by hand or by a script, in order.
    public var interventions: [Intervention]

    /// A run of a lab in which nothing is done by hand.
    public init(lab: LabDefinition, seed: UInt64) {
        (self.lab, self.seed, interventions) = (lab, seed, [])
    }

    /// The run of a recording, on the timeline that was current at its end.
    public init(_ recording: Recording) {
        (lab, seed, interventions) = (recording.lab, recording.seed, recording.interventions)
    }
}

/// Why a run cannot be shrunk.
public enum ShrinkProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// It does not fail.
    case doesNotFail
    /// It cannot be done again as it was.
    case differs(String)
    /// It was interrupted before there was anything to hand out.
    case abandoned
    /// What is left does not fail alone, written as a lab.
    case doesNotFailAlone(String)

    /// A sentence for the user.
    public var description: String {
        switch self {
        case .doesNotFail: "the run does not fail: there is nothing to shrink"
        case .differs(let how): "the run cannot be done again: \(how)"
        case .abandoned: "interrupted before anything was left out"
        case .doesNotFailAlone(let how): "what is left does not fail alone, written as a lab: \(how)"
        }
    }
}
