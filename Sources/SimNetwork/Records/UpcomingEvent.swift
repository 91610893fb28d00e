public import PeerNetworking
public import TCP

/// An event that is to happen.
public struct UpcomingEvent: Hashable, Sendable {
    /// What will happen.
    public enum What: Hashable, Sendable {
        /// A segment arrives.
        case arrival(SegmentSummary)
        /// A timer at an end of a connection is due, unless something comes before.
        case end(ConnectionID, Side, TCPTimer)
        /// A task's timer is due.
        case timer(ProcessID, task: String)
        /// A scheduled action is carried out.
        case action(Action)
        /// Chaos strikes with a family; what exactly is not known yet.
        case fault(FaultFamily)
    }

    /// When, in nanoseconds.
    public var time: Int64
    /// What.
    public var what: What
    /// The number of the event that caused it; 0 for what was arranged before the run began.
    public var cause: Int
    /// Its place among all that is pending, which nothing else of the run has: a timer goes by it.
    public var place: UInt64

    /// Makes an upcoming event.
    public init(time: Int64, what: What, cause: Int, place: UInt64) {
        self.time = time
        self.what = what
        self.cause = cause
        self.place = place
    }
}
