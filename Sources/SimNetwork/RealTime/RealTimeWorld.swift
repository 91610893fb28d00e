package import PeerNetworking
package import TCP

/// The world of a run whose peers and sockets are real: it has the faults, the schedule and the records, and time is what has
/// passed.
///
/// What happens outside is noted in it, and what it decides is done outside by whoever reads its records: a process that it
/// says to be killed is killed there. Its own processes only wait to be ended. Confined to one thread at a time, as
/// ``Simulation`` is.
package final class RealTimeWorld {
    private let simulation: Simulation
    private let ghosts: Confined<Ghosts>
    private let outside: Confined<Outside>
    var world: World { simulation.world }
    /// What draws have left for the next call on a connection.
    var dueCloses = DueCloses()

    /// Makes the world of a run that has not begun.
    ///
    /// - Parameters:
    ///   - processes: what runs outside, by name, and on which host.
    ///   - isOutside: what is done to things that are outside alone: to connections.
    ///   - buggify: how the peers outside misbehave, and the links, where segments cross them; nil for not at all.
    ///   - chaos: what the seed draws; of its families those alone that `canBeHad`.
    package init(
        topology: Topology, seed: UInt64, processes: [(name: String, host: HostID)],
        buggify: BuggifyOptions?, chaos: ChaosProfile?,
        canBeHad: @escaping @Sendable (FaultFamily) -> Bool, isOutside: @escaping @Sendable (Action) -> Bool
    ) {
        let outside = Confined(Outside())
        var options = SimulationOptions()
        options.chaos = chaos
        options.buggify = buggify
        self.outside = outside
        let all = World.Supplies.all
        simulation = Simulation(
            topology: topology, seed: seed, options: options,
            supplies: World.Supplies(
                carryOut: { action, world throws(ActionError) in
                    guard isOutside(action) else { return try all.carryOut(action, world) }
                    return try outside.value.carryOut(action, in: world)
                },
                isNeedless: all.isNeedless, chaos: { canBeHad($0) ? all.chaos($0) : nil }, healing: all.healing,
                providers: all.providers))
        let ghosts = Confined(Ghosts(simulation.world.ready, count: processes.count))
        self.ghosts = ghosts
        for (index, process) in processes.enumerated() {
            simulation.addProcess(process.name, on: process.host) { _ in await ghosts.value.wait(index) }
        }
    }

    /// Has something done at its time, or when a condition holds. Before the run begins.
    package func schedule(_ action: ScheduledAction) { simulation.schedule(action) }

    /// Has an action stand from the first event on.
    package func establish(_ action: Action) { simulation.establish(action) }

    /// Keeps what was arranged before the first event in a log, and applies it to a state. Nothing can be scheduled
    /// afterwards.
    package func arrange(in log: inout RecordLog, _ state: inout WorldState) {
        simulation.arrange(in: &log)
        state.applyArranged(of: log)
    }

    /// When the next thing happens by itself, in nanoseconds; nil where nothing is pending.
    package var due: Int64? {
        world.settle()
        return world.queue.earliest?.time
    }

    /// Time has come so far: what was due by then happens. The first call starts the processes.
    ///
    /// - Returns: the records of it.
    package func advance(to time: Int64) -> [EventRecord] {
        var records: [EventRecord] = []
        while (try? simulation.advance(until: Instant(nanoseconds: time))) == true { records.append(simulation.record) }
        world.now = max(world.now, time)
        return records
    }

    /// Notes something that has happened outside, now.
    ///
    /// - Returns: the records of what was due by then, and of that.
    package func note(
        at time: Int64, host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil,
        _ changes: [Change]
    ) -> [EventRecord] {
        event(at: time, host: host, connection: connection, process: process) {
            for change in changes {
                world.emit(change)
                if case .forgotten(let id) = change { forget(id) }
            }
        }
    }

    /// Has something happen, as an event of its own.
    func event(
        at time: Int64, host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil,
        _ body: () -> Void
    ) -> [EventRecord] {
        decide(at: time, host: host, connection: connection, process: process) { _ in body() }.records
    }

    /// Has something be decided, as an event of its own.
    ///
    /// - Returns: what was decided, and the records of what was due by then and of this.
    func decide<Answer>(
        at time: Int64, host: HostID? = nil, connection: ConnectionID? = nil, process: ProcessID? = nil,
        _ question: (World) -> Answer
    ) -> (answer: Answer, records: [EventRecord]) {
        let before = advance(to: time)
        world.ready.adoptThread()
        world.beginEvent(.observed, cause: 0, host: host, connection: connection, process: process)
        let answer = question(world)
        world.endEvent()
        return (answer, before + [simulation.record])
    }

    /// Why it cannot go on; nil where it can.
    package var failure: SimulationError? { world.failure }

    /// A process has ended by itself outside.
    package func ended(_ process: ProcessID, at time: Int64) -> [EventRecord] {
        let before = advance(to: time)
        // Whoever was ended from here has ended already.
        guard world.processes.indices.contains(Int(process.index)), world.processes[Int(process.index)].life != nil
        else { return before }
        world.ready.adoptThread()
        world.beginEvent(.observed, cause: 0, process: process)
        ghosts.value.release(Int(process.index))
        world.endEvent()
        return before + [simulation.record]
    }

    /// Carries out an action by hand.
    ///
    /// - Throws: ``ActionError`` where there is nothing to act on.
    package func perform(_ action: Action, at time: Int64) throws(ActionError) -> [EventRecord] {
        let before = advance(to: time)
        return before + [try simulation.perform(action, at: Instant(nanoseconds: time))]
    }

    /// Says why something cannot be done outside, where it cannot.
    package var obstacle: (Action) -> String? {
        get { outside.value.obstacle }
        set { outside.value.obstacle = newValue }
    }

    /// Takes what is to be done outside, in the order in which it was decided.
    package func takeDeeds() -> [Action] {
        defer { outside.value.deeds = [] }
        return outside.value.deeds
    }

    /// One end of a connection answers nothing any more, and nothing that it sends is let through: as if its machine were gone.
    package func mute(_ id: ConnectionID, _ side: Side) { world.connections[id.number]?.mute = side }

    /// The TCP options of a host as they are now.
    package func options(of host: HostID) -> TCPOptions { world.hosts[Int(host.index)].tcp }

    /// Ends it.
    package func shutDown() { simulation.shutDown() }
}

/// What is done to things that are not in the world.
private final class Outside {
    var obstacle: (Action) -> String? = { _ in nil }
    var deeds: [Action] = []

    /// Has it done, once the event is over: what comes of it is noted in its turn.
    func carryOut(_ action: Action, in world: World) throws(ActionError) -> World.Done {
        if let problem = action.problem { throw ActionError(problem.message) }
        if let obstacle = obstacle(action) { throw ActionError(obstacle) }
        world.count(action)
        deeds.append(action)
        return World.Done(action: action, undo: nil)
    }
}

/// Where the world's own processes wait while others run outside.
private final class Ghosts {
    private let ready: ReadyQueue
    private var slots: [WaitSlot?]

    init(_ ready: ReadyQueue, count: Int) {
        self.ready = ready
        slots = Array(repeating: nil, count: count)
    }

    /// Waits until the process is released or killed.
    func wait(_ process: Int) async {
        let slot = WaitSlot()
        slots[process] = slot
        await slot.park(ready)
    }

    func release(_ process: Int) { slots[process]?.wake() }
}
