public import SimNetwork

/// A line of a lab's story: what the screen says once something has happened.
public struct StoryLine: Hashable, Sendable {
    /// When a line is said.
    public enum Moment: Hashable, Sendable {
        /// Before the first event: `start`.
        case start
        /// At a time: `5s`.
        case time(Int64)
        /// When a condition first comes true: `server loses power`.
        case when(Condition)
        /// When the run is over: `end`.
        case end
    }

    /// When it is said.
    public var when: Moment
    /// What is said.
    public var text: String

    /// Makes a line.
    public init(when: Moment, text: String) {
        self.when = when
        self.text = text
    }
}
