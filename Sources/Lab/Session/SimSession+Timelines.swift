public import SimNetwork

extension SimSession {
    // MARK: Doing

    /// Does something to the network, at the cursor; in the past that starts a branch.
    ///
    /// - Throws: ``SessionError`` when it cannot be done; then nothing has changed.
    public func intervene(_ action: Action) throws(SessionError) {
        try intervene(action, at: time)
    }

    /// Does it at a time from that of the cursor's event to that of the next.
    func intervene(_ action: Action, at time: Int64) throws(SessionError) {
        // What is done before the run begins is done as it has: nothing is there before that to do it to.
        if cursor.event == 0 { _ = try seek(to: .event(1), budget: .max) }
        guard cursor.event < timeline.count else {
            let run = try livingRun()
            return take(try run.perform(action, at: time), run)
        }
        try tree.checkRoom()
        try keepPast()
        let digest = timeline.digest(after: cursor.event)
        let run = try worldAtCursor()
        let intervention: Intervention
        do throws(SessionError) {
            intervention = try run.perform(action, at: time)
            try begin(.alive(run), digest)
        } catch {
            run.close()
            throw error
        }
        take(intervention, run)
    }

    /// Takes in what was done on the live run.
    private func take(_ intervention: Intervention, _ run: Run) {
        takeIn(run)
        timeline.interventions.append(intervention)
        Whereabouts.count(actionsByHand: timeline.interventions.count)
        cursor = run.state
        for recorder in recorders { recorder.intervention(intervention, digest: run.digest) }
    }

    // MARK: Timelines

    /// The timelines of the session.
    public var timelines: Timelines { tree.summaries(on: tree.current.id) }

    /// Begins a timeline at the cursor that shares all before with the current one, and goes on with it.
    ///
    /// - Parameter name: what it is called; nil for a usual name.
    /// - Throws: ``SessionError`` where the name cannot be had, or there are too many.
    public func branch(named name: String? = nil) throws(SessionError) {
        guard cursor.event < timeline.count else { return try begin(nil, digest, named: name) }
        try keepPast()
        let (end, digest, now) = (tree.current.end, timeline.digest(after: cursor.event), time)
        let stands = RunEnd(
            state: cursor, digest: digest,
            expectations: end.expectations.map { $0.known(after: cursor.event, at: now) },
            narrator: end.narrator, roundTrips: nil, failure: nil, time: now)
        try begin(.gone(stands), digest, named: name)
    }

    /// - Parameter digest: that of the records up to the cursor.
    private func begin(
        _ world: Branch.World?, _ digest: Digest, named name: String? = nil
    ) throws(SessionError) {
        let left = tree.current.id
        try tree.begin(named: name, after: cursor.event, at: time, world)
        Whereabouts.count(actionsByHand: timeline.interventions.count)
        leavePast()
        for recorder in recorders {
            recorder.branch(tree.name, leaving: tree.lineage[left].name, after: cursor.event, digest)
        }
    }

    /// Goes to another timeline: to the same moment where it has that, else to its end.
    ///
    /// - Throws: ``SessionError`` when its past cannot be done again.
    public func go(to id: TimelineID) throws(SessionError) {
        guard id != tree.current.id else { return }
        let from = tree.current.id
        let (event, now) = (cursor.event, time)
        tree.go(to: id)
        leavePast()
        do throws(SessionError) {
            try keepPast()
        } catch {
            tree.go(to: from)
            leavePast()
            throw error
        }
        var moment = Self.moment(
            like: event, at: now, sharing: tree.lineage.parting(from, id), on: tree.current.timeline.records)
        if let wayBack, wayBack.left == id, wayBack.came == from, wayBack.to == event { moment = wayBack.event }
        wayBack = (from, event, id, moment)
        cursor = timeline.state(after: moment)
        Whereabouts.count(actionsByHand: timeline.interventions.count)
        if moment < timeline.count { asked = now }
        for recorder in recorders { recorder.go(to: tree.name, timeline.count, digest) }
    }

    /// The event of a timeline that is at the moment of one of another.
    ///
    /// - Parameters:
    ///   - event: the event of the other.
    ///   - now: the time there.
    ///   - shared: the last event that the two share.
    private static func moment(
        like event: Int, at now: Int64, sharing shared: Int, on records: RecordLog
    ) -> Int {
        // The very event, where its time is the same or nothing comes between it and now.
        if event <= shared,
            event == records.count || records.time(ofEvent: event) == now || records.time(ofEvent: event + 1) > now
        {
            return event
        }
        return records.lastEvent(atOrBefore: now)
    }

    /// All that may be shown of another timeline at the same moment, or at its end where it has not come so far; nil where
    /// not all of its past is kept.
    public func glance(at id: TimelineID) -> Snapshot? {
        let branch = tree[id]
        guard branch.timeline.isWhole else { return nil }
        let event = Self.moment(
            like: cursor.event, at: time, sharing: tree.lineage.parting(tree.current.id, id),
            on: branch.timeline.records)
        let near = beside.flatMap { $0.id == id ? $0.state : nil } ?? branch.latest
        let state = branch.timeline.state(after: event, near: near, branch.latest)
        beside = (id, state)
        let now = event == branch.timeline.count ? branch.time : max(state.time, time)
        return snapshot(of: branch, at: state, now)
    }

    /// Where another timeline first differs from the current one, and what follows from it.
    ///
    /// - Throws: ``SessionError`` where not all of it is kept.
    public func difference(to id: TimelineID) throws(SessionError) -> TimelineDifference {
        try keepPast()
        let other = tree[id]
        guard other.timeline.isWhole else {
            throw SessionError("the past of '\(tree.lineage[id].name)' is not kept: go there first")
        }
        func end(_ branch: Branch) -> Snapshot { snapshot(of: branch, at: branch.latest, branch.time) }
        return TimelineDifference(
            end(tree.current), end(other), sharing: tree.lineage.parting(tree.current.id, id))
    }

    /// Gives a timeline another name.
    ///
    /// - Throws: ``SessionError`` where it cannot be had.
    public func rename(_ id: TimelineID, to name: String) throws(SessionError) {
        let old = tree.lineage[id].name
        try tree.rename(id, to: name)
        for recorder in recorders { recorder.rename(old, to: name) }
    }

    /// Forgets a timeline; those that left it keep what they have of it.
    ///
    /// - Throws: ``SessionError`` where it is the only one, or the current one.
    public func forget(_ id: TimelineID) throws(SessionError) {
        let name = tree.lineage[id].name
        guard tree.lineage.members.count > 1 else {
            throw SessionError("'\(name)' is the only timeline: there would be none left")
        }
        guard id != tree.current.id else {
            throw SessionError("'\(name)' is the timeline that this is; go to another first: timeline NAME")
        }
        if worldUnderWay?.timeline == id {
            worldUnderWay?.rebuilding.close()
            worldUnderWay = nil
        }
        if beside?.id == id { beside = nil }
        tree.forget(id)
        for recorder in recorders { recorder.forget(name) }
    }
}
