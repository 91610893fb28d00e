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
    /// So many nanoseconds after a condition first comes true.
    case when(Condition, after: Int64)
}
