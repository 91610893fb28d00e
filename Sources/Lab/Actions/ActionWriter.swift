import PeerNetworking
import SimNetwork
import TCP

/// Writes actions as lines that ``ActionLine`` reads back as the same.
struct ActionWriter {
    let lab: LabDefinition

    func text(of action: Action) -> String {
        let form = action.form
        let places = form.byPlace.filter { !$0.isKeyed }
        let keyed = form.operands.filter { operand in !places.contains { $0.name == operand.name } }
        var words = [form.alias ?? form.name]
        words += places.compactMap { text(of: $0, in: action.operands) }
        words += keyed.compactMap { operand in
            text(of: operand, in: action.operands).map { "\(operand.name)=\($0)" }
        }
        return words.joined(separator: " ")
    }

    /// What an operand is given, as text; nil for nothing.
    private func text(of operand: ActionForm.Operand, in operands: Operands) -> String? {
        operands[operand.name].map { text(of: operand, $0, operands) }
    }

    /// A value of an operand as text.
    ///
    /// - Parameter operands: all that the action is given: of some it hangs on others what they mean.
    func text(of operand: ActionForm.Operand, _ value: OperandValue, _ operands: Operands) -> String {
        switch value {
        case .link(let link): target(name(link), .link, among: operand)
        case .host(let host): target(name(host), .host, among: operand)
        case .peer(let process): target(name(process), .peer, among: operand)
        case .connection(let connection): target("\(connection)", .connection, among: operand)
        case .direction(let direction): name(of: direction, operands["link"] ?? operands["of"])
        case .bound(.inbound): "inbound"
        case .bound(.outbound): "outbound"
        case .hosts(let hosts): names(hosts)
        case .groups(let first, let second): "\(names(first))|\(names(second))"
        case .pair(let from, let to): "\(name(from))->\(name(to))"
        case .service(let service): name(service.host) + (service.port.map { ":\($0)" } ?? "")
        case .side(let side): "\(side)"
        case .number(let number): text(of: number, operand.kind, operands)
        case .probability(let probability): probability.text
        case .latency(let latency): latency.text
        case .loss(let model): model.text
        case .flag(let flag): "\(flag)"
        case .word(let word): word
        case .text(let text): operand.name == "subject" ? "\"\(text)\"" : text
        }
    }

    private func text(of number: Int64, _ kind: ActionForm.Operand.Kind, _ operands: Operands) -> String {
        switch kind {
        case .option:
            if case .word(let option)? = operands["option"], let knob = TCPKnob.named(option) {
                knob.text(of: number)
            } else {
                "\(number)"
            }
        case .duration: Scale.signedDuration.text(number)
        case .size: "\(number)B"
        case .rate: "\(number)B/s"
        case .segment, .count, .link, .direction, .host, .hosts, .groups, .pair, .peer, .service, .connection, .side,
            .target, .probability, .latency, .loss, .flag, .site, .subject, .word:
            "\(number)"
        }
    }

    // MARK: Names

    // An action may name what is not there: it is refused when it is done, and can be written all the same.

    private func name(_ host: HostID) -> String {
        let hosts = lab.topology.hosts
        return hosts.indices.contains(Int(host.index)) ? hosts[Int(host.index)].name : "host#\(host.index)"
    }

    private func name(_ process: ProcessID) -> String {
        lab.peers.indices.contains(Int(process.index)) ? lab.peers[Int(process.index)].name : "peer#\(process.index)"
    }

    private func names(_ hosts: [HostID]) -> String { hosts.map { name($0) }.joined(separator: ",") }

    /// `a-b`; `a,b` where that is the name of several.
    private func name(_ link: LinkID) -> String {
        guard lab.topology.links.indices.contains(Int(link.index)) else { return "link#\(link.index)" }
        let name = lab.topology.name(of: link)
        let isAlone = lab.topology.links.indices.count { lab.topology.name(of: LinkID($0)) == name } == 1
        let ends = lab.topology.links[Int(link.index)]
        return isAlone ? name : "\(self.name(ends.first)),\(self.name(ends.second))"
    }

    /// `a->b`.
    private func name(of direction: LinkDirection, _ target: OperandValue?) -> String {
        guard case .link(let link)? = target, lab.topology.links.indices.contains(Int(link.index)) else { return "" }
        let ends = lab.topology.links[Int(link.index)]
        let (from, to) = direction == .forward ? (ends.first, ends.second) : (ends.second, ends.first)
        return "\(name(from))->\(name(to))"
    }

    /// A thing's name; with its kind where a thing of another kind that is looked for first has the same name.
    private func target(_ text: String, _ kind: TargetKind, among operand: ActionForm.Operand) -> String {
        isTaken(text, before: kind, among: operand) ? "\(kind.rawValue)=\(text)" : text
    }

    /// Whether a thing of another kind, which is looked for first, has the name of one.
    func isTaken(_ name: String, before kind: TargetKind, among operand: ActionForm.Operand) -> Bool {
        operand.kind.targets.prefix { $0 != kind }.contains { has(name, $0) }
    }

    private func has(_ text: String, _ kind: TargetKind) -> Bool {
        switch kind {
        case .peer: lab.process(text) != nil
        case .host: lab.topology.hosts.contains { $0.name == text }
        case .link: lab.topology.links.indices.contains { lab.topology.name(of: LinkID($0)) == text }
        case .connection: ConnectionID(named: text) != nil
        }
    }
}
