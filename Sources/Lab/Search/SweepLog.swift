import Foundation

/// What came of the seeds of a sweep, as it goes: JSON, a line for each seed in their order behind a line that says of what they
/// are. A sweep that was ended goes on from it.
package final class SweepLog {
    /// Of what the results are.
    package struct Opening: Codable, Hashable, Sendable {
        /// The version of the format.
        var sweep = 1
        /// The lab, and the sum of its file's text.
        var lab, source: String
        /// The version of the engine.
        var engine: Int
        /// The range of seeds.
        var first, last: UInt64
        /// How far each run went, in nanoseconds; nil for the lab's end.
        var until_ns: Int64?
        /// The share of the seeds.
        var shard: String?
        /// The cell that was looked for.
        var cell: String?

        /// - Parameter report: of a sweep in which nothing was run yet.
        init(_ report: SweepReport) {
            (lab, source, engine, until_ns) = (report.lab, report.source, report.engine, report.until_ns)
            (first, last, shard, cell) = (report.seeds.first, report.seeds.last, report.shard, report.found?.cell)
        }
    }

    private let file: GrowingFile

    /// Begins a log.
    ///
    /// - Parameters:
    ///   - tally: of a sweep in which nothing was run yet.
    ///   - results: what is known of its first seeds.
    /// - Throws: why it cannot be written.
    package init(_ path: String, _ tally: SweepTally, knowing results: [SeedResult]) throws(UnwritableFile) {
        var lines = SeedWork.line(Opening(tally.report(seconds: 0, jobs: 0, isInterrupted: false)))
        for result in results { lines.append(SeedWork.line(result)) }
        file = try GrowingFile(path, first: lines)
    }

    /// Writes what came of the next seed.
    ///
    /// - Throws: why it could not be written.
    package func append(_ result: SeedResult) throws(UnwritableFile) { try file.append(SeedWork.line(result)) }

    /// The results of a log, up to a torn line.
    ///
    /// - Parameter tally: of a sweep in which nothing was run yet.
    /// - Throws: ``LabDiagnostic`` where it cannot be read, or is of another sweep.
    package static func results(_ path: String, of tally: SweepTally) throws(LabDiagnostic) -> [SeedResult] {
        let file = try InputFile(path, .recording)
        func diagnostic(_ line: Int, _ message: String) -> LabDiagnostic {
            LabDiagnostic(file: path, line: line, message: message)
        }
        guard let first = try file.line(), let opening = SeedWork.read(Opening.self, first.text) else {
            throw diagnostic(1, "it is no log of a sweep")
        }
        guard opening == Opening(tally.report(seconds: 0, jobs: 0, isInterrupted: false)) else {
            throw diagnostic(
                1,
                "it is of another sweep: lab \(quoted(opening.lab)), seeds \(opening.first)..\(opening.last), engine \(opening.engine); without --resume it is begun anew"
            )
        }
        var results: [SeedResult] = []
        while let line = try file.line() {
            guard let result = SeedWork.read(SeedResult.self, line.text) else {
                guard !line.isEnded else { throw diagnostic(line.number, "not a line of a sweep's log") }
                break
            }
            results.append(result)
        }
        return results
    }
}
