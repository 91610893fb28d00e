import Bug
public import PeerNetworking

/// A deterministic simulation of a network, stepped event by event.
///
/// Synchronous and confined to one thread at a time: whoever calls it owns it for the call. The same topology,
/// processes, schedule, seed and actions give the same ``digest``, on any machine.
public final class Simulation {
    let world: World
    private var isStarted = false
    /// What was arranged before the first event is in the digest.
    private var isArranged = false
    /// What is set in the first event.
    private var established: [Action] = []
    private var isShutDown = false
    /// Events so far at the time that it is.
    private var eventsAtOnce = 0

    /// Makes a world that has not begun yet.
    public convenience init(topology: Topology, seed: UInt64, options: SimulationOptions = SimulationOptions()) {
        self.init(topology: topology, seed: seed, options: options, supplies: .all)
    }

    /// Makes a world whose faults are carried out, and whose processes are supplied, as it is told.
    init(topology: Topology, seed: UInt64, options: SimulationOptions, supplies: World.Supplies) {
        world = World(topology: topology, seed: seed, options: options, supplies: supplies)
    }

    deinit { shutDown() }

    /// The hosts and links.
    public var topology: Topology { world.topology }
    /// Virtual time.
    public var now: Instant { Instant(nanoseconds: world.now) }
    /// How many events there were.
    public var eventNumber: Int { world.eventNumber }
    /// The fingerprint of all that was recorded so far.
    public var digest: Digest { world.digest }
    /// Whether all invariants are checked after every event.
    public var checksInvariants: Bool { world.checksInvariants }
    /// The names of the peers, by number.
    public var peerNames: [String] { world.peerNames }
    /// Tasks that have not ended, in all processes.
    public var liveTasks: Int { world.processes.reduce(0) { $0 + ($1.life?.liveTasks ?? 0) } }
    /// Connections that are not forgotten.
    public var liveConnections: Int { world.connections.count }
    /// The number of the connection that was opened last; 0 before the first.
    public var newestConnection: UInt32 { world.connectionsMade }
    /// Timers that are set.
    public var liveTimers: Int { world.timers.count }

    /// The names that peers gave the subjects of draws, by number.
    public var subjectNames: [String] { world.subjects.names }

    // MARK: Setting up

    /// Defines a process, which starts with the run, or at power-on and restart.
    ///
    /// - Parameters:
    ///   - name: its name, for messages.
    ///   - host: where it runs.
    ///   - program: what it runs; it ends when all its tasks have ended.
    @discardableResult
    public func addProcess(_ name: String, on host: HostID, program: @escaping Program) -> ProcessID {
        insist(!isStarted, "processes are defined before the first event")
        return world.define(name, on: world.hosts[Int(host.index)], program: program).id
    }

    /// Schedules an action for a time of the run, not before now.
    public func schedule(_ action: Action, at time: Instant) {
        schedule(ScheduledAction(action, .at(time.nanoseconds)))
    }

    /// Schedules an action for a time or a condition of the run, once or repeatedly, for good or for a while.
    ///
    /// - Precondition: the run has not begun.
    public func schedule(_ action: ScheduledAction) {
        insist(!isStarted && !isArranged, "what is scheduled is scheduled before the first event")
        world.ready.adoptThread()
        world.arrange(action)
    }

    /// Has an action stand from the first event on, as a property of the network.
    ///
    /// One that finds nothing to act on is passed over.
    public func establish(_ action: Action) {
        insist(!isStarted, "what stands from the beginning is set before the first event")
        established.append(action)
    }

    // MARK: Running

    /// Takes the earliest event and lets all that follows from it at once happen; the first call starts the processes.
    ///
    /// - Parameter limit: events after it stay pending.
    /// - Returns: the event's record, or nil when none is pending up to the limit.
    /// - Throws: ``SimulationError``; the run cannot go on then.
    public func step(until limit: Instant = Instant(nanoseconds: .max)) throws(SimulationError) -> EventRecord? {
        guard try advance(until: limit) else { return nil }
        return record
    }

    /// Takes the earliest event as ``step(until:)`` does, and makes no record of it: ``record`` is it, and
    /// ``append(to:)`` keeps it.
    ///
    /// - Returns: whether one was pending up to the limit.
    /// - Throws: ``SimulationError``; the run cannot go on then.
    public func advance(until limit: Instant = Instant(nanoseconds: .max)) throws(SimulationError) -> Bool {
        world.ready.adoptThread()
        let hasEvent = advance(until: limit.nanoseconds)
        if let failure = world.failure { throw failure }
        return hasEvent
    }

    /// The record of the latest event; without its changes in a run that keeps no records.
    public var record: EventRecord {
        EventRecord(world.journal.bytes, number: world.eventNumber, withChanges: world.options.keepsRecords)
    }

    /// Keeps the record of the latest event in a log.
    public func append(to log: inout RecordLog) {
        log.append(world.journal.bytes)
    }

    /// Applies the latest event to the state before it.
    public func apply(to state: inout WorldState) {
        state.applyNext(world.journal.bytes)
    }

    /// Applies the latest event to the state before it, and has those of its changes looked at that somebody wants to see.
    package func apply(to state: inout WorldState, showing interests: ChangeKinds, look: ChangeLook) {
        state.applyNext(world.journal.bytes, showing: interests, look: look)
    }

    /// The state before the first event, with what was arranged by then. Nothing can be scheduled afterwards.
    public func beginning() -> WorldState {
        var log = RecordLog()
        arrange(in: &log)
        var state = WorldState(hosts: world.hosts.count, links: world.links.count)
        state.applyArranged(of: log)
        return state
    }

    /// Keeps what was arranged before the first event in a log, as its event 0. Nothing can be scheduled afterwards.
    public func arrange(in log: inout RecordLog) {
        insist(!isStarted, "what was arranged is told before the first event")
        finishArranging()
        log.arrange(world.journal.bytes)
    }

    private func finishArranging() {
        guard !isArranged else { return }
        isArranged = true
        world.digest.mix(world.journal.bytes)
    }

    /// Runs to a time, or until nothing is pending.
    ///
    /// - Returns: how many events there were.
    /// - Throws: ``SimulationError``.
    @discardableResult
    public func run(until limit: Instant = Instant(nanoseconds: .max)) throws(SimulationError) -> Int {
        let before = world.eventNumber
        world.ready.adoptThread()
        while advance(until: limit.nanoseconds) {}
        if let failure = world.failure { throw failure }
        return world.eventNumber - before
    }

    @inline(__always)
    private func advance(until limit: Int64) -> Bool {
        if isStarted {
            let before = world.now
            guard world.step(until: limit) else { return false }
            eventsAtOnce = world.now == before ? eventsAtOnce + 1 : 0
            if eventsAtOnce > world.options.instantBudget {
                world.failure = .timeStandsStill(at: before, budget: world.options.instantBudget)
            }
            return true
        }
        finishArranging()
        isStarted = true
        world.beginEvent(.start, cause: 0)
        for action in established { _ = try? world.apply(action) }
        if let chaos = world.options.chaos, !world.isHealed { world.beginChaos(chaos) }
        for process in world.processes { world.start(process) }
        world.endEvent()
        return true
    }

    /// Carries out an action, as an event of its own.
    ///
    /// - Parameter time: when; the time of the last event where it is before that, or not given, and that of the next one
    ///   where it is after that.
    /// - Throws: ``ActionError`` when there is nothing to act on; the world is as it was then, and so is its digest.
    @discardableResult
    public func perform(_ action: Action, at time: Instant = .zero) throws(ActionError) -> EventRecord {
        world.ready.adoptThread()
        guard isStarted else { throw ActionError("the run has not begun: take a step first") }
        world.settle()
        let before = (event: world.eventNumber, draws: world.drawCounts, time: world.now, record: world.journal.kept)
        world.now = max(world.now, min(time.nanoseconds, world.queue.earliest?.time ?? .max))
        world.beginEvent(.intervention, cause: 0)
        world.origin = DrawOrigin(DrawOrigin.hand, number: world.actionsByHand)
        world.emit(.action(action))
        do {
            try world.apply(action)
        } catch {
            world.eventNumber = before.event
            world.drawCounts = before.draws
            world.now = before.time
            world.journal.restore(before.record)
            throw error
        }
        world.actionsByHand += 1
        world.endEvent()
        return record
    }

    /// Ends all tasks and forgets everything; the simulation cannot go on. Called by `deinit` too.
    public func shutDown() {
        guard !isShutDown else { return }
        isShutDown = true
        world.ready.adoptThread()
        world.shutDown()
    }
}

extension World.Supplies {
    /// All faults of the catalogue, and the simulated providers.
    static let all = World.Supplies(
        carryOut: { action, world throws(ActionError) in try Catalogue.act(of: action).carryOut(action, world) },
        isNeedless: { action, world in Catalogue.act(of: action).isNeedless(action, world) },
        chaos: { Catalogue.chaos(of: $0) }, healing: .healAll,
        providers: { world, life in world.makeProviders(for: life) })
}
