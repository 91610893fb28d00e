import Histogram

/// How late a wire was, packet by packet.
package struct WireLateness: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1_000, highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .two)

    /// The longest that one of the run's threads was kept from what it was to do, the peers' or the wire's, in nanoseconds.
    package private(set) var stall: Int64 = 0

    /// What was recorded of one.
    private var recorded: (packets: Int, median: Int64, most: Int64)?

    init() {}

    /// One of which no more is known than these.
    ///
    /// - Parameters:
    ///   - median: the 50th percentile, in nanoseconds.
    ///   - most: the 99th.
    ///   - stall: the longest that a thread was kept.
    init(packets: Int, median: Int64, most: Int64, stall: Int64) {
        recorded = (packets, median, most)
        self.stall = stall
    }

    /// Takes in by how many nanoseconds a packet was late; before its time none is.
    mutating func record(_ nanoseconds: Int64) {
        histogram.record(UInt64(min(max(nanoseconds, 0), 60_000_000_000)))
        sawStall(nanoseconds)
    }

    /// Takes in by how many nanoseconds a thread came late to something.
    mutating func sawStall(_ nanoseconds: Int64) { stall = max(stall, nanoseconds) }

    /// How many packets there were.
    package var packets: Int { recorded?.packets ?? Int(histogram.totalCount) }

    /// By how many nanoseconds so many of them in a hundred were late, at most.
    package func percentile(_ percentage: Double) -> Int64 {
        if let recorded { return percentage > 50 ? recorded.most : recorded.median }
        return Int64(histogram.valueAtPercentile(percentage))
    }
}
