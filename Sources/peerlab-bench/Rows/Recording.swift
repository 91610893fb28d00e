import PeerNetworking
import SimNetwork

extension Benchmark {
    /// The time of a run of round trips that keeps its records and folds them into the visible state, over that of the
    /// same run without records, as a sweep runs it.
    static let recordingOverhead = Benchmark("recording_overhead", .ratio) {
        let without = try time(keepsRecords: false)
        return try time(keepsRecords: true) / without
    }

    private static func time(keepsRecords: Bool) throws -> Double {
        let roundTrips = 100_000
        let count = Tally()
        let time = try seconds {
            let star = Star(clients: 1, keepsRecords: keepsRecords)
            star.runEchoServer()
            star.runClients(roundTrips: roundTrips, counting: count)
            var state = WorldState(hosts: 2, links: 1)
            var records: [EventRecord] = []
            while let record = try star.simulation.step(until: Star.end) {
                guard keepsRecords else { continue }
                state.apply(record)
                records.append(record)
            }
        }
        _ = try count.rate(of: roundTrips, in: time)
        return time
    }
}
