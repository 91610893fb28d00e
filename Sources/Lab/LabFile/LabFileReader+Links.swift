import SimNetwork

extension LabFileReader {
    /// Links of a lab, at most.
    static let mostLinks = 1_000_000
    /// `links:`: a list of what joins which hosts, each direction as it may be.
    mutating func readLinks(_ value: SourceValue) {
        guard let links = items(value, "links") else {
            names.linksAreKnown = false
            return
        }
        for link in links { readLink(link) }
    }

    private mutating func readLink(_ value: SourceValue) {
        let keys = ["between"] + Self.shapeKeys + ["forward", "backward"]
        guard let fields = fields(value, "a link", keys: keys) else {
            names.linksAreKnown = false
            return
        }
        var both = LinkProperties()
        readProperties(fields, into: &both)
        var forward = both
        var backward = both
        if let value = fields["forward"] { readDirection(value, "forward", of: fields, into: &forward) }
        if let value = fields["backward"] { readDirection(value, "backward", of: fields, into: &backward) }
        guard let between = require(fields, "between", of: "a link") else {
            names.linksAreKnown = false
            return
        }
        join(between, forward: forward, backward: backward)
    }

    private mutating func readDirection(
        _ value: SourceValue, _ name: String, of link: SourceFields, into properties: inout LinkProperties
    ) {
        guard let fields = fields(value, "'\(name)'", keys: Self.shapeKeys) else { return }
        readProperties(fields, into: &properties, around: link)
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
            names.linksAreKnown = false
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
                    names.linksAreKnown = false
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
}
