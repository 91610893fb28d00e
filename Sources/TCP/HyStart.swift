/// The end of slow start before there is a loss (Ha, Rhee, "Taming the elephants", 2011), as Linux's CUBIC has it
/// (`hystart_update`): where acknowledgements come for half of the least round trip in one train, or later and later.
struct HyStart {
    /// The least round trip, in nanoseconds; 0 before the first.
    private(set) var leastDelay: Int64 = 0
    /// When the round trip of slow start began that is looked at; it is over when this offset is acknowledged.
    private var begun: Int64 = 0
    private var end: Int64 = -1
    /// What was seen in this round trip: windows are small for most of their lives, and then there is nothing.
    private var seen = Rare<Seen>()
    private var isSlowStartOver = false

    private struct Seen: Blank {
        /// The last acknowledgement that came close behind another.
        var lastAcknowledged: Int64 = 0
        var leastDelay: Int64 = .max
        var samples = 0
    }

    /// Nothing is done below so many segments.
    private static let lowWindow: Int32 = 16
    /// Acknowledgements that come closer than this belong to one train.
    private static let trainGap: Int64 = 2_000_000
    /// Samples of a round after which its delay counts.
    private static let samplesNeeded = 8

    /// Takes in a round trip.
    mutating func note(_ roundTrip: Int64) {
        let delay = max(roundTrip, 1)
        if leastDelay == 0 || leastDelay > delay { leastDelay = delay }
    }

    /// Whether slow start is to end here.
    ///
    /// - Parameters:
    ///   - roundTrip: the latest, in nanoseconds.
    ///   - una: the first offset that is not acknowledged.
    ///   - next: the next that will be sent.
    mutating func hasLeftSlowStart(
        _ roundTrip: Int64, _ window: Int32, at now: Int64, una: Int64, next: Int64
    ) -> Bool {
        guard !isSlowStartOver else { return false }
        if end < 0 || una > end {
            (begun, end) = (now, next)
            seen.members = nil
        }
        guard window >= Self.lowWindow else { return false }
        let (begun, leastDelay) = (begun, leastDelay)
        if seen.isBlank { seen[\.lastAcknowledged] = begun }
        isSlowStartOver = seen.change { seen in
            var isOver = false
            if now - seen.lastAcknowledged <= Self.trainGap {
                seen.lastAcknowledged = now
                // Without pacing the train of acknowledgements may fill half of the way.
                if now - begun > leastDelay >> 1 { isOver = true }
            }
            seen.leastDelay = min(seen.leastDelay, max(roundTrip, 1))
            if seen.samples < Self.samplesNeeded {
                seen.samples += 1
            } else if seen.leastDelay > leastDelay + min(max(leastDelay >> 3, 4_000_000), 16_000_000) {
                isOver = true
            }
            return isOver
        }
        return isSlowStartOver
    }
}
