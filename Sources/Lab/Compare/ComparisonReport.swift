import PeerNetworking
import SimNetwork

/// The result of a comparison, as JSON has it and as text.
package struct ComparisonReport: Encodable {
    /// What a peer went through.
    struct Life: Encodable {
        let peer: String
        let sim: [String]
        let real: [String]
        let agree: Bool
    }

    /// What a connection went through.
    struct Connection: Encodable {
        let connection: String
        let sim: [String]
        let real: [String]
        let agree: Bool
    }

    /// How long something took.
    struct Times: Encodable {
        struct Quantiles: Encodable {
            let p50: Int64
            let p99: Int64
        }
        let what: String
        let sim_ns: Quantiles
        let real_ns: Quantiles
        /// How much of what either range takes both take, from the first to the 99th percentile: 0…1.
        let overlap: Double
    }

    /// How often something has happened on the wire.
    struct Wire: Encodable {
        let what: String
        let sim: Int64
        let real: Int64
    }

    /// How late a real wire was.
    struct Late: Codable, Hashable {
        let p50: Int64
        let p99: Int64
        /// The longest that the peers' thread, or the wire's, was kept from what it was to do.
        let stall: Int64
    }

    let lab: String
    let on: String
    let runs: Int
    let agreed: Int
    /// Transitions of the simulation that were compared.
    let compared: Int
    let unavailable: [String]
    /// What happens from this time on was not compared; null where all was.
    @OrNull var compared_until_ns: Int64?
    let transitions: [Life]
    let connections: [Connection]
    let times: [Times]
    @OrNull var first: Comparison.Disagreement?
    /// Empty where no segments are seen.
    let wire: [Wire]
    /// Which congestion control has run for real.
    let congestion: [CongestionUse]
    /// Null where there was no real wire.
    @OrNull var wire_late_ns: Late?

    /// Makes the report; what the real side went through is that of the run that disagrees first, or of the first.
    package init(_ comparison: Comparison) {
        lab = comparison.lab.name
        on = comparison.on.rawValue
        runs = comparison.real.count
        agreed = comparison.agreed
        compared = comparison.compared
        unavailable = comparison.unavailable
        if comparison.reach < .max { compared_until_ns = comparison.reach }
        let place = comparison.disagreements.firstIndex { $0 != nil } ?? 0
        let disagreement = comparison.disagreements.indices.contains(place) ? comparison.disagreements[place] : nil
        let (left, right) = (comparison.simulated, comparison.real[place])
        transitions = Set(left.lives.keys).union(right.lives.keys).sorted().map { name in
            Life(
                peer: name, sim: (left.lives[name] ?? []).map(\.state), real: (right.lives[name] ?? []).map(\.state),
                agree: disagreement?.peer != name || disagreement?.connection != nil)
        }
        connections = Set(left.connections.keys).union(right.connections.keys).sorted().map { name in
            Connection(
                connection: name, sim: (left.connections[name] ?? []).map(\.state),
                real: (right.connections[name] ?? []).map(\.state), agree: disagreement?.connection != name)
        }
        congestion = right.congestion
        times = left.roundTrips.keys.sorted().compactMap { name in
            guard let ours = left.roundTrips[name], let theirs = right.roundTrips[name] else { return nil }
            let both = min(ours.most, theirs.most) - max(ours.least, theirs.least)
            let either = max(ours.most, theirs.most) - min(ours.least, theirs.least)
            return Times(
                what: "rtt of \(name)", sim_ns: .init(p50: ours.median, p99: ours.most),
                real_ns: .init(p50: theirs.median, p99: theirs.most),
                overlap: either > 0 ? Double(max(0, both) * 1_000 / either) / 1_000 : 1)
        }
        first = disagreement
        wire = (left.wire ?? []).compactMap { ours in
            // What is not known of both is not told.
            right.wire?.first { $0.what == ours.what }.map { Wire(what: ours.what, sim: ours.count, real: $0.count) }
        }
        wire_late_ns = right.late
    }

    /// The report for people.
    package var text: String {
        let plural = NumberText.count(runs, "real run")
        var lines = [
            compared == 0
                ? "\(lab), simulated and on \(on): nothing was compared"
                : "\(lab), simulated and on \(on): \(agreed) of \(plural) \(runs == 1 ? "agrees" : "agree"), "
                    + "\(compared) transitions compared"
        ]
        func add(_ label: String, _ text: String) { lines.append("  \(label.filled(to: 13))\(text)") }
        for life in transitions {
            let words = life.sim == life.real ? life.sim : life.sim + ["|"] + life.real
            add("peer", "\(life.peer): \(words.joined(separator: " "))\(life.agree ? "" : "  DISAGREES")")
        }
        for (words, count) in connectionLines { add("connection", count == 1 ? words : "\(words)  (\(count) of them)") }
        for time in times {
            let (ours, theirs) = (time.sim_ns, time.real_ns)
            add(
                "times",
                "\(time.what): sim \(TimeText.duration(ours.p50)), p99 \(TimeText.duration(ours.p99)); "
                    + "\(on) \(TimeText.duration(theirs.p50)), p99 \(TimeText.duration(theirs.p99)); "
                    + "overlap \(Int((time.overlap * 100).rounded())) %")
        }
        let counts = wire.filter { $0.sim != 0 || $0.real != 0 }
        if !counts.isEmpty {
            add("wire", counts.map { "\($0.what) \($0.sim) | \($0.real)" }.joined(separator: ", "))
        }
        for use in congestion { add("congestion", use.words) }
        if let late = wire_late_ns {
            add(
                "late",
                "\(TimeText.duration(late.p50)) in the median, p99 \(TimeText.duration(late.p99)), "
                    + "longest stall \(TimeText.duration(late.stall))")
        }
        if !unavailable.isEmpty {
            let until = compared_until_ns.map { ", so what comes after \(TimeText.clock($0)) s was not compared" } ?? ""
            add("unavailable", "on \(on): \(unavailable.joined(separator: ", "))\(until)")
        }
        guard let first else { return lines.joined(separator: "\n") }
        let number = first.transition.map { ", transition \($0)" } ?? ""
        add(
            "first",
            "run \(first.run), \(first.connection ?? first.peer)\(number): sim \(first.sim ?? "nothing more"); "
                + "\(on) \(first.real ?? "nothing more")")
        for (label, events) in [("  sim", first.sim_events), ("  \(on)", first.real_events)] {
            for event in events { add(label, event) }
        }
        return lines.joined(separator: "\n")
    }

    /// What the connections went through, with how many of a peer's to one place have gone through the same.
    private var connectionLines: [(words: String, count: Int)] {
        var lines: [(words: String, count: Int)] = []
        for one in connections {
            let path = one.sim == one.real ? one.sim : one.sim + ["|"] + one.real
            // Those that differ are told one by one.
            let kind = one.sim == one.real ? one.connection.prefix { $0 != "," } : one.connection[...]
            let words = "\(kind): \(path.joined(separator: " "))\(one.agree ? "" : "  DISAGREES")"
            if let last = lines.indices.last, lines[last].words == words {
                lines[last].count += 1
            } else {
                lines.append((words, 1))
            }
        }
        return lines
    }
}
