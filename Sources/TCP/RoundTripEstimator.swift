/// The retransmission timeout after RFC 6298 as Linux computes it (`tcp_rtt_estimator`), in integer nanoseconds.
///
/// Every end of every connection has one: the bounds are its options', and are not kept here too.
@usableFromInline
package struct RoundTripEstimator {
    /// The smoothed round trip (SRTT), eight times; 0 before the first sample.
    @usableFromInline
    var smoothed8: Int64 = 0
    /// The mean deviation, four times.
    @usableFromInline
    var deviation4: Int64 = 0
    /// The greatest of those since ``since``.
    private var greatest: Int64 = 0
    /// What the timeout is above the smoothed round trip.
    private(set) var variation: Int64 = 0
    /// Once the sample of a byte behind it comes, the variation may become less.
    private var since: Int64 = 0
    /// The timeout without backoff.
    @usableFromInline
    var base: Int64
    /// The least round trip that was seen, in a window of ``leastFor``, and when.
    private var leastSeen: (value: Int64, at: Int64) = (.max, 0)
    /// How often the timeout was doubled since the last acknowledgement of something new.
    @usableFromInline
    package private(set) var doublings: Int32 = 0

    /// How long the least round trip counts (`tcp_min_rtt_wlen`): 300 s.
    private static let leastFor: Int64 = 300_000_000_000

    init(_ options: TCPOptions) { base = options.initialRetransmissionTimeout }

    /// The smoothed round trip; nil before the first sample.
    @inlinable
    package var smoothed: Int64? { smoothed8 == 0 ? nil : smoothed8 >> 3 }
    /// The mean deviation.
    @inlinable
    package var deviation: Int64 { deviation4 >> 2 }
    /// The least round trip of late; nil before the first sample.
    var least: Int64? { leastSeen.value == .max ? nil : leastSeen.value }

    /// The timeout without its backoff.
    func plainTimeout(most: Int64) -> Int64 { min(base, most) }

    /// The timeout now, backoff included.
    ///
    /// - Parameter most: nanoseconds, at most.
    @inlinable
    package func timeout(most: Int64) -> Int64 {
        // Nothing is shifted out of the number.
        return base >= most ? most : min(base &<< Int64(min(doublings, 20)), most)
    }

    /// It is doubled.
    mutating func backOff() { doublings += 1 }

    /// What was doubled is so no longer.
    mutating func endBackOff() { doublings = 0 }

    /// A round trip was measured.
    ///
    /// - Parameters:
    ///   - sample: in nanoseconds.
    ///   - una: the first offset that is not acknowledged.
    ///   - next: the next that will be sent.
    ///   - options: what they say of the least timeout.
    @inline(__always)
    mutating func take(_ sample: Int64, at now: Int64, una: Int64, next: Int64, _ options: SharedTCPOptions) {
        take(
            sample, at: now, una: una, next: next, floor: options.options.leastVariation,
            least: options.options.leastTimeout)
    }

    /// - Parameters:
    ///   - floor: what the timeout is above the smoothed round trip, at least, in nanoseconds.
    ///   - whole: what it is as a whole, at least.
    private mutating func take(
        _ sample: Int64, at now: Int64, una: Int64, next: Int64, floor: Int64, least whole: Int64
    ) {
        let sample = max(sample, 1_000)
        if sample <= leastSeen.value || now - leastSeen.at > Self.leastFor { leastSeen = (sample, now) }
        if smoothed8 == 0 {
            smoothed8 = sample << 3
            deviation4 = sample << 1
            variation = max(deviation4, floor)
            greatest = variation
            since = next
        } else {
            var error = sample - (smoothed8 >> 3)
            smoothed8 += error
            if error < 0 {
                // A round trip that got shorter makes the deviation grow less (Eifel's retransmission timer).
                error = -error - (deviation4 >> 2)
                if error > 0 { error >>= 3 }
            } else {
                error -= deviation4 >> 2
            }
            deviation4 += error
            if deviation4 > greatest {
                greatest = deviation4
                if greatest > variation { variation = greatest }
            }
            if una > since {
                if greatest < variation { variation -= (variation - greatest) >> 2 }
                since = next
                greatest = floor
            }
        }
        base = max((smoothed8 >> 3) + variation, whole)
        doublings = 0
    }
}
