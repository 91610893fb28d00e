import PeerNetworking
import Synchronization

/// Those that wait for something, in the order in which they came.
final class MockWaits: Sendable {
    private struct State {
        var last: UInt64 = 0
        /// A continuation comes with the first suspension, which may be after the wake.
        var waiting: [(number: UInt64, continuation: CheckedContinuation<Bool, Never>?)] = []
    }

    private let state = Mutex(State())

    /// Waits until the next ``wakeAll()``.
    ///
    /// - Returns: whether it was woken; not when the task was cancelled.
    func wait() async -> Bool {
        let number = state.withLock { state in
            state.last += 1
            state.waiting.append((state.last, nil))
            return state.last
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let outcome = state.withLock { state -> Bool? in
                    guard let index = state.waiting.firstIndex(where: { $0.number == number }) else {
                        return !Task.isCancelled
                    }
                    state.waiting[index].continuation = continuation
                    return nil
                }
                if let outcome { continuation.resume(returning: outcome) }
            }
        } onCancel: {
            let cancelled = state.withLock { state in
                state.waiting.firstIndex { $0.number == number }.map { state.waiting.remove(at: $0) }
            }
            cancelled?.continuation?.resume(returning: false)
        }
    }

    func wakeAll() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            return state.waiting
        }
        for (_, continuation) in waiting { continuation?.resume(returning: true) }
    }
}

/// A condition of mock tasks.
final class MockSignal: Signal {
    private let clock: MockTimeProvider
    private let waits = MockWaits()
    /// Of those that wait for a time too, each its own: the clock wakes one, and not the others.
    private let timed = Mutex<[MockWaits]>([])

    init(_ clock: MockTimeProvider) {
        self.clock = clock
    }

    func wait() async throws(NetworkError) {
        guard await waits.wait() else { throw NetworkError(.cancelled, during: .sleep) }
    }

    func wait(until deadline: Instant, for purpose: String) async throws(NetworkError) {
        let own = MockWaits()
        timed.withLock { $0.append(own) }
        defer { timed.withLock { $0.removeAll { $0 === own } } }
        try await clock.sleep(until: deadline, waking: own)
    }

    func notify() {
        waits.wakeAll()
        for own in timed.withLock({ $0 }) { own.wakeAll() }
    }
}
