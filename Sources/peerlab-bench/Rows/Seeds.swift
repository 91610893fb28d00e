import Foundation
import Lab
import SimNetwork

extension Benchmark {
    /// A thousand seeds of `labs/bench-chaos.yaml` by `peerlab sweep`, the program beside this one: judged, and with their
    /// coverage.
    static let sweep = Benchmark("sweep_1000_seeds", .seconds) {
        let program = try Child.peerlab()
        return try seconds {
            _ = try Child.output(of: [program, "sweep", "bench-chaos", "--seeds", "1..1000", "--format", "json"])
        }
    }

    /// What a recording takes of a million events without interventions, and what exports take and how fast they are.
    static let exports: [Benchmark] =
        [
            Benchmark("recording_bytes", .bytes, warmsUp: false) {
                let path = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID()).peerlab")
                    .path
                defer { try? FileManager.default.removeItem(atPath: path) }
                let events = try ExportedRun.run { try $0.record(to: path) }
                // The header, with the lab's text, is there once, however long the run.
                let size = try Data(contentsOf: URL(fileURLWithPath: path)).drop { $0 != 0x0A }.count
                return Double(size) * 1_000_000 / Double(events)
            }
        ]
        + [ExportFormat.pcapng, .perfetto, .jsonl].flatMap { format in
            [
                Benchmark("export_\(format.rawValue)", .eventsPerSecond) {
                    let plain = try seconds { _ = try ExportedRun.run { _ in } }
                    var events = 0
                    let time = try seconds { events = try ExportedRun.export(format).events }
                    // The run itself is none of it.
                    return Double(events) / max(time - plain, 0.001)
                },
                Benchmark("export_\(format.rawValue)_bytes", .bytes, warmsUp: false) {
                    let (events, bytes) = try ExportedRun.export(format)
                    return Double(bytes) * 1_000_000 / Double(events)
                },
            ]
        }
}

/// A run of some ten thousand events that is exported.
private enum ExportedRun {
    /// Runs it.
    ///
    /// - Parameter prepare: does something to the session before its first event.
    /// - Returns: how many events there were.
    static func run(_ prepare: (SimSession) throws -> Void) throws -> Int {
        let session = SimSession(lab: try ChaosSeeds.lab("bottleneck"), memory: .latest)
        defer { session.close() }
        try prepare(session)
        _ = try session.seek(to: .time(session.lab.duration))
        return session.snapshot.records.count
    }

    static func export(_ format: ExportFormat) throws -> (events: Int, bytes: Int) {
        let lab = try ChaosSeeds.lab("bottleneck")
        var bytes = 0
        let export = Export(format, of: ExportScope(lab, seed: lab.seed)) { bytes += $0.count }
        let events = try run { $0.follow(with: export) }
        try export.finish()
        return (events, bytes)
    }
}
