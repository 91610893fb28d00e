import SimNetwork

extension LabFileReader {
    /// Links of a lab, at most.
    static let mostLinks = 1_000_000
    private static let distributions = ["constant", "uniform", "normal", "exponential", "bimodal", "pareto"]
    /// An hour: a thousandfold of it, as `pareto` may draw, is still far from overflow.
    private static let latencies = Int64(0)...Int64(3_600_000_000_000)

    /// `links:`: a list of what joins which hosts, each direction as it may be.
    mutating func readLinks(_ value: SourceValue) {
        guard let links = items(value, "links") else {
            names.linksAreKnown = false
            return
        }
        for link in links { readLink(link) }
    }

    private mutating func readLink(_ value: SourceValue) {
        let keys = ["between", "latency", "loss", "forward", "backward"]
        guard let fields = fields(value, "a link", keys: keys) else {
            names.linksAreKnown = false
            return
        }
        var both = LinkProperties()
        readProperties(fields, into: &both)
        var forward = both
        var backward = both
        if let value = fields["forward"] { readDirection(value, "forward", into: &forward) }
        if let value = fields["backward"] { readDirection(value, "backward", into: &backward) }
        guard let between = require(fields, "between", of: "a link") else {
            names.linksAreKnown = false
            return
        }
        join(between, forward: forward, backward: backward)
    }

    private mutating func readDirection(_ value: SourceValue, _ name: String, into properties: inout LinkProperties) {
        guard let fields = fields(value, "'\(name)'", keys: ["latency", "loss"]) else { return }
        readProperties(fields, into: &properties)
    }

    private mutating func readProperties(_ fields: SourceFields, into properties: inout LinkProperties) {
        if let value = fields["latency"], let latency = latency(value) { properties.latency = latency }
        if let value = fields["loss"], let loss = probability(value, "loss") { properties.loss = .independent(loss) }
    }

    // MARK: Hosts joined

    private mutating func join(_ value: SourceValue, forward: LinkProperties, backward: LinkProperties) {
        guard case .sequence(let ends) = value.content, ends.count == 2 else {
            names.linksAreKnown = false
            return report(value.place, "'between' must be a list of two hosts, as in [client, server]")
        }
        guard let first = text(ends[0], "between", "two hosts' names"),
            let second = text(ends[1], "between", "two hosts' names"),
            let firsts = hosts(matching: first, at: ends[0].place),
            let seconds = hosts(matching: second, at: ends[1].place)
        else {
            names.linksAreKnown = false
            return
        }
        if first == second, firsts.count == 1 {
            return report(value.place, "a link joins two hosts; \(quoted(first)) cannot be joined to itself")
        }
        let pairs = firsts.count.multipliedReportingOverflow(by: seconds.count)
        guard !pairs.overflow, pairs.partialValue <= Self.mostLinks - topology.links.count else {
            names.linksAreKnown = false
            return report(value.place, "a lab has at most \(Self.mostLinks) links")
        }
        let fresh = topology.links.count
        for low in firsts {
            for high in seconds where low != high {
                if let known = names.links[LabNames.Pair(low, high)] {
                    // Patterns that share hosts come upon the same two twice.
                    if known.index >= fresh { continue }
                    return report(
                        value.place,
                        "\(quoted(topology.hosts[Int(low.index)].name)) and "
                            + "\(quoted(topology.hosts[Int(high.index)].name)) are joined by a link already")
                }
                let link = topology.connect(low, high, forward)
                topology.links[Int(link.index)].backward = backward
                names.links[LabNames.Pair(low, high)] = link
            }
        }
    }

    // MARK: Latency

    private mutating func latency(_ value: SourceValue) -> Latency? {
        if case .scalar = value.content { return delay(value, "latency").map { .constant($0) } }
        guard case .mapping(let pairs) = value.content, pairs.count == 1, let field = pairs.first else {
            let names = listing(Self.distributions, "or")
            report(value.place, "'latency' must be a duration or one of \(names), not \(value.kind)")
            return nil
        }
        switch field.name {
        case "constant":
            return delay(field.value, "constant").map { .constant($0) }
        case "exponential":
            return delay(field.value, "exponential").map { .exponential(mean: $0) }
        case "uniform":
            guard let items = parameters(field, "[1ms, 5ms]", count: 2), let low = delay(items[0], "uniform"),
                let high = delay(items[1], "uniform")
            else { return nil }
            guard low <= high else {
                report(items[1].place, "'uniform' must have the lower bound first")
                return nil
            }
            return .uniform(low, high)
        case "normal":
            guard let items = parameters(field, "[mean, deviation]", count: 2), let mean = delay(items[0], "normal"),
                let deviation = delay(items[1], "normal")
            else { return nil }
            return .normal(mean: mean, deviation: deviation)
        case "bimodal":
            guard let items = parameters(field, "[1ms, 50ms, 0.1]", count: 3), let first = delay(items[0], "bimodal"),
                let second = delay(items[1], "bimodal"), let chance = probability(items[2], "bimodal")
            else { return nil }
            return .bimodal(first, second, second: chance)
        case "pareto":
            guard let items = parameters(field, "[1ms, 1.5]", count: 2), let least = delay(items[0], "pareto"),
                let shape = number(items[1], "pareto", in: 0.1...100)
            else { return nil }
            return .pareto(least: least, shape: shape)
        default:
            reportUnknown("latency", field.name, at: field.place, known: Self.distributions, of: "a link")
            return nil
        }
    }

    private mutating func delay(_ value: SourceValue, _ what: String) -> Int64? {
        duration(value, what, in: Self.latencies)
    }

    private mutating func parameters(_ field: SourceField, _ example: String, count: Int) -> [SourceValue]? {
        if case .sequence(let items) = field.value.content, items.count == count { return items }
        report(field.value.place, "'\(field.name)' must be a list of \(count), as in \(example)")
        return nil
    }
}
