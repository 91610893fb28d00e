import PeerNetworking
import SimNetwork

/// No peer holds more messages than its queue: looked at in every change of one, since the world knows no peers.
struct PeerQueueBounds {
    /// The changes that are to be looked at.
    static let interests = ChangeKinds.queue

    let lab: LabDefinition

    /// - Parameter world: the state right after the change.
    func violation(by change: Change, _ world: WorldState) -> InvariantViolation? {
        let (peer, depth): (PeerNumber, Int32)
        if case .peer(let number, .queued(_, _, _, let held)) = change {
            (peer, depth) = (number, held)
        } else if case .peer(let number, .requeued(_, let held)) = change {
            (peer, depth) = (number, held)
        } else {
            return nil
        }
        guard world.peers.indices.contains(Int(peer.index)) else { return nil }
        let view = world.peers[Int(peer.index)]
        // A server tells of all its sessions together, each of which has a queue of its own.
        guard lab.peers[Int(view.process.index)].listen == nil, depth > view.capacity else { return nil }
        return InvariantViolation(
            invariant: .queueBounds, event: world.event,
            detail: "\(lab.peers[Int(view.process.index)].name) holds \(depth) messages, its queue \(view.capacity)")
    }
}
