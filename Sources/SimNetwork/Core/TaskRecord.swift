import PeerNetworking

/// What a task needs of the life of the process that it belongs to.
protocol TaskHome: AnyObject {
    /// The jobs of the process.
    var jobs: ProcessJobs { get }
    /// What the task runs on.
    var actor: ProcessActor { get }
    /// Counts that one of its tasks has ended.
    func taskEnded()
}

/// A task of a process: one registration a task, through which the world cancels it and wakes what it waits for.
final class TaskRecord {
    @TaskLocal static var current: Confined<TaskRecord>?

    let name: String
    /// What it does, and the life it does it in; nil once it has ended. Kept here and not by the task, which then holds
    /// this record alone.
    @exclusivity(unchecked) private(set) var work: (home: any TaskHome, operation: @Sendable () async -> Void)?
    /// What the task waits for; the frame that waits holds it.
    @exclusivity(unchecked) private var wait: Unmanaged<WaitSlot>?
    /// What its children wait for beside it.
    @exclusivity(unchecked) private var furtherWaits: [WaitSlot] = []
    /// Where it sleeps, again and again.
    @exclusivity(unchecked) private var bed: WaitSlot?
    @exclusivity(unchecked) var task: Task<Void, Never>?
    @exclusivity(unchecked) private(set) var isCancelled = false
    /// Those that wait for the task's end.
    @exclusivity(unchecked) private var joiners: [WaitSlot] = []

    init(name: String, in home: any TaskHome, _ operation: @escaping @Sendable () async -> Void) {
        self.name = name
        work = (home, operation)
    }

    var isFinished: Bool { work == nil }

    /// Whether it is of the task that a job belongs to, and not of a parent of that.
    @inline(__always)
    func isOf(_ job: UnsafeRawPointer?) -> Bool {
        guard let task else { return false }
        // A task is one job all its life, and a handle of it is a reference to that.
        return unsafeBitCast(task, to: UnsafeRawPointer.self) == job
    }

    @inline(__always)
    func add(_ slot: WaitSlot) {
        if wait == nil { wait = Unmanaged.passUnretained(slot) } else { furtherWaits.append(slot) }
    }

    @inline(__always)
    func forget(_ slot: WaitSlot) {
        if wait?.toOpaque() == Unmanaged.passUnretained(slot).toOpaque() {
            wait = nil
        } else if let index = furtherWaits.firstIndex(where: { $0 === slot }) {
            furtherWaits.remove(at: index)
        }
    }

    /// A slot to sleep in: its own, unless a child of it sleeps there.
    func slotToSleepIn() -> WaitSlot {
        if let bed, !bed.isOccupied { return bed }
        let slot = WaitSlot()
        if bed == nil { bed = slot }
        return slot
    }

    /// Cancels the task and wakes all it waits for; each wait then throws `cancelled`.
    func cancel() {
        isCancelled = true
        task?.cancel()
        wait?.takeUnretainedValue().wake()
        for slot in furtherWaits { slot.wake() }
    }

    func finish() {
        work = nil
        task = nil
        let waiting = joiners
        joiners = []
        for slot in waiting { slot.wake() }
    }

    /// Waits until the task has ended, or the calling task is cancelled.
    func finished() async {
        while let ready = work?.home.jobs.ready, !ready.isTaskCancelled {
            let slot = WaitSlot()
            joiners.append(slot)
            await slot.park(ready)
        }
    }
}
