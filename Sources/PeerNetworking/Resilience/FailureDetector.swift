import DequeModule

extension PeerConfig {
    /// How suspicious a silence must be before the other side counts as gone: the φ accrual failure detector (Hayashibara,
    /// Défago, Yared, Katayama, 2004). It learns how regularly answers come, so one setting suits a quiet network and a
    /// jittery one.
    public struct PhiAccrual: Hashable, Sendable {
        /// The suspicion that is too much: φ means that a silence as long happens by chance once in 10^φ; 1…16. Akka
        /// recommends 8, and 12 where pauses are usual.
        public var threshold: Double
        /// How many of the latest answers it learns from; 2…1,000.
        public var window: Int
        /// The least standard deviation that it reckons with: answers that come like clockwork would make it suspect the
        /// first that is a little late; 0…1 h.
        public var minimumDeviation: Duration

        /// 8, of 100 answers, 100 ms, or as given.
        public init(threshold: Double = 8, window: Int = 100, minimumDeviation: Duration = .milliseconds(100)) {
            self.threshold = threshold
            self.window = window
            self.minimumDeviation = minimumDeviation
        }
    }
}

/// A φ accrual detector as a value: the times of answers go in, and how suspicious a silence is comes out.
///
/// Basic arithmetic and the square root alone, so that every processor decides alike.
struct PhiAccrualDetector {
    private let config: PeerConfig.PhiAccrual
    /// The times between answers, in nanoseconds.
    private var intervals: Deque<Int64> = []
    /// When the latest answer came.
    private var last: Instant?

    init(_ config: PeerConfig.PhiAccrual) {
        self.config = config
    }

    /// An answer has come.
    mutating func heard(at now: Instant) {
        if let last { intervals.append(max(0, last.duration(to: now).inNanoseconds)) }
        if intervals.count > config.window { intervals.removeFirst() }
        last = now
    }

    /// The suspicion after so long a silence; 0 while it is not longer than usual, and before the third answer: as long as
    /// nothing is learnt, nothing is suspected.
    ///
    /// For the tail of the normal distribution it takes the logistic approximation that Akka takes (Bowling, Khasawneh,
    /// Kaewkuekool, Cho: "A logistic approximation to the cumulative normal distribution", 2009), and of that the first
    /// term, which is above φ = 2 within a hundredth of it. Far out in the tail it is above the normal distribution's φ, by
    /// a twentieth at 4.5 and a fifth at 9: it suspects a little sooner.
    func suspicion(of silence: Duration) -> Double {
        guard intervals.count >= 2 else { return 0 }
        let silence = Double(silence.inNanoseconds)
        let count = Double(intervals.count)
        let mean = intervals.reduce(0) { $0 + Double($1) } / count
        let variance = intervals.reduce(0) { $0 + (Double($1) - mean) * (Double($1) - mean) } / count
        // One nanosecond at least: the next line divides by it.
        let deviation = max(variance.squareRoot(), Double(config.minimumDeviation.inNanoseconds), 1)
        let late = (silence - mean) / deviation
        guard late > 0 else { return 0 }
        return late * (1.5976 + 0.070566 * late * late) / PhiAccrualDetector.naturalLogarithmOfTen
    }

    private static let naturalLogarithmOfTen = 2.302585092994046

    /// Whether the silence is too long.
    func suspects(_ silence: Duration) -> Bool { suspicion(of: silence) >= config.threshold }
}
