import PeerNetworking
import TCP

/// The deterministic world: hosts, links, connections, and the queue of what is to happen.
///
/// Synchronous, and confined to the thread that steps it. Everything that happens does so inside an event, between
/// ``beginEvent(_:at:cause:)`` and ``endEvent()``; what tasks do in between is part of that event.
package final class World {
    let topology: Topology
    @exclusivity(unchecked) var seed: UInt64
    let options: SimulationOptions
    let supplies: Supplies
    /// The invariants are checked after every event.
    let checksInvariants: Bool
    let hosts: [Host]
    /// The hosts that are no routers: asked for by each partition that is drawn, and there may be 100,000.
    let endHosts: [HostID]
    let links: [Link]
    @exclusivity(unchecked) var processes: [Process] = []

    /// Virtual time in nanoseconds.
    @exclusivity(unchecked) var now: Int64 = 0
    @exclusivity(unchecked) var eventNumber = 0
    /// The time of the latest event.
    var eventTime: Int64 { journal.origin }
    @exclusivity(unchecked) var queue = EventQueue()
    @exclusivity(unchecked) var timers = TimerTable()
    @exclusivity(unchecked) var wire = Wire()
    /// What kernels outside are to have, where there are any.
    @exclusivity(unchecked) var landings: [Landing] = []
    /// There has been one.
    @exclusivity(unchecked) var hasOutside = false
    let ready: ReadyQueue

    /// Connections by number; looked up, never iterated over.
    @exclusivity(unchecked) var connections: [UInt32: Connection] = [:]
    @exclusivity(unchecked) var connectionsMade: UInt32 = 0
    @exclusivity(unchecked) var segmentsMade: Int64 = 0
    /// How often each process has asked for each port.
    @exclusivity(unchecked) var attempts = StableTable()
    /// Sockets that may have something to send or to tell, in that order. Their connections hold them, or ``detached`` does.
    @exclusivity(unchecked) var dirty: [Unmanaged<Socket>] = []
    /// Sockets that their connections have let go, as long as they may be among those.
    @exclusivity(unchecked) var detached: [Socket] = []

    /// Ended processes whose tasks are still to unwind within this event.
    @exclusivity(unchecked) var unwinding: [ProcessLife] = []

    // Records
    @exclusivity(unchecked) var digest: Digest
    /// The record of the event under way, or of what is arranged before the first.
    @exclusivity(unchecked) var journal: RecordWriter
    /// Why the run cannot go on.
    @exclusivity(unchecked) var failure: SimulationError? { didSet { hasFailed = failure != nil } }
    /// Looked at before every event, where a look at ``failure`` would copy it.
    @exclusivity(unchecked) private(set) var hasFailed = false
    /// Waits of the event under way, or a later one, that were none.
    @exclusivity(unchecked) private var callsWithoutWait = (event: 0, calls: 0)

    // Peers, by number
    @exclusivity(unchecked) var peerNames: [String] = []
    @exclusivity(unchecked) var peerNumbers: [String: PeerNumber] = [:]
    /// The process of each peer.
    @exclusivity(unchecked) var peerProcesses: [ProcessID] = []

    // Draws
    /// With which probability each site of buggify fires in this run; none where buggify is off.
    let firings: [Probability]
    /// How many were made, by scope.
    @exclusivity(unchecked) var drawCounts = StableTable()
    @exclusivity(unchecked) var overrides = DrawOverrides()
    /// Where the action under way comes from.
    @exclusivity(unchecked) var origin = DrawOrigin(DrawOrigin.schedule, number: 0)
    /// Actions on the schedule, and those done by hand.
    @exclusivity(unchecked) var arrangedActions: UInt64 = 0
    @exclusivity(unchecked) var actionsByHand: UInt64 = 0
    /// What the subjects of draws are called that peers have named.
    @exclusivity(unchecked) var subjects = NameTable()
    /// What tasks wait for.
    @exclusivity(unchecked) var tasks = NameTable()

    // Faults
    @exclusivity(unchecked) var partitions: [Partition] = []
    @exclusivity(unchecked) var slowPairs: [SlowPair] = []
    /// Hosts that are answered for as unreachable.
    @exclusivity(unchecked) var unreachableHosts = 0
    /// Something was done to reads and writes in this run; it may be over.
    @exclusivity(unchecked) var hasIOFaults = false
    /// Hosts that are clogged.
    @exclusivity(unchecked) var cloggedHosts = 0
    /// What stands of what actions have set, in the order in which they did.
    @exclusivity(unchecked) var standing = StandingActions()
    /// What actions have set above one another.
    @exclusivity(unchecked) var layers = Layers()
    /// What is carried out stood before: it is the end of what covered it.
    @exclusivity(unchecked) var isUncovering = false
    /// Conditions that the schedule waits for; nil where there are none (any more).
    @exclusivity(unchecked) var scheduleWatch: ScheduleWatch?
    /// All was healed: chaos and buggify are over.
    @exclusivity(unchecked) var isHealed = false

    private let hostsByName: [String: Host]
    @exclusivity(unchecked) private var routes: Routes
    /// Made for the first who asks: many runs have nobody that does.
    private(set) lazy var linksByHost = LinksByHost(topology)
    /// The paths over several links that connections have taken, which share them; looked up, never iterated over.
    @exclusivity(unchecked) private var paths: [UInt64: [Hop]] = [:]

    init(topology: Topology, seed: UInt64, options: SimulationOptions, supplies: Supplies) {
        self.supplies = supplies
        self.topology = topology
        ready =
            options.taskOrder == .fifo
            ? ReadyQueue()
            : ReadyQueue(seed: seed) { Draw.bits(seed: $0, site: World.orderSite, subject: $1, number: $2) }
        self.seed = seed
        self.options = options
        #if DEBUG
            checksInvariants = true
        #else
            checksInvariants = options.checksInvariants
        #endif
        let hosts = topology.hosts.enumerated().map { index, host in
            Host(id: HostID(index), name: host.name, tcp: host.tcp, limits: host.limits, isRouter: host.isRouter)
        }
        self.hosts = hosts
        endHosts = hosts.lazy.filter { !$0.isRouter }.map(\.id)
        links = topology.links.enumerated().map { index, link in
            func lane(_ direction: LinkDirection, _ properties: LinkProperties) -> Link.Lane {
                Link.Lane(
                    properties: properties,
                    subject: Draw.stableHash(topology.name(of: LinkID(index), direction)))
            }
            return Link(
                id: LinkID(index), first: hosts[Int(link.first.index)], second: hosts[Int(link.second.index)],
                forward: lane(.forward, link.forward), backward: lane(.backward, link.backward))
        }
        hostsByName = Dictionary(hosts.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        routes = Routes(topology)
        firings = options.buggify?.firings(seed: seed) ?? []
        digest = Digest(seed: seed)
        journal = RecordWriter(bytes: options.recordBudget, changes: options.changeBudget)
        digest.mix(topology)
        journal.begin(RecordHead(time: 0, kind: .start, cause: 0, place: 0), number: 0)
    }

    deinit { journal.free() }

    /// A host by its name or its address.
    func host(named name: String) -> Host? { hostsByName[name] }

    /// The hops from a host to another: none on one host, nil where no path leads.
    func path(from source: Host, to target: Host) -> [Hop]? {
        let pair = UInt64(UInt32(bitPattern: source.id.index)) << 32 | UInt64(UInt32(bitPattern: target.id.index))
        if let known = paths[pair] { return known }
        let path = routes.path(from: source.id, to: target.id)?.map { step in
            Hop(link: links[Int(step.link.index)], direction: step.direction)
        }
        // A single link is found as fast as looked up.
        if let path, path.count > 1 { paths[pair] = path }
        return path
    }

    /// Nothing happens to segments but what their links do: no partition, no slow pair, no unreachable host, no draw that
    /// is forced.
    @inline(__always)
    var isCalm: Bool {
        partitions.isEmpty && slowPairs.isEmpty && unreachableHosts == 0 && cloggedHosts == 0 && overrides.isEmpty
    }

    // MARK: Events

    @inline(__always)
    func beginEvent(
        _ kind: EventKind, cause: Int, host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil,
        place: UInt64 = 0
    ) {
        eventNumber += 1
        journal.begin(
            RecordHead(
                time: now, kind: kind, host: host, connection: connection, process: process, cause: cause, place: place),
            number: eventNumber)
    }

    /// Runs what is ready, sends what there is to send, and closes the record.
    @inline(__always)
    func endEvent() {
        foreseeSocket()
        drain()
        foreseeReader()
        if !unwinding.isEmpty { checkUnwound() }
        flush()
        foreseeTask()
        if scheduleWatch != nil { watchEnd() }
        digest.mix(journal.bytes)
    }

    /// Notes a change of the visible state in the record of the current event.
    ///
    /// Not inlined: where it seldom happens, its code would stand between what often does.
    @inline(never)
    func emit(_ change: Change) {
        journal.write(change)
        if scheduleWatch != nil { watch(change) }
    }

    /// Notes a change that comes with most events, as ``emit(_:)`` does.
    ///
    /// Made where it is written, and so never put together in memory: it is large.
    @inline(__always)
    func emitOften(_ change: @autoclosure () -> Change) {
        journal.write(change())
        if scheduleWatch != nil { watch(change()) }
    }

    /// Notes what happened to a peer, as ``emit(_:)`` does.
    func emit(_ event: PeerEvent, of peer: PeerNumber) {
        journal.write(event, of: peer)
        if journal.isOverfull { giveUpOnRunning() }
        if scheduleWatch != nil { watch(.peer(peer, event)) }
    }

    /// Notes what happened in a session of a peer, as ``emit(_:)`` does.
    func emit(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
        journal.write(event, of: peer, in: session)
        if journal.isOverfull { giveUpOnRunning() }
        if scheduleWatch != nil { watch(.peer(peer, event, in: session)) }
    }

    /// Runs the jobs that are ready, in order, until there are none.
    @inline(__always)
    func drain() {
        var budget = options.jobBudget
        while let first = ready.popFirst() {
            if first.jobs._withUnsafeGuaranteedRef({ $0.isPaused }) {
                first.jobs._withUnsafeGuaranteedRef { $0.hold(first) }
                continue
            }
            var entry = first
            while true {
                // Before it runs: with its last job a process may be gone.
                if budget == 0 {
                    giveUp(on: entry)
                    return
                }
                budget -= 1
                entry.jobs._withUnsafeGuaranteedRef { $0.run(entry) }
                if journal.isOverfull { giveUpOnRunning() }
                guard let hop = ready.finish() else { break }
                entry = hop
            }
        }
    }

    /// What draws which of the ready jobs runs next, where their order is shuffled.
    private static let orderSite = Draw.stableHash("task.order")

    /// A process spins: the run ends with an error, and its jobs are held so that it spins no more.
    private func giveUp(on entry: ReadyQueue.Entry) {
        let jobs = entry.jobs.takeUnretainedValue()
        let life = processes.compactMap(\.life).first { $0.jobs === jobs }
        let tasks = life?.tasks.filter { !$0.isFinished }.map(\.name) ?? []
        failure = .jobBudgetExceeded(process: jobs.name, tasks: tasks, budget: options.jobBudget)
        jobs.hold(entry)
        jobs.pause()
    }

    /// What runs fills the record of one event.
    private func giveUpOnRunning() {
        endRunning { process, task in
            let latest = journal.latestChange(eventNumber)
            return journal.hasTooManyBytes
                ? .recordBudgetExceeded(process: process, task: task, latest: latest, budget: options.recordBudget)
                : .changeBudgetExceeded(process: process, task: task, latest: latest, budget: options.changeBudget)
        }
    }

    /// A wait for a time that has passed, which is none: many of them within one event are a task that goes on and on.
    func countCallWithoutWait() {
        if callsWithoutWait.event != eventNumber { callsWithoutWait = (eventNumber, 0) }
        callsWithoutWait.calls += 1
        guard callsWithoutWait.calls > options.jobBudget else { return }
        endRunning { process, task in .waitsForNothing(process: process, task: task, budget: options.jobBudget) }
    }

    /// The run ends with an error, and what runs has no effect any more: a task that looks at what its calls throw ends.
    private func endRunning(_ error: (_ process: String, _ task: String) -> SimulationError) {
        guard !hasFailed else { return }
        let jobs = ready.runningJobs?._withUnsafeGuaranteedRef { $0 }
        failure = error(jobs?.name ?? "the network", ready.nameOfRunning)
        guard let life = processes.compactMap(\.life).first(where: { $0.jobs === jobs }) else { return }
        life.isDead = true
        for task in life.tasks where !task.isFinished { task.cancel() }
    }

    /// A killed process leaves no task behind: one that does waits for something that no provider gave it.
    private func checkUnwound() {
        for life in unwinding where life.liveTasks > 0 && !hasFailed {
            let tasks = life.tasks.filter { !$0.isFinished }.map(\.name)
            failure = .tasksOutlivedKill(process: life.jobs.name, tasks: tasks)
        }
        unwinding = []
    }

    // MARK: Timers

    /// Wakes a task at a time.
    ///
    /// - Parameter task: what it is called, or waits for, as records tell it.
    func schedule(_ slot: WaitSlot, of life: ProcessLife, for task: String, at time: Int64) -> TimerID {
        arrange(.wake(slot, life.process.id, task: number(ofTask: task)), at: time)
    }

    /// Wakes the task that runs now at a time.
    func schedule(_ slot: WaitSlot, of life: ProcessLife, at time: Int64) -> TimerID {
        schedule(slot, of: life, for: ready.nameOfRunning, at: time)
    }

    /// Carries an action out at a time.
    func schedule(_ strike: Strike, at time: Int64) -> TimerID { arrange(.action(strike), at: time) }

    /// Lets chaos strike at a time.
    func schedule(_ episode: ChaosEpisode, at time: Int64) -> TimerID { arrange(.chaos(episode), at: time) }

    /// Sets a timer of the world's own, visibly.
    @inline(__always)
    private func arrange(_ action: TimerAction, at time: Int64) -> TimerID {
        let due = max(time, now)
        tell(action, due: due)
        return set(action, at: due, place: queue.takePlace())
    }

    /// Says in the record when a timer of the world's own is due. A socket's is told with its end.
    @inline(__always)
    private func tell(_ action: TimerAction, due: Int64) {
        switch action {
        case .wake(_, let process, let task): emitOften(.timerSet(process, task: task, due: due))
        case .action(let strike): emit(.scheduled(strike.action, due: due))
        case .chaos(let episode): emit(.episode(episode.family, due: due))
        case .socket: break
        }
    }

    /// Lets a timer be due at another time: it keeps its name for whoever may take it away, and gets a place of its own anew.
    func move(_ id: TimerID, _ action: TimerAction, to due: Int64) {
        guard let before = timers.place(of: id) else { return }
        emit(.taken(before))
        tell(action, due: due)
        let place = queue.takePlace()
        timers.move(id, to: place, cause: eventNumber)
        queue.push(time: due, place: place, kind: .timer, index: id.index, generation: id.generation)
    }

    /// Sets a timer at a place that was taken for it.
    @inline(__always)
    func set(_ action: consuming TimerAction, at time: Int64, place: UInt64) -> TimerID {
        let id = timers.insert(action, cause: eventNumber, place: place)
        queue.push(time: time, place: place, kind: .timer, index: id.index, generation: id.generation)
        return id
    }

    /// Takes a timer away, visibly; nothing happens when it is no longer set.
    func cancel(_ id: TimerID) {
        guard let place = timers.remove(id) else { return }
        emitOften(.taken(place))
    }

    /// The number of what a task waits for.
    private func number(ofTask name: String) -> Int32 {
        let entry = tasks.entry(of: name)
        if entry.isNew { emit(.name(.task, entry.number, name)) }
        return entry.number
    }
}

extension World {
    /// What a world is given by whoever makes it, so that it knows neither faults nor providers by name.
    struct Supplies: Sendable {
        /// Carries an action out, within the current event.
        ///
        /// Throws ``ActionError`` when there is nothing to act on; then nothing has changed.
        let carryOut: @Sendable (Action, World) throws(ActionError) -> Done
        /// Whether an action that ends another need not be done: somebody was faster.
        let isNeedless: @Sendable (Action, World) -> Bool
        /// How chaos draws a family; nil for one that it does not.
        let chaos: @Sendable (FaultFamily) -> ChaosSource?
        /// What ends chaos, where it ends.
        let healing: Action
        /// What a life of a process is given.
        let providers: @Sendable (World, ProcessLife) -> Providers
    }

    /// What has become of an action that was carried out.
    struct Done {
        /// The action, with the stable name of what it was done to.
        let action: Action
        /// What undoes exactly this; nil where nothing does.
        let undo: Action?
    }
}
