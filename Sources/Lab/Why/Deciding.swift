import PeerNetworking
import SimNetwork

extension Snapshot {
    /// The event that decided an expectation: the one with which it came true that was never to, or the last that made it stand
    /// as it was found, where that was looked at when a time had passed. Nil while it is open.
    ///
    /// - Parameter index: the expectation's place in the lab.
    package func eventDeciding(_ index: Int) -> Int? {
        guard expectations.indices.contains(index), lab.expectations.indices.contains(index),
            let event = expectations[index].event
        else { return nil }
        guard expectations[index].isKnownByTime else { return event }
        let condition = lab.expectations[index].condition
        let about = ConditionSubject(condition, in: world)
        var number = min(event, records.count)
        while number >= max(1, records.first, event - Self.horizon) {
            if records[event: number].changes.contains(where: about.isChanged) { return number }
            number -= 1
        }
        return event
    }

    /// Events looked back through.
    private static let horizon = 100_000
}

extension ExpectationStatus {
    /// The place in the run from which on its verdict is known; nil while it is open.
    package var place: Position? {
        guard verdict == .held || verdict == .failed else { return nil }
        return knownFrom.map(Position.time) ?? event.map(Position.event)
    }
}

/// What a condition is about, to find the changes that made it so.
private struct ConditionSubject {
    let condition: Condition
    /// The peers of the process that it is about.
    let peers: [Int]

    init(_ whole: Condition, in world: WorldState) {
        // That it is not so is about the same.
        let condition = if case .not(let other) = whole { other } else { whole }
        self.condition = condition
        if case .peer(let process, _) = condition {
            peers = world.peers(of: process)
        } else if case .member(let process, let name, _) = condition {
            peers = world.peers(of: process, named: name)
        } else {
            peers = []
        }
    }

    /// Whether a change may have made it so, or otherwise.
    func isChanged(by change: Change) -> Bool {
        guard !condition.interests.isDisjoint(with: ChangeKinds(of: change)) else { return false }
        if case .member = condition {
            if case .peer(let peer, _, _) = change { return peers.contains(Int(peer.index)) }
        } else if case .peer(let process, _) = condition {
            if case .peer(let peer, _, _) = change { return peers.contains(Int(peer.index)) }
            if case .process(let changed, _) = change { return changed == process }
        } else if case .link(let link, _) = condition, case .cut(let changed, _, _) = change {
            return changed == link
        } else if case .connection(let id?, _) = condition {
            if case .tcp(let changed, _, _) = change { return changed == id }
            return false
        } else if case .host(let host, _) = condition, case .power(let changed, _) = change {
            return changed == host
        }
        return true
    }
}
