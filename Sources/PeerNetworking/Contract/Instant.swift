/// A point on a run's clock, in nanoseconds since the run began.
///
/// In the simulation the run's clock is virtual and moves only from event to event; on sockets it is the machine's
/// monotonic clock. Code under simulation reads it from its ``TimeProvider`` and never from the system.
public struct Instant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since the run began; never negative in a run.
    public var nanoseconds: Int64

    /// Makes the instant `nanoseconds` after the start of the run.
    @inlinable
    public init(nanoseconds: Int64) {
        self.nanoseconds = nanoseconds
    }

    /// The start of the run.
    public static let zero = Instant(nanoseconds: 0)

    /// The instant `duration` later (earlier when it is negative), to the nanosecond.
    @inlinable
    public func advanced(by duration: Duration) -> Instant {
        Instant(nanoseconds: nanoseconds + duration.inNanoseconds)
    }

    /// How long it is from here to `other`; negative when `other` is earlier.
    @inlinable
    public func duration(to other: Instant) -> Duration {
        .nanoseconds(other.nanoseconds - nanoseconds)
    }

    /// Orders instants by time.
    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The whole nanoseconds of this duration; the part below one nanosecond is dropped.
    ///
    /// Saturates at `Int64`'s range, about 292 years.
    @inlinable
    public var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        if overflow { return seconds < 0 ? .min : .max }
        let (sum, carried) = product.addingReportingOverflow(attoseconds / 1_000_000_000)
        return carried ? (seconds < 0 ? .min : .max) : sum
    }
}
