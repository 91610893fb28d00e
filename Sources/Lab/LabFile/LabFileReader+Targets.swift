import PeerNetworking
import SimNetwork

// What actions are done to: by the lab's names.
extension LabFileReader {
    /// A thing of one of several kinds.
    enum Target {
        case peer(ProcessID)
        case host(HostID)
        case link(LinkID)
        case connection(ConnectionID)
    }

    /// The thing that an action of a form is done to: under a key that says its kind, or the first kind that has a thing
    /// of its name.
    mutating func readTarget(_ form: ActionForm, _ fields: SourceFields) -> Target? {
        let kinds = form.operands.first?.kinds ?? []
        for kind in kinds {
            guard let value = fields[kind.rawValue] else { continue }
            return readTarget(value, kind)
        }
        guard let value = fields["of"] else {
            report(fields.place, "\(form.name) needs \(listing(kinds.map { "a \($0.rawValue)" }, "or"))")
            return nil
        }
        if kinds.contains(.link), case .sequence = value.content {
            return readLinkReference(value, form.name).map { .link($0) }
        }
        guard let text = text(value, form.name, "the name of \(listing(kinds.map { "a \($0.rawValue)" }, "or"))") else {
            return nil
        }
        for kind in kinds { if let target = target(text, kind) { return target } }
        // Where a section could not be read, what it would have declared is not missed.
        let isKnown = kinds.allSatisfy { kind in
            switch kind {
            case .peer: names.peersAreKnown
            case .host: names.hostsAreKnown
            case .link: names.linksAreKnown && names.hostsAreKnown
            case .connection: true
            }
        }
        if isKnown {
            let hint = choice(for: text, among: kinds.flatMap { known($0) })
            report(value.place, "there is no \(listing(kinds.map(\.rawValue), "or")) \(quoted(text))\(hint)")
        }
        return nil
    }

    private mutating func readTarget(_ value: SourceValue, _ kind: TargetKind) -> Target? {
        switch kind {
        case .peer: return readPeerName(value, "peer").map { .peer($0) }
        case .host: return readHostName(value, "host").map { .host($0) }
        case .link: return readLinkReference(value, "link").map { .link($0) }
        case .connection: return readConnection(value).map { .connection($0) }
        }
    }

    private func target(_ text: String, _ kind: TargetKind) -> Target? {
        switch kind {
        case .peer: return names.peers[text].map { .peer($0) }
        case .host: return names.hosts[text].map { .host($0) }
        case .link:
            if case .link(let link) = names.link(named: text) { return .link(link) }
            return nil
        case .connection: return ConnectionID(named: text).map { .connection($0) }
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

    // MARK: Scopes

    mutating func readTraffic(_ form: ActionForm, _ fields: SourceFields) -> TrafficScope? {
        guard let target = readTarget(form, fields) else { return nil }
        switch target {
        case .host(let host):
            guard let value = fields["direction"] else { return .host(host, nil) }
            guard let word = choice(value, "direction", ["inbound", "outbound"]) else { return nil }
            return .host(host, word == "inbound" ? .inbound : .outbound)
        case .link(let link):
            guard let value = fields["direction"] else { return .link(link, nil) }
            return readDirection(value, of: link).map { .link(link, $0) }
        case .peer, .connection: return nil
        }
    }

    mutating func readIO(_ form: ActionForm, _ fields: SourceFields) -> IOScope? {
        guard let target = readTarget(form, fields) else { return nil }
        switch target {
        case .peer(let peer): return .process(peer)
        case .host(let host): return .host(host)
        case .connection(let connection): return .connection(connection)
        case .link: return nil
        }
    }

    mutating func readConnections(_ form: ActionForm, _ fields: SourceFields) -> ConnectionScope? {
        guard let target = readTarget(form, fields) else { return nil }
        let side = fields["side"].map { readSide($0) }
        switch target {
        case .connection(let connection):
            if case .some(nil) = side { return nil }
            return .connection(connection, side ?? nil)
        case .peer(let peer):
            if let value = fields["side"] {
                report(value.place, "'side' goes with a connection; of a peer's connections its own end is meant")
                return nil
            }
            return .process(peer)
        case .host, .link: return nil
        }
    }

    /// `server:4500`, or a host for all its ports.
    mutating func readService(_ form: ActionForm, _ fields: SourceFields) -> ServiceScope? {
        guard let value = require(fields, "service", of: form.name),
            let text = text(value, form.name, "a host, or a host and a port, as in \"server:4500\"")
        else { return nil }
        guard let colon = text.lastIndex(of: ":") else {
            return host(text, at: value.place).map { ServiceScope($0) }
        }
        let host = host(String(text[..<colon]), at: value.place)
        guard let port = port(String(text[text.index(after: colon)...]), at: value.place), let host else { return nil }
        return ServiceScope(host, port: port)
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
        for item in items {
            guard let text = text(item, what, "hosts' names"), let found = self.hosts(matching: text, at: item.place)
            else { return nil }
            for host in found where !hosts.contains(host) { hosts.append(host) }
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
            report(place, "there is no link \(quoted(name))\(choice(for: name, among: known))")
        case .unknown: break
        }
        return nil
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
