extension SweepReport {
    /// What the whole sweep would have said, from the reports of all its shards.
    ///
    /// - Parameter reports: each with its name, for messages.
    /// - Throws: ``SessionError`` where they are not the shards of one sweep, all of them and each once.
    package static func merged(_ reports: [(name: String, report: SweepReport)]) throws(SessionError) -> SweepReport {
        guard var whole = reports.first?.report, let name = reports.first?.name else {
            throw SessionError("there is no report to merge")
        }
        var shards: [Shard: String] = [:]
        var count = 0
        for (other, report) in reports {
            try whole.check(report, other, like: name)
            guard let text = report.shard, let shard = try? Shard.read(text) else {
                throw SessionError("\(other): it is of no shard: it says all by itself")
            }
            count = count == 0 ? shard.count : count
            guard shard.count == count else {
                throw SessionError("\(other): it is shard \(text), and \(name) is one of \(count)")
            }
            if let twice = shards.updateValue(other, forKey: shard) {
                throw SessionError("\(other): it is shard \(text), as \(twice) is")
            }
            if report.interrupted {
                throw SessionError("\(other): it was ended before all its seeds were run")
            }
        }
        let missing = (0..<count).filter { index in Shard(index, of: count).map { shards[$0] == nil } ?? false }
        guard missing.isEmpty else {
            let few = missing.prefix(8).map { "\($0)/\(count)" }
            let rest = missing.count > few.count ? " and \(missing.count - few.count) more" : ""
            throw SessionError(
                "of \(count) shards \(few.joined(separator: ", "))\(rest) \(missing.count == 1 ? "is" : "are") missing")
        }
        for (_, report) in reports.dropFirst() { whole.add(report) }
        whole.shard = nil
        whole.sort()
        return whole
    }

    private func check(_ other: SweepReport, _ otherName: String, like name: String) throws(SessionError) {
        func differ(_ what: String, _ one: String, _ another: String) throws(SessionError) {
            guard one == another else {
                throw SessionError("\(otherName): its \(what) is \(another), that of \(name) is \(one)")
            }
        }
        try differ("lab", lab, other.lab)
        guard source == other.source else {
            throw SessionError("\(otherName): the text of its lab is another than that of \(name)")
        }
        try differ("engine", "\(engine)", "\(other.engine)")
        try differ("range of seeds", "\(seeds.first)..\(seeds.last)", "\(other.seeds.first)..\(other.seeds.last)")
        try differ("end of each run", "\(until_ns ?? -1) ns", "\(other.until_ns ?? -1) ns")
        guard coverage.cells == other.coverage.cells, found?.cell == other.found?.cell else {
            throw SessionError("\(otherName): it looks at other cells than \(name)")
        }
    }

    private mutating func add(_ other: SweepReport) {
        seeds.run += other.seeds.run
        seeds.passed += other.seeds.passed
        seeds.failed += other.seeds.failed
        seeds.incomplete += other.seeds.incomplete
        seeds.crashed += other.seeds.crashed
        seconds = max(seconds, other.seconds)
        jobs += other.jobs
        for group in other.groups {
            if let index = groups.firstIndex(where: { $0.signature == group.signature }) {
                groups[index].add(group)
            } else {
                groups.append(group)
            }
        }
        let never = Set(other.coverage.never)
        coverage.never.removeAll { !never.contains($0) }
        coverage.reached = coverage.cells - coverage.never.count
        if let seed = other.found?.seed, seed < found?.seed ?? .max { found = other.found }
    }
}
