public import PeerNetworking

/// An action that a run's schedule holds: when it is done, for how long, and how often.
public struct ScheduledAction: Hashable, Sendable {
    /// What is done.
    public var action: Action
    /// When.
    public var trigger: Trigger
    /// After how many nanoseconds it is undone; nil for never. Only for actions with an ``Action/inverse``.
    public var lasts: Int64?
    /// Nanoseconds from one strike to the next; nil for one strike alone.
    public var every: Int64?
    /// How often it strikes, with ``every``; 0 for without end.
    public var times: Int

    /// Schedules an action once.
    public init(_ action: Action, _ trigger: Trigger, lasts: Int64? = nil, every: Int64? = nil, times: Int = 0) {
        self.action = action
        self.trigger = trigger
        self.lasts = lasts
        self.every = every
        self.times = times
    }
}

/// When a scheduled action is done.
public enum Trigger: Hashable, Sendable {
    /// At a time of the run, in nanoseconds.
    case at(Int64)
    /// So many nanoseconds after a condition first holds.
    case when(Condition, after: Int64)
}

/// Something that a run comes to.
public enum Condition: Hashable, Sendable {
    /// The peers of a process have sent so many messages.
    case sent(ProcessID, Int64)
    /// So many messages have reached the application of a process.
    case received(ProcessID, Int64)
    /// A peer of a process is in a state.
    case peer(ProcessID, PeerState)
    /// A process is in a state.
    case process(ProcessID, ProcessState)
    /// A host has lost its power, or has it.
    case power(HostID, Bool)
    /// A direction of a link is cut, or whole.
    case cut(LinkID, Bool)
    /// A fault of a family has struck.
    case fault(FaultFamily)
}
