import PeerNetworking
import SimNetwork

/// No peer holds more messages than its queue: looked at in every change of one, since the world knows no peers.
struct PeerQueueBounds {
    /// The changes that are to be looked at.
    static let interests = ChangeKinds.queue

    let lab: LabDefinition

    /// - Parameter world: the state right after the change.
    func violation(by change: Change, _ world: WorldState) -> InvariantViolation? {
        let (peer, total, session): (PeerNumber, Int32, PeerSession?)
        if case .peer(let number, .queued(_, _, _, let held), let place) = change {
            (peer, total, session) = (number, held, place)
        } else if case .peer(let number, .requeued(_, let held), let place) = change {
            (peer, total, session) = (number, held, place)
        } else {
            return nil
        }
        guard world.peers.indices.contains(Int(peer.index)) else { return nil }
        let view = world.peers[Int(peer.index)]
        // The sessions of a server have queues of their own: what they hold together has no bound.
        let depth = session?.depth ?? total
        guard depth > view.capacity else { return nil }
        let place = session.map { " for \($0.connection)" } ?? ""
        return InvariantViolation(
            invariant: .queueBounds, event: world.event,
            detail:
                "\(lab.peers[Int(view.process.index)].name) holds \(depth) messages\(place), its queue \(view.capacity)"
        )
    }
}
