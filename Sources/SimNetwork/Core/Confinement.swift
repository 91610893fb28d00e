// The one place that says `@unchecked Sendable`. All that it vouches for is confined to the thread that steps the
// simulation; `enqueue` checks that on every job, in release builds too.

import Glibc

/// A value that is used on the simulation's thread alone, carried inside the handles that actors and tasks hold.
struct Confined<Value>: @unchecked Sendable {
    let value: Value

    @inline(__always)
    init(_ value: Value) { self.value = value }
}

/// The jobs of all processes that are ready to run, first in, first out, and the thread they may run on.
final class ReadyQueue: @unchecked Sendable {
    /// A job and the executor of the process it belongs to.
    struct Entry {
        let job: UnownedJob
        /// What it was enqueued for: one of the two.
        let actor: ProcessExecutor?
        var tasks: ProcessTaskExecutor?
        let jobs: ProcessJobs
    }

    @exclusivity(unchecked) private var ring: [Entry?] = Array(repeating: nil, count: 64)
    @exclusivity(unchecked) private var head = 0
    @exclusivity(unchecked) private(set) var count = 0
    @exclusivity(unchecked) private var owner = pthread_self()

    /// Makes the calling thread the simulation's: called where the simulation is entered.
    func adoptThread() {
        owner = pthread_self()
    }

    /// Traps off the simulation's thread: a task has escaped, and the run would no longer be deterministic.
    @inline(__always)
    func checkThread() {
        precondition(
            pthread_self() == owner,
            "a job was enqueued off the simulation's thread: start tasks with TaskProvider, never with Task {}")
    }

    @inline(__always)
    func append(_ entry: Entry) {
        if count == ring.count { grow() }
        ring[(head + count) & (ring.count - 1)] = entry
        count += 1
    }

    @inline(__always)
    func popFirst() -> Entry? {
        guard count > 0 else { return nil }
        let entry = ring[head]
        ring[head] = nil
        head = (head + 1) & (ring.count - 1)
        count -= 1
        return entry
    }

    private func grow() {
        var larger: [Entry?] = Array(repeating: nil, count: ring.count * 2)
        for index in 0..<count { larger[index] = ring[(head + index) & (ring.count - 1)] }
        ring = larger
        head = 0
    }
}

/// The jobs of one simulated process, whichever of its two executors they came through.
final class ProcessJobs: @unchecked Sendable {
    private let ready: ReadyQueue
    /// `host/process`, for messages.
    let name: String
    /// While the process is paused its jobs wait here.
    @exclusivity(unchecked) private var held: [ReadyQueue.Entry] = []
    @exclusivity(unchecked) private(set) var isPaused = false

    init(name: String, ready: ReadyQueue) {
        self.name = name
        self.ready = ready
    }

    @inline(__always)
    func enqueue(_ entry: ReadyQueue.Entry) {
        ready.checkThread()
        if isPaused { held.append(entry) } else { ready.append(entry) }
    }

    func pause() {
        isPaused = true
    }

    /// Lets the jobs go that came while the process was paused, in their order.
    func resume() {
        isPaused = false
        let entries = held
        held = []
        for entry in entries { ready.append(entry) }
    }

    /// Keeps a job that was ready before the process was paused.
    func hold(_ entry: ReadyQueue.Entry) {
        held.append(entry)
    }

    func checkThread() {
        ready.checkThread()
    }
}

/// The executor of a process's actors: its tasks run isolated to one of them, so that calls among them do not hop.
final class ProcessExecutor: SerialExecutor {
    let jobs: ProcessJobs
    private let tasks: ProcessTaskExecutor

    init(jobs: ProcessJobs, tasks: ProcessTaskExecutor) {
        self.jobs = jobs
        self.tasks = tasks
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.enqueue(ReadyQueue.Entry(job: UnownedJob(job), actor: self, jobs: jobs))
    }

    /// Runs a job as the actors' and as a task's of this process: where either differs, the runtime hops.
    @inline(__always)
    func run(_ job: UnownedJob) {
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: tasks.asUnownedTaskExecutor())
    }

    func checkIsolated() { jobs.checkThread() }
    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// The preferred executor of a process's tasks: what runs outside of any actor, such as the children of a task group,
/// comes through here.
///
/// An object of its own, not the actors': a job must run as what it was enqueued for, or builds with and without
/// optimisation would hop differently, and their runs would differ.
final class ProcessTaskExecutor: TaskExecutor {
    let jobs: ProcessJobs

    init(jobs: ProcessJobs) {
        self.jobs = jobs
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.enqueue(ReadyQueue.Entry(job: UnownedJob(job), actor: nil, tasks: self, jobs: jobs))
    }

    func run(_ job: UnownedJob) {
        job.runSynchronously(on: asUnownedTaskExecutor())
    }

    func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}

/// The actor that a process's tasks run on.
actor ProcessActor {
    nonisolated let executor: ProcessExecutor
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    init(executor: ProcessExecutor) {
        self.executor = executor
    }

    /// Runs an operation here: every wait in it resumes on the process's executor without a hop.
    func run(_ operation: @Sendable () async -> Void) async {
        arrive()
        await operation()
    }

    /// Without work of the actor's own before the call, the compiler (6.3) leaves the hop out, and the operation runs
    /// where its caller was: every wait in it would then hop in builds without optimisation, and not in those with.
    @inline(never)
    private func arrive() {
        executor.checkIsolated()
    }
}
