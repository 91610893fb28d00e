import Bug
import CPrefetch

/// Where a task is parked, so that a kill or a cancellation can wake it.
///
/// One slot a place; the place clears it when it wakes the task. A slot is an actor and its own executor, which keeps a
/// task's job until it is woken: to hop here is to wait. A continuation would do the same for more: the runtime resumes
/// it outside of any actor, as a job that hops back to the task's actor as a second one, and takes the lock of the
/// task's status on the way.
///
/// Its state is confined to the simulation's thread, like all that `Confinement.swift` vouches for: ``wake()`` enqueues,
/// and that is checked.
actor WaitSlot: SerialExecutor {
    /// The job that goes on after ``park(_:)``.
    @exclusivity(unchecked) nonisolated(unsafe) private var parked: UnownedJob?
    /// Where the parked task runs: isolated to its process's actors or not.
    @exclusivity(unchecked) nonisolated(unsafe) private var isIsolated = false
    /// The parked task's record and its process's jobs, which live as long as the task does.
    @exclusivity(unchecked) nonisolated(unsafe) private var record: Unmanaged<TaskRecord>?
    @exclusivity(unchecked) nonisolated(unsafe) private var jobs: Unmanaged<ProcessJobs>?

    nonisolated var unownedExecutor: UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// A task waits here, or has been woken and has not gone on yet: another that came would be taken for it.
    @exclusivity(unchecked) nonisolated(unsafe) private(set) var isOccupied = false

    /// The timer that wakes who sleeps here was let go before its time: the clock is not asked whether it is time.
    @exclusivity(unchecked) nonisolated(unsafe) var isHurried = false

    /// Parks the calling task until ``wake()``. A cancelled task must not come here: nothing would wake it.
    @inline(__always)
    nonisolated func park(_ ready: ReadyQueue) async {
        prepare(ready)
        await arrive()
    }

    /// The first half of ``park(_:)``, for who cannot wait while it holds what it waits for: ``arrive()`` must follow.
    @inline(__always)
    nonisolated func prepare(_ ready: ReadyQueue) {
        insist(parked == nil, "two tasks wait for the same thing: one reads a stream at a time, one writes")
        isOccupied = true
        isIsolated = ready.runsIsolated
        jobs = ready.runningJobs
        record = ready.recordOfRunning()
        record?._withUnsafeGuaranteedRef { $0.add(self) }
    }

    /// Runs once the task is awake. Without work of the actor's own here, the compiler (6.3) leaves the hop out.
    @inline(never)
    func arrive() {
        isOccupied = false
    }

    nonisolated func enqueue(_ job: consuming ExecutorJob) {
        parked = UnownedJob(job)
    }

    nonisolated func checkIsolated() {}

    /// Asks for what ``wake()`` and the task that it wakes look at.
    @inline(__always)
    nonisolated func foresee() {
        guard let parked else { return }
        peerlab_prefetch(unsafeBitCast(parked, to: UnsafeRawPointer.self), ForeseenBytes.task)
        if let record { peerlab_prefetch(record.toOpaque(), ForeseenBytes.taskRecord) }
        if let jobs { peerlab_prefetch(jobs.toOpaque(), ForeseenBytes.jobs) }
    }

    /// Wakes the task that is parked here, if one is.
    @inline(__always)
    nonisolated func wake() {
        guard let job = parked else { return }
        parked = nil
        record?._withUnsafeGuaranteedRef { $0.forget(self) }
        jobs?._withUnsafeGuaranteedRef { $0.enqueue(job, isIsolated: isIsolated, record: record) }
    }
}
