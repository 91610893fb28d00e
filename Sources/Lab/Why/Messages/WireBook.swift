package import PeerNetworking
package import SimNetwork

/// What went over some connections: each segment with its way and its fate, and what each end had got and read, when.
package struct WireBook {
    /// A segment, or a second copy of one.
    struct Transmission {
        var segment: SegmentSummary
        var at: MessageLife.Station
        /// It was sent because a timer had come.
        var isByTimer: Bool
        /// What holds it, from times on, the first from when it was sent.
        var legs: [(time: Int64, part: Lateness.Kind)]
        /// When it was to arrive, as it was known last.
        var due: Int64
        var end: MessageLife.Station?
        /// Why it was lost; nil where it arrived, or is on its way.
        var loss: LossReason?
        var isHeld = false

        /// Its bytes of the stream, from 0.
        var bytes: Range<Int64> { segment.sequence - 1..<segment.sequence - 1 + Int64(segment.length) }
    }

    /// How far something has come, from a time on.
    struct Mark {
        var at: MessageLife.Station
        var bytes: Int64
    }

    /// One direction of a connection.
    struct Flow {
        var transmissions: [Transmission] = []
        /// Bytes of the stream that the other end has in order.
        var received: [Mark] = []
        /// Bytes that it has beyond a gap, in order of their place.
        var ahead: [Range<Int64>] = []
        /// Bytes of them that wait to be read there.
        var unread: [Mark] = []
    }

    private struct FlowID: Hashable {
        var connection: ConnectionID
        var side: Side
    }

    private var flows: [FlowID: Flow] = [:]
    /// Segments that are on their way, and where they stand.
    private var moving: [Int64: (flow: FlowID, place: Int)] = [:]
    private let wanted: (ConnectionID) -> Bool

    /// Reads off the records between two events what went over connections.
    package init(
        _ records: RecordLog, from first: Int, upTo last: Int,
        where wanted: @escaping (ConnectionID) -> Bool = { _ in true }
    ) {
        self.wanted = wanted
        for number in stride(from: max(1, records.first, first), through: last, by: 1) { take(records[event: number]) }
    }

    /// What a side has sent.
    func flow(_ connection: ConnectionID, from side: Side) -> Flow? {
        flows[FlowID(connection: connection, side: side)]
    }

    private mutating func take(_ record: EventRecord) {
        let now = MessageLife.Station(event: record.number, time: record.time)
        var departs: (link: LinkID, direction: LinkDirection, time: Int64)?
        for change in record.changes {
            if case .queue(let link, let direction, _, let until) = change {
                departs = (link, direction, until)
            } else if case .sent(let segment) = change {
                guard wanted(segment.connection) else { continue }
                put(segment, departs, record, now)
            } else if case .duplicated(let segment, _) = change {
                guard wanted(segment.connection) else { continue }
                put(segment, nil, record, now)
            } else if case .forwarded(let number, let link, let direction, let arrives) = change {
                let leaves = departs.flatMap { $0.link == link && $0.direction == direction ? $0.time : nil }
                move(number) { $0.goesOn(now.time, leaves, until: arrives) }
            } else if case .held(let number) = change {
                move(number) { $0.isHeldBack(now.time) }
            } else if case .delayed(let number, let until) = change {
                move(number) { $0.isPutOff(now.time, until: until) }
            } else if case .arrived(let number) = change {
                hasCome(number, now)
                end(number) { $0.end = now }
            } else if case .lost(let number, let reason) = change {
                end(number) { ($0.end, $0.loss) = (now, reason) }
            } else if case .end(let connection, let side, let moved) = change, wanted(connection),
                moved.fields.contains(.level(.received))
            {
                flows[FlowID(connection: connection, side: side.other), default: Flow()].unread.append(
                    Mark(at: now, bytes: Int64(moved.levels.received)))
            }
        }
    }

    private mutating func put(
        _ segment: SegmentSummary, _ departs: (link: LinkID, direction: LinkDirection, time: Int64)?,
        _ record: EventRecord, _ now: MessageLife.Station
    ) {
        let id = FlowID(connection: segment.connection, side: segment.from)
        var sent = Transmission(
            segment: segment, at: now, isByTimer: record.kind == .retransmission, legs: [], due: segment.arrives)
        let leaves = departs.flatMap { $0.link == segment.link && $0.direction == segment.direction ? $0.time : nil }
        sent.goesOn(now.time, leaves, until: segment.arrives)
        flows[id, default: Flow()].transmissions.append(sent)
        moving[segment.number] = (id, flows[id]!.transmissions.count - 1)
    }

    private mutating func move(_ number: Int64, _ change: (inout Transmission) -> Void) {
        guard let (id, place) = moving[number] else { return }
        change(&flows[id]!.transmissions[place])
    }

    /// A segment has come to the other end: what it has in order may have grown by more than its bytes.
    private mutating func hasCome(_ number: Int64, _ now: MessageLife.Station) {
        guard let (id, place) = moving[number], let flow = flows[id] else { return }
        let bytes = flow.transmissions[place].bytes
        guard !bytes.isEmpty else { return }
        flows[id]?.take(bytes, at: now)
    }

    private mutating func end(_ number: Int64, _ change: (inout Transmission) -> Void) {
        move(number, change)
        moving[number] = nil
    }
}

extension WireBook.Flow {
    fileprivate mutating func take(_ bytes: Range<Int64>, at now: MessageLife.Station) {
        let before = received.last?.bytes ?? 0
        guard bytes.upperBound > before else { return }
        guard bytes.lowerBound <= before else {
            ahead.insert(bytes, at: ahead.firstIndex { $0.lowerBound > bytes.lowerBound } ?? ahead.count)
            return
        }
        var end = bytes.upperBound
        var closed = 0
        while closed < ahead.count, ahead[closed].lowerBound <= end {
            end = max(end, ahead[closed].upperBound)
            closed += 1
        }
        ahead.removeFirst(closed)
        received.append(WireBook.Mark(at: now, bytes: end))
    }
}

extension WireBook.Transmission {
    /// It is put on a link: it waits before it until it leaves, and is on it then.
    fileprivate mutating func goesOn(_ now: Int64, _ leaves: Int64?, until arrives: Int64) {
        if let leaves, leaves > now {
            legs.append((now, .linkQueue))
            legs.append((leaves, .propagation))
        } else {
            legs.append((now, .propagation))
        }
        due = arrives
    }

    /// A clog holds it from now on.
    fileprivate mutating func isHeldBack(_ now: Int64) {
        legs.removeAll { $0.time >= now }
        legs.append((now, .clog))
        isHeld = true
    }

    /// It is let go, or somebody puts it off.
    fileprivate mutating func isPutOff(_ now: Int64, until arrives: Int64) {
        if isHeld {
            legs.append((now, .propagation))
        } else if due < arrives {
            legs.append((max(now, due), .delay))
        }
        isHeld = false
        due = arrives
    }
}

extension WireBook.Flow {
    /// When bytes before one, sent and lost, waited to be sent again, up to a time: what is behind them waits too.
    ///
    /// - Returns: the stretches in nanoseconds, in order, none within another.
    func stalls(before end: Int64, until now: MessageLife.Station) -> [(time: Range<Int64>, part: Lateness.Kind)] {
        var stalls: [(time: Range<Int64>, part: Lateness.Kind)] = []
        for lost in transmissions
        where lost.loss != nil && lost.segment.length > 0 && lost.at.event < now.event && lost.bytes.lowerBound < end {
            let again = transmissions.first {
                $0.at.event > lost.at.event && $0.bytes.contains(lost.bytes.lowerBound)
            }
            let until = min(again?.at.time ?? now.time, now.time)
            guard lost.at.time < until else { continue }
            let part = again?.waitBefore ?? .retransmission
            // They are told one after another: one that lasts longer goes on where the one before it ends.
            let from = max(lost.at.time, stalls.last?.time.upperBound ?? lost.at.time)
            if from < until { stalls.append((from..<until, part)) }
        }
        return stalls
    }

    /// When the other end had all bytes of the stream before one in order; nil while it has not.
    func arrival(before end: Int64) -> MessageLife.Station? { received.first { $0.bytes >= end }?.at }

    /// When the application had read all bytes before one: at or after their arrival.
    func reading(before end: Int64, from arrival: MessageLife.Station) -> MessageLife.Station? {
        // At the end of each event what is there in order, and what of it was not read.
        var (there, left) = (0, 0)
        var (received, unread) = (Int64(0), Int64(0))
        while true {
            let next = min(
                there < self.received.count ? self.received[there].at.event : .max,
                left < self.unread.count ? self.unread[left].at.event : .max)
            guard next < .max else { return nil }
            var at = arrival
            while there < self.received.count, self.received[there].at.event == next {
                (received, at) = (self.received[there].bytes, self.received[there].at)
                there += 1
            }
            while left < self.unread.count, self.unread[left].at.event == next {
                (unread, at) = (self.unread[left].bytes, self.unread[left].at)
                left += 1
            }
            if next >= arrival.event, received - unread >= end { return at }
        }
    }
}
