import Histogram

/// How late a wire was, packet by packet.
package struct WireLateness: Sendable {
    private var histogram = Histogram<UInt64>(
        lowestDiscernibleValue: 1_000, highestTrackableValue: 60_000_000_000, numberOfSignificantValueDigits: .two)

    /// Takes in by how many nanoseconds a packet was late; before its time none is.
    mutating func record(_ nanoseconds: Int64) { histogram.record(UInt64(min(max(nanoseconds, 0), 60_000_000_000))) }

    /// How many packets there were.
    package var packets: Int { Int(histogram.totalCount) }

    /// By how many nanoseconds so many of them in a hundred were late, at most.
    package func percentile(_ percentage: Double) -> Int64 { Int64(histogram.valueAtPercentile(percentage)) }
}
