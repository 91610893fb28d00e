import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// In which states of connections and peers the faults of a run strike.
@Suite struct CoverageTests {
    private func lab(_ faults: String, hosts: String = "[a, b, c]") throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: covered
                duration: 4s
                hosts: \(hosts)
                links: [{between: [a, b], latency: 1ms}, {between: [c, b], latency: 1ms}]
                peers:
                  - {name: echo, on: b, listen: 80, run: echo}
                  - {name: near, on: a, connect: "b:80", run: {ping-pong: {every: 50ms}}}
                  - {name: far, on: c, connect: "b:80", run: {ping-pong: {every: 50ms}}}
                faults: \(faults)
                expect: [near is connected]
                """, name: "covered")
    }

    private func reached(_ faults: String) throws -> Set<String> {
        let lab = try lab(faults)
        let grid = CoverageGrid(lab)
        let result = SeedTrial(lab).run(1)
        let cells = try #require(result.cells.flatMap(CoveredCells.init))
        return Set(grid.cells.filter(cells.contains).map(grid.name))
    }

    @Test func aFaultMeetsThoseThatItNames() throws {
        // The connection of the one that is cut off, its peers, and nobody else.
        #expect(
            try reached("[{at: 1s, reset: near}, {at: 2s, cut: a-b}]").isSuperset(of: [
                "reset × ESTABLISHED", "reset × connected", "cut × ESTABLISHED", "cut × connected",
            ]))
        // Far away somebody connects in that very moment: he is not met.
        let faults = "[{at: 1s, power-loss: c}, {at: 1500ms, power-on: c}, {at: 1502ms, %@}]"
        let met = try reached(faults.replacing("%@", with: "cut: b-c"))
        let missed = try reached(faults.replacing("%@", with: "cut: a-b"))
        #expect(met.contains { $0.hasPrefix("cut × SYN") || $0 == "cut × connecting" }, "\(met)")
        #expect(!missed.contains { $0.hasPrefix("cut × SYN") || $0 == "cut × connecting" }, "\(missed)")
    }

    @Test func theGridHasTheFaultsOfItsLab() throws {
        let grid = CoverageGrid(try lab("[{at: 1s, cut: a-b}, {at: 2s, reset: near}]"))
        #expect(grid.rows.map(\.rawValue) == ["cut", "reset"])
        #expect(grid.count == 2 * CoverageGrid.columns.count)
        for cell in grid.cells { #expect(try grid.cell(named: grid.name(cell)) == cell) }
        #expect(grid.name(try grid.cell(named: "cut x fin_wait_1")) == "cut × FIN-WAIT-1")
        #expect(grid.name(try grid.cell(named: "cut*closed")) == "cut × closed")
        for text in ["cut", "cat × closed", "cut × nowhere", ""] {
            #expect(throws: SessionError.self) { try grid.cell(named: text) }
        }
    }

    @Test func cellsAreReadAsTheyAreWritten() {
        var cells = CoveredCells(of: 130)
        let some = CoverageGrid(FaultFamily.allCases).cells.filter { [0, 63, 64, 129].contains($0.place) }
        for cell in some {
            let isNew = [cells.insert(cell), cells.insert(cell)]
            #expect(isNew == [true, false])
        }
        #expect(cells.count == 4 && CoveredCells(cells.text) == cells)
        #expect(CoveredCells("12") == nil && CoveredCells("xyzw567890123456") == nil)
        var others = CoveredCells(of: 130)
        let isNew = [others.formUnion(cells), others.formUnion(cells)]
        #expect(isNew == [true, false] && others == cells)
    }

    @Test func whoLooksChangesNothing() throws {
        let lab = try lab("[{at: 1s, reset: near}]")
        var log = RecordLog(keeping: .latest)
        let plain = Run(lab: lab, seed: 3, arranged: &log)
        var other = RecordLog(keeping: .latest)
        let watched = Run(
            lab: lab, seed: 3, arranged: &other, coverage: CoverageWatch(lab, CoverageGrid(lab)))
        for run in [plain, watched] { while try run.step() {} }
        #expect(plain.digest == watched.digest && plain.state.event > 100)
    }
}
