public import SimNetwork

/// Something that must hold of a run, as a line of the lab's `expect:` list says it: a condition, and a bound.
public struct Expectation: Hashable, Sendable {
    /// When it must hold.
    ///
    /// What is so for a while must be so at that very time; what happens, or stays once it is reached, must have come true by then.
    public enum Bound: Hashable, Sendable {
        /// By a time, in nanoseconds.
        case by(Int64)
        /// When the run ends.
        case end
        /// Not once in the whole run.
        case never
        /// Not once by a time, in nanoseconds.
        case notBy(Int64)
        /// Within a span of time, in nanoseconds, of each time that something else comes true.
        case within(Int64, of: Condition)

        /// Whether what is said is not to come true.
        var isNegative: Bool {
            switch self {
            case .never, .notBy: true
            case .by, .end, .within: false
            }
        }
    }

    /// The line as the file has it.
    public var text: String
    /// What must hold, or must not.
    public var condition: Condition
    /// When.
    public var bound: Bound

    /// Makes an expectation.
    public init(text: String, _ condition: Condition, _ bound: Bound) {
        self.text = text
        self.condition = condition
        self.bound = bound
    }
}
