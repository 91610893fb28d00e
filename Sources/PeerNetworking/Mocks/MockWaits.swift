import Synchronization

/// Those that wait for something, in the order in which they came.
final class MockWaits: Sendable {
    private struct State {
        var last: UInt64 = 0
        var waiting: [(number: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state = Mutex(State())

    /// Waits until the next ``wakeAll()``.
    ///
    /// - Returns: whether it was woken; not when the task was cancelled.
    func wait() async -> Bool {
        let number = state.withLock { state in
            state.last += 1
            return state.last
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isCancelled = state.withLock { state in
                    if Task.isCancelled { return true }
                    state.waiting.append((number, continuation))
                    return false
                }
                if isCancelled { continuation.resume(returning: false) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
            }
            cancelled?.continuation.resume(returning: false)
        }
    }

    func wakeAll() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation.resume(returning: true) }
    }
}

/// A condition of mock tasks.
struct MockSignal: Signal {
    private let waits = MockWaits()

    func wait() async throws(NetworkError) {
        guard await waits.wait() else { throw NetworkError(.cancelled, during: .sleep) }
    }

    func notify() { waits.wakeAll() }
}
