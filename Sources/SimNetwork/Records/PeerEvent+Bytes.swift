import PeerNetworking

/// What a peer's event begins with in a record's bytes: behind the tags of all other changes.
private enum EventTag: UInt8 {
    case queued = 64, sent, delivered, state, attached, backoff, requeued, dropped, acknowledged, blocked, pressure
    case asked, answered, roundTrip, heartbeatMissed, progress, finished, discarded, suppressed, circuit, degraded
    case refused
    /// Before what happened in a session: which, and what that holds.
    case session
    case job
}

extension RecordWriter {
    @inline(__always)
    private mutating func begin(_ tag: EventTag, _ peer: PeerNumber) {
        byte(tag.rawValue)
        natural(peer.index)
    }

    /// Writes what happened in a session of a peer.
    @inline(never)
    mutating func write(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
        countChange()
        put(event, of: peer, in: session)
    }

    /// Writes what happened to a peer.
    @inline(__always)
    mutating func write(_ event: PeerEvent, of peer: PeerNumber) {
        countChange()
        put(event, of: peer)
    }

    /// Writes what happened in a session of a peer, of a change that is counted.
    mutating func put(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
        reserve(64)
        byte(EventTag.session.rawValue)
        number(UInt64(session.connection.number))
        natural(session.depth)
        put(event, of: peer)
    }

    /// Writes what happened to a peer, of a change that is counted.
    @inline(__always)
    mutating func put(_ event: PeerEvent, of peer: PeerNumber) {
        reserve(64)
        inRegisters { $0.fill(event, of: peer) }
    }

    /// Writes what happened to a peer where there is room for it.
    @inline(__always)
    private mutating func fill(_ event: PeerEvent, of peer: PeerNumber) {
        switch event {
        case .queued(let message, let bytes, let delivery, let depth):
            begin(.queued, peer)
            number(message)
            natural(bytes)
            byte(delivery.rawValue)
            natural(depth)
        case .sent(let message, let through, let depth):
            begin(.sent, peer)
            number(message)
            natural(through)
            natural(depth)
        case .delivered(let message, let origin, let bytes):
            begin(.delivered, peer)
            number(message)
            word(origin)
            natural(bytes)
        case .state(let state, let code):
            begin(.state, peer)
            byte(state.rawValue)
            flag(code != nil)
            if let code { choice(code) }
        case .attached(let connection):
            begin(.attached, peer)
            number(UInt64(connection.number))
        case .backoff(let attempt, let delay):
            begin(.backoff, peer)
            natural(attempt)
            natural(delay)
        case .requeued(let message, let depth):
            begin(.requeued, peer)
            number(message)
            natural(depth)
        case .dropped(let message, let reason, let depth):
            begin(.dropped, peer)
            number(message)
            choice(reason)
            natural(depth)
        case .acknowledged(let message, let depth):
            begin(.acknowledged, peer)
            number(message)
            natural(depth)
        case .blocked(let isBlocked):
            begin(.blocked, peer)
            flag(isBlocked)
        case .pressure(let isPressed):
            begin(.pressure, peer)
            flag(isPressed)
        case .asked(let request, let attempt):
            begin(.asked, peer)
            number(request)
            natural(attempt)
        case .answered(let request, let outcome, let nanoseconds):
            begin(.answered, peer)
            number(request)
            choice(outcome)
            natural(nanoseconds)
        case .roundTrip(let nanoseconds):
            begin(.roundTrip, peer)
            natural(nanoseconds)
        case .heartbeatMissed: begin(.heartbeatMissed, peer)
        case .progress(let done, let total):
            begin(.progress, peer)
            number(done)
            number(total)
        case .finished(let correct):
            begin(.finished, peer)
            flag(correct)
        case .discarded(let message, let origin, let reason):
            begin(.discarded, peer)
            number(message)
            word(origin)
            choice(reason)
        case .suppressed(let message, let origin):
            begin(.suppressed, peer)
            number(message)
            word(origin)
        case .circuit(let state):
            begin(.circuit, peer)
            choice(state)
        case .degraded(let score):
            begin(.degraded, peer)
            natural(score)
        case .refused(let bytes):
            begin(.refused, peer)
            natural(bytes)
        case .job(let job, let turn):
            begin(.job, peer)
            number(job)
            choice(turn)
        }
    }
}

extension RecordReader {
    /// The event of a peer that a tag begins, and the session in which it happened, where it did in one.
    mutating func peerEvent(_ first: UInt8) -> (peer: PeerNumber, event: PeerEvent, session: PeerSession?) {
        var (tag, session) = (eventTag(first), PeerSession?.none)
        if tag == .session {
            session = PeerSession(connection: connection(), depth: small())
            tag = eventTag(byte())
        }
        let peer = PeerNumber(small())
        return (peer, event(tag), session)
    }

    private mutating func eventTag(_ byte: UInt8) -> EventTag {
        if let tag = EventTag(rawValue: byte) { return tag }
        refuse("a change with tag \(byte)")
        return .heartbeatMissed
    }

    private mutating func event(_ tag: EventTag) -> PeerEvent {
        switch tag {
        case .session:
            refuse("a session's event in a session's event")
            return .heartbeatMissed
        case .queued:
            return .queued(
                message: number(), bytes: small(), delivery: Delivery(rawValue: byte()) ?? .reliable, depth: small())
        case .sent: return .sent(message: number(), through: natural(), depth: small())
        case .delivered: return .delivered(message: number(), origin: word(), bytes: small())
        case .state:
            let state: PeerState = choice()
            return .state(state, flag() ? choice() : nil)
        case .attached: return .attached(connection())
        case .backoff: return .backoff(attempt: small(), delayNanoseconds: natural())
        case .requeued: return .requeued(message: number(), depth: small())
        case .dropped: return .dropped(message: number(), reason: choice(), depth: small())
        case .acknowledged: return .acknowledged(message: number(), depth: small())
        case .blocked: return .blocked(flag())
        case .pressure: return .pressure(flag())
        case .asked: return .asked(request: number(), attempt: small())
        case .answered: return .answered(request: number(), choice(), nanoseconds: natural())
        case .roundTrip: return .roundTrip(nanoseconds: natural())
        case .heartbeatMissed: return .heartbeatMissed
        case .progress: return .progress(done: number(), of: number())
        case .finished: return .finished(correct: flag())
        case .discarded: return .discarded(message: number(), origin: word(), reason: choice())
        case .suppressed: return .suppressed(message: number(), origin: word())
        case .circuit: return .circuit(choice())
        case .degraded: return .degraded(score: small())
        case .refused: return .refused(bytes: small())
        case .job: return .job(number(), choice())
        }
    }
}
