import Foundation

extension Benchmark {
    /// The same round trips in SimPy, the yardstick that every machine can measure.
    static let simpy = Benchmark("simpy_round_trips", .roundTripsPerSecond) {
        guard let python = ProcessInfo.processInfo.environment["PEERLAB_SIMPY_PYTHON"], !python.isEmpty else {
            throw NotMeasured("PEERLAB_SIMPY_PYTHON names no interpreter with SimPy")
        }
        let script = String(decoding: PackageResources.simpy_round_trips_py, as: UTF8.self)
        let output = try Child.output(of: [python, "-c", script, "50000"])
        guard let rate = Double(output.trimmingCharacters(in: .whitespacesAndNewlines)) else {
            throw NotMeasured("the script printed no figure")
        }
        return rate
    }
}
