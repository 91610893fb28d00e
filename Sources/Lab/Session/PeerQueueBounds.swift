import PeerNetworking
import SimNetwork

/// No peer holds more messages than its queue: looked at in every record, since the world knows no peers.
struct PeerQueueBounds {
    let lab: LabDefinition

    /// - Parameter world: the state after the record.
    func violation(in record: EventRecord, _ world: WorldState) -> InvariantViolation? {
        for change in record.changes {
            let (peer, depth): (PeerNumber, Int32)
            switch change {
            case .peer(let number, .queued(_, _, _, let held)): (peer, depth) = (number, held)
            case .peer(let number, .requeued(_, let held)): (peer, depth) = (number, held)
            default: continue
            }
            guard world.peers.indices.contains(Int(peer.index)) else { continue }
            let view = world.peers[Int(peer.index)]
            // A server tells of all its sessions together, each of which has a queue of its own.
            guard lab.peers[Int(view.process.index)].listen == nil, depth > view.capacity else { continue }
            return InvariantViolation(
                invariant: .queueBounds, event: record.number,
                detail: "\(lab.peers[Int(view.process.index)].name) holds \(depth) messages, its queue \(view.capacity)"
            )
        }
        return nil
    }
}
