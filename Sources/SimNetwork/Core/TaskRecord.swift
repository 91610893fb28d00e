import PeerNetworking

/// A parked wait: a continuation without a value. Whoever wakes looks again at what it waited for.
typealias Parked = UnsafeContinuation<Void, Never>

/// Where a task is parked, so that a kill or a cancellation can wake it.
///
/// One slot a place; the place clears it when it wakes the task.
final class WaitSlot {
    @exclusivity(unchecked) private var parked: Parked?
    /// Where the parked task runs: isolated to its process's actors or not.
    @exclusivity(unchecked) private var isIsolated = false
    /// The parked task's record, which lives as long as the task does.
    @exclusivity(unchecked) unowned(unsafe) private var record: TaskRecord?

    @inline(__always)
    var isOccupied: Bool { parked != nil }

    /// Parks the calling task until ``wake(_:)``. A cancelled task must not come here: nothing would wake it.
    @inline(__always)
    func park(_ ready: ReadyQueue) async {
        await withUnsafeContinuation { continuation in
            enter(continuation, ready)
        }
    }

    @inline(__always)
    private func enter(_ continuation: Parked, _ ready: ReadyQueue) {
        precondition(parked == nil, "two tasks wait for the same thing: one reads a stream at a time, one writes")
        parked = continuation
        isIsolated = ready.runsIsolated
        if ready.runningRecord == nil { ready.runningRecord = TaskRecord.current?.value }
        record = ready.runningRecord
        record?.add(self)
    }

    /// Wakes the task that is parked here, if one is.
    @inline(__always)
    func wake(_ ready: ReadyQueue) {
        guard let continuation = parked else { return }
        parked = nil
        record?.forget(self)
        // Enqueues the task's job before it returns.
        ready.resumesIsolated = isIsolated
        ready.resumingRecord = record
        continuation.resume()
        ready.resumesIsolated = false
        ready.resumingRecord = nil
    }
}

/// A task of a process: one registration a task, through which the world cancels it and wakes what it waits for.
final class TaskRecord {
    @TaskLocal static var current: Confined<TaskRecord>?

    let name: String
    let ready: ReadyQueue
    /// What the task waits for; the frame that waits holds it.
    @exclusivity(unchecked) unowned(unsafe) private var wait: WaitSlot?
    /// What its children wait for beside it.
    @exclusivity(unchecked) private var furtherWaits: [WaitSlot] = []
    @exclusivity(unchecked) var task: Task<Void, Never>?
    @exclusivity(unchecked) private(set) var isFinished = false
    /// Those that wait for the task's end.
    @exclusivity(unchecked) private var joiners: [WaitSlot] = []

    init(name: String, ready: ReadyQueue) {
        self.name = name
        self.ready = ready
    }

    @inline(__always)
    func add(_ slot: WaitSlot) {
        if wait == nil { wait = slot } else { furtherWaits.append(slot) }
    }

    @inline(__always)
    func forget(_ slot: WaitSlot) {
        if wait === slot {
            wait = nil
        } else if let index = furtherWaits.firstIndex(where: { $0 === slot }) {
            furtherWaits.remove(at: index)
        }
    }

    /// Cancels the task and wakes all it waits for; each wait then throws `cancelled`.
    func cancel() {
        task?.cancel()
        wait?.wake(ready)
        for slot in furtherWaits { slot.wake(ready) }
    }

    func finish() {
        isFinished = true
        task = nil
        let waiting = joiners
        joiners = []
        for slot in waiting { slot.wake(ready) }
    }

    /// Waits until the task has ended, or the calling task is cancelled.
    func finished() async {
        while !isFinished, !Task.isCancelled {
            let slot = WaitSlot()
            joiners.append(slot)
            await slot.park(ready)
        }
    }
}
