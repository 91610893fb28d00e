internal import PeerNetworking

/// A task of a process: one registration a task, through which it is cancelled and woken from what it waits for.
final class TaskRecord {
    /// The record of the task that is running, inherited by its children.
    @TaskLocal static var current: Confined<TaskRecord>?

    let name: String
    /// Where the task itself, not one of its children, is parked.
    @exclusivity(unchecked) var waitsAt: WaitSlot?
    @exclusivity(unchecked) private(set) var hasEnded = false
    @exclusivity(unchecked) private var isCancelled = false
    @exclusivity(unchecked) private var task: Task<Void, Never>?
    @exclusivity(unchecked) private var identity: UnsafeCurrentTask?
    @exclusivity(unchecked) private var joiners = Roster<WaitSlot>()

    init(name: String) {
        self.name = name
    }

    /// Whether the running task is this record's own, and not a child of it.
    @inline(__always)
    var isRunningHere: Bool { withUnsafeCurrentTask { $0 == identity } }

    /// Starts the task on the executor; `whenEnded` is called on the loop after its last step.
    func start(
        on executor: EventLoopExecutor, _ operation: @escaping @Sendable () async -> Void,
        whenEnded: @escaping @Sendable () -> Void
    ) {
        let record = Confined(self, to: executor)
        // Isolated to an actor of the loop: isolated to none, every call would hop in builds without optimisation, and
        // what wakes a wait could come between its look at the state and its parking.
        let gate = LoopGate(executor)
        task = Task(name: name, executorPreference: executor) {
            await TaskRecord.$current.withValue(record) {
                record.value.begin()
                await gate.run(operation)
                record.value.end()
            }
            whenEnded()
        }
        if isCancelled { task?.cancel() }
    }

    private func begin() {
        identity = withUnsafeCurrentTask { $0 }
    }

    private func end() {
        // The identity is valid as long as the task runs, and no longer.
        identity = nil
        endWithoutRunning()
    }

    /// Marks the task as ended; alone, for one that was never started.
    func endWithoutRunning() {
        hasEnded = true
        task = nil
        for joiner in joiners.inOrder { joiner.wake() }
    }

    /// Cancels the task and wakes it, so that what it waits for throws `cancelled`.
    func cancel() {
        if hasEnded || isCancelled { return }
        isCancelled = true
        task?.cancel()
        waitsAt?.wake()
    }

    /// Waits until the task has ended, or the calling task is cancelled.
    func finished(on executor: EventLoopExecutor) async {
        while !hasEnded, !Task.isCancelled {
            let slot = WaitSlot()
            let number = joiners.add(slot)
            await slot.park(on: executor)
            joiners.remove(number)
        }
    }
}
