import SimNetwork

// Worlds that are not there are rebuilt when somebody wants them.
extension SimSession {
    /// Events that are done again before somebody who waits for it is asked whether to go on.
    private static let slice = 64

    private func event(for use: WorldUse) -> Int {
        switch use {
        case .goingOn: timeline.count
        case .intervening: cursor.event
        }
    }

    /// How much of a world that is not there has to be done again: events, of how many. Nil where it is there.
    public func rebuilding(for use: WorldUse) -> (done: Int, events: Int)? {
        // Nothing goes on where the run is over.
        if use == .goingOn, !tree.current.canGoOn { return nil }
        let event = event(for: use)
        if event == timeline.count, tree.current.run != nil { return nil }
        let done = usable(for: event)?.rebuilding.run.state.event ?? 0
        return done == event && use == .intervening ? nil : (done, event)
    }

    /// Does some events again for a world that is not there.
    ///
    /// - Parameter budget: events at most.
    /// - Returns: whether it is there.
    /// - Throws: ``SessionError`` when the run cannot be done again.
    public func rebuild(for use: WorldUse, budget: Int) throws(SessionError) -> Bool {
        var budget = budget
        let event = event(for: use)
        if event == timeline.count { return try rebuildEnd(&budget) != nil }
        // The records come first: what is done in the past shares them.
        guard try keepPast(&budget) else { return false }
        return try rebuildWorld(at: event, &budget)
    }

    /// What goes on at the timeline's end; nil where the budget is spent before it is rebuilt.
    func rebuildEnd(_ budget: inout Int) throws(SessionError) -> Run? {
        if let run = tree.current.run { return run }
        guard try rebuildWorld(at: timeline.count, &budget), let run = takeWorld() else { return nil }
        do throws(SessionError) {
            try run.stand(as: tree.current.end)
        } catch {
            run.close()
            throw error
        }
        tree.current.revive(run)
        return run
    }

    /// What goes on at the timeline's end, rebuilt at once where it has to be.
    func livingRun() throws(SessionError) -> Run {
        while true {
            var slice = Self.slice
            if let run = try rebuildEnd(&slice) { return run }
            try checkAbandoned()
        }
    }

    /// The world at the cursor, rebuilt at once where it has to be; whoever takes it ends it.
    func worldAtCursor() throws(SessionError) -> Run {
        let event = cursor.event
        while true {
            var slice = Self.slice
            if try rebuildWorld(at: event, &slice), let run = takeWorld() { return run }
            try checkAbandoned()
        }
    }

    private func checkAbandoned() throws(SessionError) {
        guard isAbandoned(), let worldUnderWay else { return }
        throw SessionError(
            "interrupted at event \(worldUnderWay.rebuilding.run.state.event) of \(worldUnderWay.event) on the way there; "
                + "nothing was done")
    }

    /// What is under way already and leads to an event of the current timeline.
    private func usable(for event: Int) -> WorldUnderWay? {
        guard let world = worldUnderWay, tree.lineage.has(world.timeline) else { return nil }
        let done = world.rebuilding.run.state.event
        let shared = tree.lineage.parting(world.timeline, tree.current.id)
        return done <= event && done <= shared ? world : nil
    }

    /// Does some events again, for the world behind an event.
    ///
    /// - Returns: whether it is there; then ``takeWorld()`` has it.
    private func rebuildWorld(at event: Int, _ budget: inout Int) throws(SessionError) -> Bool {
        let usable = usable(for: event)
        if usable == nil { worldUnderWay?.rebuilding.close() }
        worldUnderWay = nil
        var rebuilding = usable?.rebuilding ?? Rebuilding(lab: lab, seed: seed)
        do throws(SessionError) {
            let isThere = try rebuilding.follow(timeline, upTo: event, &budget, pauses: pauses)
            worldUnderWay = WorldUnderWay(timeline: tree.current.id, event: event, rebuilding: rebuilding)
            return isThere
        } catch {
            rebuilding.close()
            throw error
        }
    }

    private func takeWorld() -> Run? {
        defer { worldUnderWay = nil }
        return worldUnderWay?.rebuilding.run
    }

    /// Has all of the past there, where only the latest is kept: the run is done again for it, as far as it has come.
    ///
    /// - Parameter budget: events to do at most, of which what is done is taken off.
    /// - Returns: whether all of it is there.
    /// - Throws: ``SessionError`` when the run cannot be done again.
    func keepPast(_ budget: inout Int) throws(SessionError) -> Bool {
        guard !timeline.isWhole else { return true }
        var rebuilding =
            pastUnderWay
            ?? Rebuilding(lab: lab, seed: seed, memory: LogMemory(keepsPast: true, budget: memory.budget))
        pastUnderWay = nil
        guard try rebuilding.follow(timeline, upTo: timeline.count, &budget, pauses: pauses) else {
            pastUnderWay = rebuilding
            return false
        }
        rebuilding.close()
        if let whole = rebuilding.timeline { timeline = whole }
        return true
    }

    /// Has all of the past there.
    func keepPast() throws(SessionError) {
        while true {
            var budget = Int.max
            if try keepPast(&budget) { return }
        }
    }

    /// Forgets a past that is under way: it is that of another timeline.
    func leavePast() {
        pastUnderWay?.close()
        pastUnderWay = nil
    }
}

extension Run {
    /// Brings a run that was done again to how it stood: over, failed, or later than its latest event.
    ///
    /// - Throws: ``SessionError`` where it is not what it was.
    fileprivate func stand(as end: RunEnd) throws(SessionError) {
        if end.isFinished || end.failure != nil {
            _ = try? step()
        } else {
            pass(to: end.time)
        }
        guard digest == end.digest, state.event == end.state.event else {
            throw SessionError("the run was done again and came out differently: what it runs does not repeat itself")
        }
    }
}
