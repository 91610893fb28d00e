import PeerNetworking
public import SimNetwork

/// A session on the simulated network: a cursor over a tree of timelines.
///
/// The cursor moves over what is recorded of the current timeline; at its end the live run goes on. What is done in the past
/// starts a branch, whose run is rebuilt by replay before it goes on.
public final class SimSession: LabSession {
    /// The lab that runs.
    public let lab: LabDefinition
    /// The seed of the run.
    public let seed: UInt64
    /// Always the simulation.
    public var provider: ProviderKind { .sim }

    var tree: TimelineTree
    /// The state at the cursor; the cursor is its event number.
    var cursor: WorldState { didSet { asked = 0 } }
    /// The time that the cursor was moved to, where that is between its event and the next, in nanoseconds: until it is
    /// moved again.
    var asked: Int64 = 0
    let memory: LogMemory
    /// Does the run again, where somebody goes back further than is kept.
    var pastUnderWay: Rebuilding?
    /// The world that somebody wants who goes on, or does something in the past.
    var worldUnderWay: WorldUnderWay?
    /// Where another timeline was looked at last.
    var beside: (id: TimelineID, state: WorldState)?
    /// The event at which a timeline was left for another, and where the cursor came to there: who goes back from that
    /// comes to the very event.
    var wayBack: (left: TimelineID, event: Int, came: TimelineID, to: Int)?
    /// Take in events as they happen.
    private var followers: [any RunFollower] = []
    /// Write recordings as the run goes.
    var recorders: [Recorder] = []
    /// Asked behind every live event of a move: whether it ends there, as where its budget is spent.
    package var pauses: () -> Bool = { false }
    /// Asked now and then while a world is rebuilt at once: whether that is left undone.
    package var isAbandoned: () -> Bool = { false }
    /// Why a recording is not whole; nil when all are.
    public internal(set) var recordingProblem: String?

    /// Opens a session before the first event.
    ///
    /// - Parameters:
    ///   - seed: instead of the lab's own.
    ///   - memory: what it keeps of the past, and in how much memory.
    public init(lab: LabDefinition, seed: UInt64? = nil, memory: LogMemory = .standard) {
        self.lab = lab
        self.seed = seed ?? lab.seed
        self.memory = memory
        let (run, timeline) = Run.begun(lab: lab, seed: self.seed, memory: memory)
        tree = TimelineTree(timeline, run, memory)
        cursor = run.state
    }

    deinit { close() }

    /// The records of the current timeline.
    var timeline: Timeline {
        _read { yield tree.current.timeline }
        _modify { yield &tree.current.timeline }
    }

    /// All that may be shown at the cursor.
    public var snapshot: Snapshot { snapshot(of: tree.current, at: cursor, time) }

    /// All that may be shown of a timeline at a state of it and a time.
    func snapshot(of branch: Branch, at state: WorldState, _ time: Int64) -> Snapshot {
        let (timeline, end) = (branch.timeline, branch.end)
        let isLive = state.event == timeline.count
        return Snapshot(
            lab: lab, seed: seed, provider: .sim, timeline: tree.lineage[branch.id].name,
            timelines: tree.summaries(on: branch.id), world: state,
            digest: isLive ? end.digest : timeline.digest(after: state.event), records: timeline.records,
            isLive: isLive, isOver: isLive && end.isFinished,
            // What is later than the lab's end never comes.
            upcoming: Array(state.upcoming(limit: 48).prefix { $0.time <= lab.duration }),
            story: end.narrator.lines(upTo: state.event, at: time),
            expectations: end.expectations.map { $0.known(after: state.event, at: time) },
            interventions: timeline.interventions.filter { $0.event <= state.event },
            unavailable: LiveFaults.unavailable(in: lab, on: .sim),
            failure: end.failure?.description, violation: end.violation, checksInvariants: lab.checksInvariants,
            reached: time, roundTrips: isLive ? end.roundTrips : nil,
            log: timeline.use.adding(memory: tree.left.memory, disk: tree.left.disk))
    }

    /// The time at the cursor: of its event, or later where it was moved to a time, or the run is over.
    var time: Int64 {
        cursor.event == timeline.count ? tree.current.time : max(cursor.time, asked)
    }

    /// The record of the event at the cursor; nil before the first.
    public var current: EventRecord? { cursor.event > 0 ? timeline.records[event: cursor.event] : nil }

    // MARK: Moving

    /// Moves one event forward.
    ///
    /// - Throws: ``SessionError`` when the run cannot go on.
    @discardableResult
    public func step() throws(SessionError) -> Bool {
        if cursor.event == timeline.count {
            if let failure = tree.current.end.failure { throw SessionError(failure.description) }
            guard tree.current.canGoOn, try stepLive(try livingRun()) else { return false }
        }
        // Applied, not copied: the two states keep storage of their own, and no event pays for a copy of the world.
        cursor.applyNext(of: timeline.records)
        return true
    }

    /// Moves one event back.
    @discardableResult
    public func stepBack() -> Bool {
        guard cursor.event > 0 else { return false }
        if !timeline.holds(.event(cursor.event - 1)) {
            guard (try? keepPast()) != nil else { return false }
        }
        cursor = timeline.state(after: cursor.event - 1)
        return true
    }

    /// Moves to a place; forwards it runs as far as the lab lasts.
    ///
    /// - Throws: ``SessionError`` when the run cannot go on.
    public func seek(to position: Position, budget: Int = .max) throws(SessionError) -> Bool {
        var left = budget
        if needsLive(for: position) {
            guard let run = try rebuildEnd(&left) else { return false }
            guard try goOn(run, to: position, &left) else {
                cursor = run.state
                return false
            }
        }
        if !timeline.holds(position), try !keepPast(&left) { return false }
        switch position {
        case .event(let number):
            move(to: min(max(number, 0), timeline.count))
        case .time(let time):
            move(to: timeline.records.lastEvent(atOrBefore: time))
            if cursor.event < timeline.count { asked = time } else { tree.current.run?.pass(to: time) }
        }
        return true
    }

    /// Has the live run go on as far as a place needs it.
    ///
    /// - Returns: whether it went so far; otherwise the budget is spent.
    private func goOn(_ run: Run, to position: Position, _ left: inout Int) throws(SessionError) -> Bool {
        // Asked of the run: the branch would be copied for each event.
        while !run.isFinished, run.failure == nil, isBehind(position, at: run.time) {
            guard left > 0 else { return false }
            left -= 1
            do throws(SessionError) {
                let until = if case .time(let time) = position { time } else { Int64.max }
                guard try stepLive(run, until: until) else { return true }
            } catch {
                // Where it cannot go on is what there is to see.
                cursor = run.state
                throw error
            }
            if pauses() { left = 0 }
        }
        return true
    }

    func move(to event: Int) {
        cursor = timeline.state(after: event, near: cursor, tree.current.latest)
    }

    private func needsLive(for position: Position) -> Bool {
        tree.current.canGoOn && isBehind(position, at: tree.current.time)
    }

    /// Whether a place is beyond the timeline's end, where that is at a time.
    private func isBehind(_ position: Position, at end: Int64) -> Bool {
        switch position {
        case .event(let number): number > timeline.count
        case .time(let time): time >= end
        }
    }

    /// Takes the live run's next event, if one comes up to a time.
    private func stepLive(_ run: Run, until time: Int64 = .max) throws(SessionError) -> Bool {
        guard try run.step(until: time) else { return false }
        takeIn(run)
        if !recorders.isEmpty {
            let digest = run.digest
            for recorder in recorders { recorder.event(run.state.event, digest: digest) }
        }
        return true
    }

    /// Takes in the latest event of the live run.
    func takeIn(_ run: Run) {
        timeline.append(run)
        guard !followers.isEmpty else { return }
        let record = run.simulation.record
        let names = Names(lab, run.state.names)
        for follower in followers { follower.takes(record, names) }
    }

    // MARK: Ending

    /// The digest at the timeline's end.
    public var digest: Digest { tree.current.digest }

    /// Whether the timeline has come to the lab's end.
    var isOver: Bool { tree.current.end.isFinished }

    /// How the timeline stands at its end.
    var outcome: Outcome { tree.current.end.outcome }

    /// Has every event from now on followed as it happens. What a branch leaves behind is not taken back.
    public func follow(with follower: any RunFollower) { followers.append(follower) }

    /// Ends the recordings, the run and all its tasks.
    public func close() {
        finishRecording()
        pastUnderWay?.close()
        pastUnderWay = nil
        worldUnderWay?.rebuilding.close()
        worldUnderWay = nil
        tree.current.rest()
    }
}
