import Bug
public import PeerNetworking
import Synchronization

/// A clock that stands still until a test moves it.
public final class MockTimeProvider: TimeProvider {
    private struct State {
        var now = Instant.zero
        var sleepers: [(deadline: Instant, waits: MockWaits)] = []
    }

    private let executor: ManualExecutor
    private let state = Mutex(State())

    /// Makes a clock at zero; moving it runs what wakes on an executor.
    public init(on executor: ManualExecutor) {
        self.executor = executor
    }

    /// The time it was moved to.
    public var now: Instant { state.withLock { $0.now } }

    /// When the next sleeper wakes; nil when none sleeps.
    public var nextDeadline: Instant? { state.withLock { $0.sleepers.map(\.deadline).min() } }

    /// Moves the clock on: sleepers wake in the order of their deadlines, each at its own time, and what follows from
    /// each has run before the next wakes.
    ///
    /// - Parameter duration: zero or more.
    public func advance(by duration: Duration) {
        insist(duration >= .zero, "time does not go back")
        executor.run()
        let target = now.advanced(by: duration)
        while let waits = wakeNext(until: target) {
            waits.wakeAll()
            executor.run()
        }
        state.withLock { $0.now = target }
        executor.run()
    }

    private func wakeNext(until target: Instant) -> MockWaits? {
        state.withLock { state in
            // The first of the least: equal deadlines keep their order.
            guard let deadline = state.sleepers.map(\.deadline).min(), deadline <= target,
                let index = state.sleepers.firstIndex(where: { $0.deadline == deadline })
            else { return nil }
            state.now = max(state.now, deadline)
            return state.sleepers.remove(at: index).waits
        }
    }

    /// Waits until the clock is moved to `deadline`.
    ///
    /// - Throws: `cancelled`.
    public func sleep(until deadline: Instant) async throws(NetworkError) {
        try await sleep(until: deadline, waking: MockWaits())
    }

    /// Waits until the clock is moved to `deadline`, or until who has the waits wakes them.
    func sleep(until deadline: Instant, waking waits: MockWaits) async throws(NetworkError) {
        guard !Task.isCancelled else { throw NetworkError(.cancelled, during: .sleep) }
        let isPast = state.withLock { state in
            if deadline <= state.now { return true }
            state.sleepers.append((deadline, waits))
            return false
        }
        if isPast { return }
        defer { state.withLock { $0.sleepers.removeAll { $0.waits === waits } } }
        guard await waits.wait() else { throw NetworkError(.cancelled, during: .sleep) }
    }
}
