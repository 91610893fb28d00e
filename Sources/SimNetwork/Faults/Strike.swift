/// A scheduled action with what is left to do of it.
final class Strike {
    let action: Action
    let lasts: Int64?
    let every: Int64?
    /// Which of the schedule's actions it is, and how often it has struck.
    var number: UInt64 = 0
    var strikes: UInt64 = 0
    /// Strikes left; 0 for without end.
    var left: Int
    /// What it is of.
    enum Role {
        /// The schedule's own.
        case own
        /// What is still to come of a fault that has struck. With the fault, it is healed.
        case rest
        /// The end of what a layer has set.
        case end(Layers.Layer)
    }
    private let role: Role

    /// Whether it belongs to a fault that has struck.
    var follows: Bool { if case .own = role { false } else { true } }
    /// What it is the end of, where that may lie above or below something else.
    var layer: Layers.Layer? { if case .end(let layer) = role { layer } else { nil } }

    private init(_ action: Action, _ role: Role, lasts: Int64? = nil, every: Int64? = nil, times: Int = 1) {
        self.action = action
        self.role = role
        self.lasts = lasts
        self.every = every
        left = times
    }

    convenience init(_ scheduled: ScheduledAction) {
        self.init(
            scheduled.action, .own, lasts: scheduled.lasts, every: scheduled.every,
            times: scheduled.every == nil ? 1 : scheduled.times)
    }

    /// What is still to come of a fault that has struck.
    convenience init(following action: Action) {
        self.init(action, .rest)
    }

    /// The end of what a layer has set.
    convenience init(ending layer: Layers.Layer, by inverse: Action) {
        self.init(inverse, .end(layer))
    }
}
