/// How much may be under way: the congestion window, in segments as Linux counts it, and how it grows and shrinks
/// (RFC 5681; RFC 9438 with ``Cubic``).
package struct CongestionControl {
    /// CUBIC's curve, from the first loss or the end of slow start on.
    private var cubic = Rare<Cubic>()
    private var hyStart = HyStart()
    private var algorithm: CongestionAlgorithm
    /// The congestion window in segments.
    package internal(set) var window: Int32
    /// Below it the window doubles each round trip (slow start), at and above it grows slowly, in segments.
    package internal(set) var threshold: Int32 = .max
    /// Acknowledged segments that have not made the window larger yet.
    private var counted: Int32 = 0

    /// No window is less after a loss, in segments.
    private static let least: Int32 = 2

    init(_ options: TCPOptions) {
        algorithm = options.congestionControl
        window = algorithm == .none ? .max / 2 : options.initialWindow
    }

    /// Another algorithm goes on with the window that there is.
    mutating func follow(_ options: TCPOptions) {
        guard options.congestionControl != algorithm else { return }
        if isOff { window = options.initialWindow }
        algorithm = options.congestionControl
        beginAnew()
        if isOff { window = .max / 2 }
    }

    /// Nothing is known of the way.
    private mutating func beginAnew() { (cubic, hyStart) = (Rare(), HyStart()) }

    /// Whether nothing bounds what is sent.
    var isOff: Bool { algorithm == .none }
    var isInSlowStart: Bool { window < threshold }

    /// Segments were acknowledged while the window was what bounded the sender.
    mutating func grow(by acknowledged: Int32, at now: Int64) {
        guard !isOff else { return }
        var rest = acknowledged
        if isInSlowStart {
            let grown = min(window &+ rest, threshold)
            rest -= grown - window
            window = grown
            guard rest > 0 else { return }
        }
        let every = segmentsBeforeGrowing(rest, at: now)
        if counted >= every {
            counted = 0
            window += 1
        }
        counted += rest
        if counted >= every {
            let more = counted / every
            counted -= more * every
            window += more
        }
    }

    /// How many segments have to be acknowledged for the window to grow by one.
    private mutating func segmentsBeforeGrowing(_ newly: Int32, at now: Int64) -> Int32 {
        guard algorithm == .cubic else { return window }
        let (window, leastDelay) = (window, hyStart.leastDelay)
        return cubic.change { $0.segments(beforeGrowing: window, newly, leastDelay, at: now) }
    }

    /// What the threshold is to be after a loss.
    mutating func thresholdAfterLoss() -> Int32 {
        guard !isOff else { return .max }
        let window = window
        let reduced = algorithm == .cubic ? cubic.change { $0.threshold(afterLossAt: window) } : window >> 1
        return max(reduced, Self.least)
    }

    /// What the threshold would be if the window were to be reduced for another reason than loss.
    func currentThreshold(isReducing: Bool) -> Int32 {
        isReducing || isOff ? threshold : max(threshold, (window >> 1) + (window >> 2))
    }

    /// What had been counted towards a larger window does not count any more.
    mutating func forgetCount() { counted = 0 }

    /// A timeout has shown that the way is another one.
    mutating func timedOut() { beginAnew() }

    /// The sender had nothing to send, and goes on.
    mutating func goesOn(at now: Int64, after lastSent: Int64) {
        guard !cubic.isBlank else { return }
        cubic.change { $0.shift(by: now - lastSent, at: now) }
    }

    /// A round trip was measured: slow start may end before there is a loss.
    @inline(__always)
    mutating func measured(_ roundTrip: Int64, at now: Int64, una: Int64, next: Int64) {
        // Right after a loss queues are no measure.
        guard algorithm == .cubic, cubic.ask({ $0.beganJustNow(at: now) }) != true else { return }
        hyStart.note(roundTrip)
        if isInSlowStart, hyStart.hasLeftSlowStart(roundTrip, window, at: now, una: una, next: next) {
            threshold = window
        }
    }
}
