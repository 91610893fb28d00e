public import PeerNetworking

/// The clock of a simulated process: its host's.
public struct SimTimeProvider: TimeProvider {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    /// What the host's clock shows: virtual time, unless it is skewed.
    public var now: Instant { Instant(nanoseconds: world.value.reading(of: life.value.process.host)) }

    /// Waits until the host's clock shows `deadline`; later, where its timers are slow.
    ///
    /// - Throws: `cancelled`.
    public func sleep(until deadline: Instant) async throws(NetworkError) {
        let world = world.value
        let life = life.value
        try life.checkTask(during: .sleep)
        var due = world.due(deadline.nanoseconds, on: life.process)
        if due == nil { world.countCallWithoutWait() }
        while let time = due {
            let slot = world.ready.slotToSleepIn()
            let timer = world.schedule(slot, of: life, at: time)
            await slot.park(world.ready)
            // It may have been woken before its time.
            if life.endsRunningTask { world.cancel(timer) }
            let isHurried = slot.isHurried
            slot.isHurried = false
            try life.checkTask(during: .sleep)
            if isHurried { return }
            // The clock may have been set in the meantime.
            due = world.clockDue(deadline.nanoseconds, on: life.process.host)
        }
    }
}

/// The tasks of a simulated process: they run when the simulation drains the process's executor.
public struct SimTaskProvider: TaskProvider {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    /// The process's executor.
    public var executor: any SerialExecutor { life.value.executor }

    /// Starts a task on the process's executor; on a dead process it never runs.
    @discardableResult
    public func start(_ name: String, _ operation: @escaping @Sendable () async -> Void) -> any TaskHandle {
        SimTaskHandle(record: Confined(world.value.startTask(name, in: life.value, operation)))
    }
}

extension SimTaskProvider {
    /// A condition whose waits end with the process.
    public func makeSignal() -> any Signal {
        SimSignal(world: world, life: life)
    }
}

/// A condition for the tasks of a simulated process.
final class SimSignal: Signal {
    private let world: Confined<World>
    private let life: Confined<ProcessLife>
    /// Most signals have one waiter: its slot is used again and again.
    private let first = WaitSlot()
    /// Those of further waiters, and of those that wait for a time too; confined to the simulation's thread, like all that `Confinement.swift` vouches for.
    @exclusivity(unchecked) nonisolated(unsafe) private var more: [WaitSlot] = []
    /// How often all further waiters have been woken: who waited before is among them no more, and need not be looked for.
    @exclusivity(unchecked) nonisolated(unsafe) private var rounds = 0

    init(world: Confined<World>, life: Confined<ProcessLife>) {
        self.world = world
        self.life = life
    }

    func wait() async throws(NetworkError) {
        let life = life.value
        try life.checkTask(during: .sleep)
        if first.isOccupied {
            let slot = WaitSlot()
            let round = add(slot)
            await slot.park(life.jobs.ready)
            remove(slot, of: round)
        } else {
            await first.park(life.jobs.ready)
        }
        try life.checkTask(during: .sleep)
    }

    func wait(until deadline: Instant, for purpose: String) async throws(NetworkError) {
        let life = life.value
        let world = world.value
        try life.checkTask(during: .sleep)
        guard let due = world.due(deadline.nanoseconds, on: life.process) else { return world.countCallWithoutWait() }
        let slot = WaitSlot()
        let round = add(slot)
        let timer = world.schedule(slot, of: life, for: purpose, at: due)
        await slot.park(life.jobs.ready)
        remove(slot, of: round)
        world.cancel(timer)
        try life.checkTask(during: .sleep)
    }

    func notify() {
        first.wake()
        guard !more.isEmpty else { return }
        let woken = more
        more = []
        rounds += 1
        for slot in woken { slot.wake() }
    }

    private func add(_ slot: WaitSlot) -> Int {
        more.append(slot)
        return rounds
    }

    private func remove(_ slot: WaitSlot, of round: Int) {
        if round == rounds { more.removeAll { $0 === slot } }
    }
}

/// A task of a simulated process.
struct SimTaskHandle: TaskHandle {
    let record: Confined<TaskRecord>

    func cancel() { record.value.cancel() }
    func finished() async { await record.value.finished() }
}

/// Counter-based draws from the run's seed.
public struct SimRandomProvider: RandomProvider {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    /// The next draw of a site for a subject; 0 on a dead process, which draws nothing.
    public func next(_ site: StaticString, for subject: String) -> UInt64 {
        guard !life.value.isDead else {
            life.value.countRefused()
            return 0
        }
        return world.value.draw(Draw.stableHash(site), for: Draw.stableHash(subject))
    }
}

extension World {
    func makeProviders(for life: ProcessLife) -> Providers {
        let world = Confined(self)
        let life = Confined(life)
        return Providers(
            network: SimNetworkProvider(world: world, life: life),
            time: SimTimeProvider(world: world, life: life),
            tasks: SimTaskProvider(world: world, life: life),
            random: SimRandomProvider(world: world, life: life),
            buggify: options.buggify == nil ? .off : Buggify(engine: SimBuggify(world: world, life: life)),
            observer: SimObserver(world: world, life: life))
    }
}

/// Buggify under the run's seed.
final class SimBuggify: BuggifyEngine {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    init(world: Confined<World>, life: Confined<ProcessLife>) {
        self.world = world
        self.life = life
    }

    func fires(_ site: BuggifySite, for subject: String) -> Bool {
        guard !life.value.isDead else {
            life.value.countRefused()
            return false
        }
        return world.value.buggifyFires(site, for: subject)
    }
}

/// Writes what peers do into the record of the current event.
struct SimObserver: PeerObserver {
    let world: Confined<World>
    let life: Confined<ProcessLife>

    func register(_ name: String, queueCapacity: Int) -> PeerNumber {
        let world = world.value
        let number: PeerNumber
        if let known = world.peerNumbers[name] {
            number = known
        } else {
            number = PeerNumber(Int32(world.peerNames.count))
            world.peerNames.append(name)
            world.peerNumbers[name] = number
            world.peerProcesses.append(life.value.process.id)
            world.emit(.name(.peer, number.index, name))
        }
        guard !life.value.isDead else {
            life.value.countRefused()
            return number
        }
        world.emit(.peerRegistered(number, life.value.process.id, capacity: Int32(queueCapacity)))
        return number
    }

    @inline(__always)
    func note(_ event: PeerEvent, of peer: PeerNumber) {
        guard !life.value.isDead else { return life.value.countRefused() }
        world.value.emit(event, of: peer)
    }

    func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
        guard !life.value.isDead else { return life.value.countRefused() }
        world.value.emit(event, of: peer, in: session)
    }
}
