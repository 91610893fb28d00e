import PeerNetworking
import SimNetwork

/// The names by which overrides call what draws are made for, whatever numbers connections have in a run.
struct StableNames {
    private let lab: LabDefinition
    private var connections: [ConnectionID: String] = [:]

    init(_ lab: LabDefinition) { self.lab = lab }

    /// Takes in the connections that an event opens.
    mutating func see(_ change: Change) {
        guard case .opened(let id, _, _, let to, let port, let opener?) = change else { return }
        let peer = lab.peers[Int(opener.process.index)]
        connections[id] = "\(name(peer.host))/\(peer.name)→\(name(to)):\(port)/\(opener.attempt)"
    }

    /// The name of what a draw is made for; nil for the network as a whole.
    ///
    /// - Parameter subjects: the names that peers have given.
    func name(_ subject: DrawSubject, _ subjects: [String]) -> String? {
        switch subject {
        case .lane(let link, let direction): return lab.topology.name(of: link, direction)
        case .segment(let segment):
            let connection = connections[segment.connection] ?? ""
            return "\(lab.topology.name(of: segment.link, segment.direction)),\(connection),\(segment)"
        case .network: return nil
        case .connection(let id): return connections[id] ?? ""
        case .end(let id, let side): return "\(connections[id] ?? "")/\(side)"
        case .lookup(let asking, let asked): return "\(name(asking))?\(name(asked))"
        case .process(let process):
            let peer = lab.peers[Int(process.index)]
            return "\(name(peer.host))/\(peer.name)"
        case .named(let index): return subjects[Int(index)]
        }
    }

    private func name(_ host: HostID) -> String { lab.topology.hosts[Int(host.index)].name }
}
