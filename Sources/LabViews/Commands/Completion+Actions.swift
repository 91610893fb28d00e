import Lab
import PeerNetworking
import SimNetwork
import TCP

// The operands of actions, by the kinds that their forms give them.
extension Completion {
    private typealias Operand = ActionForm.Operand

    /// What the next operand of an action may be, by those of its forms that the words before it fit.
    func operands(of forms: [ActionForm], after words: [String]) -> [String] {
        // A segment's name stands for all of its operands.
        let given = words.filter { !$0.contains("=") }.flatMap { ThingNames.operands(ofSegment: $0) ?? [$0] }
        let fitting = forms.filter { form in
            zip(form.byPlace, given).allSatisfy { operand, word in
                let candidates = candidates(for: operand, after: given)
                return operand.isOpen || candidates.contains(word)
            }
        }
        var all: [String] = []
        for form in fitting.isEmpty ? forms : fitting {
            for candidate in operands(of: form, after: given, all: words) where !all.contains(candidate) {
                all.append(candidate)
            }
        }
        return all
    }

    private func operands(of form: ActionForm, after given: [String], all words: [String]) -> [String] {
        let places = form.byPlace
        if given.count < places.count {
            let takesSegment = given.isEmpty && places.contains { if case .segment = $0.kind { true } else { false } }
            return candidates(for: places[given.count], after: given)
                + (takesSegment ? snapshot.world.segments.map(ThingNames.segment) : [])
        }
        // Those that may be left out come with their keys, once the others are there.
        return form.operands.filter { operand in !places.contains { $0.name == operand.name } }
            .map { $0.name + "=" }.filter { key in !words.contains { $0.hasPrefix(key) } }
    }

    private func candidates(for operand: Operand, after words: [String]) -> [String] {
        candidates(of: operand.kind, after: words) + operand.words
    }

    private func candidates(of kind: Operand.Kind, after words: [String]) -> [String] {
        switch kind {
        case .link: links
        case .direction: words.first.map { directions(of: $0) } ?? []
        case .host, .hosts, .groups, .service: hosts
        case .pair: pairs
        case .peer: peers
        case .connection: connections
        case .side: Side.allCases.map(\.description)
        case .target(let kinds): kinds.flatMap { things($0) }
        case .segment:
            snapshot.world.segments
                .filter { words.starts(with: [$0.connection.description, $0.from.description]) }
                .map { "\($0.ordinal)" }
        case .duration: durations
        case .size: ["0B", "64B", "576B", "1KiB", "64KiB"]
        case .rate: ["0B/s", "1KiB/s", "8KiB/s", "1MiB/s"]
        case .probability: ["0", "0.01", "0.1", "0.5", "1"]
        case .loss: ["0", "0.01", "0.1", "0.5", "1", "burst(0.01,0.3)"]
        case .latency: ["5ms", "200ms", "uniform(1ms,5ms)", "exponential(5ms)"]
        case .flag: ["true", "false"]
        case .site: DrawSite.names
        case .option: words.compactMap { TCPKnob.named($0) }.first?.examples ?? []
        case .count, .subject, .word: []
        }
    }

    private func things(_ kind: TargetKind) -> [String] {
        switch kind {
        case .peer: peers
        case .host: hosts
        case .link: links
        case .connection: connections
        }
    }

    var durations: [String] { ["10ms", "100ms", "200ms", "1s", "10s"] }

    private var names: Names { Names(snapshot) }
    private var links: [String] { snapshot.lab.topology.links.indices.map { names.name(LinkID($0)) } }
    private var hosts: [String] { snapshot.lab.topology.hosts.map(\.name) }
    private var peers: [String] { snapshot.lab.peers.map(\.name) }
    private var connections: [String] { snapshot.world.connections.map(\.id.description) }

    /// Both directions of every link.
    private var pairs: [String] { snapshot.lab.topology.links.indices.flatMap { directions(of: LinkID($0)) } }

    /// Both directions of a link, or those of a host's traffic.
    private func directions(of name: String) -> [String] {
        for index in snapshot.lab.topology.links.indices where names.name(LinkID(index)) == name {
            return directions(of: LinkID(index))
        }
        return hosts.contains(name) ? ["inbound", "outbound"] : []
    }

    private func directions(of link: LinkID) -> [String] {
        let ends = snapshot.lab.topology.links[Int(link.index)]
        let (first, second) = (names.name(ends.first), names.name(ends.second))
        return ["\(first)->\(second)", "\(second)->\(first)"]
    }
}

extension ActionForm.Operand {
    /// It takes more than can be listed.
    fileprivate var isOpen: Bool {
        switch kind {
        case .hosts, .groups, .service, .pair, .segment, .duration, .size, .rate, .count, .probability, .loss, .latency,
            .subject, .option:
            true
        case .link, .direction, .host, .peer, .connection, .side, .target, .flag, .site, .word: false
        }
    }
}
