import PeerNetworking
public import SimNetwork

/// A session on the simulated network.
///
/// The cursor moves over the recorded timeline; at its end the live run goes on. An intervention in the past starts a
/// branch, whose run is rebuilt by replay before it goes on.
public final class SimSession: LabSession {
    /// The lab that runs.
    public let lab: LabDefinition
    /// The seed of the run.
    public let seed: UInt64
    /// Always the simulation.
    public var provider: ProviderKind { .sim }

    /// What goes on at the timeline's end.
    private var run: Run
    private var timeline: Timeline
    /// The state at the cursor; the cursor is its event number.
    private var cursor: WorldState { didSet { asked = 0 } }
    /// The time that the cursor was moved to, where that is between its event and the next, in nanoseconds: until it is
    /// moved again.
    private var asked: Int64 = 0
    private var branches = 0
    private let memory: LogMemory
    /// Does the run again, where somebody goes back further than is kept.
    private var rebuilding: Rebuilding?
    /// Take in events as they happen.
    private var followers: [any RunFollower] = []
    /// Write recordings as the run goes.
    private var recorders: [Recorder] = []
    /// Asked behind every live event of a move: whether it ends there, as where its budget is spent.
    package var pauses: () -> Bool = { false }
    /// Asked before every event that is run again for what is done in the past: whether that is left undone.
    package var isAbandoned: () -> Bool = { false }
    /// Why a recording is not whole; nil when all are.
    public private(set) var recordingProblem: String?

    /// Opens a session before the first event.
    ///
    /// - Parameters:
    ///   - seed: instead of the lab's own.
    ///   - memory: what it keeps of the past, and in how much memory.
    public init(lab: LabDefinition, seed: UInt64? = nil, memory: LogMemory = .standard) {
        self.lab = lab
        self.seed = seed ?? lab.seed
        self.memory = memory
        (run, timeline) = Run.begun(lab: lab, seed: self.seed, named: "main", memory: memory)
        cursor = run.state
    }

    deinit { close() }

    /// All that may be shown at the cursor.
    public var snapshot: Snapshot {
        let isLive = cursor.event == timeline.count
        let time = time
        return Snapshot(
            lab: lab, seed: seed, provider: .sim, timeline: timeline.name, world: cursor,
            digest: isLive ? run.digest : timeline.digest(after: cursor.event), records: timeline.records,
            isLive: isLive,
            isOver: isLive && run.isFinished,
            // What is later than the lab's end never comes.
            upcoming: Array(cursor.upcoming(limit: 48).prefix { $0.time <= lab.duration }),
            story: run.narrator.lines(upTo: cursor.event, at: time),
            expectations: run.judge.statuses.map { $0.known(after: cursor.event, at: time) },
            interventions: timeline.interventions.filter { $0.event <= cursor.event }, unavailable: [],
            failure: run.failure?.description, violation: run.violation, checksInvariants: lab.checksInvariants,
            reached: time, roundTrips: isLive ? run.roundTrips : nil, log: timeline.use)
    }

    /// The time at the cursor: of its event, or later where it was moved to a time, or the run is over.
    private var time: Int64 {
        cursor.event == timeline.count ? run.time : max(cursor.time, asked)
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
            guard try stepLive() else { return false }
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
            var budget = Int.max
            guard (try? keepPast(&budget)) == true else { return false }
        }
        cursor = timeline.state(after: cursor.event - 1)
        return true
    }

    /// Moves to a place; forwards it runs as far as the lab lasts.
    ///
    /// - Throws: ``SessionError`` when the run cannot go on.
    public func seek(to position: Position, budget: Int = .max) throws(SessionError) -> Bool {
        var left = budget
        while needsLive(for: position) {
            guard left > 0 else {
                cursor = run.state
                return false
            }
            left -= 1
            do throws(SessionError) {
                let hasEvent = if case .time(let time) = position { try stepLive(until: time) } else { try stepLive() }
                if !hasEvent { break }
            } catch {
                // Where it cannot go on is what there is to see.
                cursor = run.state
                throw error
            }
            if pauses() { left = 0 }
        }
        if !timeline.holds(position), try !keepPast(&left) { return false }
        switch position {
        case .event(let number):
            move(to: min(max(number, 0), timeline.count))
        case .time(let time):
            move(to: timeline.records.lastEvent(atOrBefore: time))
            if cursor.event < timeline.count { asked = time } else { run.pass(to: time) }
        }
        return true
    }

    /// Has all of the past there, where only the latest is kept: the run is done again for it, as far as it has come.
    ///
    /// - Parameter budget: events to do at most, of which what is done is taken off.
    /// - Returns: whether all of it is there.
    /// - Throws: ``SessionError`` when the run cannot be done again.
    private func keepPast(_ budget: inout Int) throws(SessionError) -> Bool {
        guard !timeline.isWhole else { return true }
        var rebuilding =
            rebuilding
            ?? Rebuilding(
                lab: lab, seed: seed, named: timeline.name,
                memory: LogMemory(keepsPast: true, budget: memory.budget))
        self.rebuilding = nil
        guard try rebuilding.follow(timeline, &budget) else {
            self.rebuilding = rebuilding
            return false
        }
        rebuilding.close()
        timeline = rebuilding.timeline
        return true
    }

    private func move(to event: Int) {
        cursor = timeline.state(after: event, near: cursor, run.state)
    }

    private func needsLive(for position: Position) -> Bool {
        guard !run.isFinished, run.failure == nil else { return false }
        switch position {
        case .event(let number): return number > timeline.count
        case .time(let time): return time >= run.state.time
        }
    }

    /// Takes the live run's next event, if one comes up to a time.
    private func stepLive(until time: Int64 = .max) throws(SessionError) -> Bool {
        guard try run.step(until: time) else { return false }
        timeline.append(run)
        tellFollowers()
        if !recorders.isEmpty {
            let digest = run.digest
            for recorder in recorders { recorder.event(run.state.event, digest: digest) }
        }
        return true
    }

    // MARK: Doing

    /// Does something to the network, at the cursor; in the past that starts a branch.
    ///
    /// - Throws: ``SessionError`` when it cannot be done; then nothing has changed.
    public func intervene(_ action: Action) throws(SessionError) {
        try intervene(action, at: time)
    }

    /// Does it at a time from that of the cursor's event to that of the next.
    func intervene(_ action: Action, at time: Int64) throws(SessionError) {
        if cursor.event < timeline.count {
            try branch(with: action, at: time)
        } else {
            take(try run.perform(action, at: time))
        }
    }

    /// Takes in what was done on the live run.
    private func take(_ intervention: Intervention) {
        timeline.append(run)
        tellFollowers()
        timeline.interventions.append(intervention)
        Whereabouts.count(actionsByHand: timeline.interventions.count)
        cursor = run.state
        for recorder in recorders { recorder.intervention(intervention, digest: digest) }
    }

    /// Leaves the timeline at the cursor: rebuilds the run there by replay and goes on differently.
    private func branch(with action: Action, at time: Int64) throws(SessionError) {
        var budget = Int.max
        _ = try keepPast(&budget)
        let event = cursor.event
        let kept = timeline.interventions.filter { $0.event <= event }
        let rebuilt = try Run.replayed(lab: lab, seed: seed, interventions: kept, upTo: event, isAbandoned: isAbandoned)
        let intervention: Intervention
        do {
            intervention = try rebuilt.perform(action, at: time)
        } catch {
            rebuilt.close()
            throw error
        }
        branches += 1
        run.close()
        run = rebuilt
        timeline = timeline.branch(named: "branch-\(branches)", after: event)
        for recorder in recorders { recorder.branch(after: event) }
        take(intervention)
    }

    // MARK: Ending and writing

    /// The run's digest at the live end.
    public var digest: Digest { run.digest }

    /// Whether the run has come to the lab's end.
    var isOver: Bool { run.isFinished }

    /// How the run stands at the live end.
    var outcome: Outcome {
        Outcome(run.judge.statuses.map(\.verdict), hasFailed: run.failure != nil, isOver: run.isFinished)
    }

    /// Has every event from now on followed as it happens. What a branch gives up is not taken back.
    public func follow(with follower: any RunFollower) { followers.append(follower) }

    private func tellFollowers() {
        guard !followers.isEmpty else { return }
        let record = run.simulation.record
        let names = Names(lab, run.state.names)
        for follower in followers { follower.takes(record, names) }
    }

    /// Starts to write a recording, beside those that are written already; what has happened so far is in it.
    ///
    /// - Throws: ``SessionError`` when the file cannot be written, or another recording is written to it.
    public func record(to path: String) throws(SessionError) {
        let recorder = try Recorder(path: path, lab: lab, seed: seed)
        for intervention in timeline.interventions { recorder.intervention(intervention, digest: nil) }
        recorder.checkpoint(timeline.count, digest: digest)
        recorders.append(recorder)
    }

    /// Ends the recordings, each with its footer.
    public func finishRecording() {
        for recorder in recorders {
            recorder.finish(
                events: timeline.count, digest: digest, outcome: outcome, isOver: run.isFinished, time: run.time)
            recordingProblem = recordingProblem ?? recorder.problem
        }
        recorders = []
    }

    /// Ends the recordings, the run and all its tasks.
    public func close() {
        finishRecording()
        rebuilding?.close()
        rebuilding = nil
        run.close()
    }
}
