import Synchronization

/// Counts the round trips that were really made: a run that broke off has no rate.
final class Tally: Sendable {
    private let made = Atomic<Int>(0)

    func add(_ count: Int) { made.wrappingAdd(count, ordering: .relaxed) }

    /// The rate of a run that made all its round trips.
    func rate(of total: Int, in time: Double) throws -> Double {
        let count = made.load(ordering: .relaxed)
        guard count == total else { throw NotMeasured("\(count) of \(total) round trips were made") }
        return Double(total) / time
    }
}
