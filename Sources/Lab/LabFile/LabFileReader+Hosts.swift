import SimNetwork

extension LabFileReader {
    /// Hosts of a lab, at most.
    static let mostHosts = 100_000
    private static let hostKeys = ["count", "send-buffer", "receive-buffer", "backlog", "syn-retries", "retries"]

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
                    declareHost(name, at: item.place)
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
        guard !field.value.isNull else { return declareHost(field.name, at: field.place) }
        guard let options = fields(field.value, "a host", keys: Self.hostKeys) else {
            names.hostsAreKnown = false
            return
        }
        let tcp = tcpOptions(options)
        guard let value = options["count"] else { return declareHost(field.name, at: field.place, tcp: tcp) }
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
        for number in 1...count { declareHost("\(field.name)-\(number)", at: field.place, tcp: tcp) }
    }

    private mutating func declareHost(_ name: String, at place: Place, tcp: TCPOptions = TCPOptions()) {
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
        names.hosts[name] = topology.addHost(name, tcp: tcp)
        names.hostNames.append(name)
    }

    private mutating func tcpOptions(_ fields: SourceFields) -> TCPOptions {
        var tcp = TCPOptions()
        let buffer = Int64(1_024)...Int64(1_073_741_824)
        if let value = fields["send-buffer"], let size = size(value, "send-buffer", in: buffer) {
            tcp.sendBuffer = Int32(size)
        }
        if let value = fields["receive-buffer"], let size = size(value, "receive-buffer", in: buffer) {
            tcp.receiveBuffer = Int32(size)
        }
        if let value = fields["backlog"], let number = integer(value, "backlog", in: 1...65_535) {
            tcp.backlog = Int32(number)
        }
        // Linux keeps both in a byte, and bounds the first by MAX_TCP_SYNCNT.
        if let value = fields["syn-retries"], let number = integer(value, "syn-retries", in: 0...127) {
            tcp.synRetries = Int32(number)
        }
        if let value = fields["retries"], let number = integer(value, "retries", in: 0...255) {
            tcp.retries = Int32(number)
        }
        return tcp
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
