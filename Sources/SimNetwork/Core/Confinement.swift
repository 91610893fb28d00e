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
        let executor: ProcessExecutor
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

/// The executor of one simulated process: serial executor of its actors and task executor of its tasks in one, so that
/// calls between them do not hop. Its jobs run when the simulation drains them.
final class ProcessExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    private let ready: ReadyQueue
    /// `host/process`, for messages.
    let name: String
    /// While the process is paused its jobs wait here.
    @exclusivity(unchecked) private var held: [UnownedJob] = []
    @exclusivity(unchecked) private(set) var isPaused = false

    init(name: String, ready: ReadyQueue) {
        self.name = name
        self.ready = ready
    }

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        ready.checkThread()
        if isPaused {
            held.append(job)
        } else {
            ready.append(ReadyQueue.Entry(job: job, executor: self))
        }
    }

    @inline(__always)
    func run(_ job: UnownedJob) {
        job.runSynchronously(isolatedTo: asUnownedSerialExecutor(), taskExecutor: asUnownedTaskExecutor())
    }

    func pause() {
        isPaused = true
    }

    /// Lets the jobs go that came while the process was paused, in their order.
    func resume() {
        isPaused = false
        let jobs = held
        held = []
        for job in jobs { ready.append(ReadyQueue.Entry(job: job, executor: self)) }
    }

    /// Keeps a job that was ready before the process was paused.
    func hold(_ job: UnownedJob) {
        held.append(job)
    }

    func checkIsolated() {
        ready.checkThread()
    }

    func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }
    func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }
}
