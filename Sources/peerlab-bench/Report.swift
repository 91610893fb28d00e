import ArgumentParser

/// What was measured, and on which machine.
struct Report {
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case text
        case json
    }

    /// A row's values, or why it has none.
    struct Row {
        let name: String
        let unit: Benchmark.Unit
        /// One value a run.
        let values: [Double]
        let failure: String?

        var value: Double? { values.isEmpty || failure != nil ? nil : values.median }
    }

    /// The names of the rows that others are held against.
    static let yardsticks = ["simpy_round_trips", "heap_floor_events"]

    let machine: Machine
    /// The seed of the order of the runs.
    let seed: UInt64
    private let results: [Row]
    private let listed: Set<String>

    init(machine: Machine, seed: UInt64, results: [Row], listed: Set<String>) {
        self.machine = machine
        self.seed = seed
        self.results = results
        self.listed = listed
    }

    var rows: [Row] { results.filter { listed.contains($0.name) } }

    /// A rate over SimPy's.
    func ratioToSimPy(_ row: Row) -> Double? { ratio(of: row, to: "simpy_round_trips") }
    /// A rate over the bare heap's.
    func ratioToFloor(_ row: Row) -> Double? { ratio(of: row, to: "heap_floor_events") }

    private func ratio(of row: Row, to yardstick: String) -> Double? {
        guard row.unit.isRate, let value = row.value,
            let unit = results.first(where: { $0.name == yardstick })?.value
        else { return nil }
        return value / unit
    }

    func rendered(as format: Format) throws -> String {
        switch format {
        case .text: text
        case .json: try json
        }
    }
}
