import PeerNetworking

/// A parked wait: a continuation without a value. Whoever wakes looks again at what it waited for.
typealias Parked = UnsafeContinuation<Void, Never>

/// Where a task is parked, so that a kill or a cancellation can wake it.
///
/// One slot a place; the place clears it when it wakes the task.
final class WaitSlot {
    @exclusivity(unchecked) private var parked: Parked?

    @inline(__always)
    var isOccupied: Bool { parked != nil }

    /// Parks the calling task until ``wake()``, or returns at once when the task was cancelled.
    @inline(__always)
    func park() async {
        if Task.isCancelled { return }
        let record = TaskRecord.current?.value
        record?.waits.append(self)
        await withUnsafeContinuation { continuation in
            precondition(parked == nil, "two tasks wait for the same thing: one reads a stream at a time, one writes")
            parked = continuation
        }
        record?.forget(self)
    }

    /// Wakes the task that is parked here, if one is.
    @inline(__always)
    func wake() {
        guard let continuation = parked else { return }
        parked = nil
        continuation.resume()
    }
}

/// A task of a process: one registration a task, through which the world cancels it and wakes what it waits for.
final class TaskRecord {
    @TaskLocal static var current: Confined<TaskRecord>?

    let name: String
    @exclusivity(unchecked) var waits: [WaitSlot] = []
    @exclusivity(unchecked) var task: Task<Void, Never>?
    @exclusivity(unchecked) private(set) var isFinished = false
    /// Those that wait for the task's end.
    @exclusivity(unchecked) private var joiners: [WaitSlot] = []

    init(name: String) {
        self.name = name
    }

    @inline(__always)
    func forget(_ slot: WaitSlot) {
        if let last = waits.last, last === slot {
            waits.removeLast()
        } else if let index = waits.firstIndex(where: { $0 === slot }) {
            waits.remove(at: index)
        }
    }

    /// Cancels the task and wakes all it waits for; each wait then throws `cancelled`.
    func cancel() {
        task?.cancel()
        for slot in waits { slot.wake() }
    }

    func finish() {
        isFinished = true
        task = nil
        let waiting = joiners
        joiners = []
        for slot in waiting { slot.wake() }
    }

    /// Waits until the task has ended, or the calling task is cancelled.
    func finished() async {
        while !isFinished, !Task.isCancelled {
            let slot = WaitSlot()
            joiners.append(slot)
            await slot.park()
        }
    }
}
