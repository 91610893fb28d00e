import PeerNetworking
import SimNetwork

// What actions are done to: by the lab's names.
extension LabFileReader {
    /// A thing of one of several kinds; of those that have a thing of its name, the first is meant.
    mutating func readTarget(_ value: SourceValue, _ kinds: [TargetKind], _ what: String) -> OperandValue? {
        if kinds.count == 1, let kind = kinds.first { return readTarget(value, kind) }
        if kinds.contains(.link), case .sequence = value.content {
            return readLinkReference(value, what).map { .link($0) }
        }
        guard let text = text(value, what, "the name of \(listing(kinds.map { "a \($0.rawValue)" }, "or"))") else {
            return nil
        }
        for kind in kinds { if let target = names.target(named: text, kind) { return target } }
        // Where a section could not be read, what it would have declared is not missed.
        if kinds.allSatisfy({ names.areKnown($0) }) {
            let hint = offer(for: text, among: kinds.flatMap { known($0) })
            report(value.place, "there is no \(listing(kinds.map(\.rawValue), "or")) \(quoted(text))\(hint)")
        }
        return nil
    }

    private mutating func readTarget(_ value: SourceValue, _ kind: TargetKind) -> OperandValue? {
        switch kind {
        case .peer: readPeerName(value, "peer").map { .peer($0) }
        case .host: readHostName(value, "host").map { .host($0) }
        case .link: readLinkReference(value, "link").map { .link($0) }
        case .connection: readConnection(value).map { .connection($0) }
        }
    }

    private func known(_ kind: TargetKind) -> [String] {
        switch kind {
        case .peer: names.peerNames
        case .host: names.hostNames
        case .link: topology.links.indices.prefix(500).map { topology.name(of: LinkID($0)) }
        case .connection: []
        }
    }

    // MARK: Hosts together

    /// `server:4500`, or a host for all its ports.
    mutating func readService(_ value: SourceValue, _ what: String) -> ServiceScope? {
        guard let text = text(value, what, "a host, or a host and a port, as in \"server:4500\"") else { return nil }
        guard let colon = text.lastIndex(of: ":") else {
            return host(text, at: value.place).map { ServiceScope($0) }
        }
        let host = host(String(text[..<colon]), at: value.place)
        guard let port = port(String(text[text.index(after: colon)...]), at: value.place), let host else { return nil }
        return ServiceScope(host, port: port)
    }

    /// `client->server`: one host, and another.
    mutating func readPair(_ value: SourceValue, _ what: String) -> OperandValue? {
        guard let text = text(value, what, "two hosts, as in \"client->server\"") else { return nil }
        let ends = text.split(separator: "→").flatMap { $0.split(separator: "->") }.map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard ends.count == 2 else {
            report(value.place, "'\(what)' must be two hosts, as in \"client->server\", not \(quoted(text))")
            return nil
        }
        let from = host(ends[0], at: value.place)
        let to = host(ends[1], at: value.place)
        guard let from, let to else { return nil }
        guard from != to else {
            report(value.place, "'\(what)' must be two hosts, and \(quoted(ends[0])) is one")
            return nil
        }
        return .pair(from, to)
    }

    /// Two groups of hosts, or one against all others.
    mutating func readGroups(_ value: SourceValue, _ what: String) -> OperandValue? {
        var groups: [SourceValue] = [value]
        if case .sequence(let items) = value.content,
            items.contains(where: { if case .sequence = $0.content { true } else { false } })
        {
            groups = items
        }
        guard groups.count <= 2 else {
            report(value.place, "a partition has two groups of hosts, as in [[a, b], [c]]")
            return nil
        }
        guard let first = readHostList(groups[0], what) else { return nil }
        if groups.count == 2 { return readHostList(groups[1], what).map { .groups(first, $0) } }
        guard names.hostsAreKnown else { return nil }
        let others = topology.hosts.indices.filter { !topology.hosts[$0].isRouter }.map { HostID($0) }
        let members = Set(first)
        return .groups(first, others.filter { !members.contains($0) })
    }

    // MARK: Names

    mutating func readPeerName(_ value: SourceValue, _ what: String) -> ProcessID? {
        text(value, what, "a peer's name").flatMap { self.peer($0, at: value.place) }
    }

    mutating func readHostName(_ value: SourceValue, _ what: String) -> HostID? {
        text(value, what, "a host's name").flatMap { self.host($0, at: value.place) }
    }

    mutating func readConnection(_ value: SourceValue) -> ConnectionID? {
        guard let text = text(value, "connection", "a connection, as in c1") else { return nil }
        if let connection = ConnectionID(named: text) { return connection }
        report(value.place, "\(quoted(text)) is not a connection; they are called c1, c2, …")
        return nil
    }

    mutating func readSide(_ value: SourceValue) -> Side? {
        choice(value, "side", ["client", "server"]).map { $0 == "client" ? .client : .server }
    }

    /// Hosts by name or pattern, as a list or one alone, in the order of the file.
    mutating func readHostList(_ value: SourceValue, _ what: String) -> [HostID]? {
        let items: [SourceValue]
        if case .sequence(let list) = value.content { items = list } else { items = [value] }
        var hosts: [HostID] = []
        var seen: Set<HostID> = []
        for item in items {
            guard let text = text(item, what, "hosts' names"), let found = self.hosts(matching: text, at: item.place)
            else { return nil }
            // Many faults may name the same 100,000: they share one list.
            if items.count == 1 { return found }
            for host in found where seen.insert(host).inserted { hosts.append(host) }
        }
        return hosts
    }

    // MARK: Links

    /// `client-server`, or `[client, server]`.
    mutating func readLinkReference(_ value: SourceValue, _ what: String) -> LinkID? {
        guard case .sequence(let ends) = value.content else {
            guard let text = text(value, what, "a link, as in client-server or [client, server]") else { return nil }
            return link(text, at: value.place)
        }
        guard ends.count == 2, let first = text(ends[0], what, "two hosts' names"),
            let second = text(ends[1], what, "two hosts' names")
        else {
            report(value.place, "'\(what)' must name two hosts, as in [client, server]")
            return nil
        }
        let low = host(first, at: ends[0].place)
        let high = host(second, at: ends[1].place)
        guard let low, let high else { return nil }
        if let link = names.links[LabNames.Pair(low, high)] { return link }
        if names.linksAreKnown { report(value.place, "no link joins \(quoted(first)) and \(quoted(second))") }
        return nil
    }

    /// The link of a name such as `client-server`.
    mutating func link(_ name: String, at place: Place) -> LinkID? {
        switch names.link(named: name) {
        case .link(let link): return link
        case .ambiguous: report(place, "\(quoted(name)) can mean more than one link; write [first, second]")
        case .unknown where names.linksAreKnown && names.hostsAreKnown:
            let known = topology.links.indices.lazy.map { [topology] in topology.name(of: LinkID($0)) }
            report(place, "there is no link \(quoted(name))\(offer(for: name, among: known))")
        case .unknown: break
        }
        return nil
    }

    /// `client->server`, of a link's two hosts; `inbound` or `outbound` of a host.
    mutating func readDirection(_ value: SourceValue, of target: OperandValue?) -> OperandValue? {
        if case .link(let link)? = target { return readDirection(value, of: link).map { .direction($0) } }
        guard case .host? = target else { return nil }
        return choice(value, "direction", ["inbound", "outbound"]).map {
            .bound($0 == "inbound" ? .inbound : .outbound)
        }
    }

    /// `client->server`, of a link's two hosts.
    mutating func readDirection(_ value: SourceValue, of link: LinkID) -> LinkDirection? {
        let ends = topology.links[Int(link.index)]
        let first = topology.hosts[Int(ends.first.index)].name
        let second = topology.hosts[Int(ends.second.index)].name
        guard let text = text(value, "direction", "as in \"\(first)->\(second)\"") else { return nil }
        switch text {
        case "\(first)->\(second)", "\(first)→\(second)": return .forward
        case "\(second)->\(first)", "\(second)→\(first)": return .backward
        default:
            report(
                value.place,
                "'direction' must be \"\(first)->\(second)\" or \"\(second)->\(first)\", not \(quoted(text))")
            return nil
        }
    }
}
