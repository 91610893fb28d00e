import PeerNetworking
package import SimNetwork
import TCP

/// From when a message was queued to when it first came to the application, in parts that follow one on another: where it was,
/// and what it waited for. So the parts add up to the whole.
package struct Lateness: Hashable, Sendable {
    /// Where a message is, or what it waits for.
    package enum Kind: Hashable, Sendable, CaseIterable {
        /// In its peer's queue, which is connected or about to connect.
        case peerQueue
        /// There, while the peer connects.
        case connecting
        /// There, while the peer waits before its next attempt.
        case backoff
        /// There, while the peer leaves its endpoint alone.
        case circuit
        /// Handed to a connection that was lost, until the heartbeat's silence told.
        case heartbeat
        /// Handed to a connection that was lost, until TCP gave it up.
        case givenUp
        /// Handed to a connection that was lost, until that was heard of in another way.
        case lostConnection
        /// In the socket's send buffer: for window, for its turn.
        case sendBuffer
        /// Lost, or behind bytes that were lost, until the retransmission timer came.
        case retransmission
        /// Lost, or behind bytes that were lost, after a timeout: until the window let it go again (RFC 5681, 3.1).
        case afterTimeout
        /// Lost, or behind bytes that were lost, until acknowledgements told of it (RFC 5681, RFC 8985).
        case lossDetection
        /// Lost, or behind bytes that were lost, until the last segment was probed (RFC 8985, 7).
        case tailProbe
        /// Held back by a closed window, until that was probed.
        case windowProbe
        /// There, and bytes before it are not.
        case order
        /// In the queue before a link.
        case linkQueue
        /// On a link.
        case propagation
        /// Held back by a clog.
        case clog
        /// Put off by hand or by the lab's schedule.
        case delay
        /// In the other end's receive buffer.
        case receiveBuffer
        /// In the inbox of the peer there.
        case inbox
        /// A process that was to do something was paused.
        case pause
        /// On its way: more is not seen of it.
        case network
    }

    /// A part.
    package struct Part: Hashable, Sendable {
        /// What it was.
        package var kind: Kind
        /// From when to when, in nanoseconds.
        package var from: Int64
        package var to: Int64
    }

    /// The parts, each beginning where the one before it ends; none is empty.
    package private(set) var parts: [Part] = []
    /// From when to when, in nanoseconds.
    package let from: Int64
    package let to: Int64

    /// All of it, in nanoseconds.
    package var whole: Int64 { to - from }

    /// How much of it was what, in nanoseconds.
    package func time(_ kind: Kind) -> Int64 { parts.reduce(0) { $0 + ($1.kind == kind ? $1.to - $1.from : 0) } }

    private var now: Int64 { parts.last?.to ?? from }

    /// Goes on to a time with something that lasted until then; what is past already adds nothing.
    private mutating func go(to time: Int64, _ kind: Kind) {
        let end = min(time, to)
        guard end > now else { return }
        if let last = parts.last, last.kind == kind {
            parts[parts.count - 1].to = end
        } else {
            parts.append(Part(kind: kind, from: now, to: end))
        }
    }

    /// Goes on to a time, a kind from each of some times on.
    private mutating func go(to time: Int64, through legs: [(time: Int64, part: Kind)], otherwise kind: Kind) {
        for (index, leg) in legs.enumerated() {
            let end = index + 1 < legs.count ? min(legs[index + 1].time, time) : time
            if leg.time > now { go(to: min(leg.time, time), kind) }
            go(to: end, leg.part)
        }
        go(to: time, kind)
    }

    /// Goes on to a time, and what of it is within some stretches was something else.
    private mutating func go(to time: Int64, _ kind: Kind, except stretches: [(time: Range<Int64>, part: Kind)]) {
        for stretch in stretches where stretch.time.upperBound > now && stretch.time.lowerBound < time {
            go(to: stretch.time.lowerBound, kind)
            go(to: min(stretch.time.upperBound, time), stretch.part)
        }
        go(to: time, kind)
    }

    /// Goes on to a time, and what of it is within some stretches a process was paused.
    private mutating func go(to time: Int64, _ kind: Kind, except pauses: [Range<Int64>]) {
        go(to: time, kind, except: pauses.map { ($0, .pause) })
    }

    // MARK: Of a message

    /// The parts of a message's lateness; nil for one that has come to no application.
    ///
    /// - Parameters:
    ///   - book: the lives of the messages of the run.
    ///   - wire: what went over its connections.
    ///   - records: those of the run.
    package init?(of life: MessageLife, _ book: MessageBook, _ wire: WireBook, _ records: RecordLog) {
        guard let delivery = life.firstDelivery else { return nil }
        (from, to) = (life.queued.time, delivery.at.time)
        let waits = book.waits[Int(life.id.sender.index)]
        let sender = book.pauses(of: life.id.sender)
        // Those before the sending by which it came were in vain.
        var sendings = life.sendings.filter { $0.at.event <= delivery.at.event }
        if let last = sendings.lastIndex(where: { $0.connection == delivery.connection }) {
            sendings = Array(sendings.prefix(last + 1))
        }
        for (index, sending) in sendings.enumerated() {
            wait(to: sending.at.time, waits, sender)
            guard index + 1 < sendings.count else { break }
            let requeued = life.requeued.first { $0.event >= sending.at.event } ?? sendings[index + 1].at
            go(to: requeued.time, Self.end(of: records[event: requeued.event]))
        }
        if let last = sendings.last { cross(life.id, last, delivery, book, wire) }
        go(to: to, .network)
    }

    /// In the peer's queue, until a time.
    private mutating func wait(to time: Int64, _ waits: [(time: Int64, part: Kind)], _ pauses: [Range<Int64>]) {
        while now < time {
            let next = waits.first { $0.time > now }?.time ?? .max
            let kind = waits.last { $0.time <= now }?.part ?? .peerQueue
            go(to: min(next, time), kind, except: pauses)
        }
    }

    /// What a connection that was lost was waited on for.
    private static func end(of record: EventRecord) -> Kind {
        let isSilence = record.changes.contains {
            if case .peer(_, .heartbeatMissed, _) = $0 { true } else { false }
        }
        if isSilence { return .heartbeat }
        return record.kind == .retransmission ? .givenUp : .lostConnection
    }

    /// From the connection to the application.
    private mutating func cross(
        _ id: MessageID, _ sending: MessageLife.Sending, _ delivery: MessageLife.Arrival, _ book: MessageBook,
        _ wire: WireBook
    ) {
        guard let connection = sending.connection,
            let flow = wire.flow(connection, from: book.side(of: id, on: connection))
        else { return }
        let end = sending.bytes.upperBound
        let carriers = flow.transmissions.filter { $0.bytes.contains(end - 1) && $0.at.event >= sending.at.event }
        guard let first = carriers.first else { return }
        go(to: first.at.time, .sendBuffer, except: flow.stalls(before: end, until: first.at))
        let arrival = flow.arrival(before: end) ?? delivery.at
        // Of what came in that event, the segment that made the stream whole up to there.
        if let bringer = flow.transmissions.first(where: { $0.end?.event == arrival.event && $0.loss == nil }) {
            go(to: min(bringer.at.time, arrival.time), bringer.waitBefore)
            go(to: arrival.time, through: bringer.legs.filter { $0.time < arrival.time }, otherwise: .order)
        } else {
            go(to: arrival.time, .network)
        }
        let receiver = book.pauses(of: delivery.peer)
        if let reading = flow.reading(before: end, from: arrival) {
            go(to: reading.time, .receiveBuffer, except: receiver)
            go(to: to, .inbox, except: receiver)
        } else {
            go(to: to, .receiveBuffer, except: receiver)
        }
    }
}

extension WireBook.Transmission {
    /// Whether it carries bytes of a message's frame.
    func holdsSome(of sending: MessageLife.Sending) -> Bool { segment.length > 0 && bytes.overlaps(sending.bytes) }

    /// What was waited for before it was sent, by bytes that had been sent before.
    var waitBefore: Lateness.Kind {
        switch segment.purpose {
        case .windowProbe: .windowProbe
        case .repetition: isByTimer ? .retransmission : .afterTimeout
        case .fastRepetition: .lossDetection
        case .tailProbe: .tailProbe
        case .plain, .keepAliveProbe, .windowUpdate, .delayedAcknowledgement, .challenge, .pathProbe, .cookie:
            isByTimer ? .retransmission : .order
        }
    }
}

extension MessageBook {
    /// When the process of a peer was paused.
    func pauses(of peer: PeerNumber) -> [Range<Int64>] {
        let process = Int(processes[Int(peer.index)].index)
        return pauses.indices.contains(process) ? pauses[process] : []
    }
}
