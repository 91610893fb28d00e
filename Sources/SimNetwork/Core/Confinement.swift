// The one place that says `@unchecked Sendable`. All that it vouches for is confined to the thread that steps the
// simulation; `enqueue` checks that on every job, in release builds too.

import Bug
import Glibc
import HeapModule

/// A value that is used on the simulation's thread alone, carried inside the handles that actors and tasks hold.
struct Confined<Value>: @unchecked Sendable {
    let value: Value

    @inline(__always)
    init(_ value: Value) { self.value = value }
}

/// The jobs of all processes that are ready to run, first in, first out or shuffled, and the thread they may run on.
final class ReadyQueue: @unchecked Sendable {
    /// A job and the process it belongs to.
    ///
    /// Nothing here is counted: a job belongs to a task that has not ended, and the task holds its process's life.
    struct Entry {
        let job: UnownedJob
        let jobs: Unmanaged<ProcessJobs>
        /// Whether it runs isolated to the process's actors, or as what runs outside of any actor.
        let isIsolated: Bool
        /// The record of its task, where a wait slot resumed it.
        let record: Unmanaged<TaskRecord>?
        /// Which of its process's jobs it is.
        var turn: UInt32 = 0

        /// What tells its task from all others that live.
        @inline(__always)
        var identity: UnsafeRawPointer { unsafeBitCast(job, to: UnsafeRawPointer.self) }
    }

    @exclusivity(unchecked) private var ring = UnsafeMutableBufferPointer<Entry>.allocate(capacity: 64)
    @exclusivity(unchecked) private var head = 0
    @exclusivity(unchecked) private var inRing = 0
    /// The jobs by their draws, where their order is shuffled: the least is next. There may be tens of thousands.
    @exclusivity(unchecked) private var byDraw = Heap<Drawn>()
    /// Draws a job's turn by a seed, its process's key and its number there.
    typealias TurnDraw = (_ seed: UInt64, _ key: UInt64, _ number: UInt64) -> UInt64
    /// What draws turns; nil where jobs keep their order.
    private let draw: TurnDraw?
    /// The seed of the turns that are drawn from now on.
    @exclusivity(unchecked) var seed: UInt64
    @exclusivity(unchecked) private var owner = pthread_self()
    /// Whether the job that runs now is isolated to its process's actors.
    @exclusivity(unchecked) var runsIsolated = false
    /// The record of the task whose job runs now, where it is known: a look-up of the task's own costs more.
    @exclusivity(unchecked) var runningRecord: Unmanaged<TaskRecord>?
    /// The process whose job runs now.
    @exclusivity(unchecked) var runningJobs: Unmanaged<ProcessJobs>?
    /// The job that runs now: a task is one job all its life.
    @exclusivity(unchecked) var runningJob: UnsafeRawPointer?
    /// The task that runs now goes on as something else: at once, and not behind the others.
    ///
    /// Between an actor and what runs outside of any, the compiler makes a task hop in one build and not in another. Were a
    /// hop to wait its turn, builds with and without optimisation would interleave tasks differently.
    @exclusivity(unchecked) private var hop: Entry?

    /// A job, and what was drawn for it.
    private struct Drawn: Comparable {
        let bits: UInt64
        let entry: Entry

        static func < (left: Drawn, right: Drawn) -> Bool { left.bits < right.bits }
        static func == (left: Drawn, right: Drawn) -> Bool { left.bits == right.bits }
    }

    /// An empty queue.
    ///
    /// - Parameters:
    ///   - seed: that of the turns.
    ///   - draw: draws a job's turn where the order is shuffled.
    init(seed: UInt64 = 0, shuffledBy draw: TurnDraw? = nil) { (self.seed, self.draw) = (seed, draw) }

    deinit { ring.deallocate() }

    /// Makes the calling thread the simulation's: called where the simulation is entered.
    func adoptThread() {
        owner = pthread_self()
    }

    /// Traps off the simulation's thread: a task has escaped, and the run would no longer be deterministic.
    @inline(__always)
    func checkThread() {
        insist(
            pthread_self() == owner,
            "a job was enqueued off the simulation's thread: start tasks with TaskProvider, never with Task {}")
    }

    /// Where the task that runs now may sleep.
    func slotToSleepIn() -> WaitSlot {
        recordOfRunning()?._withUnsafeGuaranteedRef { $0.slotToSleepIn() } ?? WaitSlot()
    }

    /// What the task that runs now is for; that of its parent for a child, which has no record of its own.
    var nameOfRunning: String { recordOfRunning()?._withUnsafeGuaranteedRef { $0.name } ?? "main" }

    /// Whether the task that runs now has been cancelled.
    ///
    /// A task that the world started is cancelled through its record alone, and the record is quicker to ask; a child of
    /// such a task has no record of its own.
    @inline(__always)
    var isTaskCancelled: Bool {
        guard let runningRecord else { return Task.isCancelled }
        return runningRecord._withUnsafeGuaranteedRef {
            $0.isOf(runningJob) ? $0.isCancelled : Task.isCancelled
        }
    }

    @inline(__always)
    func recordOfRunning() -> Unmanaged<TaskRecord>? {
        if runningRecord == nil {
            runningRecord = TaskRecord.current.map { Unmanaged.passUnretained($0.value) }
        }
        return runningRecord
    }

    /// Takes in a job that is ready; the running task's own goes on at once.
    @inline(__always)
    func admit(_ entry: Entry) {
        // A task that yields stays what it is, and waits its turn like the others.
        if entry.identity == runningJob, entry.isIsolated != runsIsolated {
            hop = entry
        } else {
            append(entry)
        }
    }

    /// The job has run.
    ///
    /// - Returns: the running task's next job, where it hops.
    @inline(__always)
    func finish() -> Entry? {
        runningJob = nil
        guard let entry = hop else { return nil }
        hop = nil
        return Entry(
            job: entry.job, jobs: entry.jobs, isIsolated: entry.isIsolated, record: runningRecord, turn: entry.turn)
    }

    @inline(__always)
    func append(_ entry: Entry) {
        if let draw { return shuffle(entry, draw) }
        if inRing == ring.count { grow() }
        ring.initializeElement(at: (head &+ inRing) & (ring.count &- 1), to: entry)
        inRing &+= 1
    }

    @inline(never)
    private func shuffle(_ entry: Entry, _ draw: TurnDraw) {
        let bits = draw(seed, entry.jobs._withUnsafeGuaranteedRef { $0.key }, UInt64(entry.turn))
        byDraw.insert(Drawn(bits: bits, entry: entry))
    }

    /// Takes the entry whose turn it is: the first, or the one with the least draw.
    @inline(__always)
    func popFirst() -> Entry? {
        if draw != nil { return popLeast() }
        guard inRing > 0 else { return nil }
        let entry = ring[head]
        head = (head &+ 1) & (ring.count &- 1)
        inRing &-= 1
        return entry
    }

    @inline(never)
    private func popLeast() -> Entry? { byDraw.popMin()?.entry }

    private func grow() {
        let larger = UnsafeMutableBufferPointer<Entry>.allocate(capacity: ring.count * 2)
        for index in 0..<inRing {
            larger.initializeElement(at: index, to: ring[(head + index) & (ring.count - 1)])
        }
        ring.deallocate()
        ring = larger
        head = 0
    }
}

/// The jobs of one simulated process, whichever of its two executors they came through.
final class ProcessJobs: @unchecked Sendable {
    let ready: ReadyQueue
    /// `host/process`, for messages.
    let name: String
    /// What the turns of its jobs are drawn for: the process, in this one of its lives.
    let key: UInt64
    @exclusivity(unchecked) private var turns: UInt32 = 0
    /// What jobs run as; the process's life holds both executors.
    @exclusivity(unchecked) private var actors: UnownedSerialExecutor?
    @exclusivity(unchecked) private var tasks: UnownedTaskExecutor?
    /// While the process is paused its jobs wait here.
    @exclusivity(unchecked) private var held: [ReadyQueue.Entry] = []
    @exclusivity(unchecked) private(set) var isPaused = false

    init(name: String, key: UInt64, ready: ReadyQueue) {
        self.name = name
        self.key = key
        self.ready = ready
    }

    /// Says what jobs run as: the executors know the jobs, so this comes after both are made.
    func run(as actors: ProcessExecutor, _ tasks: ProcessTaskExecutor) {
        self.actors = actors.asUnownedSerialExecutor()
        self.tasks = tasks.asUnownedTaskExecutor()
    }

    @inline(__always)
    func enqueue(_ job: UnownedJob, isIsolated: Bool, record: Unmanaged<TaskRecord>? = nil) {
        ready.checkThread()
        turns &+= 1
        let entry = ReadyQueue.Entry(
            job: job, jobs: Unmanaged.passUnretained(self), isIsolated: isIsolated, record: record, turn: turns)
        if isPaused { held.append(entry) } else { ready.admit(entry) }
    }

    /// Runs a job as what it was enqueued for: where it is something else, the runtime hops, and builds with and without
    /// optimisation would hop differently.
    @inline(__always)
    func run(_ entry: ReadyQueue.Entry) {
        guard let actors, let tasks else { bug("\(name) has no executors") }
        ready.runsIsolated = entry.isIsolated
        ready.runningRecord = entry.record
        ready.runningJobs = entry.jobs
        ready.runningJob = entry.identity
        if entry.isIsolated {
            entry.job.runSynchronously(isolatedTo: actors, taskExecutor: tasks)
        } else {
            entry.job.runSynchronously(on: tasks)
        }
        // Nothing of `self` from here on: with its last job a process may be gone.
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

    init(jobs: ProcessJobs) {
        self.jobs = jobs
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.enqueue(UnownedJob(job), isIsolated: true)
    }

    func checkIsolated() { jobs.checkThread() }
    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
}

/// The preferred executor of a process's tasks: what runs outside of any actor, such as the children of a task group,
/// comes through here, and so does everything that a continuation resumes.
final class ProcessTaskExecutor: TaskExecutor {
    let jobs: ProcessJobs

    init(jobs: ProcessJobs) {
        self.jobs = jobs
    }

    func enqueue(_ job: consuming ExecutorJob) {
        jobs.enqueue(UnownedJob(job), isIsolated: false)
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
