import PeerNetworking

extension World {
    /// Carries out a scheduled action, and sees to its end and its repetition.
    func strike(_ strike: Strike) {
        origin = DrawOrigin(DrawOrigin.schedule, number: strike.number << 20 | strike.strikes)
        strike.strikes += 1
        emit(.action(strike.action))
        if let layer = strike.layer { return end(layer, by: strike.action) }
        do throws(ActionError) {
            if strike.follows, supplies.isNeedless(strike.action, self) { return }
            let undo = try apply(strike.action)
            if let lasts = strike.lasts, let undo { scheduleEnd(of: strike.action, by: undo, at: now + lasts) }
        } catch {
            // A scheduled action that finds nothing to act on is an event without changes: it fired without effect.
        }
        guard let every = strike.every, strike.left != 1 else { return }
        if strike.left > 1 { strike.left -= 1 }
        _ = schedule(strike, at: now + every)
    }

    /// Sees to the end of an action that was just carried out.
    func scheduleEnd(of action: Action, by undo: Action, at time: Int64) {
        let end = layers.willEnd(action).map { Strike(ending: $0, by: undo) } ?? Strike(following: undo)
        _ = schedule(end, at: time)
    }

    /// Puts an action on the schedule.
    func arrange(_ scheduled: ScheduledAction) {
        let strike = Strike(scheduled)
        arrangedActions += 1
        strike.number = arrangedActions
        switch scheduled.trigger {
        case .at(let time): _ = schedule(strike, at: time)
        case .when(let condition, let after): wait(for: condition, after: after, strike)
        }
    }
}
