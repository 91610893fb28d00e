import SimNetwork

extension LabFileReader {
    /// Hosts of a lab, at most.
    static let mostHosts = 100_000
    private static let hostKeys =
        ["count", "router"] + HostLimits.Resource.allCases.map(\.rawValue) + ["clock", "slow-timers"] + tcpKeys

    /// `hosts: [client, server]`, or a mapping from names to a count and the kernel's TCP parameters.
    mutating func readHosts(_ fields: SourceFields) {
        guard let value = require(fields, "hosts", of: "a lab file") else {
            names.hostsAreKnown = false
            return
        }
        switch value.content {
        case .sequence(let items):
            for item in items {
                if let name = text(item, "hosts", "a list of names") {
                    declareHost(Topology.Host(name: name), at: item.place)
                } else {
                    names.hostsAreKnown = false
                }
            }
        case .mapping(let pairs):
            for pair in pairs { readHost(pair) }
        case .scalar:
            report(value.place, "'hosts' must be a list of names, or a mapping from names, not \(value.kind)")
            names.hostsAreKnown = false
            return
        }
        if topology.hosts.isEmpty, names.hostsAreKnown { report(value.place, "a lab needs at least one host") }
    }

    private mutating func readHost(_ field: SourceField) {
        guard !field.value.isNull else { return declareHost(Topology.Host(name: field.name), at: field.place) }
        guard let options = fields(field.value, "a host", keys: Self.hostKeys) else {
            names.hostsAreKnown = false
            return
        }
        var host = Topology.Host(name: field.name, tcp: tcpOptions(options))
        if let value = options["router"] { host.isRouter = boolean(value, "router") ?? false }
        readLimits(options, into: &host.limits)
        let standing = readStanding(options)
        let first = topology.hosts.count
        declareHosts(field, options, host)
        for index in first..<topology.hosts.count { stand(standing, on: HostID(index)) }
    }

    private mutating func declareHosts(_ field: SourceField, _ options: SourceFields, _ host: Topology.Host) {
        guard let value = options["count"] else { return declareHost(host, at: field.place) }
        guard let count = integer(value, "count", in: 1...Self.mostHosts) else {
            names.hostsAreKnown = false
            return
        }
        guard topology.hosts.count + count <= Self.mostHosts else {
            names.hostsAreKnown = false
            return report(value.place, "a lab has at most \(Self.mostHosts) hosts")
        }
        if let flaw = LabNames.flaw(of: field.name) {
            names.hostsAreKnown = false
            return report(field.place, "the host's name \(quoted(field.name)) \(flaw)")
        }
        for number in 1...count {
            var numbered = host
            numbered.name = "\(field.name)-\(number)"
            declareHost(numbered, at: field.place)
        }
    }

    private mutating func declareHost(_ host: Topology.Host, at place: Place) {
        let name = host.name
        if let flaw = LabNames.flaw(of: name) {
            names.hostsAreKnown = false
            return report(place, "the host's name \(quoted(name)) \(flaw)")
        }
        guard names.hosts[name] == nil else { return report(place, "duplicate host \(quoted(name))") }
        guard topology.hosts.count < Self.mostHosts else {
            if names.hostsAreKnown { report(place, "a lab has at most \(Self.mostHosts) hosts") }
            names.hostsAreKnown = false
            return
        }
        names.hosts[name] = HostID(topology.hosts.count)
        topology.hosts.append(host)
        names.hostNames.append(name)
    }

    // MARK: What is standing at a host

    private mutating func readLimits(_ fields: SourceFields, into limits: inout HostLimits) {
        if let value = fields["sockets"], let limit = limit(value, .sockets) { limits.sockets = Int32(limit) }
        if let value = fields["memory"], let limit = limit(value, .memory) { limits.memory = limit }
        if let value = fields["ports"], let limit = limit(value, .ports) { limits.ports = Int32(limit) }
    }

    /// What is standing at a host from the beginning and is no limit of its kernel.
    private struct Standing {
        var clock: (offset: Int64, drift: Int64)?
        var slowTimers: (probability: Probability, most: Int64)?
    }

    private mutating func readStanding(_ fields: SourceFields) -> Standing {
        var standing = Standing()
        if let value = fields["clock"], let clock = self.fields(value, "'clock'", keys: ["offset", "drift"]) {
            standing.clock = readClock(clock)
        }
        if let value = fields["slow-timers"],
            let timers = self.fields(value, "'slow-timers'", keys: ["probability", "most"]),
            let most = require(timers, "most", of: "slow-timers")
                .flatMap({ duration($0, "most", in: 0...3_600_000_000_000) }),
            let chance = chance(timers)
        {
            standing.slowTimers = (chance, most)
        }
        return standing
    }

    private mutating func stand(_ standing: Standing, on host: HostID) {
        if let clock = standing.clock {
            self.standing.append(.clockSkew(host, offset: clock.offset, drift: clock.drift))
        }
        if let timers = standing.slowTimers {
            self.standing.append(.slowTimers(host, timers.probability, most: timers.most))
        }
    }

    /// The hosts that a name or a pattern stands for, in the file's order; nil, and reported, where there are none.
    mutating func hosts(matching text: String, at place: Place) -> [HostID]? {
        guard let pattern = HostPattern(text) else { return host(text, at: place).map { [$0] } }
        let most = max(1, LabNames.mostComparisons / max(1, names.hostNames.count))
        guard names.matches.count < most || names.matches[text] != nil else {
            report(place, "a lab of \(names.hostNames.count) hosts has at most \(most) different patterns of hosts")
            return nil
        }
        let found =
            names.matches[text]
            ?? names.hostNames.indices
            .filter { text.utf8.count <= 64 && pattern.matches(names.hostNames[$0]) }.map { HostID($0) }
        names.matches[text] = found
        if found.isEmpty, names.hostsAreKnown { report(place, "no host fits \(quoted(text))") }
        return found.isEmpty ? nil : found
    }
}
