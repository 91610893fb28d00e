/// The clock and timers of a host.
public protocol TimeProvider: Sendable {
    /// The time on this host's clock.
    var now: Instant { get }

    /// Waits until the clock reads `deadline`; returns at once when it already does.
    ///
    /// - Throws: `cancelled`, as soon as the task is cancelled or its process ends.
    func sleep(until deadline: Instant) async throws(NetworkError)
}

extension TimeProvider {
    /// Waits for `duration`; returns at once when it is zero or negative.
    ///
    /// - Throws: `cancelled`, as soon as the task is cancelled or its process ends.
    public func sleep(for duration: Duration) async throws(NetworkError) {
        try await sleep(until: now.advanced(by: duration))
    }
}
