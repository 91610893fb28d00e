/// Takes the measurements of all rows in random order, so that a machine that slows down for a while slows all alike.
struct Runner {
    let rows: [Benchmark]
    /// The rows to report; empty for all.
    let only: [String]
    let runs: Int
    let seed: UInt64

    /// What a row came to so far.
    private struct Tally {
        var values: [Double] = []
        var failure: String?
    }

    func report() -> Report {
        let listed = rows.filter { only.isEmpty || only.contains($0.name) }
        let needsYardsticks = listed.contains { $0.unit.isRate }
        let measured = rows.filter { row in
            listed.contains { $0.name == row.name } || needsYardsticks && Report.yardsticks.contains(row.name)
        }
        var tallies = [Tally](repeating: Tally(), count: measured.count)
        var turns = measured.indices.flatMap { Array(repeating: $0, count: runs) }
        var generator = OrderGenerator(state: seed)
        turns.shuffle(using: &generator)
        for index in turns {
            if let value = take(measured[index], &tallies[index]) { tallies[index].values.append(value) }
        }
        let results = zip(measured, tallies).map { row, tally in
            Report.Row(name: row.name, unit: row.unit, values: tally.values, failure: tally.failure)
        }
        return Report(
            machine: .this, seed: seed, results: results, listed: Set(listed.map(\.name)))
    }

    /// One measurement; none once the row has turned out not to be measurable here.
    private func take(_ row: Benchmark, _ tally: inout Tally) -> Double? {
        guard tally.failure == nil else { return nil }
        do {
            return try Measurement.taken(of: row)
        } catch let error as NotMeasured {
            tally.failure = error.reason
        } catch {
            tally.failure = "\(error)"
        }
        return nil
    }
}

/// SplitMix64 (Steele, Lea, Flood, 2014): the order of the runs can be repeated from its seed.
struct OrderGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var bits = state
        bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
        bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
        return bits ^ (bits >> 31)
    }
}
