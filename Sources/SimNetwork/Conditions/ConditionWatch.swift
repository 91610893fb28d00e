import PeerNetworking

/// Follows a run change by change and notices when a condition comes true: when it is so and was not before, or happens.
///
/// What holds from the beginning has not come true; it may cease and do so later. What several ends make up between them is
/// looked at when an event is over: within one it may be so for as long as it takes to note the other end.
package struct ConditionWatch: Sendable {
    /// What is waited for.
    package let condition: Condition
    /// The changes that it is to be shown; it may be shown others.
    package let interests: ChangeKinds
    /// Whether it is to be told that events are over.
    package let looksAtEnds: Bool
    /// The places of the peers of the process that it is about, as far as they have come to be.
    private var peers: [Int]
    /// Whether it held when it was looked at last.
    private var held: Bool
    /// Something that it is about has changed in this event.
    private var isTouched = false
    /// Messages delivered twice before.
    private var deliveredTwice: Int64
    /// When connections were opened, of the latest as many as count.
    private var opened: [Int64] = []

    /// Begins to watch.
    ///
    /// - Parameter world: the state before the next event.
    package init(_ condition: Condition, in world: WorldState) {
        self.condition = condition
        interests = condition.interests
        switch condition {
        case .connection, .everyPeer: looksAtEnds = true
        // What ceases may do so within an event, and come back in it.
        case .not: looksAtEnds = true
        case .peer, .member, .host, .link, .message, .fault, .retransmitted, .connects, .lateAnswer: looksAtEnds = false
        }
        switch condition {
        case .peer(let process, _), .member(let process, _, _): peers = world.peers(of: process)
        case .everyPeer, .host, .link, .connection, .message, .fault, .retransmitted, .connects, .lateAnswer, .not:
            peers = []
        }
        held = condition.kind != .moment && condition.holds(in: world, peers: peers)
        deliveredTwice = world.totals.deliveredTwice
    }

    /// Looks at a change.
    ///
    /// - Parameters:
    ///   - kinds: what it is about.
    ///   - world: the state right after it.
    /// - Returns: whether the condition came true with it.
    package mutating func sees(_ change: Change, _ kinds: ChangeKinds, in world: WorldState) -> Bool {
        guard !interests.isDisjoint(with: kinds) else { return false }
        switch condition {
        case .peer(let process, .sees(let code)):
            guard concerns(change, process), case .peer(_, .state(_, code), _) = change else { return false }
            return true
        case .member(let process, let name, .sees(let code)):
            guard concerns(change, process), case .peer(let peer, .state(_, code), _) = change else { return false }
            return world.names.peers[Int(peer.index)] == name
        case .peer(let process, .does(let job)):
            return concerns(change, process) && change.isDone(job: job)
        case .member(let process, let name, .does(let job)):
            guard concerns(change, process), change.isDone(job: job), case .peer(let peer, _, _) = change else {
                return false
            }
            return world.names.peers[Int(peer.index)] == name
        case .peer(let process, _), .member(let process, _, _):
            return concerns(change, process) && comesTrue(in: world)
        case .link(let link, _):
            guard case .cut(link, _, _) = change else { return false }
            return comesTrue(in: world)
        case .connection, .everyPeer, .not:
            isTouched = true
            return false
        case .retransmitted: return comesTrue(in: world)
        case .connects(let most, let span): return isTooMany(change, most, span, at: world.time)
        case .message(.deliveredTwice):
            guard world.totals.deliveredTwice > deliveredTwice else { return false }
            deliveredTwice = world.totals.deliveredTwice
            return true
        case .host, .message(.delivered), .message(.dropped), .fault, .lateAnswer:
            return condition.happens(with: change)
        }
    }

    /// Looks at the state when an event is over.
    ///
    /// - Returns: whether the condition came true with the event as a whole.
    package mutating func seesEnd(in world: WorldState) -> Bool {
        guard isTouched else { return false }
        isTouched = false
        return comesTrue(in: world)
    }

    /// Whether a connection is opened with a change, and is one too many within a span of time.
    private mutating func isTooMany(_ change: Change, _ most: Int64, _ span: Int64, at now: Int64) -> Bool {
        guard case .opened = change else { return false }
        opened.removeAll { now - $0 >= span }
        opened.append(now)
        return opened.count > most
    }

    private mutating func comesTrue(in world: WorldState) -> Bool {
        let holds = condition.holds(in: world, peers: peers)
        defer { held = holds }
        return holds && !held
    }

    /// Whether a change is of a process or of one of its peers.
    private mutating func concerns(_ change: Change, _ process: ProcessID) -> Bool {
        if case .peer(let peer, _, _) = change { return peers.contains(Int(peer.index)) }
        if case .peerRegistered(let peer, process, _) = change {
            if !peers.contains(Int(peer.index)) { peers.append(Int(peer.index)) }
            return true
        }
        if case .process(process, _) = change { return true }
        return false
    }
}

extension Change {
    /// Whether a worker says with it that it has done a job.
    fileprivate func isDone(job: Int64) -> Bool {
        if case .peer(_, .job(UInt64(clamping: job), .done), _) = self { true } else { false }
    }
}
