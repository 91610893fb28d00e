import PeerNetworking
package import SimNetwork

/// Writes actions as lines that ``ActionLine`` reads back as the same.
struct ActionWriter {
    let lab: LabDefinition

    func text(of action: Action) -> String {
        switch action {
        case .cut(let link, let direction): line("cut", name(link), at: direction, of: link)
        case .heal(let link, let direction): line("heal", name(link), at: direction, of: link)
        case .shape(let link, let direction, let shape): text(of: shape, link, direction)
        case .unshape(let link, let direction, let kind):
            line("restore", name(link), kind.rawValue, at: direction, of: link)
        case .clog(let scope): line("clog", scope)
        case .unclog(let scope): line("unclog", scope)
        case .partition(let plan): text(of: plan)
        case .unpartition(let partition): partition.map { "un" + text(of: .groups($0)) } ?? "unpartition"
        case .swizzle(let hosts, let over): line("swizzle", names(hosts), duration(over))
        case .slowPair(let from, let to, let extra): line("slow-pair", "\(name(from))->\(name(to))", duration(extra))
        case .unreachable(let scope, let answer):
            line("unreachable", scope, "answer=" + (answer.map { $0 == .host ? "host" : "network" } ?? "off"))
        case .refuse(let scope, let probability): line("refuse", name(scope), probability.text)
        case .connectHang(let scope, let probability): line("connect-hang", name(scope), probability.text)
        case .backlogFull(let scope, let isFull): line("backlog-full", name(scope), "\(isFull)")
        case .nameError(let host, let failure, let probability): text(of: failure, of: host, probability)
        case .close(let scope, let close): text(of: close, scope)
        case .reset(let scope): line("reset", name(scope))
        case .halfClose(let scope): line("half-close", name(scope), side(of: scope))
        case .halfOpen(let scope): line("half-open", name(scope), side(of: scope))
        case .shortRead(let scope, let short): line("short-read", name(scope), text(of: short))
        case .shortWrite(let scope, let short): line("short-write", name(scope), text(of: short))
        case .slowReader(let scope, let rate): line("slow-reader", name(scope), "\(rate)B/s")
        case .exit(let process): line("exit", name(process))
        case .kill(let process): line("kill", name(process))
        case .restart(let process): line("restart", name(process))
        case .pause(let process): line("pause", name(process))
        case .resume(let process): line("resume", name(process))
        case .powerLoss(let host): line("power-loss", name(host))
        case .powerOn(let host): line("power-on", name(host))
        case .clockSkew(let host, let offset, let drift):
            line("clock-skew", name(host), "offset=\(duration(offset))", "drift=\(duration(drift))")
        case .slowTimers(let host, let probability, let most):
            line("slow-timers", name(host), duration(most), probability.text)
        case .exhaust(let host, let resource, let limit): text(of: resource, limit, of: host)
        case .drop(let connection, let side, let ordinal): line("drop", "\(connection)", "\(side)", "\(ordinal)")
        case .delay(let connection, let side, let ordinal, let extra):
            line("delay", "\(connection)", "\(side)", "\(ordinal)", duration(extra))
        case .dropDuring(let moment, let link, let direction, let probability):
            line(
                "drop", name(link), moment.rawValue, "probability=\(probability.text)",
                direction.map { "direction=\(name(link, $0))" })
        case .override(let override): text(of: override, override.fires ? "force" : "veto")
        case .unoverride(let override): text(of: override, "unforce")
        case .healAll: "heal-all"
        }
    }

    private func line(_ words: String?...) -> String { words.compactMap { $0 }.joined(separator: " ") }

    private func line(_ words: String?..., at direction: LinkDirection?, of link: LinkID) -> String {
        (words + [direction.map { name(link, $0) }]).compactMap { $0 }.joined(separator: " ")
    }

    private func line(_ verb: String, _ scope: TrafficScope, _ answer: String? = nil) -> String {
        // With an answer there are two that may be left out, and the direction is written with its key.
        let key = answer == nil ? "" : "direction="
        return switch scope {
        case .link(let link, let direction):
            line(verb, target(link), answer, direction.map { key + name(link, $0) })
        case .host(let host, let bound):
            line(
                verb, target(host, beside: [.link]), answer,
                bound.map { key + ($0 == .inbound ? "inbound" : "outbound") })
        }
    }

    // MARK: Shapes, partitions, draws

    private func text(of shape: LinkShape, _ link: LinkID, _ direction: LinkDirection?) -> String {
        let by = direction.map { name(link, $0) }
        let named = by.map { "direction=\($0)" }
        return switch shape {
        case .latency(let latency): line("latency", name(link), latency.text, by)
        case .loss(.independent(let probability)): line("loss", name(link), probability.text, by)
        case .loss(.burst(let model)): line("loss", name(link), model.text, by)
        case .duplicate(let probability): line("duplicate", name(link), probability.text, by)
        case .reorder(let reorder): line("reorder", name(link), reorder.probability.text, duration(reorder.extra), by)
        case .corrupt(let corrupt):
            line(
                "corrupt", name(link), "caught=\(corrupt.caught.text)", "uncaught=\(corrupt.uncaught.text)", named)
        case .bandwidth(let rate, let queue): line("bandwidth", name(link), "\(rate)B/s", "queue=\(queue)B", named)
        case .mtu(let bytes): line("mtu", name(link), "\(bytes)B", by)
        }
    }

    private func text(of plan: PartitionPlan) -> String {
        let (groups, isOneWay): (String, Bool) =
            switch plan {
            case .groups(let partition):
                ("\(names(partition.first))|\(names(partition.second))", partition.isOneWay)
            case .random(let oneWay): ("random", oneWay)
            case .uniformSize(let oneWay): ("uniform-size", oneWay)
            case .isolateOne(let oneWay): ("isolate-one", oneWay)
            }
        return line("partition", groups, isOneWay ? "one-way=true" : nil)
    }

    private func text(of failure: NameFailure?, of host: HostID, _ probability: Probability) -> String {
        let (word, delay): (String, String?) =
            switch failure {
            case .notFound: ("not-found", nil)
            case .temporary: ("temporary", nil)
            case .slow(let time): ("slow", "delay=\(duration(time))")
            case nil: ("off", nil)
            }
        return line(
            "name-error", name(host), "failure=\(word)", delay, failure == nil ? nil : "probability=\(probability.text)"
        )
    }

    private func text(of close: RandomClose?, _ scope: IOScope) -> String {
        guard let close else { return line("close", name(scope), "probability=0") }
        let learns: String =
            switch close.learns {
            case .this: "this"
            case .other: "other"
            case .both: "both"
            }
        return line(
            "close", name(scope), "probability=\(close.probability.text)", "learns=\(learns)",
            "manner=\(close.manner == .reset ? "reset" : "end")", "use=\(close.onNextUse ? "next" : "this")")
    }

    private func text(of short: ShortIO?) -> String {
        short.map { "\($0.largest)B \($0.probability.text)" } ?? "0B"
    }

    private func text(of resource: HostLimits.Resource, _ limit: Int64?, of host: HostID) -> String {
        let value = limit.map { resource == .memory ? "\($0)B" : "\($0)" } ?? "usual"
        return line("exhaust", name(host), "\(resource.rawValue)=\(value)")
    }

    private func text(of override: DrawOverride, _ verb: String) -> String {
        line(
            verb, override.site, override.subject.map { "subject=\"\($0)\"" }, override.number.map { "draw=\($0)" })
    }

    // MARK: Names

    private func name(_ host: HostID) -> String { lab.topology.hosts[Int(host.index)].name }
    private func name(_ process: ProcessID) -> String { lab.peers[Int(process.index)].name }

    /// `a-b`; `a,b` where that is the name of several.
    private func name(_ link: LinkID) -> String {
        let name = lab.topology.name(of: link)
        let isAlone = lab.topology.links.indices.count { lab.topology.name(of: LinkID($0)) == name } == 1
        let ends = lab.topology.links[Int(link.index)]
        return isAlone ? name : "\(self.name(ends.first)),\(self.name(ends.second))"
    }

    /// `a->b`.
    private func name(_ link: LinkID, _ direction: LinkDirection) -> String {
        let link = lab.topology.links[Int(link.index)]
        let (from, to) = direction == .forward ? (link.first, link.second) : (link.second, link.first)
        return "\(name(from))->\(name(to))"
    }

    private func names(_ hosts: [HostID]) -> String { hosts.map { name($0) }.joined(separator: ",") }

    private func name(_ scope: ServiceScope) -> String {
        name(scope.host) + (scope.port.map { ":\($0)" } ?? "")
    }

    private func name(_ scope: IOScope) -> String {
        switch scope {
        case .process(let process): target(process)
        case .host(let host): target(host, beside: [.peer])
        case .connection(let connection): target(connection)
        }
    }

    private func name(_ scope: ConnectionScope) -> String {
        switch scope {
        case .connection(let connection, _): target(connection)
        case .process(let process): target(process)
        }
    }

    private func side(of scope: ConnectionScope) -> String? {
        if case .connection(_, let side?) = scope { "\(side)" } else { nil }
    }

    /// A peer; with its kind where it is called as connections are.
    private func target(_ process: ProcessID) -> String {
        ConnectionID(named: name(process)) == nil ? name(process) : "peer=\(name(process))"
    }

    private func target(_ link: LinkID) -> String { name(link) }

    /// A connection; with its kind where a peer or host is called as it is.
    private func target(_ connection: ConnectionID) -> String {
        let text = "\(connection)"
        let isTaken = lab.process(text) != nil || lab.topology.hosts.contains { $0.name == text }
        return isTaken ? "connection=\(text)" : text
    }

    /// A host; with its kind where a thing of another kind that is looked for first has the same name.
    private func target(_ host: HostID, beside kinds: [TargetKind]) -> String {
        let text = name(host)
        let isTaken = kinds.contains { kind in
            switch kind {
            case .peer: lab.process(text) != nil
            case .link: lab.topology.links.indices.contains { lab.topology.name(of: LinkID($0)) == text }
            case .host, .connection: false
            }
        }
        return isTaken || ConnectionID(named: text) != nil ? "host=\(text)" : text
    }

    private func duration(_ nanoseconds: Int64) -> String { Scale.signedDuration.text(nanoseconds) }
}

extension Probability {
    /// The shortest decimal that is read back as the same.
    var text: String {
        if self == .never { return "0" }
        if self == .always { return "1" }
        for digits in 1...12 {
            let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
            let rounded = (fraction * scale).rounded()
            if Probability(rounded / scale) == self { return "\(rounded / scale)".expandingExponent(digits: digits) }
        }
        return "\(fraction)"
    }
}

extension String {
    /// `1e-05` as `0.00001`.
    fileprivate func expandingExponent(digits: Int) -> String {
        guard contains("e"), let value = Double(self) else { return self }
        let scale = (0..<digits).reduce(1.0) { product, _ in product * 10 }
        let whole = String(Int64((value * scale).rounded()))
        return "0." + String(repeating: "0", count: max(0, digits - whole.count)) + whole
    }
}

extension Latency {
    /// As lab files and commands write it: `uniform(1ms,5ms)`.
    var text: String {
        let duration = Scale.duration.text
        return switch self {
        case .constant(let value): duration(value)
        case .uniform(let low, let high): "uniform(\(duration(low)),\(duration(high)))"
        case .normal(let mean, let deviation): "normal(\(duration(mean)),\(duration(deviation)))"
        case .exponential(let mean): "exponential(\(duration(mean)))"
        case .bimodal(let first, let second, let probability):
            "bimodal(\(duration(first)),\(duration(second)),\(probability.text))"
        case .pareto(let least, let shape): "pareto(\(duration(least)),\(shape))"
        }
    }
}

extension GilbertElliott {
    /// As lab files and commands write it: `burst(0.02,0.4,0,1)`.
    var text: String {
        "burst(\(toBad.text),\(toGood.text),\(lossWhenGood.text),\(lossWhenBad.text))"
    }
}

extension LinkShape {
    /// The value alone, for showing: `uniform(1ms,5ms)`.
    package var valueText: String {
        let duration = Scale.duration.text
        return switch self {
        case .latency(let latency): latency.text
        case .loss(.independent(let probability)), .duplicate(let probability): probability.text
        case .loss(.burst(let model)): model.text
        case .reorder(let reorder):
            reorder.probability == .never ? "0" : "\(reorder.probability.text) by \(duration(reorder.extra))"
        case .corrupt(let corrupt):
            corrupt.uncaught == .never
                ? corrupt.caught.text : "\(corrupt.caught.text), uncaught \(corrupt.uncaught.text)"
        case .bandwidth(let rate, let queue):
            rate == 0 ? "without limit" : "\(Scale.rate.text(rate)), queue \(Scale.size.text(queue))"
        case .mtu(let bytes): "\(bytes) B"
        }
    }
}
