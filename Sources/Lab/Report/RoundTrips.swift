import Histogram
import PeerNetworking
import SimNetwork

/// The round trips that the peers of a run have measured.
struct RoundTrips: Sendable {
    /// The changes that are to be looked at.
    static let interests = ChangeKinds.roundTrip
    /// So many are few.
    private static let few = 256

    /// By the numbers of the peers, of those that have measured few: a histogram takes much more than a few values do.
    private var values: [[UInt64]] = []
    /// By the numbers of the peers, of those that have measured more.
    private var histograms: [Histogram<UInt32>?] = []

    /// None.
    init() {}

    /// Those that a log tells of, up to an event.
    init(_ records: RecordLog, upTo event: Int) {
        for number in stride(from: records.first, through: event, by: 1) {
            for change in records[event: number].changes { sees(change) }
        }
    }

    /// Takes in a change.
    mutating func sees(_ change: Change) {
        guard case .peer(let peer, .roundTrip(let nanoseconds), _) = change else { return }
        let place = Int(peer.index)
        while values.count <= place {
            values.append([])
            histograms.append(nil)
        }
        let value = UInt64(max(nanoseconds, 1))
        if histograms[place] != nil {
            histograms[place]?.record(value)
            return
        }
        values[place].append(value)
        guard values[place].count > Self.few else { return }
        histograms[place] = Self.histogram(of: values[place])
        values[place] = []
    }

    private static func histogram(of values: [UInt64]) -> Histogram<UInt32> {
        var histogram = Histogram<UInt32>(numberOfSignificantValueDigits: .three)
        for value in values { histogram.record(value) }
        return histogram
    }

    /// A quantile of a peer's, in nanoseconds; nil where it has measured none.
    ///
    /// - Parameter percent: 0…100.
    func quantile(_ percent: Double, of peer: Int) -> Int64? {
        guard values.indices.contains(peer) else { return nil }
        let histogram = histograms[peer] ?? Self.histogram(of: values[peer])
        return histogram.totalCount > 0 ? Int64(histogram.valueAtPercentile(percent)) : nil
    }
}
