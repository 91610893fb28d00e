import SimNetwork

extension LabFileReader {
    /// Hosts of a lab, at most.
    static let mostHosts = 100_000
    private static let hostKeys =
        ["count", "router"] + HostLimits.Resource.allCases.map(\.rawValue) + standingKeys.map(\.0) + ["drops"] + tcpKeys

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
        if options["nat"] != nil, !host.isRouter {
            report(options.place(of: "nat"), "'nat' is of a router; \(quoted(field.name)) is none (router: yes)")
        }
        let dropsNotices = options["drops"].map { choice($0, "drops", ["icmp"]) == "icmp" } ?? false
        let first = topology.hosts.count
        declareHosts(field, options, host)
        stand(standing, on: first..<topology.hosts.count)
        if dropsNotices {
            self.standing += (first..<topology.hosts.count).map { .icmpDrop(.host(HostID($0), nil)) }
        }
    }

    private mutating func declareHosts(_ field: SourceField, _ options: SourceFields, _ host: Topology.Host) {
        guard let value = options["count"] else {
            // Perhaps there are several, called otherwise.
            if options.has("count") { names.hostsAreKnown = false }
            return declareHost(host, at: field.place)
        }
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
        func limit(_ resource: HostLimits.Resource, _ reader: inout LabFileReader) -> Int64? {
            fields[resource.rawValue].flatMap { reader.number($0, resource.rawValue, resource.operandKind) }
        }
        if let limit = limit(.sockets, &self) { limits.sockets = Int32(limit) }
        if let limit = limit(.memory, &self) { limits.memory = limit }
        if let limit = limit(.ports, &self) { limits.ports = Int32(limit) }
    }

    /// A fault that is standing at hosts from the beginning: all of it but the host.
    private struct Standing {
        var form: ActionForm
        var fields: SourceFields
    }

    /// What is standing at a host from the beginning and is no limit of its kernel: a key, and the fault that it is.
    private static let standingKeys = [("clock", "clock-skew"), ("slow-timers", "slow-timers"), ("nat", "nat")]

    private mutating func readStanding(_ fields: SourceFields) -> [Standing] {
        var standing: [Standing] = []
        for (key, name) in Self.standingKeys {
            guard let value = fields[key], let form = ActionForm.named(name).first,
                let operands = self.fields(value, "'\(key)'", keys: form.keys.filter { $0 != "host" }),
                operands.isWhole
            else { continue }
            standing.append(Standing(form: form, fields: operands))
        }
        return standing
    }

    private mutating func stand(_ standing: [Standing], on hosts: Range<Int>) {
        guard let first = hosts.first else { return }
        var read: [(Standing, Operands)] = []
        for fault in standing {
            // What is wrong is wrong for all of the hosts, and said once.
            var host = Operands()
            host["host"] = .host(HostID(first))
            guard let operands = readOperands(fault.form, fault.fields, beside: host),
                action(fault.form, operands, of: fault.fields) != nil
            else { continue }
            read.append((fault, operands))
        }
        for host in hosts {
            for (fault, operands) in read {
                var operands = operands
                operands["host"] = .host(HostID(host))
                self.standing += [action(fault.form, operands, of: fault.fields)].compactMap { $0 }
            }
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
            .filter { text.utf8.count <= LabNames.longest && pattern.matches(names.hostNames[$0]) }.map { HostID($0) }
        names.matches[text] = found
        if found.isEmpty, names.hostsAreKnown { report(place, "no host fits \(quoted(text))") }
        return found.isEmpty ? nil : found
    }
}
