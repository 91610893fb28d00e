import Bug

/// Where a task is parked until what it waits for has changed.
///
/// A wake says only "look again": the waiter examines the state anew, and whether it was cancelled.
final class WaitSlot {
    private enum State {
        case empty
        case parked(UnsafeContinuation<Void, Never>)
        case arriving(Arrival)
    }

    @exclusivity(unchecked) private var state = State.empty

    /// Parks the calling task until ``wake()`` or until it is cancelled. On the loop only.
    ///
    /// A task that a ``SocketTaskProvider`` started costs no registration here: its record knows the one slot at which
    /// it is parked. A child of such a task, or a task from elsewhere, registers a cancellation handler for this wait.
    ///
    /// - Parameter record: the calling task's, where the caller has looked it up already.
    func park(on executor: EventLoopExecutor, by record: TaskRecord? = TaskRecord.current?.value) async {
        insist(
            !isOccupied,
            "two tasks wait for the same thing: at a time one may read a stream, one write, one flush, one accept")
        if let record, record.isRunningHere {
            record.waitsAt = self
            await withUnsafeContinuation { state = .parked($0) }
            record.waitsAt = nil
        } else {
            let arrival = Arrival()
            state = .arriving(arrival)
            await LoopGate(executor).park(Confined(arrival, to: executor), at: Confined(self, to: executor))
        }
    }

    /// Whether a task waits here.
    var isOccupied: Bool {
        if case .empty = state { false } else { true }
    }

    /// Wakes the task that is parked here, if one is.
    @inline(__always)
    func wake() {
        switch state {
        case .empty:
            break
        case .parked(let continuation):
            state = .empty
            continuation.resume()
        case .arriving(let arrival):
            state = .empty
            arrival.wake()
        }
    }
}

/// A wait that takes turns of the loop until it is parked, and may be woken before.
private final class Arrival {
    private var continuation: UnsafeContinuation<Void, Never>?
    private var isWoken = false

    func wake() {
        isWoken = true
        continuation?.resume()
        continuation = nil
    }

    func hold(_ continuation: UnsafeContinuation<Void, Never>) {
        if isWoken {
            continuation.resume()
        } else {
            self.continuation = continuation
        }
    }
}

extension LoopGate {
    /// Parks the calling task, for one wait, with a handler for its cancellation.
    ///
    /// In an actor, for the operation of a cancellation handler leaves the executor of a caller that is isolated to
    /// none.
    fileprivate func park(_ arrival: Confined<Arrival>, at slot: Confined<WaitSlot>) async {
        let executor = executor
        await withTaskCancellationHandler {
            await self.hold(arrival)
        } onCancel: {
            // Another may wait there by now: it looks again, and parks again.
            executor.onLoop { slot.value.wake() }
        }
    }

    private func hold(_ arrival: Confined<Arrival>) async {
        arrive()
        await withUnsafeContinuation { arrival.value.hold($0) }
    }
}
