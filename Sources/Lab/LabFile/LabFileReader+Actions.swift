import PeerNetworking
import SimNetwork

// Actions: the same reader for the entries of `faults:` and for lines typed by hand.
extension LabFileReader {
    /// Reads an action of a form from the fields of its operands.
    mutating func readAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        switch form.name {
        case "cut", "heal", "latency", "bandwidth", "mtu", "loss", "duplicate", "reorder", "corrupt", "restore":
            return readLinkAction(form, fields)
        case "clog", "unclog", "unreachable", "slow-pair", "partition", "unpartition", "swizzle":
            return readNetworkAction(form, fields)
        case "refuse", "connect-hang", "backlog-full", "name-error":
            return readServiceAction(form, fields)
        case "close", "short-read", "short-write", "slow-reader":
            return readIOAction(form, fields)
        case "reset": return readConnections(form, fields).map { .reset($0) }
        case "half-close": return readConnections(form, fields).map { .halfClose($0) }
        case "half-open": return readConnections(form, fields).map { .halfOpen($0) }
        case "process-exit", "process-kill", "pause", "resume", "restart":
            return readProcessAction(form, fields)
        case "power-loss", "power-on", "clock-skew", "slow-timers", "exhaust":
            return readHostAction(form, fields)
        case "drop", "delay": return readSegmentAction(form, fields)
        case "force", "veto", "unforce": return readDrawAction(form, fields)
        case "heal-all": return .healAll
        default: preconditionFailure("no reader for the action \(form.name)")
        }
    }

    // MARK: Links

    private mutating func readLinkAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        guard let value = require(fields, "link", of: form.name), let link = readLinkReference(value, form.name) else {
            return nil
        }
        var direction: LinkDirection?
        if let value = fields["direction"] {
            direction = readDirection(value, of: link)
            if direction == nil { return nil }
        }
        switch form.name {
        case "cut": return .cut(link, direction)
        case "heal": return .heal(link, direction)
        case "restore":
            let kinds = LinkShape.Kind.allCases
            guard let value = require(fields, "property", of: form.name),
                let name = choice(value, "property", kinds.map(\.rawValue)),
                let kind = kinds.first(where: { $0.rawValue == name })
            else { return nil }
            return .unshape(link, direction, kind)
        default: return readShape(form, fields).map { .shape(link, direction, $0) }
        }
    }

    private mutating func readShape(_ form: ActionForm, _ fields: SourceFields) -> LinkShape? {
        func field(_ name: String) -> SourceValue? { require(fields, name, of: form.name) }
        switch form.name {
        case "latency": return field("to").flatMap { latency($0) }.map { .latency($0) }
        case "loss": return field("probability").flatMap { loss($0) }.map { .loss($0) }
        case "duplicate": return field("probability").flatMap { probability($0, "probability") }.map { .duplicate($0) }
        case "mtu": return field("bytes").flatMap { mtu($0) }.map { .mtu($0) }
        case "reorder":
            guard let chance = field("probability").flatMap({ probability($0, "probability") }),
                let extra = field("by").flatMap({ delay($0, "by") })
            else { return nil }
            return .reorder(Reordering(chance, by: extra))
        case "corrupt":
            guard fields["caught"] != nil || fields["uncaught"] != nil else {
                report(fields.place, "corrupt needs 'caught' or 'uncaught'")
                return nil
            }
            return corruption(fields).map { .corrupt($0) }
        default:
            guard let rate = field("rate").flatMap({ self.rate($0) }) else { return nil }
            guard let value = fields["queue"] else { return .bandwidth(rate, queue: LinkProperties().queue) }
            return queue(value).map { .bandwidth(rate, queue: $0) }
        }
    }

    private mutating func readNetworkAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        switch form.name {
        case "clog": return readTraffic(form, fields).map { .clog($0) }
        case "unclog": return readTraffic(form, fields).map { .unclog($0) }
        case "unreachable":
            let answer = fields["answer"].map { choice($0, "answer", ["host", "network", "off"]) } ?? "host"
            guard let scope = readTraffic(form, fields), let answer else { return nil }
            return .unreachable(scope, answer == "off" ? nil : answer == "host" ? .host : .network)
        case "slow-pair":
            guard let value = require(fields, "pair", of: form.name), let pair = readPair(value),
                let extra = require(fields, "by", of: form.name).flatMap({ delay($0, "by") })
            else { return nil }
            return .slowPair(from: pair.from, to: pair.to, extra: extra)
        case "swizzle":
            guard let hosts = require(fields, "hosts", of: form.name).flatMap({ readHostList($0, "hosts") }),
                let over = require(fields, "over", of: form.name)
                    .flatMap({ duration($0, "over", in: 1...3_600_000_000_000) })
            else { return nil }
            guard hosts.count > 1 else {
                report(fields.place(of: "hosts"), "a swizzle needs two hosts or more")
                return nil
            }
            return .swizzle(hosts, over: over)
        case "partition": return readPartition(form, fields).map { .partition($0) }
        default:
            guard fields["groups"] != nil else { return .unpartition(nil) }
            guard case .groups(let partition) = readPartition(form, fields) else { return nil }
            return .unpartition(partition)
        }
    }

    /// `client->server`: one host, and another.
    private mutating func readPair(_ value: SourceValue) -> (from: HostID, to: HostID)? {
        guard let text = text(value, "slow-pair", "two hosts, as in \"client->server\"") else { return nil }
        let ends = text.split(separator: "→").flatMap { $0.split(separator: "->") }.map {
            String($0.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
        }
        guard ends.count == 2 else {
            report(value.place, "'slow-pair' must be two hosts, as in \"client->server\", not \(quoted(text))")
            return nil
        }
        let from = host(ends[0], at: value.place)
        let to = host(ends[1], at: value.place)
        guard let from, let to else { return nil }
        guard from != to else {
            report(value.place, "'slow-pair' must be two hosts, and \(quoted(ends[0])) is one")
            return nil
        }
        return (from, to)
    }

    /// `random`, `uniform-size` or `isolate-one`; or two groups, or one against all others.
    private mutating func readPartition(_ form: ActionForm, _ fields: SourceFields) -> PartitionPlan? {
        guard let value = require(fields, "groups", of: form.name) else { return nil }
        var isOneWay = false
        if let value = fields["one-way"] {
            guard let flag = boolean(value, "one-way") else { return nil }
            isOneWay = flag
        }
        if case .scalar(let text) = value.content, form.name == "partition" {
            switch text {
            case "random": return .random(oneWay: isOneWay)
            case "uniform-size": return .uniformSize(oneWay: isOneWay)
            case "isolate-one": return .isolateOne(oneWay: isOneWay)
            default: break
            }
        }
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
        guard let first = readHostList(groups[0], "partition") else { return nil }
        let second: [HostID]
        if groups.count == 2 {
            guard let read = readHostList(groups[1], "partition") else { return nil }
            second = read
        } else {
            second = topology.hosts.indices.filter { !topology.hosts[$0].isRouter }.map { HostID($0) }
                .filter { !first.contains($0) }
        }
        guard !first.isEmpty, !second.isEmpty, !first.contains(where: second.contains) else {
            report(value.place, "a partition has two groups of hosts without a host in common")
            return nil
        }
        return .groups(Partition(first, second, isOneWay: isOneWay))
    }

    // MARK: Segments and draws

    private mutating func readSegmentAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        if let value = fields["during"] {
            let moments = ProtocolMoment.allCases
            guard let name = choice(value, "during", moments.map(\.rawValue)),
                let moment = moments.first(where: { $0.rawValue == name }),
                let link = require(fields, "link", of: form.name).flatMap({ readLinkReference($0, form.name) })
            else { return nil }
            var direction: LinkDirection?
            if let value = fields["direction"] {
                direction = readDirection(value, of: link)
                if direction == nil { return nil }
            }
            return chance(fields).map { .dropDuring(moment, link, direction, $0) }
        }
        guard let connection = require(fields, "connection", of: form.name).flatMap({ readConnection($0) }),
            let side = require(fields, "side", of: form.name).flatMap({ readSide($0) }),
            let ordinal = require(fields, "segment", of: form.name).flatMap({ integer($0, "segment", in: 1...Int.max) })
        else { return nil }
        if form.name == "drop" { return .drop(connection, from: side, ordinal: Int64(ordinal)) }
        guard let value = require(fields, "by", of: form.name),
            let extra = duration(value, "by", in: 1...3_600_000_000_000)
        else { return nil }
        return .delay(connection, from: side, ordinal: Int64(ordinal), by: extra)
    }

    private mutating func readDrawAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        guard let value = require(fields, "site", of: form.name), let site = text(value, "site", "a site's name") else {
            return nil
        }
        guard DrawSite(site) != nil else {
            let hint = hint(for: site, among: DrawSite.names)
            let all = "; there are \(listing(DrawSite.names))"
            report(value.place, "there is no site \(quoted(site))\(hint.isEmpty ? all : hint)")
            return nil
        }
        var override = DrawOverride(site: site, fires: form.name == "force")
        if let value = fields["subject"] {
            guard let subject = text(value, "subject", "the name of what is drawn for") else { return nil }
            // Names of subjects have arrows; keyboards have none.
            let name = subject.split(separator: "->", omittingEmptySubsequences: false).joined(separator: "→")
            if let problem = topology.problem(withSubject: name, of: site) {
                report(value.place, problem)
                return nil
            }
            override.subject = name
        }
        if let value = fields["draw"] {
            guard let number = integer(value, "draw", in: 1...Int.max) else { return nil }
            override.number = UInt64(number)
        }
        return form.name == "unforce" ? .unoverride(override) : .override(override)
    }

    // MARK: Values

    /// `probability`, 1 where it is not given.
    mutating func chance(_ fields: SourceFields) -> Probability? {
        guard let value = fields["probability"] else { return .always }
        return probability(value, "probability")
    }

    /// One of a few words.
    mutating func choice(_ value: SourceValue, _ what: String, _ known: [String]) -> String? {
        guard let text = text(value, what, listing(known, "or")) else { return nil }
        if known.contains(text) { return text }
        let hint = hint(for: text, among: known)
        report(value.place, "'\(what)' must be \(listing(known, "or")), not \(quoted(text))\(hint)")
        return nil
    }
}
