import Bug
import PeerNetworking
import DequeModule
import Synchronization

/// An executor that is drained by hand: nothing runs but within ``run()``, on the thread that calls it.
public final class ManualExecutor: SerialExecutor {
    let queue: ManualJobs
    /// What tasks prefer; an object of its own, so that a job runs as what it was enqueued for.
    let tasks: ManualTaskExecutor

    /// Makes an executor with nothing to do.
    public init() {
        queue = ManualJobs()
        tasks = ManualTaskExecutor(queue: queue)
    }

    /// Takes a job, which waits for ``run()``.
    public func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), isActors: true)
    }

    /// Runs jobs, oldest first, until none is ready.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func run() -> Int {
        var count = 0
        queue.isDraining.store(true, ordering: .relaxed)
        while let (job, isActors) = queue.popFirst() {
            if isActors {
                job.runSynchronously(
                    isolatedTo: asUnownedSerialExecutor(), taskExecutor: tasks.asUnownedTaskExecutor())
            } else {
                job.runSynchronously(on: tasks.asUnownedTaskExecutor())
            }
            count += 1
        }
        queue.isDraining.store(false, ordering: .relaxed)
        return count
    }

    /// Traps outside of ``run()``.
    public func checkIsolated() {
        insist(queue.isDraining.load(ordering: .relaxed), "not on the manual executor: call run()")
    }

    /// Identity: two handles of the same object are the same executor.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// The jobs of a manual executor that are ready.
final class ManualJobs: Sendable {
    private let jobs = Mutex(Deque<(UnownedJob, isActors: Bool)>())
    let isDraining = Atomic<Bool>(false)

    func append(_ job: UnownedJob, isActors: Bool) {
        jobs.withLock { $0.append((job, isActors)) }
    }

    func popFirst() -> (UnownedJob, isActors: Bool)? {
        jobs.withLock { $0.popFirst() }
    }
}

/// The preferred executor of a manual executor's tasks.
final class ManualTaskExecutor: TaskExecutor {
    private let queue: ManualJobs

    init(queue: ManualJobs) {
        self.queue = queue
    }

    func enqueue(_ job: consuming ExecutorJob) {
        queue.append(UnownedJob(job), isActors: false)
    }

    func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}

/// The actor that a manual executor's tasks run on.
actor ManualActor {
    private nonisolated let executor: ManualExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(_ executor: ManualExecutor) {
        self.executor = executor
    }

    func run(_ operation: @Sendable () async -> Void) async {
        arrive()
        await operation()
    }

    /// Without work of the actor's own before the call, the compiler (6.3) leaves the hop out.
    @inline(never)
    private func arrive() {
        executor.checkIsolated()
    }
}
