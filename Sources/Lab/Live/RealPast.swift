import PeerNetworking
import SimNetwork

/// What has happened on a real network, and the place in it that is looked at: it is added to, and never another.
struct RealPast {
    let lab: LabDefinition
    let seed: UInt64
    let provider: ProviderKind
    private(set) var timeline: Timeline
    private var judge: Judge
    private var narrator: Narrator
    private(set) var cursor: WorldState
    /// The state after all that has happened.
    private(set) var latest: WorldState
    /// Whether the cursor follows what happens.
    private(set) var isFollowing = true
    private(set) var isFinished = false
    private let unavailable: [String]

    /// - Parameters:
    ///   - arranged: what was arranged before the first event; `state` is the state then.
    ///   - memory: in how much memory it is kept: all of it in any case, for it cannot be done again.
    init(
        _ lab: LabDefinition, seed: UInt64, on provider: ProviderKind, arranged: RecordLog, _ state: WorldState,
        memory: LogMemory
    ) {
        (self.lab, self.seed, self.provider) = (lab, seed, provider)
        timeline = Timeline(
            records: arranged, state: state, digest: Digest(seed: seed),
            memory: LogMemory(keepsPast: true, budget: memory.budget))
        unavailable = LiveFaults.unavailable(in: lab, on: provider, seed: seed)
        judge = Judge(lab: lab, upTo: LiveFaults.reach(of: lab, on: provider, seed: seed))
        narrator = Narrator(lab: lab)
        (cursor, latest) = (state, state)
    }

    /// An empty log of the whole past.
    static func log(_ memory: LogMemory) -> RecordLog {
        RecordLog(keeping: LogMemory(keepsPast: true, budget: memory.budget).whole(LogFile()))
    }

    /// How many events there are.
    var count: Int { timeline.count }

    /// How it has ended, or stands.
    func outcome(hasFailed: Bool) -> Outcome {
        Outcome(judge.statuses.map(\.verdict), hasFailed: hasFailed, isOver: isFinished)
    }

    // MARK: Adding

    /// Adds what has happened; what came after the lab's end is left out.
    mutating func add(_ records: [EventRecord]) {
        for record in records where record.time <= lab.duration {
            judge.timePasses(to: record.time, world: latest)
            timeline.append(record, to: &latest, showing: judge.interests.union(narrator.interests)) {
                change, kinds, world in
                judge.sees(change, kinds, in: world)
                narrator.sees(change, kinds, in: world)
            }
            judge.seesEnd(in: latest)
            narrator.seesEnd(in: latest)
        }
    }

    /// Adds something that was done by hand, at the latest event.
    mutating func add(_ intervention: Intervention) { timeline.interventions.append(intervention) }

    /// Time has come so far, in nanoseconds.
    mutating func timePasses(to time: Int64) {
        judge.timePasses(to: min(time, lab.duration), world: latest)
    }

    /// Nothing more happens.
    mutating func finish() {
        isFinished = true
        judge.finish(world: latest)
        narrator.end(at: timeline.count)
    }

    // MARK: Looking

    /// The cursor goes where things happen, if it follows them.
    mutating func follow() { if isFollowing { cursor = latest } }

    /// Moves one event on.
    ///
    /// - Returns: whether there was one; else the cursor follows what comes.
    mutating func step() -> Bool {
        guard cursor.event < timeline.count else {
            isFollowing = true
            return false
        }
        cursor.applyNext(of: timeline.records)
        return true
    }

    /// Moves one event back, and stops following.
    mutating func stepBack() -> Bool {
        guard cursor.event > 0 else { return false }
        isFollowing = false
        cursor = timeline.state(after: cursor.event - 1)
        return true
    }

    /// Moves to a place, or to the end; at the end the cursor follows.
    mutating func seek(to position: Position) {
        let event: Int
        switch position {
        case .event(let number): event = min(max(number, 0), timeline.count)
        case .time(let time): event = timeline.records.lastEvent(atOrBefore: time)
        }
        cursor = timeline.state(after: event, near: cursor, latest)
        isFollowing = event == timeline.count
    }

    /// All that may be shown at the cursor.
    ///
    /// - Parameters:
    ///   - elapsed: how far time has come, in nanoseconds.
    ///   - failure: why it cannot go on, where it cannot.
    func snapshot(elapsed: Int64, failure: String?) -> Snapshot {
        let reached = isFollowing ? elapsed : cursor.time
        return Snapshot(
            lab: lab, seed: seed, provider: provider, timeline: TimelineName.main,
            timelines: timelines(elapsed: elapsed), world: cursor, digest: nil, records: timeline.records,
            isLive: cursor.event == timeline.count, isOver: isFinished && cursor.event == timeline.count, upcoming: [],
            story: narrator.lines(upTo: cursor.event, at: reached),
            expectations: judge.statuses.map { $0.known(after: cursor.event, at: reached) },
            interventions: timeline.interventions.filter { $0.event <= cursor.event }, unavailable: unavailable,
            failure: failure, checksInvariants: false, reached: reached, log: timeline.use)
    }

    /// The one timeline that there is.
    func timelines(elapsed: Int64) -> Timelines {
        Timelines(
            only: TimelineSummary(
                id: .main, name: TimelineName.main, parent: nil, fork: 0, forkTime: 0,
                interventions: timeline.interventions, events: timeline.count,
                time: isFinished ? elapsed : latest.time, digest: nil, expectations: judge.statuses,
                outcome: outcome(hasFailed: false)))
    }
}
