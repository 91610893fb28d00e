/// How long a queue is on the average, as random early detection reckons it, and how many packets have passed since one did
/// not.
struct AverageQueue {
    /// Bytes, in units of 2⁻¹⁶.
    private var average: Int64 = 0
    /// Packets since the latest that was dropped or marked; -1 while the average is below the lower bound.
    private var passed: Int64 = -1
    /// When a packet came last, in nanoseconds.
    private var latest: Int64 = .min

    /// The packet by which time is counted while nothing comes, in bytes.
    private static let idlePacket: Int64 = 1_000

    /// What becomes of a packet that comes.
    enum Verdict {
        /// It is taken, and nothing is drawn for it.
        case passes
        /// It is drawn for.
        case mayStrike(Probability)
        /// The queue is too long.
        case strikes
    }

    /// Bytes on the average.
    var bytes: Int64 { average >> 16 }

    /// Takes a packet's coming in.
    ///
    /// - Parameters:
    ///   - waiting: the bytes that wait.
    ///   - idle: since when nothing has waited, in nanoseconds; later than now where something does.
    ///   - rate: bytes a second that leave.
    mutating func arrival(
        _ red: RandomEarlyDetection, waiting: Int64, idle since: Int64, rate: Int64, queue: Int64, at now: Int64
    ) -> Verdict {
        // What came and was dropped has ended the quiet too (`red_end_of_idle_period`).
        let quiet = now - max(since, latest)
        if quiet > 0 { decay(by: red.weight, packets: packets(in: quiet, rate)) }
        latest = now
        move(to: waiting << 16, by: red.weight)
        let (least, most) = red.bounds(of: queue)
        guard bytes >= least else {
            passed = -1
            return .passes
        }
        guard bytes < most else {
            passed = -1
            return .strikes
        }
        passed += 1
        // The more have passed, the more likely: between two the gaps are even (Floyd and Jacobson, 7).
        let share = UInt64(bytes - least).multipliedFullWidth(by: red.probability.threshold)
        let base = UInt64(most - least).dividingFullWidth(share).quotient
        let (used, overflow) = UInt64(passed).multipliedReportingOverflow(by: base)
        let whole = Probability.always.threshold
        guard !overflow, used < whole else { return .mayStrike(.always) }
        let scaled = base.multipliedFullWidth(by: whole)
        return .mayStrike(Probability(threshold: min((whole - used).dividingFullWidth(scaled).quotient, whole)))
    }

    /// One was dropped or marked.
    mutating func struck() { passed = 0 }

    private mutating func move(to target: Int64, by weight: Probability) {
        let distance = target - average
        let step = Int64(distance.magnitude.share(weight.threshold))
        average += distance < 0 ? -step : step
    }

    private func packets(in idle: Int64, _ rate: Int64) -> Int64 {
        let (bytes, overflow) = idle.multipliedReportingOverflow(by: rate)
        return overflow ? .max : bytes / 1_000_000_000 / Self.idlePacket
    }

    /// As if so many packets had found the queue empty.
    private mutating func decay(by weight: Probability, packets: Int64) {
        var (left, factor) = (packets, Probability.always.threshold - weight.threshold)
        var kept = Probability.always.threshold
        while left > 0, kept > 0 {
            if left & 1 == 1 { kept = kept.share(factor) }
            factor = factor.share(factor)
            left >>= 1
        }
        average = Int64(UInt64(average).share(kept))
    }
}

extension UInt64 {
    /// The product with a share in units of 2⁻³².
    fileprivate func share(_ threshold: UInt64) -> UInt64 {
        let product = multipliedFullWidth(by: threshold)
        return product.high << 32 | product.low >> 32
    }
}
