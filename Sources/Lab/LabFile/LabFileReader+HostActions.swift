import PeerNetworking
import SimNetwork

// Actions on hosts, processes, services, and on reads and writes.
extension LabFileReader {
    mutating func readProcessAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        guard let peer = require(fields, "peer", of: form.name).flatMap({ readPeerName($0, form.name) }) else {
            return nil
        }
        switch form.name {
        case "process-exit": return .exit(peer)
        case "process-kill": return .kill(peer)
        case "pause": return .pause(peer)
        case "resume": return .resume(peer)
        default: return .restart(peer)
        }
    }

    mutating func readHostAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        guard let host = require(fields, "host", of: form.name).flatMap({ readHostName($0, form.name) }) else {
            return nil
        }
        switch form.name {
        case "power-loss": return .powerLoss(host)
        case "power-on": return .powerOn(host)
        case "clock-skew":
            guard fields["offset"] != nil || fields["drift"] != nil else {
                report(fields.place, "clock-skew needs 'offset' or 'drift'")
                return nil
            }
            return readClock(fields).map { .clockSkew(host, offset: $0.offset, drift: $0.drift) }
        case "slow-timers":
            guard let value = require(fields, "most", of: form.name),
                let most = duration(value, "most", in: 0...3_600_000_000_000), let chance = chance(fields)
            else { return nil }
            return .slowTimers(host, most == 0 ? .never : chance, most: most)
        default: return readExhaust(host, fields)
        }
    }

    /// `offset`, how far a clock is ahead, and `drift`, what it gains in a second; both may be negative.
    mutating func readClock(_ fields: SourceFields) -> (offset: Int64, drift: Int64)? {
        let year: Int64 = 31_536_000_000_000_000
        let half: Int64 = 500_000_000
        let offset = fields["offset"].map { signedDuration($0, "offset", within: year) } ?? 0
        let drift = fields["drift"].map { signedDuration($0, "drift", within: half) } ?? 0
        guard let offset, let drift else { return nil }
        return (offset, drift)
    }

    private mutating func readExhaust(_ host: HostID, _ fields: SourceFields) -> Action? {
        let given = HostLimits.Resource.allCases.filter { fields[$0.rawValue] != nil }
        guard given.count == 1, let resource = given.first, let value = fields[resource.rawValue] else {
            report(fields.place, "exhaust limits one of sockets, memory or ports")
            return nil
        }
        if case .scalar("usual") = value.content { return .exhaust(host, resource, nil) }
        return limit(value, resource).map { .exhaust(host, resource, $0) }
    }

    mutating func limit(_ value: SourceValue, _ resource: HostLimits.Resource) -> Int64? {
        switch resource {
        case .sockets: integer(value, "sockets", in: 0...1_000_000).map { Int64($0) }
        case .memory: bytes(value, "memory", in: 0...1_099_511_627_776)
        case .ports: integer(value, "ports", in: 0...Int(HostLimits().ports)).map { Int64($0) }
        }
    }

    // MARK: Services

    mutating func readServiceAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        if form.name == "name-error" { return readNameError(form, fields) }
        guard let service = readService(form, fields) else { return nil }
        switch form.name {
        case "refuse": return chance(fields).map { .refuse(service, $0) }
        case "connect-hang": return chance(fields).map { .connectHang(service, $0) }
        default:
            guard let value = fields["full"] else { return .backlogFull(service, true) }
            return boolean(value, "full").map { .backlogFull(service, $0) }
        }
    }

    private mutating func readNameError(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        let words = ["not-found", "temporary", "slow", "off"]
        let word = fields["failure"].map { choice($0, "failure", words) } ?? "not-found"
        guard let host = require(fields, "host", of: form.name).flatMap({ readHostName($0, form.name) }), let word,
            let chance = chance(fields)
        else { return nil }
        if let value = fields["delay"], word != "slow" {
            report(value.place, "'delay' goes with 'failure: slow'")
            return nil
        }
        switch word {
        case "not-found": return .nameError(host, .notFound, chance)
        case "temporary": return .nameError(host, .temporary, chance)
        case "slow":
            guard let value = fields["delay"] else { return .nameError(host, .slow(5_000_000_000), chance) }
            return duration(value, "delay", in: 1...3_600_000_000_000).map { .nameError(host, .slow($0), chance) }
        default: return .nameError(host, nil, .never)
        }
    }

    // MARK: Reads and writes

    mutating func readIOAction(_ form: ActionForm, _ fields: SourceFields) -> Action? {
        guard let scope = readIO(form, fields) else { return nil }
        switch form.name {
        case "slow-reader":
            guard let value = require(fields, "rate", of: form.name), let rate = rate(value) else { return nil }
            return .slowReader(scope, bytesPerSecond: rate)
        case "close": return readClose(scope, fields)
        default:
            guard let value = require(fields, "largest", of: form.name),
                let largest = bytes(value, "largest", in: 0...1_073_741_824), let chance = chance(fields)
            else { return nil }
            let short = largest == 0 ? nil : ShortIO(largest: Int32(largest), probability: chance)
            return form.name == "short-read" ? .shortRead(scope, short) : .shortWrite(scope, short)
        }
    }

    private mutating func readClose(_ scope: IOScope, _ fields: SourceFields) -> Action? {
        let learns = fields["learns"].map { choice($0, "learns", ["this", "other", "both"]) } ?? "both"
        let manner = fields["manner"].map { choice($0, "manner", ["reset", "end"]) } ?? "reset"
        let use = fields["use"].map { choice($0, "use", ["this", "next"]) } ?? "this"
        guard let chance = chance(fields), let learns, let manner, let use else { return nil }
        if chance == .never { return .close(scope, nil) }
        return .close(
            scope,
            RandomClose(
                chance, learns: learns == "this" ? .this : learns == "other" ? .other : .both,
                manner: manner == "reset" ? .reset : .end, onNextUse: use == "next"))
    }
}
