import PeerNetworking

/// Unreliable messages that were handed to a connection and have not arrived: nobody confirms them, so the records of both ends
/// together tell what became of one. Those whose connection is no more are lost.
struct UnreliableMessages: Hashable, Sendable {
    /// A message in a queue; of a server, in that of a session.
    private struct Waiting: Hashable {
        var peer: PeerNumber
        var session: ConnectionID?
        var number: UInt64
    }

    /// One direction of a connection.
    struct Lane: Hashable {
        var connection: ConnectionID
        var from: Side
    }

    // Looked up, never iterated over.
    private var waiting: Set<Waiting> = []
    private var onTheWay: [Lane: [UInt64]] = [:]
    /// Directions of connections that are no more, with something lost; the latest ones, for an application may take from its
    /// inbox what came before.
    private var over: [Lane] = []
    /// How many are lost.
    private(set) var lost: Int64 = 0

    /// So many connections that are no more are remembered.
    private static let kept = 64

    /// None is waiting, and none on the way.
    var isEmpty: Bool { waiting.isEmpty && onTheWay.isEmpty }

    mutating func queued(_ number: UInt64, by peer: PeerNumber, in session: ConnectionID?) {
        waiting.insert(Waiting(peer: peer, session: session, number: number))
    }

    /// One will never be sent.
    mutating func dropped(_ number: UInt64, by peer: PeerNumber, in session: ConnectionID?) {
        waiting.remove(Waiting(peer: peer, session: session, number: number))
    }

    /// A message was handed to a connection; of those that are not unreliable nothing is noted.
    mutating func sent(_ number: UInt64, by peer: PeerNumber, in session: ConnectionID?, over lane: Lane?) {
        guard waiting.remove(Waiting(peer: peer, session: session, number: number)) != nil, let lane else { return }
        onTheWay[lane, default: []].append(number)
    }

    /// A message has come out at the other end, whatever was done with it there.
    mutating func arrived(_ number: UInt64, over lane: Lane) {
        guard let index = onTheWay[lane]?.firstIndex(of: number) else { return }
        onTheWay[lane]?.remove(at: index)
        let isOver = over.contains(lane)
        if isOver { lost -= 1 }
        if onTheWay[lane]?.isEmpty == true {
            onTheWay[lane] = nil
            if isOver { over.removeAll { $0 == lane } }
        }
    }

    /// A connection is no more.
    mutating func ended(_ connection: ConnectionID) {
        for side in Side.allCases {
            let lane = Lane(connection: connection, from: side)
            guard let numbers = onTheWay[lane] else { continue }
            lost += Int64(numbers.count)
            over.append(lane)
        }
        while over.count > Self.kept { onTheWay[over.removeFirst()] = nil }
    }

    /// A peer's process was started again: its queue went with the one before.
    mutating func forget(_ peer: PeerNumber) {
        guard !waiting.isEmpty else { return }
        waiting = waiting.filter { $0.peer != peer }
    }
}

extension WorldState {
    /// Unreliable messages that were lost with their connection: they were handed to it, and have not come out of it.
    public var messagesLost: Int64 { unreliable.lost }

    /// Follows what a peer tells of messages that nobody confirms.
    mutating func follow(_ event: PeerEvent, of peer: PeerNumber, in session: ConnectionID?) {
        switch event {
        case .queued(let number, _, .unreliable, _): unreliable.queued(number, by: peer, in: session)
        case .sent(let number, _, _):
            guard !unreliable.isEmpty else { return }
            unreliable.sent(number, by: peer, in: session, over: lane(of: peer, session))
        case .dropped(let number, _, _):
            guard !unreliable.isEmpty else { return }
            unreliable.dropped(number, by: peer, in: session)
        case .delivered(let number, _, _), .discarded(let number, _, _), .suppressed(let number, _):
            guard !unreliable.isEmpty, var lane = lane(of: peer, session) else { return }
            lane.from = lane.from.other
            unreliable.arrived(number, over: lane)
        case .queued, .state, .attached, .backoff, .requeued, .acknowledged, .blocked, .pressure, .roundTrip,
            .heartbeatMissed, .circuit, .refused, .degraded, .asked, .answered, .job, .progress, .finished:
            break
        }
    }

    /// The connection that a peer uses or has used last, and which end of it is the peer's.
    private func lane(of peer: PeerNumber, _ session: ConnectionID?) -> UnreliableMessages.Lane? {
        let view = peers[Int(peer.index)]
        if let session { return UnreliableMessages.Lane(connection: session, from: .server) }
        guard let connection = view.latestConnection else { return nil }
        return UnreliableMessages.Lane(connection: connection, from: view.hasOpened ? .client : .server)
    }
}
