import PeerNetworking

/// What changes are about, as far as any condition looks at it: most changes are passed over by one comparison.
package struct ChangeKinds: OptionSet, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }

    /// A peer came to be.
    static let registered = ChangeKinds(rawValue: 1 << 0)
    /// A peer went to a state.
    static let state = ChangeKinds(rawValue: 1 << 1)
    /// An application waits for room, or no longer does.
    static let blocked = ChangeKinds(rawValue: 1 << 2)
    /// A queue holds more.
    package static let queue = ChangeKinds(rawValue: 1 << 3)
    /// A message was sent.
    static let sent = ChangeKinds(rawValue: 1 << 4)
    /// A message was delivered.
    static let delivered = ChangeKinds(rawValue: 1 << 5)
    /// A message was given up.
    static let dropped = ChangeKinds(rawValue: 1 << 6)
    /// A workload says where it stands.
    static let progress = ChangeKinds(rawValue: 1 << 7)
    /// A workload has ended.
    static let finished = ChangeKinds(rawValue: 1 << 8)
    /// A process went to a state.
    static let process = ChangeKinds(rawValue: 1 << 9)
    /// A host's power.
    static let power = ChangeKinds(rawValue: 1 << 10)
    /// A link was cut or healed.
    static let cut = ChangeKinds(rawValue: 1 << 11)
    /// An end of a connection, or the whole of it.
    static let connection = ChangeKinds(rawValue: 1 << 12)
    /// An action, a fault, or a draw that decides over one.
    package static let fault = ChangeKinds(rawValue: 1 << 13)
    /// What else happens to peers, which no condition is about.
    static let otherOfPeers = ChangeKinds(rawValue: 1 << 14)
    /// A round trip was measured.
    package static let roundTrip = ChangeKinds(rawValue: 1 << 15)

    /// Segments were sent again.
    static let repetition = ChangeKinds(rawValue: 1 << 16)
    /// Something is done to the network, before what it comes to is told.
    package static let action = ChangeKinds(rawValue: 1 << 17)

    /// What a change is about.
    package init(of change: Change) {
        switch change {
        case .power: self = .power
        case .process: self = .process
        case .cut: self = .cut
        case .opened, .tcp, .forgotten: self = .connection
        case .peerRegistered: self = .registered
        case .peer(_, let event, _): self = ChangeKinds(of: event)
        case .draw, .fault: self = .fault
        case .end(_, _, let moved): self = moved.fields.contains(.level(.retransmissions)) ? .repetition : []
        case .action, .partition: self = .action
        case .name, .timerSet, .taken, .scheduled, .episode, .readRate, .listening, .backlog, .unasked,
            .failed,
            .sent, .arrived, .lost, .delayed, .forwarded,
            .duplicated, .corrupted, .marked, .held, .queue, .shaped, .clogged, .hostClogged, .standing,
            .struck:
            self = []
        }
    }

    private init(of event: PeerEvent) {
        switch event {
        case .state: self = .state
        case .blocked: self = .blocked
        case .queued: self = .queue
        case .requeued: self = .queue
        case .sent: self = .sent
        case .delivered: self = .delivered
        case .dropped, .discarded: self = .dropped
        case .progress: self = .progress
        case .finished: self = .finished
        case .roundTrip: self = .roundTrip
        case .attached, .backoff, .acknowledged, .suppressed, .pressure, .heartbeatMissed, .circuit,
            .degraded, .refused, .asked, .answered, .job:
            self = .otherOfPeers
        }
    }
}

extension Condition {
    /// The changes with which it may come true, or cease to be so.
    package var interests: ChangeKinds {
        switch self {
        case .peer(_, let what), .member(_, _, let what): what.interests.union(.registered)
        case .everyPeer: [.state, .finished, .process]
        case .host: .power
        case .link: .cut
        case .connection, .connects: .connection
        case .retransmitted: .repetition
        case .lateAnswer: .otherOfPeers
        case .not(let condition): condition.interests
        case .message(.delivered), .message(.deliveredTwice): .delivered
        case .message(.dropped): .dropped
        case .fault: .fault
        }
    }
}

extension Condition.OfPeer {
    fileprivate var interests: ChangeKinds {
        switch self {
        // Peers are closed with their process.
        case .state: [.state, .process]
        case .process: .process
        case .blocked: [.blocked, .process]
        case .count(.sent, _): .sent
        case .count(.received, _): .delivered
        case .count(.requeued, _), .queue: .queue
        case .count(.reconnects, _): .state
        case .progress: .progress
        case .finished: .finished
        case .sees: .state
        case .does: .otherOfPeers
        }
    }
}
