import Bug

// What the schedule waits for.
extension World {
    /// Has an action strike when a condition has come true.
    ///
    /// - Precondition: the run has not begun.
    func wait(for condition: Condition, after: Int64, _ strike: Strike) {
        insist(eventNumber == 0, "what waits for a condition is scheduled before the first event")
        if scheduleWatch == nil { scheduleWatch = ScheduleWatch(topology) }
        scheduleWatch?.add(strike, when: condition, after: after)
    }

    /// Looks at a change that was just noted.
    func watch(_ change: Change) {
        schedule(scheduleWatch?.sees(change, at: now) ?? [])
    }

    /// Looks at an event that has ended.
    func watchEnd() {
        schedule(scheduleWatch?.seesEnd() ?? [])
    }

    private func schedule(_ met: [ScheduleWatch.Awaiting]) {
        guard !met.isEmpty else { return }
        for awaiting in met { _ = schedule(awaiting.strike, at: now + awaiting.after) }
        if scheduleWatch?.isEmpty == true { scheduleWatch = nil }
    }
}
