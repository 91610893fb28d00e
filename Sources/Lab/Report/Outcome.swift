/// How a run ended.
public enum Outcome: String, Hashable, Sendable, Codable {
    /// All that the lab expects holds.
    case passed
    /// An expectation or an invariant failed.
    case failed
    /// Not all was judged: the run was cut short, or a fault is not available on this provider.
    case incomplete

    /// How a run stands.
    ///
    /// - Parameters:
    ///   - verdicts: of what the lab expects.
    ///   - hasFailed: whether it cannot go on, for an invariant did not hold or for another reason.
    ///   - isOver: whether it has come to its end.
    init(_ verdicts: some Sequence<ExpectationStatus.Verdict>, hasFailed: Bool, isOver: Bool) {
        if hasFailed || verdicts.contains(.failed) {
            self = .failed
        } else {
            self = isOver && verdicts.allSatisfy { $0 == .held } ? .passed : .incomplete
        }
    }
}
