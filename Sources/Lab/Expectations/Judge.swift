import PeerNetworking
import SimNetwork

/// Follows a run event by event and judges its expectations.
///
/// A claim about a time is judged on the state in which the run stands when that time has passed.
struct Judge {
    private let lab: LabDefinition
    private(set) var statuses: [ExpectationStatus]
    private var open: [Int]

    init(lab: LabDefinition, unavailable: Bool = false) {
        self.lab = lab
        statuses = lab.expectations.map { ExpectationStatus(text: $0.text, verdict: unavailable ? .notJudged : .open) }
        open = unavailable ? [] : Array(lab.expectations.indices)
    }

    /// Looks at the run before it moves on to `next`: what was to hold by a time that passes now is decided.
    mutating func timePasses(to next: Int64, world: WorldState, peerNames: [String]) {
        guard !open.isEmpty else { return }
        for index in open {
            guard let deadline = lab.expectations[index].claim.deadline, deadline < next else { continue }
            let holds = evaluate(lab.expectations[index].claim, world, peerNames)
            decide(index, holds ? .held : .failed, world, peerNames)
            // Known once the clock shows more than that.
            statuses[index].time = deadline + 1
        }
        open.removeAll { statuses[$0].verdict != .open }
    }

    /// Looks at the state after an event: what may be decided early is.
    mutating func look(at world: WorldState, peerNames: [String]) {
        guard !open.isEmpty else { return }
        var decided = false
        for index in open {
            switch lab.expectations[index].claim {
            case .state, .blocked, .counts, .halfOpen, .recovers:
                continue
            case .reached, .queueReaches, .finishes:
                guard evaluate(lab.expectations[index].claim, world, peerNames) else { continue }
                decide(index, .held, world, peerNames)
                decided = true
            case .bounded, .noDuplicates, .noDrops:
                guard !evaluate(lab.expectations[index].claim, world, peerNames) else { continue }
                decide(index, .failed, world, peerNames)
                decided = true
            }
        }
        if decided { open.removeAll { statuses[$0].verdict != .open } }
    }

    /// The run is over: decides what is left.
    mutating func finish(world: WorldState, peerNames: [String]) {
        for index in open {
            let holds = evaluate(lab.expectations[index].claim, world, peerNames)
            decide(index, holds ? .held : .failed, world, peerNames)
            statuses[index].time = lab.duration
        }
        open = []
    }

    private mutating func decide(
        _ index: Int, _ verdict: ExpectationStatus.Verdict, _ world: WorldState, _ peerNames: [String]
    ) {
        statuses[index].verdict = verdict
        statuses[index].event = world.event
        if verdict == .failed { statuses[index].reason = found(lab.expectations[index].claim, world, peerNames) }
    }

    /// What was there instead, where the claim does not say it.
    private func found(_ claim: Expectation.Claim, _ world: WorldState, _ peerNames: [String]) -> String? {
        func view(_ name: String) -> PeerView? { self.view(of: name, world, peerNames) }
        switch claim {
        case .recovers(let deadline):
            let states = unrecovered(world, peerNames).prefix(4).map { "\($0.name) was \($0.state)" }
            return "\(states.joined(separator: ", ")) at \(Scale.duration.text(deadline))"
        case .state(let peer, _, _): return "it was \(view(peer)?.state ?? .idle)"
        case .counts(let peer, _, _): return "it was at \(view(peer)?.progress?.done ?? 0)"
        case .reached(let peer, let counter, _, _), .bounded(let peer, let counter, _):
            return "it was \(view(peer)?.count(of: counter) ?? 0)"
        case .queueReaches(let peer, _, _): return "it was \(view(peer)?.highWater ?? 0) at most"
        case .blocked, .finishes, .halfOpen, .noDuplicates, .noDrops: return nil
        }
    }

    private func view(of name: String, _ world: WorldState, _ peerNames: [String]) -> PeerView? {
        guard let index = peerNames.firstIndex(of: name), index < world.peers.count else { return nil }
        return world.peers[index]
    }

    /// The peers that connect, and are neither connected nor done.
    private func unrecovered(_ world: WorldState, _ peerNames: [String]) -> [(name: String, state: PeerState)] {
        lab.peers.filter { $0.connect != nil }.compactMap { definition in
            let peer = view(of: definition.name, world, peerNames)
            if peer?.state == .connected || peer?.finished == true { return nil }
            return (definition.name, peer?.state ?? .idle)
        }
    }

    private func evaluate(_ claim: Expectation.Claim, _ world: WorldState, _ peerNames: [String]) -> Bool {
        func view(_ name: String) -> PeerView? { self.view(of: name, world, peerNames) }
        switch claim {
        case .state(let peer, let state, _): return (view(peer)?.state ?? .idle) == state
        case .reached(let peer, let counter, let least, _): return (view(peer)?.count(of: counter) ?? 0) >= least
        case .bounded(let peer, let counter, let most): return (view(peer)?.count(of: counter) ?? 0) <= most
        case .queueReaches(let peer, let depth, _): return Int64(view(peer)?.highWater ?? 0) >= depth
        case .blocked(let peer, _): return view(peer)?.isBlocked ?? false
        case .counts(let peer, let count, _): return view(peer)?.progress?.done ?? 0 == UInt64(count)
        case .finishes(let peer, _): return view(peer)?.finished ?? false
        case .halfOpen: return world.connections.contains { $0.isHalfOpen }
        case .recovers: return unrecovered(world, peerNames).isEmpty
        case .noDuplicates: return world.peers.allSatisfy { $0.duplicates == 0 }
        case .noDrops: return world.peers.allSatisfy { $0.dropped == 0 }
        }
    }
}

extension Expectation.Claim {
    /// The time by which it must hold, in nanoseconds; nil for the end of the run.
    var deadline: Int64? {
        switch self {
        case .state(_, _, let by), .reached(_, _, _, let by), .queueReaches(_, _, let by), .blocked(_, let by),
            .finishes(_, let by), .counts(_, _, let by), .halfOpen(let by):
            by
        case .recovers(let by): by
        case .bounded, .noDuplicates, .noDrops:
            nil
        }
    }
}

extension PeerView {
    func count(of counter: Expectation.Counter) -> Int64 {
        switch counter {
        case .sent: sent
        case .received: delivered
        case .requeued: requeued
        case .reconnects: Int64(reconnects)
        }
    }
}
