import SimNetwork

extension LabFileReader {
    private static let faultKeys = ["at", "for", "direction"]

    /// `faults:`: a list of what happens to the network, each at its time.
    mutating func readFaults(_ value: SourceValue) -> [ScheduledFault] {
        guard let list = items(value, "faults") else { return [] }
        return list.compactMap { readFault($0) }
    }

    private mutating func readFault(_ value: SourceValue) -> ScheduledFault? {
        guard case .mapping(let pairs) = value.content else {
            report(value.place, "a fault must be a mapping, as in {at: 5s, cut: client-server}, not \(value.kind)")
            return nil
        }
        var fields = SourceFields(place: value.place)
        var named: SourceField?
        var isKnown = true
        for field in pairs {
            if Self.faultKeys.contains(field.name) {
                fields.values[field.name] = field
            } else if !FaultCatalogue.available.contains(field.name) {
                report(field.place, FaultCatalogue.message(for: field.name, keys: Self.faultKeys))
                isKnown = false
            } else if let first = named {
                report(field.place, "a fault does one thing; \(first.name) is given already")
            } else {
                named = field
            }
        }
        if named == nil, isKnown {
            report(value.place, "a fault needs one of \(listing(FaultCatalogue.available, "or"))")
        }
        let at = require(fields, "at", of: "a fault").flatMap { self.moment($0, "at") }
        let action = named.flatMap { readAction($0, fields) }
        let lasts = fields["for"].flatMap { self.duration($0, "for", in: 1...2_592_000_000_000_000) }
        if let value = fields["for"], let named, let action, action.inverse == nil {
            report(value.place, "\(named.name) does not last; leave 'for' out")
        }
        guard let at, let action else { return nil }
        return ScheduledFault(at: at, action: action, lasts: lasts)
    }

    /// A time within the run.
    mutating func moment(_ value: SourceValue, _ what: String) -> Int64? {
        guard let time = duration(value, what) else { return nil }
        guard let end = names.duration, time > end else { return time }
        report(value.place, "'\(what)' is after the end of the lab, which lasts \(Scale.duration.text(end))")
        return nil
    }

    private mutating func readAction(_ field: SourceField, _ fields: SourceFields) -> Action? {
        let name = field.name
        if let value = fields["direction"], name != "cut", name != "heal" {
            report(value.place, "\(name) has no direction")
        }
        switch name {
        case "cut", "heal":
            guard let link = readLinkReference(field.value, name) else { return nil }
            var direction: LinkDirection?
            if let value = fields["direction"] {
                direction = readDirection(value, of: link)
                if direction == nil { return nil }
            }
            return name == "cut" ? .cut(link, direction) : .heal(link, direction)
        case "power-loss", "power-on":
            guard let text = text(field.value, name, "a host's name"), let host = host(text, at: field.value.place)
            else { return nil }
            return name == "power-loss" ? .powerLoss(host) : .powerOn(host)
        case "slow-reader":
            return readSlowReader(field.value)
        default:
            guard let text = text(field.value, name, "a peer's name"), let peer = peer(text, at: field.value.place)
            else { return nil }
            switch name {
            case "process-kill": return .kill(peer)
            case "restart": return .restart(peer)
            case "pause": return .pause(peer)
            default: return .resume(peer)
            }
        }
    }

    private mutating func readSlowReader(_ value: SourceValue) -> Action? {
        guard let fields = fields(value, "'slow-reader'", keys: ["peer", "rate"]) else { return nil }
        let name = require(fields, "peer", of: "slow-reader").flatMap { self.text($0, "peer", "a peer's name") }
        let peer = name.flatMap { self.peer($0, at: fields.place(of: "peer")) }
        let rate = require(fields, "rate", of: "slow-reader")
            .flatMap { self.quantity($0, "rate", .rate, in: 0...1_099_511_627_776) }
        guard let peer, let rate else { return nil }
        return .slowReader(.process(peer), bytesPerSecond: rate)
    }

    // MARK: Links by name

    private mutating func readLinkReference(_ value: SourceValue, _ what: String) -> LinkID? {
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
            report(place, "there is no link \(quoted(name))\(hint(for: name, among: known))")
        case .unknown: break
        }
        return nil
    }

    /// `client->server`, of a link's two hosts.
    private mutating func readDirection(_ value: SourceValue, of link: LinkID) -> LinkDirection? {
        let ends = topology.links[Int(link.index)]
        let first = topology.hosts[Int(ends.first.index)].name
        let second = topology.hosts[Int(ends.second.index)].name
        guard let text = text(value, "direction", "as in \"\(first)->\(second)\"") else { return nil }
        switch text {
        case "\(first)->\(second)": return .forward
        case "\(second)->\(first)": return .backward
        default:
            report(
                value.place,
                "'direction' must be \"\(first)->\(second)\" or \"\(second)->\(first)\", not \(quoted(text))")
            return nil
        }
    }
}
