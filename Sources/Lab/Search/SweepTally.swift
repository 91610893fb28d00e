import Foundation
import SimNetwork

/// Takes in what comes of seed after seed, in their order, and sums it up.
package struct SweepTally {
    /// The grid of fault × state of the lab.
    package let grid: CoverageGrid
    /// What was reached of it.
    package private(set) var cells: CoveredCells
    /// Seeds since the last one that reached a cell which none before it had.
    package private(set) var sinceNewCell = 0
    /// Whether a cell that is looked for was reached.
    package var hasFound: Bool { report.found?.seed != nil }
    private var report: SweepReport
    private let wanted: CoverageGrid.Cell?

    /// Seeds without a new cell, after which the grid is taken to have stopped growing.
    package static let patience = 200

    /// - Parameters:
    ///   - until: how far each run goes, in nanoseconds; nil for the lab's end.
    ///   - wanted: a cell that is looked for.
    package init(
        _ lab: LabDefinition, seeds: ClosedRange<UInt64>, until: Int64?, shard: Shard?,
        lookingFor wanted: CoverageGrid.Cell?
    ) {
        grid = CoverageGrid(lab)
        cells = CoveredCells(of: grid.count)
        self.wanted = wanted
        var sum = ContentSum()
        sum.mix(Data(lab.source.utf8))
        report = SweepReport(
            lab: lab.name, source: sum.text, engine: Recorder.engine, until_ns: until,
            seeds: SweepReport.Seeds(first: seeds.lowerBound, last: seeds.upperBound), seconds: 0, jobs: 0,
            shard: shard?.text, interrupted: false, groups: [],
            coverage: SweepReport.Coverage(cells: grid.count, reached: 0, never: []),
            found: wanted.map { [grid] in SweepReport.Found(cell: grid.name($0), seed: nil, event: nil) })
    }

    /// How many seeds there were, and how they ended.
    package var seeds: SweepReport.Seeds { report.seeds }
    /// How many ways to fail there are.
    package var ways: Int { report.groups.count }

    /// Takes in what came of a seed.
    ///
    /// - Returns: whether it failed in a way that none before it did.
    package mutating func take(_ result: SeedResult) -> Bool {
        report.seeds.run += 1
        switch result.end {
        case .passed: report.seeds.passed += 1
        case .failed: report.seeds.failed += 1
        case .incomplete: report.seeds.incomplete += 1
        case .crashed: report.seeds.crashed += 1
        }
        let isNew = result.cells.flatMap(CoveredCells.init).map { cells.formUnion($0) } ?? false
        sinceNewCell = isNew ? 0 : sinceNewCell + 1
        if let event = result.found, let wanted, !hasFound {
            report.found = SweepReport.Found(cell: grid.name(wanted), seed: result.seed, event: event)
        }
        return result.failure.map { take($0, of: result.seed) } ?? false
    }

    private mutating func take(_ failure: SeedResult.Failure, of seed: UInt64) -> Bool {
        let group = SweepReport.Group(
            signature: failure.signature.text, count: 1, seeds: [seed],
            shapes: [SweepReport.Shape(shape: failure.shape ?? "not known", count: 1)],
            example: SweepReport.Example(seed: seed, event: failure.event, t_ns: failure.t_ns, text: failure.text),
            recording: nil)
        if let index = report.groups.firstIndex(where: { $0.signature == group.signature }) {
            report.groups[index].add(group)
            return false
        }
        report.groups.append(group)
        return true
    }

    /// The example of a way to fail has been recorded.
    package mutating func recorded(_ signature: FailureSignature, at path: String) {
        guard let index = report.groups.firstIndex(where: { $0.signature == signature.text }) else { return }
        report.groups[index].recording = path
    }

    /// All of it.
    ///
    /// - Parameters:
    ///   - seconds: how long it took.
    ///   - jobs: how many processes there were.
    ///   - isInterrupted: whether it was ended before all seeds were run.
    package func report(seconds: Double, jobs: Int, isInterrupted: Bool) -> SweepReport {
        var report = report
        (report.seconds, report.jobs, report.interrupted) = (seconds, jobs, isInterrupted)
        report.coverage.reached = cells.count
        report.coverage.never = grid.cells.filter { !cells.contains($0) }.map(grid.name)
        report.sort()
        return report
    }
}
