import PeerNetworking
import TCP

extension Condition {
    /// Whether it is so in a state; of what happens and is over, whether it has happened by then (of a host's power: whether
    /// it is off, or on).
    public func holds(in world: WorldState) -> Bool {
        if case .member(let process, let name, let what) = self {
            return what.holds(in: world, process, world.peers(of: process, named: name))
        }
        if case .peer(let process, _) = self { return holds(in: world, peers: world.peers(of: process)) }
        return holds(in: world, peers: [])
    }

    /// - Parameter peers: the places of the process's peers, where it is about one.
    func holds(in world: WorldState, peers: [Int]) -> Bool {
        switch self {
        case .peer(let process, let what): what.holds(in: world, process, peers)
        case .member: holds(in: world)
        case .everyPeer(let processes): world.areSettled(processes)
        case .host(let host, .losesPower): !world.hosts[Int(host.index)].isOn
        case .host(let host, .getsPower): world.hosts[Int(host.index)].isOn
        case .link(let link, .cut): world.links[Int(link.index)].isCut
        case .link(let link, .healed): !world.links[Int(link.index)].isCut
        case .connection(let id?, .halfOpen): world.connection(id)?.isHalfOpen ?? false
        case .connection(nil, .halfOpen): world.connections.contains { $0.isHalfOpen }
        case .connection(let id?, .state(let state)): world.connection(id)?.hasEnd(in: state) ?? false
        case .connection(nil, .state(let state)): world.connections.contains { $0.hasEnd(in: state) }
        case .retransmitted(let least): world.totals.retransmitted >= least
        // What they count is no part of the state: whether it has happened, who watched knows.
        case .connects, .lateAnswer: false
        case .not(let condition): !condition.holds(in: world)
        case .message(.delivered): world.peers.contains { $0.delivered > 0 }
        case .message(.deliveredTwice): world.totals.deliveredTwice > 0
        case .message(.dropped): world.peers.contains { $0.dropped > 0 }
        case .fault(let family?): world.faults.contains { $0.family == family && $0.fired > 0 }
        case .fault(nil): world.faults.contains { $0.hasTurned } || world.sites.contains { $0.fired > 0 }
        }
    }
}

extension Condition.OfPeer {
    fileprivate func holds(in world: WorldState, _ process: ProcessID, _ peers: [Int]) -> Bool {
        switch self {
        // One that has not come to be has not connected yet either.
        case .state(let state): peers.isEmpty ? state == .idle : peers.contains { world.peers[$0].state == state }
        case .process(let state): world.processState(process) == state
        case .blocked: peers.contains { world.peers[$0].isBlocked }
        case .count(let counter, let least): world.count(counter, of: peers) >= least
        case .queue(let least): peers.contains { Int64(world.peers[$0].highWater) >= least }
        case .progress(let done): world.progress(of: peers) == UInt64(clamping: done)
        case .finished: peers.contains { world.peers[$0].finished == true }
        case .sees(let code): peers.contains { world.peers[$0].reason == code }
        // It is over when it has happened.
        case .does: false
        }
    }
}

extension Condition.Counter {
    /// The count of one peer.
    package func count(_ peer: PeerView) -> Int64 {
        switch self {
        case .sent: peer.sent
        case .received: peer.delivered
        case .requeued: peer.requeued
        case .reconnects: Int64(peer.reconnects)
        }
    }
}

extension WorldState {
    /// The places of a process's peers, in the order in which they came to be.
    package func peers(of process: ProcessID) -> [Int] {
        peers.indices.filter { peers[$0].process == process }
    }

    /// The places of those of them that have a name.
    package func peers(of process: ProcessID, named name: String) -> [Int] {
        peers(of: process).filter { names.peers.indices.contains($0) && names.peers[$0] == name }
    }

    /// A count of several peers together.
    package func count(_ counter: Condition.Counter, of peers: [Int]) -> Int64 {
        peers.reduce(0) { $0 + counter.count(self.peers[$1]) }
    }

    /// The progress of the workload of some peers, of which one tells it; 0 where none does.
    package func progress(of peers: [Int]) -> UInt64 {
        for peer in peers { if let progress = self.peers[peer].progress { return progress.done } }
        return 0
    }

    /// Where a process is in its life.
    package func processState(_ process: ProcessID) -> ProcessState {
        processes.indices.contains(Int(process.index)) ? processes[Int(process.index)].state : .defined
    }

    /// Those of some processes that have no peer that is connected, or has ended and found all right.
    package func unsettled(_ processes: [ProcessID]) -> [ProcessID] {
        let most = (processes.map(\.index) + peers.map(\.process.index)).max() ?? -1
        var settled = Array(repeating: false, count: Int(most) + 1)
        for peer in peers where peer.state == .connected || peer.finished == true {
            settled[Int(peer.process.index)] = true
        }
        return processes.filter { !settled[Int($0.index)] }
    }

    fileprivate func areSettled(_ processes: [ProcessID]) -> Bool { unsettled(processes).isEmpty }
}

extension FaultState {
    /// Whether it was set, struck or was healed: each of these is done on purpose.
    fileprivate var hasTurned: Bool { fired > 0 || healed > 0 || set > 0 }
}

extension ConnectionState {
    /// Whether an end is in a state.
    fileprivate func hasEnd(in state: TCPState) -> Bool { client.state == state || server.state == state }
}

extension LinkState {
    /// Whether a direction is cut.
    var isCut: Bool { forwardCut || backwardCut }
}
