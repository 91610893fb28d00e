import PeerNetworking

extension WorldState {
    /// Takes in what an event says of the session that it happened in; of one whose connection is forgotten, nothing.
    mutating func apply(_ event: PeerEvent, of peer: PeerNumber, in told: PeerSession) {
        guard let index = position(of: told.connection) else { return }
        var session = connections[index].session ?? SessionView(peer: peer)
        session.depth = told.depth
        session.highWater = max(session.highWater, told.depth)
        if case .roundTrip(let nanoseconds) = event { session.roundTrip = nanoseconds }
        if case .blocked(let isBlocked) = event, isBlocked != session.isBlocked {
            session.isBlocked = isBlocked
            countBlocked(peer, isBlocked ? 1 : -1)
        }
        connections[index].session = session
    }

    /// A connection is forgotten, and the session at its end with it.
    mutating func forget(_ session: SessionView?) {
        if let session, session.isBlocked { countBlocked(session.peer, -1) }
    }

    /// A peer's process has been started again: its sessions went with the one before.
    mutating func forgetSessions(of peer: PeerNumber) {
        for index in connections.indices where connections[index].session?.peer == peer {
            forget(connections[index].session)
            connections[index].session = nil
        }
    }

    private mutating func countBlocked(_ peer: PeerNumber, _ change: Int32) {
        peers[Int(peer.index)].sessionsBlocked += change
        peers[Int(peer.index)].setBlocked(peers[Int(peer.index)].sessionsBlocked > 0, at: time)
    }
}
