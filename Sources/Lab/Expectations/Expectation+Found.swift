import PeerNetworking
import SimNetwork

extension Expectation {
    /// What was there instead, where an expectation failed and does not say it itself.
    func found(in world: WorldState, _ lab: LabDefinition) -> String? {
        switch condition {
        case .peer(let process, let what): what.found(in: world, world.peers(of: process), process)
        case .everyPeer(let processes): unsettled(processes, in: world, lab)
        case .host, .link, .connection, .message, .fault: nil
        }
    }

    private func unsettled(_ processes: [ProcessID], in world: WorldState, _ lab: LabDefinition) -> String {
        let states = world.unsettled(processes).prefix(4).map { process in
            "\(lab.peers[Int(process.index)].name) was \(world.stateInWords(of: world.peers(of: process)))"
        }
        let found = states.joined(separator: ", ")
        return if case .by(let time) = bound { "\(found) at \(Scale.duration.text(time))" } else { found }
    }
}

extension Condition.OfPeer {
    fileprivate func found(in world: WorldState, _ peers: [Int], _ process: ProcessID) -> String? {
        switch self {
        case .state: "it was \(world.stateInWords(of: peers))"
        case .process: "it was \(world.processState(process))"
        case .count(let counter, _): "it was \(world.count(counter, of: peers))"
        case .queue: "it was \(peers.map { world.peers[$0].highWater }.max() ?? 0) at most"
        case .progress: "it was at \(world.progress(of: peers))"
        case .blocked, .finished: nil
        }
    }
}

extension WorldState {
    /// The state of a process's peers: each that there is, once.
    fileprivate func stateInWords(of peers: [Int]) -> String {
        var states: [PeerState] = []
        for peer in peers where !states.contains(self.peers[peer].state) { states.append(self.peers[peer].state) }
        return listing((states.isEmpty ? [.idle] : states).map(\.description))
    }
}
