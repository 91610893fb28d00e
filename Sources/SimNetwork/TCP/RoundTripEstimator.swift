/// The retransmission timeout after RFC 6298, in integer nanoseconds, with Linux's bounds.
struct RoundTripEstimator {
    private let minimum: Int64
    private let maximum: Int64
    /// The smoothed round trip (SRTT); nil before the first sample.
    private(set) var smoothed: Int64?
    private var variation: Int64 = 0
    /// The timeout without backoff.
    private var base: Int64
    /// How often the timeout was doubled since the last acknowledgement.
    private var doublings: Int32 = 0
    /// The sequence number whose acknowledgement ends the sample under way, and when it was sent.
    private var sample: (sequence: Int64, sentAt: Int64)?

    init(options: TCPOptions) {
        minimum = options.minimumRetransmissionTimeout
        maximum = options.maximumRetransmissionTimeout
        base = options.initialRetransmissionTimeout
    }

    /// The timeout now, backoff included.
    var timeout: Int64 { min(base << Int64(min(doublings, 20)), maximum) }

    mutating func backOff() {
        doublings += 1
        // Karn's algorithm: what was sent twice gives no sample.
        sample = nil
    }

    /// What is under way gives no sample.
    mutating func forgetSample() {
        sample = nil
    }

    mutating func endBackOff() {
        doublings = 0
    }

    @inline(__always)
    mutating func sent(upTo sequence: Int64, at now: Int64) {
        if sample == nil { sample = (sequence, now) }
    }

    @inline(__always)
    mutating func acknowledged(upTo sequence: Int64, at now: Int64) {
        doublings = 0
        guard let sample, sequence >= sample.sequence else { return }
        self.sample = nil
        let roundTrip = now - sample.sentAt
        if let smoothed {
            variation += (abs(smoothed - roundTrip) - variation) / 4
            self.smoothed = smoothed + (roundTrip - smoothed) / 8
        } else {
            smoothed = roundTrip
            variation = roundTrip / 2
        }
        // Linux bounds the variation part from below (tcp_rto_min), not the sum.
        base = (smoothed ?? roundTrip) + max(4 * variation, minimum)
    }
}
