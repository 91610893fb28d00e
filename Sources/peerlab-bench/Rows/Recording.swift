import Lab
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// The time of a run of round trips that keeps its log, over that of the same run without one, as a sweep runs it.
    static let recordingOverhead = Benchmark("recording_overhead", .ratio) {
        let without = try time(keepsRecords: false)
        return try time(keepsRecords: true) / without
    }

    /// Bytes that a record takes in a log, on the lab of the chaotic seeds: over a hundred of them.
    static let recordBytes = Benchmark("record_bytes", .bytes, warmsUp: false) {
        let lab = try ChaosSeeds.lab()
        var (bytes, events) = (0, 0)
        for seed in 1...100 as ClosedRange<UInt64> {
            let simulation = lab.makeSimulation(seed: seed, keepsRecords: true)
            defer { simulation.shutDown() }
            var log = RecordLog()
            simulation.arrange(in: &log)
            while try simulation.advance(until: Instant(nanoseconds: lab.duration)) { simulation.append(to: &log) }
            bytes += log.bytes
            events += log.count
        }
        return Double(bytes) / Double(events)
    }

    private static func time(keepsRecords: Bool) throws -> Double {
        let roundTrips = 100_000
        let count = Tally()
        let time = try seconds {
            let star = Star(clients: 1, keepsRecords: keepsRecords)
            star.runEchoServer()
            star.runClients(roundTrips: roundTrips, counting: count)
            var log = RecordLog()
            star.simulation.arrange(in: &log)
            while try star.simulation.advance(until: Star.end) {
                if keepsRecords { star.simulation.append(to: &log) }
            }
        }
        _ = try count.rate(of: roundTrips, in: time)
        return time
    }
}
