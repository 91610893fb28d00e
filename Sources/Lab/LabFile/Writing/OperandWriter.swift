import PeerNetworking
import SimNetwork
import TCP

/// Writes what actions are given as the fields that ``LabFileReader`` reads them from.
struct OperandWriter {
    let lab: LabDefinition
    private let actions: ActionWriter
    private let names: LabNames
    /// How hosts are written; nil where nothing that is written has several.
    private let hosts: HostNotation?

    init(_ lab: LabDefinition, _ hosts: HostNotation? = nil) {
        self.lab = lab
        self.hosts = hosts
        actions = ActionWriter(lab: lab)
        names = LabNames(lab)
    }

    /// The operands under their names; those that are as they would be without a word are left out.
    func fields(of action: Action) -> [SourceField] {
        let operands = action.operands
        return action.form.operands.compactMap { operand in
            guard let value = operands[operand.name], value != operand.usual else { return nil }
            return SourceField(key(of: operand, value), self.value(of: value, operand, operands))
        }
    }

    /// Under the kind of a thing where its name alone would be taken for another's.
    private func key(of operand: ActionForm.Operand, _ value: OperandValue) -> String {
        guard let kind = value.targetKind, let name = value.name(in: lab),
            actions.isTaken(name, before: kind, among: operand)
        else { return operand.name }
        return kind.rawValue
    }

    private func value(
        of value: OperandValue, _ operand: ActionForm.Operand, _ operands: Operands
    ) -> SourceValue {
        switch value {
        case .link(let link): reference(to: link)
        case .hosts(let hosts): list(hosts)
        case .groups(let first, let second): groups(first, second)
        case .latency(let latency): self.value(of: latency)
        case .loss(let model): self.value(of: model)
        case .number(let number): .text(text(of: number, operand, operands))
        case .text(let text): .text(text)
        case .host, .peer, .connection: .text(value.name(in: lab) ?? "")
        case .direction, .bound, .pair, .service, .side, .probability, .flag, .word:
            .text(actions.text(of: operand, value, operands))
        }
    }

    private func text(of number: Int64, _ operand: ActionForm.Operand, _ operands: Operands) -> String {
        switch operand.kind {
        case .size: Scale.size.text(number)
        case .rate: Scale.rate.text(number)
        case .link, .direction, .host, .hosts, .groups, .pair, .peer, .service, .connection, .side, .segment, .target,
            .duration, .count, .probability, .latency, .loss, .flag, .site, .subject, .option, .word:
            actions.text(of: operand, .number(number), operands)
        }
    }

    // MARK: Names

    /// `a-b`; `[a, b]` where that is the name of several, or of something else.
    private func reference(to link: LinkID) -> SourceValue {
        let ends = lab.topology.links[Int(link.index)]
        let name = lab.topology.name(of: link)
        if case .link(link) = names.link(named: name) { return .text(name) }
        return .list([ends.first, ends.second].map { lab.topology.hosts[Int($0.index)].name })
    }

    private func list(_ hosts: [HostID]) -> SourceValue {
        self.hosts?.value(of: hosts) ?? .list(hosts.map { lab.topology.hosts[Int($0.index)].name })
    }

    /// One group, where the other is all that are not in it.
    private func groups(_ first: [HostID], _ second: [HostID]) -> SourceValue {
        let members = Set(first)
        let others = lab.topology.hosts.indices.filter { !lab.topology.hosts[$0].isRouter }.map { HostID($0) }
            .filter { !members.contains($0) }
        return second == others && !first.isEmpty ? list(first) : .list([brackets(first), brackets(second)])
    }

    /// A list, though it may be a pattern alone.
    private func brackets(_ hosts: [HostID]) -> SourceValue {
        let value = list(hosts)
        if case .scalar = value.content { return .list([value]) }
        return value
    }

    // MARK: Links' values

    /// `5ms`, or `{uniform: [1ms, 5ms]}`.
    func value(of latency: Latency) -> SourceValue {
        let duration = Scale.duration.text
        func named(_ name: String, _ parameters: [String]) -> SourceValue {
            .fields([SourceField(name, .list(parameters))])
        }
        return switch latency {
        case .constant(let value): .text(duration(value))
        case .exponential(let mean): .fields([SourceField("exponential", duration(mean))])
        case .uniform(let low, let high): named("uniform", [duration(low), duration(high)])
        case .normal(let mean, let deviation): named("normal", [duration(mean), duration(deviation)])
        case .bimodal(let first, let second, let chance):
            named("bimodal", [duration(first), duration(second), chance.text])
        case .pareto(let least, let shape): named("pareto", [duration(least), Self.text(of: shape)])
        }
    }

    /// `0.1`, or `{burst: [0.01, 0.3]}`.
    func value(of loss: LossModel) -> SourceValue {
        switch loss {
        case .independent(let chance): return .text(chance.text)
        case .burst(let model):
            let usual = GilbertElliott(toBad: model.toBad, toGood: model.toGood)
            let rest = model == usual ? [] : [model.lossWhenGood.text, model.lossWhenBad.text]
            return .fields([SourceField("burst", .list([model.toBad.text, model.toGood.text] + rest))])
        }
    }

    /// A number, without a fraction where it has none.
    static func text(of number: Double) -> String { Int(exactly: number).map { "\($0)" } ?? "\(number)" }
}

extension OperandValue {
    /// The kind of thing that it is, where it is one that can be called by its kind.
    fileprivate var targetKind: TargetKind? {
        switch self {
        case .peer: .peer
        case .host: .host
        case .link: .link
        case .connection: .connection
        case .direction, .bound, .hosts, .groups, .pair, .service, .side, .number, .probability, .latency, .loss, .flag,
            .word, .text:
            nil
        }
    }

    /// The name of such a thing.
    fileprivate func name(in lab: LabDefinition) -> String? {
        switch self {
        case .peer(let process): lab.peers[Int(process.index)].name
        case .host(let host): lab.topology.hosts[Int(host.index)].name
        case .link(let link): lab.topology.name(of: link)
        case .connection(let connection): "\(connection)"
        case .direction, .bound, .hosts, .groups, .pair, .service, .side, .number, .probability, .latency, .loss, .flag,
            .word, .text:
            nil
        }
    }
}
