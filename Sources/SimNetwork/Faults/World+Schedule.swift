import PeerNetworking

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

extension World {
    /// Carries out a scheduled action, and sees to its end and its repetition.
    func strike(_ strike: Strike) {
        origin = DrawOrigin(DrawOrigin.schedule, number: strike.number << 20 | strike.strikes)
        strike.strikes += 1
        emit(.action(strike.action))
        if let layer = strike.layer { return end(layer, by: strike.action) }
        do throws(ActionError) {
            if strike.follows, isDone(strike.action) { return }
            let undo = try apply(strike.action)
            if let lasts = strike.lasts, let undo { scheduleEnd(of: strike.action, by: undo, at: now + lasts) }
        } catch {
            // A scheduled action that finds nothing to act on is an event without changes: it fired without effect.
        }
        guard let every = strike.every, strike.left != 1 else { return }
        if strike.left > 1 { strike.left -= 1 }
        _ = schedule(.action(strike), at: now + every)
    }

    /// Sees to the end of an action that was just carried out.
    func scheduleEnd(of action: Action, by undo: Action, at time: Int64) {
        let end = layers.willEnd(action).map { Strike(ending: $0, by: undo) } ?? Strike(following: undo)
        _ = schedule(.action(end), at: time)
    }

    /// Whether somebody was faster: a process that a fault ended, and that runs again, is not killed to be started.
    private func isDone(_ undo: Action) -> Bool {
        if let restart = undo.fault as? Deeds.Restart {
            processes[Int(restart.process.index)].life != nil
        } else {
            false
        }
    }

    /// Puts an action on the schedule.
    func arrange(_ scheduled: ScheduledAction) {
        let strike = Strike(scheduled)
        arrangedActions += 1
        strike.number = arrangedActions
        switch scheduled.trigger {
        case .at(let time): _ = schedule(.action(strike), at: time)
        case .when(let condition, let after): wait(for: condition, after: after, strike)
        }
    }
}
