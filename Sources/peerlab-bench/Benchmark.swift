/// A row of the report: a name that stays, a unit, and how to measure one value.
struct Benchmark: Sendable {
    /// What a value counts; rates can be held against a yardstick that is a rate too.
    enum Unit: String, Sendable {
        case eventsPerSecond = "events/s"
        case roundTripsPerSecond = "round trips/s"
        case bytesPerSecond = "B/s"
        case packetsPerSecond = "packets/s"
        case bytes = "B"
        case allocations = "mallocs"
        case milliseconds = "ms"
        case seconds = "s"
        case mebibytes = "MiB"
        case events = "events"
        case families = "families"
        /// One measurement over another of the same run.
        case ratio = "×"

        /// Bytes and packets a second are none of these: the yardsticks move none.
        var isRate: Bool { self == .eventsPerSecond || self == .roundTripsPerSecond }
    }

    let name: String
    let unit: Unit
    /// Whether a measurement is preceded by one that is thrown away.
    let warmsUp: Bool
    /// Takes one measurement, in a process that takes no other.
    let measure: @Sendable () throws -> Double

    init(_ name: String, _ unit: Unit, warmsUp: Bool = true, measure: @escaping @Sendable () throws -> Double) {
        self.name = name
        self.unit = unit
        self.warmsUp = warmsUp
        self.measure = measure
    }

    /// All rows, in the report's order: the yardsticks first.
    static let all: [Benchmark] = [
        [.heapFloor, .simpy], ns3, simRoundTrips, [.bulkBytes, .idleHosts], peerRoundTrips, [.allocations], resident,
        chaosSeeds, [.sweep], largeLab, [.startUp], loopback, wire, exports,
        [.recordingOverhead, .recordBytes, .seekBack, .branchInPast, .frameRender], keyToFrame,
    ].flatMap { $0 }
}

/// Why a row has no value on this machine; that is reported in the row's place.
struct NotMeasured: Error {
    let reason: String

    init(_ reason: String) { self.reason = reason }
}

/// The seconds that a body takes.
@inline(__always)
func seconds(_ body: () throws -> Void) rethrows -> Double {
    let clock = ContinuousClock()
    let begin = clock.now
    try body()
    return (clock.now - begin) / .seconds(1)
}

extension [Double] {
    /// The middle value, or the mean of the two in the middle; the array must not be empty.
    var median: Double {
        let sorted = sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }
}
