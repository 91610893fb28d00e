import PeerNetworking
public import SimNetwork

/// A session on the simulated network.
///
/// The cursor moves over the recorded timeline; at its end the live world goes on. An intervention in the past starts a
/// branch, whose world is rebuilt by replay before it goes on.
public final class SimSession: LabSession {
    /// The lab that runs.
    public let lab: LabDefinition
    /// The seed of the run.
    public let seed: UInt64
    /// Always the simulation.
    public var provider: ProviderKind { .sim }

    private var simulation: Simulation
    private var timeline: Timeline
    private var judge: Judge
    private var narrator: Narrator
    /// The state at the cursor; the cursor is its event number.
    private var cursor: WorldState { didSet { asked = 0 } }
    private var failure: SimulationError?
    private var isFinished = false
    /// How far virtual time has come at the live end, where it went beyond the last event; in nanoseconds.
    private var reached: Int64 = 0
    /// The time that the cursor was moved to, where that is between its event and the next, in nanoseconds: until it is
    /// moved again.
    private var asked: Int64 = 0
    private var branches = 0
    /// Writes the recording as the run goes.
    private var recorder: Recorder?
    /// Why the recording that was finished last is not whole; nil when it is.
    public private(set) var recordingProblem: String?

    /// Opens a session before the first event.
    ///
    /// - Parameter seed: instead of the lab's own.
    public init(lab: LabDefinition, seed: UInt64? = nil) {
        self.lab = lab
        self.seed = seed ?? lab.seed
        simulation = lab.makeSimulation(seed: self.seed, keepsRecords: true)
        timeline = Timeline(name: "main", lab: lab)
        judge = Judge(lab: lab)
        narrator = Narrator(lab: lab)
        cursor = timeline.latest
    }

    deinit { close() }

    /// All that may be shown at the cursor.
    public var snapshot: Snapshot {
        let isLive = cursor.event == timeline.count
        return Snapshot(
            lab: lab, seed: seed, provider: .sim, timeline: timeline.name, world: cursor,
            peerNames: simulation.peerNames, subjectNames: simulation.subjectNames, digest: simulation.digest,
            records: timeline.records, isLive: isLive,
            isOver: isLive && isFinished, upcoming: upcoming(limit: 48), story: narrator.lines(upTo: cursor.event),
            expectations: judge.statuses.map { status in
                // What is decided later is not known yet at the cursor.
                guard let event = status.event, event > cursor.event else { return status }
                return ExpectationStatus(text: status.text, verdict: .open)
            },
            interventions: timeline.interventions.filter { $0.event <= cursor.event }, unavailable: [],
            failure: failure?.description, violation: violation, checksInvariants: lab.checksInvariants,
            reached: time)
    }

    /// The time at the cursor: of its event, or later where it was moved to a time, or the run is over.
    private var time: Int64 {
        guard cursor.event == timeline.count else { return max(cursor.time, asked) }
        return isFinished ? lab.duration : max(cursor.time, reached)
    }

    /// The record of the event at the cursor; nil before the first.
    public var current: EventRecord? { cursor.event > 0 ? timeline.records[event: cursor.event] : nil }

    /// The pending events: at the live end the world's; in the past the segments on the wire then, the lab's faults
    /// still to come, and the timers that were set by then and went off later, or are still to. What is later than the
    /// lab's end never comes.
    private func upcoming(limit: Int) -> [UpcomingEvent] {
        let pending: [UpcomingEvent]
        if cursor.event < timeline.count {
            let live = simulation.upcoming(limit: .max)
            pending = PastPending(cursor: cursor, records: timeline.records, lab: lab, live: live).events(limit: limit)
        } else {
            pending = simulation.upcoming(limit: limit)
        }
        return Array(pending.prefix { $0.time <= lab.duration })
    }

    /// The invariant that did not hold.
    private var violation: InvariantViolation? {
        if case .invariantBroken(let violation)? = failure { violation } else { nil }
    }

    // MARK: Moving

    /// Moves one event forward.
    ///
    /// - Throws: ``SessionError`` when the run cannot go on.
    @discardableResult
    public func step() throws(SessionError) -> Bool {
        if cursor.event < timeline.count {
            cursor.apply(timeline.records[event: cursor.event + 1])
            return true
        }
        guard try stepLive() else { return false }
        // Applied, not copied: the two states keep storage of their own, and no event pays for a copy of the world.
        cursor.apply(timeline.records[event: timeline.count])
        return true
    }

    /// Moves one event back.
    @discardableResult
    public func stepBack() -> Bool {
        guard cursor.event > 0 else { return false }
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
                cursor = timeline.latest
                return false
            }
            left -= 1
            let hasEvent: Bool
            if case .time(let time) = position {
                hasEvent = try stepLive(until: time)
            } else {
                hasEvent = try stepLive()
            }
            if !hasEvent { break }
        }
        switch position {
        case .event(let number):
            cursor = timeline.state(after: min(max(number, 0), timeline.count), near: cursor)
        case .time(let time):
            cursor = timeline.state(after: timeline.lastEvent(atOrBefore: time), near: cursor)
            if cursor.event < timeline.count {
                asked = time
            } else if !isFinished, failure == nil {
                // No event is left up to that time: it has passed, and what was to hold by then is decided.
                reached = max(reached, min(time, lab.duration))
                judge.timePasses(to: time, world: timeline.latest, peerNames: simulation.peerNames)
            }
        }
        return true
    }

    private func needsLive(for position: Position) -> Bool {
        guard !isFinished, failure == nil else { return false }
        switch position {
        case .event(let number): return number > timeline.count
        case .time(let time): return time >= timeline.latest.time
        }
    }

    /// Takes the live world's next event, if one comes up to a time.
    private func stepLive(until time: Int64 = .max) throws(SessionError) -> Bool {
        if let failure { throw SessionError(failure.description) }
        guard !isFinished else { return false }
        do {
            let limit = min(time, lab.duration)
            guard let record = try simulation.step(until: Instant(nanoseconds: limit)) else {
                if limit == lab.duration { finish() }
                return false
            }
            judge.timePasses(to: record.time, world: timeline.latest, peerNames: simulation.peerNames)
            take(record)
            return true
        } catch {
            failure = error
            throw SessionError(error.description)
        }
    }

    private func take(_ record: EventRecord) {
        timeline.append(record)
        if failure == nil, let violation = PeerQueueBounds(lab: lab).violation(in: record, timeline.latest) {
            failure = .invariantBroken(violation)
        }
        judge.look(at: timeline.latest, peerNames: simulation.peerNames)
        narrator.hear(record, peerNames: simulation.peerNames)
        recorder?.event(record.number, digest: simulation.digest)
    }

    private func finish() {
        isFinished = true
        judge.finish(world: timeline.latest, peerNames: simulation.peerNames)
        narrator.end(at: timeline.count)
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
            return
        }
        do {
            let record = try simulation.perform(action, at: Instant(nanoseconds: time))
            if isFinished {
                // The run goes on after all: what was decided at its end is open again.
                isFinished = false
                narrator.unsayEnd()
                rejudge()
            }
            timeline.interventions.append(Intervention(time: record.time, event: record.number, action: action))
            take(record)
            cursor = timeline.latest
            if let last = timeline.interventions.last { recorder?.intervention(last, digest: simulation.digest) }
        } catch {
            throw SessionError(error.description)
        }
    }

    /// Leaves the timeline at the cursor: rebuilds the world there by replay and goes on differently.
    private func branch(with action: Action, at time: Int64) throws(SessionError) {
        let event = cursor.event
        let kept = timeline.interventions.filter { $0.event <= event }
        let rebuilt = try Replay.world(lab: lab, seed: seed, interventions: kept, upTo: event)
        let record: EventRecord
        do {
            record = try rebuilt.perform(action, at: Instant(nanoseconds: time))
        } catch {
            rebuilt.shutDown()
            throw SessionError(error.description)
        }
        branches += 1
        simulation.shutDown()
        simulation = rebuilt
        timeline = timeline.branch(named: "branch-\(branches)", after: event)
        narrator = narrator.truncated(to: event)
        rejudge()
        isFinished = false
        reached = 0
        failure = nil
        timeline.interventions.append(Intervention(time: record.time, event: record.number, action: action))
        take(record)
        cursor = timeline.latest
        recorder?.branch(after: event)
        if let last = timeline.interventions.last { recorder?.intervention(last, digest: simulation.digest) }
    }

    /// Judges the shared past anew: its later verdicts belong to the timeline that was left.
    private func rejudge() {
        judge = Judge(lab: lab)
        var state = timeline.state(after: 0)
        for number in stride(from: 1, through: timeline.count, by: 1) {
            let record = timeline.records[event: number]
            judge.timePasses(to: record.time, world: state, peerNames: simulation.peerNames)
            state.apply(record)
            judge.look(at: state, peerNames: simulation.peerNames)
        }
    }

    // MARK: Ending and writing

    /// The run's digest at the live end.
    public var digest: Digest { simulation.digest }

    /// Starts to write a recording; what has happened so far is in it.
    ///
    /// - Throws: ``SessionError`` when the file cannot be written.
    public func record(to path: String) throws(SessionError) {
        let recorder = try Recorder(path: path, lab: lab, seed: seed)
        for intervention in timeline.interventions { recorder.intervention(intervention, digest: nil) }
        recorder.checkpoint(timeline.count, digest: simulation.digest)
        self.recorder = recorder
    }

    /// Ends the recording with its footer.
    public func finishRecording(outcome: Outcome) {
        recorder?.finish(events: timeline.count, digest: simulation.digest, outcome: outcome, isOver: isFinished)
        recordingProblem = recorder?.problem
        recorder = nil
    }

    /// Ends the run and all its tasks.
    public func close() {
        simulation.shutDown()
    }
}
