extension PeerConfig {
    /// How a peer waits between connect attempts.
    public struct Backoff: Hashable, Sendable {
        /// How the waits grow with failures, and shrink again after a connection that was stable.
        public enum Growth: String, Hashable, Sendable, CaseIterable {
            /// Doubled with each failure; a stable connection starts anew.
            case exponential
            /// Each wait is drawn between `initial` and three times the wait before: "decorrelated jitter" (Brooker,
            /// "Exponential Backoff and Jitter", 2015); `jitter` has no part in it. A stable connection starts anew.
            case decorrelated
            /// Doubled with each failure; a connection takes back one doubling for each `resetAfter` that it lived. So
            /// an endpoint that comes and goes is tried with the patience that it has taught, and one that recovers is
            /// soon trusted again.
            case adaptive
        }

        /// How the waits grow.
        public var growth = Growth.exponential
        /// The wait before the second attempt; 1 ms…1 h. The first attempt is made at once.
        public var initial: Duration = .milliseconds(100)
        /// The longest wait; `initial`…1 h.
        public var maximum: Duration = .seconds(5)
        /// The part of each wait that is drawn: 0 for none, 0.5 for "equal jitter", 1 for "full jitter" (Brooker, 2015);
        /// 0…1.
        public var jitter = equalJitter
        /// How long a connection must live before the next loss starts again from `initial` (FoundationDB resets only
        /// after stability); 0…1 h.
        public var resetAfter: Duration = .seconds(2)
        /// Failed attempts in a row before the peer gives up; nil for never; 1…1,000,000.
        public var attempts: Int?

        /// 100 ms doubling up to 5 s, half of it drawn, without a limit.
        public init() {}

        /// Half of each wait is drawn.
        public static let equalJitter = 0.5
        /// The whole of each wait is drawn.
        public static let fullJitter = 1.0
    }
}

/// The waits between connect attempts as a value: failures make them longer, stable connections shorter again.
struct BackoffSchedule {
    private let config: PeerConfig.Backoff
    /// Failures in a row, short-lived connections among them.
    private(set) var failures = 0
    /// How often the wait has been doubled; of no use beyond the longest wait there is.
    private var doublings = 0
    /// The wait before, in nanoseconds: what decorrelated jitter grows from.
    private var previous: Int64

    init(_ config: PeerConfig.Backoff) {
        self.config = config
        previous = config.initial.inNanoseconds
    }

    /// Counts a failure.
    mutating func fail() {
        failures += 1
    }

    /// The wait after the failure that was counted last.
    ///
    /// - Parameter fraction: a draw in 0 ..< 1.
    mutating func next(fraction: Double) -> Duration {
        let (initial, maximum) = (config.initial.inNanoseconds, config.maximum.inNanoseconds)
        let wait: Int64
        if config.growth == .decorrelated {
            // An hour times three is far from the end of the integers.
            wait = min(maximum, initial + Int64(Double(3 * previous - initial) * fraction))
        } else {
            let full = min(initial << Int64(doublings), maximum)
            if full < maximum { doublings += 1 }
            let drawn = Double(full) * config.jitter
            wait = full - Int64(drawn) + Int64(drawn * fraction)
        }
        previous = wait
        return .nanoseconds(wait)
    }

    /// A connection has ended that lived so long.
    mutating func connectionEnded(after life: Duration) {
        // Only one that has proved stable counts (FoundationDB's RECONNECTION_RESET_TIME).
        guard life >= config.resetAfter else { return }
        failures = 0
        previous = config.initial.inNanoseconds
        guard config.growth == .adaptive, config.resetAfter > .zero else {
            doublings = 0
            return
        }
        let proved = life.inNanoseconds / config.resetAfter.inNanoseconds
        doublings = Int(max(0, Int64(doublings) - proved))
    }

    /// Starts anew.
    mutating func reset() {
        self = BackoffSchedule(config)
    }
}
