import PeerNetworking
import SimNetwork
import Workloads

/// How much of a lab is left beside its causes.
struct ShrinkShape: Hashable, Sendable {
    /// Peers that are taken away, by name.
    var withoutPeers: Set<String> = []
    /// Hosts that are taken away, with their links.
    var withoutHosts: Set<String> = []
    /// How long the lab lasts, in nanoseconds.
    var duration: Int64
    /// The one expectation that is left, where the others are taken away.
    var expectation: String?
    /// Whether others are taken away at all: what fails may be no expectation.
    var leavesOthersOut = false

    /// The lab in this shape; nil where what is left needs what is taken away.
    ///
    /// - Parameter workloads: those that it may name.
    func applied(to lab: LabDefinition, _ workloads: WorkloadRegistry) -> LabDefinition? {
        var lab = lab
        lab.duration = duration
        lab.faults.removeAll { if case .at(let time) = $0.trigger { time > duration } else { false } }
        if (lab.chaos?.healsAt ?? 0) > duration { lab.chaos?.healsAt = nil }
        if leavesOthersOut { lab.expectations.removeAll { $0.text != expectation } }
        lab.expectations.removeAll { ($0.bound.time ?? 0) > duration }
        guard !withoutPeers.isEmpty || !withoutHosts.isEmpty else { return lab }
        // By their names: all that is left keeps its place, and whoever is called and is not there is missed.
        let text = YAMLText.document(pruned(LabFileWriter(lab, isGrouped: false).fields))
        guard let left = try? LabFile.read(text: text, name: lab.name, workloads: workloads) else { return nil }
        // Whoever calls and is not answered any more fails by that, whatever else there is.
        return left.unanswered.isSubset(of: lab.unanswered) ? left : nil
    }

    // MARK: Taking away

    private func pruned(_ fields: [SourceField]) -> [SourceField] {
        fields.map { field in
            var field = field
            switch field.name {
            case "hosts": field.value = field.value.without(withoutHosts)
            case "links": field.value = field.value.withoutElements { isJoined($0) }
            case "peers", "programs":
                field.value = field.value.withoutElements { peer in
                    if case .scalar(let name)? = peer["name"]?.content { withoutPeers.contains(name) } else { false }
                }
            case "faults": field.value = field.value.withoutNames(withoutHosts)
            default: break
            }
            return field
        }
    }

    /// Whether a link joins a host that is taken away.
    private func isJoined(_ link: SourceValue) -> Bool {
        guard case .sequence(let ends)? = link["between"]?.content else { return false }
        return ends.contains { end in
            if case .scalar(let name) = end.content { withoutHosts.contains(name) } else { false }
        }
    }
}

extension SourceValue {
    fileprivate subscript(name: String) -> SourceValue? { self[[name][...]] }

    /// A list or mapping of names without some of them.
    fileprivate func without(_ names: Set<String>) -> SourceValue {
        switch content {
        case .scalar: self
        case .sequence(let elements): .list(elements.filter { !$0.isOne(of: names) })
        case .mapping(let fields): .fields(fields.filter { !names.contains($0.name) })
        }
    }

    fileprivate func withoutElements(where isGone: (SourceValue) -> Bool) -> SourceValue {
        guard case .sequence(let elements) = content else { return self }
        return .list(elements.filter { !isGone($0) })
    }

    /// The value with some names taken out of all lists in it.
    fileprivate func withoutNames(_ names: Set<String>) -> SourceValue {
        switch content {
        case .scalar: self
        case .sequence(let elements): .list(elements.filter { !$0.isOne(of: names) }.map { $0.withoutNames(names) })
        case .mapping(let fields): .fields(fields.map { SourceField($0.name, $0.value.withoutNames(names)) })
        }
    }

    private func isOne(of names: Set<String>) -> Bool {
        if case .scalar(let name) = content { names.contains(name) } else { false }
    }
}

extension LabDefinition {
    /// The peers that connect to where nobody listens, by name.
    fileprivate var unanswered: Set<String> {
        let listening = Set(peers.compactMap { peer in peer.listen.map { endpoint(peer.host, $0) } })
        return Set(peers.filter { $0.connect.map { !listening.contains($0) } ?? false }.map(\.name))
    }
}

extension Expectation.Bound {
    /// The time that it names; nil where it names none.
    fileprivate var time: Int64? {
        switch self {
        case .by(let time), .notBy(let time), .within(let time, _): time
        case .end, .never: nil
        }
    }
}
