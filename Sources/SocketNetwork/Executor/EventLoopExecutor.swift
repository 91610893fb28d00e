// The one place that says `@unchecked Sendable`. All that it vouches for is confined to one event loop's thread, which
// every public entry of the module checks before it reaches in.

import Bug
internal import DequeModule
public import NIOCore

/// A value that is used on one event loop alone, carried inside the handles that actors and tasks hold.
struct Confined<Value>: @unchecked Sendable {
    private let content: Value
    // Where nothing is asserted it is not carried about: each copy would keep the loop alive for itself.
    #if DEBUG
        private let loop: any EventLoop
    #endif

    @inline(__always)
    init(_ value: Value, to executor: EventLoopExecutor) {
        content = value
        #if DEBUG
            loop = executor.loop
        #endif
    }

    /// The value; on its loop only.
    @inline(__always)
    var value: Value {
        #if DEBUG
            insist(loop.inEventLoop, "reached from another thread than its event loop's")
        #endif
        return content
    }

    /// The reference, to hand it on from any thread; not to look into it.
    var reference: Value { content }
}

/// What wants to be done once the jobs that are ready have run: a stream that has bytes to flush.
protocol EndOfTick: AnyObject {
    func endOfTick()
}

/// An executor for actors and tasks alike, over one event loop.
///
/// An actor whose `unownedExecutor` is this executor, and a task that was started with it as its preference, run on the
/// loop's thread, and calls between the two do not hop. Jobs that become ready on the loop are kept in a queue of its
/// own and drained in one turn of the loop, without waking its selector; jobs from other threads go through the loop.
///
/// Use one executor for each process of a loop: two over the same loop are different executors to the runtime.
public final class EventLoopExecutor: SerialExecutor, TaskExecutor, @unchecked Sendable {
    /// The event loop that runs the jobs.
    public let loop: any EventLoop

    @exclusivity(unchecked) private var jobs = Deque<UnownedJob>(minimumCapacity: 64)
    @exclusivity(unchecked) private var atEnd: [any EndOfTick] = []
    @exclusivity(unchecked) private var isScheduled = false
    @exclusivity(unchecked) private var isDraining = false
    /// Its jobs wait: what runs on it is stopped.
    @exclusivity(unchecked) private(set) var isHeld = false

    /// Jobs run in one turn before the loop goes on with its sockets; a task that yields forever must not keep it away.
    private static let jobsPerTurn = 4_096

    /// Makes an executor over a loop, which must outlive all jobs.
    public init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Whether the calling thread is the loop's.
    @inline(__always)
    public var isOnLoop: Bool { loop.inEventLoop }

    /// Takes a job, from any thread.
    public func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        if loop.inEventLoop {
            jobs.append(job)
            schedule()
        } else {
            loop.execute {
                self.jobs.append(job)
                // One drain is due at a time: two that take turns would leave the loop no time for its sockets.
                if !self.isScheduled, !self.isHeld { self.drain() }
            }
        }
    }

    /// Identity: two handles of the same object are the same executor.
    public func asUnownedSerialExecutor() -> UnownedSerialExecutor { UnownedSerialExecutor(ordinary: self) }

    /// Identity: two handles of the same object are the same executor.
    public func asUnownedTaskExecutor() -> UnownedTaskExecutor { UnownedTaskExecutor(ordinary: self) }

    /// Traps unless the calling thread is the loop's.
    public func checkIsolated() {
        loop.preconditionInEventLoop()
    }

    /// Whether the calling thread is the loop's.
    public func isIsolatingCurrentContext() -> Bool? { loop.inEventLoop }

    /// Does something on the loop: now when called there, else in one of its next turns.
    func onLoop(_ action: @escaping @Sendable () -> Void) {
        if loop.inEventLoop {
            action()
        } else {
            loop.execute(action)
        }
    }

    /// Has `endOfTick` called once when the ready jobs have run. On the loop only.
    func atEndOfTick(_ member: any EndOfTick) {
        atEnd.append(member)
        schedule()
    }

    /// Does something that makes jobs ready, and runs them at once: called where the loop has just heard from a socket, it
    /// saves the loop's own task for them. On the loop only.
    func turn(_ action: () -> Void) {
        if isDraining || isHeld { return action() }
        isDraining = true
        action()
        drain()
    }

    /// Holds all jobs from now on, as a process that is stopped. On the loop only.
    func hold() { isHeld = true }

    /// Lets the jobs go on. On the loop only.
    func release() {
        isHeld = false
        schedule()
    }

    @inline(__always)
    private func schedule() {
        if isDraining || isScheduled || isHeld { return }
        isScheduled = true
        loop.execute { self.drainScheduled() }
    }

    private func drainScheduled() {
        isScheduled = false
        if !isHeld { drain() }
    }

    private func drain() {
        isDraining = true
        let serial = asUnownedSerialExecutor()
        let task = asUnownedTaskExecutor()
        var budget = Self.jobsPerTurn
        repeat {
            while budget > 0, !isHeld, let job = jobs.popFirst() {
                job.runSynchronously(isolatedTo: serial, taskExecutor: task)
                budget -= 1
            }
            endTick()
        } while budget > 0 && !jobs.isEmpty && !isHeld
        isDraining = false
        if !jobs.isEmpty, !isScheduled, !isHeld {
            // What is due at once, or nearly, would run before the selector is asked again.
            isScheduled = true
            loop.scheduleTask(in: .microseconds(200)) { self.drainScheduled() }
        }
    }

    @inline(__always)
    private func endTick() {
        var index = 0
        while index < atEnd.count {
            atEnd[index].endOfTick()
            index += 1
        }
        atEnd.removeAll(keepingCapacity: true)
    }
}
