import SimNetwork

/// Runs seeds of a lab, one after the other, and says what came of each.
package struct SeedTrial {
    private let lab: LabDefinition
    private let grid: CoverageGrid
    private let end: Int64
    private let wanted: CoverageGrid.Cell?

    /// - Parameters:
    ///   - until: how far each run goes, in nanoseconds; nil for the lab's end.
    ///   - wanted: a cell whose event is to be known.
    package init(_ lab: LabDefinition, until: Int64? = nil, lookingFor wanted: CoverageGrid.Cell? = nil) {
        self.lab = lab
        grid = CoverageGrid(lab)
        end = min(until ?? lab.duration, lab.duration)
        self.wanted = wanted
    }

    /// Runs a seed.
    package func run(_ seed: UInt64) -> SeedResult {
        var arranged = RecordLog(keeping: .latest)
        let run = Run(
            lab: lab, seed: seed, arranged: &arranged,
            coverage: CoverageWatch(lab, grid))
        defer { run.close() }
        // Why it cannot go on, where it cannot, stands in its end.
        while (try? run.step(until: end)) == true {}
        run.pass(to: end)
        let stands = run.end
        var result = SeedResult(seed, stands.outcome, events: run.state.event)
        result.cells = run.coverage?.cells.text
        result.found = wanted.flatMap { run.coverage?.first($0) }
        if let failure = stands.firstFailure(in: lab) {
            result.failure = SeedResult.Failure(
                signature: failure.signature, event: failure.event, t_ns: failure.time, text: failure.text,
                shape: CauseShape.text(of: failure, lab, seed: seed, until: end))
        }
        return result
    }
}
