import PeerNetworking
import SimNetwork
import TCP

extension Expectation {
    /// What was there instead, where an expectation failed and does not say it itself.
    func found(in world: WorldState, _ lab: LabDefinition) -> String? {
        switch condition {
        case .peer(let process, let what): what.found(in: world, world.peers(of: process), process)
        case .member(let process, let name, let what):
            what.found(in: world, world.peers(of: process, named: name), process)
        case .everyPeer(let processes): unsettled(processes, in: world, lab)
        case .connection(let id, .halfOpen): id == nil ? world.halfOpen.map(\.inWords) : halfOpen(id, in: world)
        case .link(let link, _): bound.isNegative ? nil : world.links[Int(link.index)].inWords
        case .message: bound.isNegative ? nil : "none was"
        case .connection(let id, .state):
            id.map { world.connection($0)?.inWords ?? "there was no such connection" } ?? nil
        case .retransmitted: "there were \(world.totals.retransmitted)"
        case .not(.peer(let process, let what)): what.found(in: world, world.peers(of: process), process)
        case .host, .fault, .connects, .lateAnswer, .not: nil
        }
    }

    private func halfOpen(_ id: ConnectionID?, in world: WorldState) -> String? {
        guard let connection = id.flatMap(world.connection) else { return "there was no such connection" }
        return connection.inWords
    }

    /// What made come true that was never to do so.
    func broken(by change: Change, in world: WorldState) -> String? {
        if case .lateAnswer = condition, case .peer(let peer, .answered(let request, _, let time), _) = change {
            return "request \(request) of \(world.names.peers[Int(peer.index)]) took \(TimeText.duration(time))"
        }
        guard bound.isNegative, condition.isOfMessages, let message = change.message,
            case .peer(let peer, let event, let session) = change
        else { return nil }
        let (name, place) = (ThingNames.message(message), world.names.peers[Int(peer.index)])
        let way = session.map { " by \($0.connection)" } ?? ""
        switch condition {
        case .message(.deliveredTwice): return "\(name) came to \(place) once more\(way)"
        case .message(.delivered): return "\(name) came to \(place)\(way)"
        case .message(.dropped): return "\(name) of \(place): " + (event.dropReason?.description ?? "dropped")
        case .peer, .member, .everyPeer, .host, .link, .connection, .fault, .retransmitted, .connects, .lateAnswer,
            .not:
            return nil
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
        case .blocked, .finished, .sees, .does: nil
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

extension Condition {
    /// Whether it is about a message, whichever.
    var isOfMessages: Bool { if case .message = self { true } else { false } }
}

extension Change {
    /// The message that it is about, by its number among those of its sender.
    var message: UInt64? {
        guard case .peer(_, let event, _) = self else { return nil }
        return event.message
    }
}

extension PeerEvent {
    /// The message that it is about, by its number among those of its sender.
    var message: UInt64? {
        switch self {
        case .queued(let message, _, _, _), .sent(let message, _, _), .requeued(let message, _),
            .dropped(let message, _, _), .acknowledged(let message, _), .delivered(let message, _, _),
            .discarded(let message, _, _), .suppressed(let message, _):
            message
        case .state, .attached, .backoff, .blocked, .pressure, .roundTrip, .heartbeatMissed, .circuit, .refused,
            .degraded, .asked, .answered, .job, .progress, .finished:
            nil
        }
    }

    fileprivate var dropReason: DropReason? {
        if case .dropped(_, let reason, _) = self { return reason }
        if case .discarded(_, _, let reason) = self { return reason }
        return nil
    }
}

extension WorldState {
    /// The first connection of which one end believes in it, and the other has none.
    fileprivate var halfOpen: ConnectionState? { connections.first { $0.isHalfOpen } }
}

extension ConnectionState {
    /// What each end believes: `c1: client ESTABLISHED, server gone`.
    package var inWords: String {
        "\(id): "
            + Side.allCases.map { "\($0) \(end($0).state?.description ?? end($0).absence)" }.joined(separator: ", ")
    }
}

extension LinkState {
    fileprivate var inWords: String { forwardCut || backwardCut ? "it was cut" : "it was whole" }
}
