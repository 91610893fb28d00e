import Lab

/// Which seeds of which lab a sweep runs, and until when.
struct SweepPlan: Sendable {
    /// The lab.
    var lab: LabDefinition
    /// The seeds that were asked for.
    var seeds: ClosedRange<UInt64>
    /// The share of them.
    var shard: Shard?
    /// When it ends before they do.
    var goal: SweepOrders.Goal
    /// The folder in which recordings and results are kept.
    var keep: String?

    /// How many seeds there are.
    var count: UInt64 {
        let (last, parts) = (seeds.upperBound - seeds.lowerBound, UInt64(shard?.count ?? 1))
        let index = UInt64(shard?.index ?? 0)
        return last < index ? 0 : (last - index) / parts + 1
    }

    /// The seed of a place, from 0.
    func seed(_ place: UInt64) -> UInt64 {
        seeds.lowerBound + UInt64(shard?.index ?? 0) + place * UInt64(shard?.count ?? 1)
    }

    /// Where the results are kept.
    var logPath: String? { keep.map { "\($0)/sweep.jsonl" } }

    /// How far it is, in a line.
    ///
    /// - Parameters:
    ///   - ways: to fail.
    ///   - rate: seeds a second.
    func progress(_ seeds: SweepReport.Seeds, ways: Int, _ rate: Double) -> String {
        let failed = seeds.failed + seeds.crashed
        var parts = [goal == .allSeeds ? "\(seeds.run) of \(count) seeds" : "\(seeds.run) seeds", "\(Int(rate))/s"]
        if failed > 0 { parts.append("\(failed) failed in \(NumberText.count(ways, "way"))") }
        if goal == .allSeeds, rate > 0 { parts.append("\(Int((Double(count) - Double(seeds.run)) / rate)) s left") }
        return parts.joined(separator: ", ")
    }
}
