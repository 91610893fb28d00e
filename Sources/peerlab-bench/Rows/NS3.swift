import Foundation

extension Benchmark {
    /// The same round trips and bytes through the TCP of ns-3, a yardstick where Debian's package of it is installed.
    static let ns3: [Benchmark] = [
        ("ns3_round_trips_1", .roundTripsPerSecond, ["round-trips", "1", "50000"]),
        ("ns3_round_trips_100", .roundTripsPerSecond, ["round-trips", "100", "50000"]),
        ("ns3_bulk_bytes", .bytesPerSecond, ["bulk", "\(Bulk.bytes)"]),
    ].map { (name: String, unit: Unit, arguments: [String]) in
        // Each measurement is a process of its own anyway.
        Benchmark(name, unit, warmsUp: false) {
            guard let program = ProcessInfo.processInfo.environment["PEERLAB_NS3_PROGRAM"], !program.isEmpty else {
                throw NotMeasured("PEERLAB_NS3_PROGRAM names no program that was compiled against ns-3")
            }
            let output = try Child.output(of: [program] + arguments)
            guard let rate = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
                throw NotMeasured("the program printed no figure")
            }
            return rate
        }
    }
}
