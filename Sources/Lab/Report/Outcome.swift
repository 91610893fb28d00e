/// How a run ended.
public enum Outcome: String, Hashable, Sendable, Codable {
    /// All that the lab expects holds.
    case passed
    /// An expectation or an invariant failed.
    case failed
    /// Not all was judged: the run was cut short, or a fault is not available on this provider.
    case incomplete
}
