/// The retransmission timeout after RFC 6298, in integer nanoseconds, with Linux's bounds.
///
/// Every end of every connection has one: the bounds are its options', and are not kept here too.
struct RoundTripEstimator {
    /// The smoothed round trip (SRTT); nil before the first sample.
    private var smoothed: Int64?
    /// How often the timeout was doubled since the last acknowledgement.
    private var doublings: Int32 = 0
    private var variation: Int64 = 0
    /// The timeout without backoff.
    private var base: Int64
    /// The sequence number whose acknowledgement ends the sample under way; 0 where none is.
    private var sampleEnd: Int64 = 0
    /// When the sample under way began.
    private var sampledSince: Int64 = 0

    init(options: TCPOptions) {
        base = options.initialRetransmissionTimeout
    }

    /// The timeout now, backoff included.
    func timeout(_ options: TCPOptions) -> Int64 {
        min(base << Int64(min(doublings, 20)), options.maximumRetransmissionTimeout)
    }

    /// The timeout now, and what it is made of.
    func parts(_ options: TCPOptions) -> RetransmissionTimeout {
        RetransmissionTimeout(
            timeout: timeout(options), smoothed: smoothed, variation: variation, doublings: doublings)
    }

    mutating func backOff() {
        doublings += 1
        // Karn's algorithm: what was sent twice gives no sample.
        forgetSample()
    }

    /// What is under way gives no sample.
    mutating func forgetSample() {
        sampleEnd = 0
    }

    mutating func endBackOff() {
        doublings = 0
    }

    @inline(__always)
    mutating func sent(upTo sequence: Int64, at now: Int64) {
        guard sampleEnd == 0 else { return }
        sampleEnd = sequence
        sampledSince = now
    }

    @inline(__always)
    mutating func acknowledged(upTo sequence: Int64, at now: Int64, _ options: TCPOptions) {
        doublings = 0
        guard sampleEnd != 0, sequence >= sampleEnd else { return }
        forgetSample()
        let roundTrip = now - sampledSince
        if let smoothed {
            variation += (abs(smoothed - roundTrip) - variation) / 4
            self.smoothed = smoothed + (roundTrip - smoothed) / 8
        } else {
            smoothed = roundTrip
            variation = roundTrip / 2
        }
        // Linux bounds the variation part from below (tcp_rto_min), not the sum.
        base = (smoothed ?? roundTrip) + max(4 * variation, options.minimumRetransmissionTimeout)
    }
}
