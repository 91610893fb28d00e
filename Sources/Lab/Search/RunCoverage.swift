import SimNetwork

/// Which faults a run has met in which states, up to its cursor.
package struct RunCoverage {
    /// The grid of its lab.
    package let grid: CoverageGrid
    private var watch: CoverageWatch

    /// Events that are looked at, at most: a second of a machine.
    private static let most = 200_000

    /// Gathers it from the run's first event on.
    ///
    /// - Throws: ``SessionError`` where its past is not kept, or too long.
    package init(of snapshot: Snapshot) throws(SessionError) {
        guard snapshot.records.first <= 1 else { throw SessionError("the beginning of the run is not kept") }
        guard snapshot.event <= Self.most else {
            throw SessionError("that is told of \(Self.most) events at most, and there are \(snapshot.event)")
        }
        grid = CoverageGrid(snapshot.lab)
        var watch = CoverageWatch(snapshot.lab, grid)
        var state = snapshot.lab.emptyWorld
        state.applyArranged(of: snapshot.records)
        while state.event < snapshot.event {
            state.applyNext(of: snapshot.records, showing: CoverageWatch.interests) { change, _, world in
                watch.sees(change, in: world)
            }
        }
        self.watch = watch
    }

    /// The event at which the run first came to a cell; nil where it has not.
    package func first(_ cell: CoverageGrid.Cell) -> Int? { watch.first(cell) }

    /// How many cells it has reached.
    package var reached: Int { watch.cells.count }
}
