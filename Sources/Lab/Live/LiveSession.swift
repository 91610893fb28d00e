package import LinuxNetwork
import PeerNetworking
public import SimNetwork

/// A session on real sockets: the same peers and workloads, each lab host an address of 127.0.0.0/8, or a network of its own.
///
/// It runs by itself, in real time, from the moment it is opened; what has happened can be looked at in the same way as
/// in the simulation.
public final class LiveSession: LabSession {
    /// The lab that runs.
    public let lab: LabDefinition
    /// The seed of the peers' own draws.
    public let seed: UInt64
    /// The loopback interface, or hosts that are namespaces.
    public let provider: ProviderKind

    /// Nil where it could not begin.
    private let run: LiveRun?
    /// Why the run cannot go on, where it cannot.
    private var failure: String?
    private let reserve = DescriptorReserve(LiveNeeds.reserve)
    private var timeline: Timeline
    private var judge: Judge
    private var narrator: Narrator
    private var cursor: WorldState
    /// Whether the cursor follows what happens.
    private var isFollowing = true
    private var isFinished = false
    private var isClosed = false
    /// The state after all that has happened.
    private var latest: WorldState
    private let unavailable: [String]

    /// Opens a session, which begins to run.
    ///
    /// - Parameters:
    ///   - provider: which real network.
    ///   - seed: instead of the lab's own.
    ///   - memory: in how much memory it keeps the past; all of it in any case, for it cannot be done again.
    public init(
        lab: LabDefinition, on provider: ProviderKind = .loopback, seed: UInt64? = nil, memory: LogMemory = .standard
    ) {
        self.lab = lab
        self.provider = provider
        self.seed = seed ?? lab.seed
        latest = WorldState(hosts: lab.topology.hosts.count, links: lab.topology.links.count)
        let memory = LogMemory(keepsPast: true, budget: memory.budget)
        var arranged = RecordLog(keeping: memory.whole(LogFile()))
        do throws(MachineFailure) {
            let hosts = provider == .linux ? try LinuxHosts(lab) : nil
            run = LiveRun(lab: lab, seed: self.seed, hosts: hosts, arranged: &arranged, &latest)
        } catch {
            run = nil
            failure = error.description
        }
        timeline = Timeline(records: arranged, state: latest, digest: Digest(seed: self.seed), memory: memory)
        unavailable = LiveFaults.unavailable(in: lab, on: provider, seed: self.seed)
        judge = Judge(lab: lab, upTo: LiveFaults.reach(of: lab, on: provider, seed: self.seed))
        narrator = Narrator(lab: lab)
        cursor = latest
        if run == nil { isFinished = true }
        run?.begin()
    }

    deinit { close() }

    /// All that may be shown at the cursor: now, or where the cursor was moved to.
    public var snapshot: Snapshot {
        takeIn()
        let reached = !isFollowing ? cursor.time : isFinished ? lab.duration : elapsed
        var snapshot = Snapshot(
            lab: lab, seed: seed, provider: provider, timeline: TimelineName.main, timelines: timelines, world: cursor,
            digest: nil, records: timeline.records, isLive: cursor.event == timeline.count,
            isOver: isFinished && cursor.event == timeline.count, upcoming: [],
            story: narrator.lines(upTo: cursor.event, at: reached),
            expectations: judge.statuses.map { $0.known(after: cursor.event, at: reached) },
            interventions: timeline.interventions.filter { $0.event <= cursor.event }, unavailable: unavailable,
            failure: failure, checksInvariants: false, reached: reached, log: timeline.use)
        snapshot.wire = run?.lateness
        snapshot.programs = run?.programStates ?? []
        return snapshot
    }

    /// The one timeline that there is.
    public var timelines: Timelines {
        Timelines(
            only: TimelineSummary(
                id: .main, name: TimelineName.main, parent: nil, fork: 0, forkTime: 0,
                interventions: timeline.interventions,
                events: timeline.count, time: isFinished ? lab.duration : latest.time, digest: nil,
                expectations: judge.statuses,
                outcome: Outcome(judge.statuses.map(\.verdict), hasFailed: false, isOver: isFinished)))
    }

    /// How far time has come, in nanoseconds.
    private var elapsed: Int64 { run?.world.elapsed ?? 0 }

    /// Takes in what has happened since the last look.
    private func takeIn() {
        guard !isFinished, let run else { return }
        let elapsed = elapsed
        failure = run.world.failure
        for record in run.world.take() where record.time <= lab.duration {
            judge.timePasses(to: record.time, world: latest)
            timeline.append(record, to: &latest, showing: judge.interests.union(narrator.interests)) {
                change, kinds, world in
                judge.sees(change, kinds, in: world)
                narrator.sees(change, kinds, in: world)
            }
            judge.seesEnd(in: latest)
            narrator.seesEnd(in: latest)
        }
        judge.timePasses(to: min(elapsed, lab.duration), world: latest)
        if elapsed > lab.duration || failure != nil {
            isFinished = true
            let drops = run.drops
            if drops > 0, failure == nil {
                failure =
                    "the wire has lost \(NumberText.count(Int(drops), "packet")) itself: this run says nothing; run it again"
            }
            judge.finish(world: latest)
            narrator.end(at: timeline.count)
        }
        if isFollowing { cursor = latest }
    }

    /// Moves forward along what has happened; what comes next on real sockets comes by itself.
    @discardableResult
    public func step() throws(SessionError) -> Bool {
        takeIn()
        guard cursor.event < timeline.count else {
            isFollowing = true
            return false
        }
        cursor.applyNext(of: timeline.records)
        return true
    }

    /// Moves one event back, and stops following.
    @discardableResult
    public func stepBack() -> Bool {
        takeIn()
        guard cursor.event > 0 else { return false }
        isFollowing = false
        cursor = timeline.state(after: cursor.event - 1)
        return true
    }

    /// Moves to a place in what has happened; at its end the cursor follows again.
    ///
    /// - Returns: whether it has arrived: a time that is still to come has not.
    public func seek(to position: Position, budget: Int = .max) throws(SessionError) -> Bool {
        takeIn()
        let event: Int
        switch position {
        case .event(let number): event = min(max(number, 0), timeline.count)
        case .time(let time): event = timeline.records.lastEvent(atOrBefore: time)
        }
        cursor = timeline.state(after: event, near: cursor, latest)
        isFollowing = event == timeline.count
        if case .time(let time) = position { return isFinished || elapsed >= time }
        return true
    }

    /// Ends, pauses or starts a process; what needs a wire between the hosts is refused.
    public func intervene(_ action: Action) throws(SessionError) {
        // Looking takes in what has happened.
        if let obstacle = snapshot.obstacle(to: action) { throw SessionError(obstacle) }
        if let reason = run?.perform(action) { throw SessionError(reason) }
        takeIn()
        timeline.interventions.append(Intervention(time: cursor.time, event: timeline.count, action: action))
    }

    /// Runs a program inside a host, with this process's own streams, until it ends.
    ///
    /// - Returns: its exit status, and 128 + n where a signal ended it.
    /// - Throws: ``MachineFailure`` where it cannot be started.
    package func execute(_ command: [String], in host: HostID) throws(MachineFailure) -> Int32 {
        guard let run else { throw MachineFailure(failure ?? "the lab does not run") }
        let program = try run.startProgram(command, in: host)
        return program.wait()
    }

    /// Ends all processes and sockets.
    public func close() {
        guard !isClosed else { return }
        isClosed = true
        reserve.release()
        run?.end()
    }
}
