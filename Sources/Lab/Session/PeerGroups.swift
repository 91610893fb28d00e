import Workloads

/// The peers of a lab that run the same and listen: one list for each group, which its members share.
struct PeerGroups {
    private struct Key: Hashable {
        var name: String
        var role: WorkloadRole
    }

    /// Looked up, never iterated over.
    private var groups: [Key: [PeerContext.Other]] = [:]

    init(_ lab: LabDefinition) {
        for peer in lab.peers {
            guard let port = peer.listen else { continue }
            groups[PeerGroups.key(peer), default: []].append(
                PeerContext.Other(name: peer.name, endpoint: lab.endpoint(peer.host, port)))
        }
    }

    private static func key(_ peer: PeerDefinition) -> Key { Key(name: peer.workload.name, role: peer.workload.role) }

    /// Those that run the same as a peer, itself among them, in the order of the lab.
    subscript(peer: PeerDefinition) -> [PeerContext.Other] { groups[PeerGroups.key(peer)] ?? [] }
}
