import PeerNetworking

// What happens and is over: a change says so itself.
extension Condition {
    /// Whether an event's record alone tells that it happens: see ``happens(in:)``.
    package var isToldByRecords: Bool {
        switch self {
        case .host, .message(.delivered), .message(.dropped), .fault, .lateAnswer: true
        case .message(.deliveredTwice), .peer, .member, .everyPeer, .link, .connection, .retransmitted, .connects, .not:
            false
        }
    }

    /// Whether it happens in an event, as its record alone tells; false for all else.
    package func happens(in record: EventRecord) -> Bool {
        record.changes.contains { happens(with: $0) }
    }

    /// Whether it happens with a change.
    func happens(with change: Change) -> Bool {
        switch self {
        case .host(let host, .losesPower): change == .power(host, on: false)
        case .host(let host, .getsPower): change == .power(host, on: true)
        case .message(.delivered): change.isDelivery
        case .message(.dropped): change.isDrop
        case .fault(let family?): change.strikes(family)
        case .fault(nil): change.isOnPurpose
        case .lateAnswer(let limit): change.answerTook.map { $0 > limit } ?? false
        case .message(.deliveredTwice), .peer, .member, .everyPeer, .link, .connection, .retransmitted, .connects, .not:
            false
        }
    }
}

extension Change {
    fileprivate var isDelivery: Bool { if case .peer(_, .delivered, _) = self { true } else { false } }

    /// How long a request took that is answered with it, in nanoseconds.
    fileprivate var answerTook: Int64? {
        guard case .peer(_, .answered(_, .answered, let time), _) = self else { return nil }
        return time
    }

    fileprivate var isDrop: Bool {
        guard case .peer(_, let event, _) = self else { return false }
        if case .dropped = event { return true }
        if case .discarded = event { return true }
        return false
    }

    /// A fault is set, strikes or is healed, or a draw fires: an action that finds nothing to act on is none of these.
    fileprivate var isOnPurpose: Bool {
        if case .fault = self { return true }
        if case .draw(let draw) = self { return draw.fires }
        return false
    }

    /// Whether a fault of a family strikes with it, by itself or by a draw. A link that changes between good and bad loses
    /// nothing by that.
    fileprivate func strikes(_ family: FaultFamily) -> Bool {
        if case .fault(family, .struck) = self { return true }
        guard case .draw(let draw) = self, draw.fires, case .fault(let site) = draw.site else { return false }
        return site != .linkBurst && site.family == family
    }
}
