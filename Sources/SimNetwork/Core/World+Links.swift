import Bug
import NIOCore
import PeerNetworking
import TCP

// How segments cross links: from the sender's socket over each hop of the path to the receiver's host.
extension World {
    // MARK: Sending

    /// Puts a segment on the first link of its path.
    @inline(__always)
    func transmit(_ segment: consuming TCPSegment, on connection: Connection, from side: Side) {
        segmentsMade += 1
        let number = segmentsMade
        connection.segmentsSent[side] += 1
        let ordinal = connection.segmentsSent[side]
        let (control, transmission) = connection.count(segment, from: side)
        var packet = InFlight(
            segment: segment, from: side, reference: Unmanaged.passUnretained(connection), control: control,
            transmission: transmission, ordinal: ordinal, number: number, cause: eventNumber, arrives: now)
        guard let link = connection.firstLink else {
            packet.arrives = now + World.sameHostLatency
            announce(&packet, of: connection, over: nil, .forward)
            launch(consume packet, on: connection)
            return
        }
        let direction = side == .client ? connection.direction : connection.direction.opposite
        guard let way = link._withUnsafeGuaranteedRef({ plainWay(over: $0, direction, of: connection) }) else {
            return cross(consume packet, on: connection, isFirst: true)
        }
        let latency = way.latency ?? drawnLatency(of: packet, on: connection)
        let arrives = max(now + latency, way.lastArrival)
        packet.arrives = arrives
        packet.cuts = way.cuts
        link._withUnsafeGuaranteedRef { $0[direction].lastArrival = arrives }
        announce(&packet, of: connection, over: way.link, direction)
        launch(consume packet, on: connection)
    }

    /// What a segment needs of the way that most of them take: one link, on which nothing happens.
    private struct PlainWay {
        let link: LinkID
        /// Nil where it is drawn.
        let latency: Int64?
        let lastArrival: Int64
        let cuts: UInt16
    }

    /// The way over a link, where it is plain; nil where something may happen on it.
    @inline(__always)
    private func plainWay(over link: Link, _ direction: LinkDirection, of connection: Connection) -> PlainWay? {
        guard connection.path.isEmpty, isCalm, link[direction].isPlain, options.buggify == nil else { return nil }
        var constant: Int64?
        if case .constant(let value) = link[direction].properties.latency { constant = value }
        return PlainWay(
            link: link.id, latency: constant, lastArrival: link[direction].lastArrival,
            cuts: UInt16(truncatingIfNeeded: link[direction].cuts))
    }

    /// How long a segment takes over the first link of its way.
    @inline(never)
    private func drawnLatency(of packet: borrowing InFlight, on connection: Connection) -> Int64 {
        guard let hop = connection.hop(0, from: packet.from) else { bug("a way over a link has no first hop") }
        return drawnLatency(
            packet.identity(over: hop.link, hop.direction, on: connection), over: hop.link, hop.direction)
    }

    /// How long a segment takes over a link: by what the segment is, like all its draws.
    private func drawnLatency(_ segment: SegmentIdentity, over link: Link, _ direction: LinkDirection) -> Int64 {
        let latency = link[direction].properties.latency
        if case .constant(let value) = latency { return value }
        return latency.nanoseconds(
            from: Draw.bits(seed: seed, site: World.latencySite, subject: segment.key, number: segment.number))
    }

    private static let latencySite = Draw.stableHash("link.latency")

    /// How long a segment takes between two sockets of one host, in nanoseconds: the order of Linux's loopback.
    static let sameHostLatency: Int64 = 10_000

    /// Lets a segment arrive when its time comes.
    @inline(__always)
    func launch(_ packet: consuming InFlight, on connection: Connection) {
        connection.segmentsInFlight += 1
        putOnWire(packet)
    }

    /// Puts a segment that has its place on the wire; one that is held waits there.
    @inline(__always)
    func putOnWire(_ packet: consuming InFlight) {
        let (time, place) = (packet.arrives, packet.place)
        let isHeld = packet.fate.contains(.held)
        let slot = wire.insert(packet)
        if !isHeld {
            queue.push(time: time, place: place, kind: .segment, index: slot.index, generation: slot.generation)
        }
    }

    // MARK: Crossing a link

    /// Puts a segment on the link of its hop, with all that links and the network may do to it.
    @inline(__always)
    func cross(_ packet: consuming InFlight, on connection: Connection, isFirst: Bool) {
        guard let hop = connection.hop(Int(packet.hop), from: packet.from) else { return }
        cross(packet, over: hop.link, hop.direction, on: connection, isFirst: isFirst)
    }

    /// Takes the link by itself: what is handed on as an argument is not counted at each use.
    @inline(never)
    private func cross(
        _ packet: consuming InFlight, over link: Link, _ direction: LinkDirection, on connection: Connection,
        isFirst: Bool
    ) {
        let segment = packet.identity(over: link, direction, on: connection)
        let lane = link[direction].subject
        let size = Int64(packet.segment.length) + Int64(LinkProperties.headerBytes)
        if let refusal = obstacle(to: packet, segment, over: link, direction, on: connection, size: size) {
            return loseAtOnce(packet, refusal, over: link.id, direction, on: connection, isFirst: isFirst)
        }
        var (departs, isMarked) = (now, false)
        if link[direction].properties.bandwidth > 0 {
            switch wait(packet, segment, over: link, direction, size: size) {
            case .departs(let time, let marked): (departs, isMarked) = (time, marked)
            case .refused(let reason):
                return loseAtOnce(packet, reason, over: link.id, direction, on: connection, isFirst: isFirst)
            }
        }
        if isLost(segment, on: link, direction) {
            return loseAtOnce(packet, .loss, over: link.id, direction, on: connection, isFirst: isFirst)
        }
        if packet.notice == nil { damage(&packet, segment, link[direction].properties.corrupt, lane) }
        var time = departs + drawnLatency(segment, over: link, direction)
        if packet.hop == 0, !slowPairs.isEmpty { time += slowPairExtra(packet, on: connection) }
        if options.buggify != nil, buggifyFires(.simSegmentDelay, segment, of: connection.key) {
            time += 9 * (time - departs)
        }
        let reorder = link[direction].properties.reorder
        if strikes(.linkReorder, reorder.probability, segment, of: lane) {
            // Those behind it pass: the order of the link is not its own any more.
            emit(.struck(.reorder, link.sender(direction).id))
            time += reorder.probability == .never ? World.forcedDelay : reorder.extra
            link[direction].strays(until: time)
        } else {
            time = max(time, link[direction].lastArrival)
            link[direction].lastArrival = time
        }
        packet.arrives = time
        packet.cuts = UInt16(truncatingIfNeeded: link[direction].cuts)
        if isClogged(link, direction) {
            packet.fate.insert(.held)
            link[direction].holdsBack = true
        }
        announce(&packet, of: connection, over: link.id, direction, isFirst: isFirst)
        if packet.fate.contains(.held) { emit(.held(packet.number)) }
        if isMarked {
            packet.segment.codepoint = .congestion
            emit(.marked(packet.number))
        }
        if packet.notice == nil, strikes(.linkDuplicate, link[direction].properties.duplicate, segment, of: lane) {
            duplicate(packet, over: link, direction, on: connection)
        }
        launch(consume packet, on: connection)
    }

    /// Says that a segment is on its way, at a place of its own among what is pending.
    @inline(__always)
    func announce(
        _ packet: inout InFlight, of connection: Connection, over link: LinkID?, _ direction: LinkDirection,
        isFirst: Bool = true
    ) {
        packet.place = queue.takePlace()
        if isFirst {
            journal.write(sent: packet, of: connection.id, over: link, direction)
            if scheduleWatch != nil { watch(.sent(packet.summary)) }
        } else {
            emit(.forwarded(packet.number, link, direction, arrives: packet.due))
        }
    }

    /// A segment that does not come onto the link.
    @inline(never)
    private func loseAtOnce(
        _ packet: consuming InFlight, _ reason: LossReason, over link: LinkID, _ direction: LinkDirection,
        on connection: Connection, isFirst: Bool
    ) {
        announce(&packet, of: connection, over: link, direction, isFirst: isFirst)
        lose(packet, reason, on: connection)
    }

    /// A segment that goes no further.
    func lose(_ packet: borrowing InFlight, _ reason: LossReason, on connection: Connection) {
        emit(.lost(packet.number, reason))
        if reason == .unreachable { tellUnreachable(packet, on: connection) }
        if reason == .tooBig { tellTooBig(packet, on: connection) }
    }

    /// What keeps a segment from going over a link at all.
    private func obstacle(
        to packet: borrowing InFlight, _ segment: SegmentIdentity, over link: Link, _ direction: LinkDirection,
        on connection: Connection, size: Int64
    ) -> LossReason? {
        if packet.notice == nil {
            if link[direction].unreachable != nil { return .unreachable }
            let isUnreachable = connection.end(packet.from.other)._withUnsafeGuaranteedRef { $0.unreachable != nil }
            if isUnreachable { return .unreachable }
            // A notice comes from the host that could not send on, and not from the one that the segment was for.
            if !partitions.isEmpty {
                let (source, target) = (connection.host(packet.from), connection.host(packet.from.other))
                if isPartitioned(source, from: target) { return .partition }
            }
        }
        if link[direction].isCut { return .cut }
        if packet.notice != nil, isFiltered(packet, segment, over: link, direction, on: connection) { return .filtered }
        if size > Int64(link[direction].properties.mtu) { return .tooBig }
        if packet.notice == nil, !link[direction].moments.isEmpty || !overrides.isEmpty,
            isDropped(packet, segment, during: link[direction].moments, on: connection)
        {
            return .moment
        }
        return nil
    }

    /// Whether something that the network says goes no further: for the link, the host before it, or the one that it is for.
    private func isFiltered(
        _ packet: borrowing InFlight, _ segment: SegmentIdentity, over link: Link, _ direction: LinkDirection,
        on connection: Connection
    ) -> Bool {
        var probability = link[direction].noticeDrop.or(link.sender(direction).noticeDrop)
        if Int(packet.hop) + 1 == connection.hops { probability = probability.or(link.receiver(direction).noticeDrop) }
        if options.buggify != nil, buggifyFires(.simNoticeDrop, segment, of: connection.key) { return true }
        return strikes(.noticeDrop, probability, segment, of: link[direction].subject)
    }

    private func isDropped(
        _ packet: borrowing InFlight, _ segment: SegmentIdentity,
        during moments: [(moment: ProtocolMoment, probability: Probability)],
        on connection: Connection
    ) -> Bool {
        // Where none stands, a draw may be forced.
        guard packet.belongsToAnyMoment else { return false }
        var probability = Probability.never
        for (moment, ofMoment) in moments where packet.belongs(to: moment) { probability = probability.or(ofMoment) }
        return strikes(.momentDrop, probability, segment, of: connection.key)
    }

    /// How much later a segment arrives whose reordering is forced where nothing else is said: 20 ms.
    private static let forcedDelay: Int64 = 20_000_000

    /// What becomes of a segment at the queue before a line.
    private enum Turn {
        /// When its last byte has left, and whether it tells of congestion.
        case departs(Int64, isMarked: Bool)
        case refused(LossReason)
    }

    /// Puts a segment into the queue before a line, by its discipline.
    @inline(never)
    private func wait(
        _ packet: borrowing InFlight, _ segment: SegmentIdentity, over link: Link, _ direction: LinkDirection,
        size: Int64
    ) -> Turn {
        let waiting = link[direction].backlog(at: now)
        // The segment that the line is busy with is not in the queue; an empty queue takes any one segment.
        let hasRoom = waiting == 0 || waiting + size <= link[direction].properties.queue
        var (isStruck, marks) = (false, false)
        switch link[direction].properties.discipline {
        case .dropTail: break
        case .red(let red):
            // It strikes before there is no room.
            (isStruck, marks) = (isStruckEarly(segment, red, waiting: waiting, over: link, direction), red.marks)
        case .codel(let codel) where hasRoom:
            (isStruck, marks) = (isStruckLate(segment, codel, waiting: waiting, over: link, direction), codel.marks)
        case .codel: break
        }
        if options.buggify != nil, buggifyFires(.simQueueEarly, segment, of: packet.connection.key) {
            (isStruck, marks) = (true, true)
        }
        let isMarked = isStruck && marks && packet.notice == nil && packet.segment.codepoint.isCapable
        if isStruck, !isMarked { return .refused(.early) }
        guard hasRoom else { return .refused(.queueFull) }
        let rate = link[direction].properties.bandwidth
        let departs = max(now, link[direction].busyUntil) + (size * 1_000_000_000 + rate - 1) / rate
        link[direction].busyUntil = departs
        recordQueue(waiting + size, of: size, until: departs, on: link, direction)
        return .departs(departs, isMarked: isMarked)
    }

    /// Whether a queue that is getting long tells a segment's ends of it.
    private func isStruckEarly(
        _ segment: SegmentIdentity, _ red: RandomEarlyDetection, waiting: Int64, over link: Link,
        _ direction: LinkDirection
    ) -> Bool {
        let (rate, room) = (link[direction].properties.bandwidth, link[direction].properties.queue)
        let idle = link[direction].busyUntil
        var isStruck = true
        switch link[direction].average.arrival(red, waiting: waiting, idle: idle, rate: rate, queue: room, at: now) {
        case .passes: isStruck = strikes(.queueEarly, .never, segment, of: link[direction].subject)
        case .mayStrike(let chance): isStruck = strikes(.queueEarly, chance, segment, of: link[direction].subject)
        case .strikes: break
        }
        if isStruck { link[direction].average.struck() }
        return isStruck
    }

    /// Whether a queue in which segments wait too long tells a segment's ends of it.
    private func isStruckLate(
        _ segment: SegmentIdentity, _ codel: ControlledDelay, waiting: Int64, over link: Link,
        _ direction: LinkDirection
    ) -> Bool {
        let leaves = max(now, link[direction].busyUntil)
        let isAlone = waiting <= Int64(link[direction].properties.mtu)
        let isStruck = link[direction].delay.strikes(codel, after: leaves - now, at: leaves, isAlone: isAlone)
        return strikes(.queueEarly, .never, segment, of: link[direction].subject) || isStruck
    }

    func recordQueue(_ bytes: Int64, of segment: Int64, until: Int64, on link: Link, _ direction: LinkDirection) {
        if checksInvariants { checkQueue(bytes, of: segment, on: link[direction]) }
        link[direction].queue = LinkState.Queue(direction: direction, bytes: bytes, since: now, until: until)
        emit(.queue(link.id, direction, bytes: bytes, until: until))
    }

    private func isLost(_ segment: SegmentIdentity, on link: Link, _ direction: LinkDirection) -> Bool {
        let lane = link[direction].subject
        switch link[direction].properties.loss {
        case .independent(let probability):
            return strikes(.linkLoss, probability, segment, of: lane)
        case .burst(let model):
            let isBad = link[direction].isInBurst
            if strikes(.linkBurst, isBad ? model.toGood : model.toBad, segment, of: lane) {
                link[direction].isInBurst = !isBad
            }
            let loss = link[direction].isInBurst ? model.lossWhenBad : model.lossWhenGood
            return strikes(.linkLoss, loss, segment, of: lane)
        }
    }

    private func damage(
        _ packet: inout InFlight, _ segment: SegmentIdentity, _ corrupt: Corruption, _ lane: UInt64
    ) {
        if strikes(.linkCorrupt, corrupt.caught, segment, of: lane) { packet.fate.insert(.damaged) }
        guard packet.segment.length > 0, strikes(.linkCorruptUncaught, corrupt.uncaught, segment, of: lane) else {
            return
        }
        // One bit, drawn like the rest; the sender's copy of the bytes stays whole.
        let bits = Draw.bits(
            seed: seed, site: World.corruptedBitSite, subject: segment.key, number: segment.number)
        let place = packet.segment.payload.readerIndex + Int(bits >> 8) % packet.segment.length
        guard let byte = packet.segment.payload.getInteger(at: place, as: UInt8.self) else { return }
        packet.segment.payload.setInteger(byte ^ (1 << UInt8(bits & 7)), at: place)
        packet.connection.audit?[packet.from].isTainted = true
        emit(.corrupted(packet.number))
    }

    private static let corruptedBitSite = Draw.stableHash("link.corrupted-bit")

    /// Sends a second copy after a segment, with a latency of its own.
    func duplicate(
        _ original: borrowing InFlight, over link: Link, _ direction: LinkDirection, on connection: Connection
    ) {
        segmentsMade += 1
        var copy = InFlight(
            segment: original.segment, from: original.from, reference: original.reference, control: original.control,
            transmission: original.transmission | SegmentDraw.copyBit, ordinal: original.ordinal, number: segmentsMade,
            cause: eventNumber, arrives: original.arrives)
        copy.hop = original.hop
        let segment = copy.identity(over: link, direction, on: connection)
        copy.arrives = max(original.arrives, now + drawnLatency(segment, over: link, direction))
        link[direction].strays(until: copy.arrives)
        copy.fate = original.fate.union(.copy)
        copy.cuts = original.cuts
        copy.place = queue.takePlace()
        emit(.duplicated(copy.summary, of: original.number))
        launch(copy, on: connection)
    }
}

extension InFlight {
    /// Whether it belongs to a step of its connection that there is a name for.
    fileprivate var belongsToAnyMoment: Bool {
        for moment in ProtocolMoment.allCases where belongs(to: moment) { return true }
        return false
    }

    /// Whether it belongs to a step of its connection.
    func belongs(to moment: ProtocolMoment) -> Bool {
        let flags = segment.flags
        switch moment {
        case .syn: return segment.isFirst
        case .synAck: return flags.isSuperset(of: [.syn, .ack])
        case .handshake:
            return flags.contains(.syn) || (from == .client && ordinal == 2 && flags == .ack)
        case .firstData: return segment.length > 0 && segment.offset == 1
        case .fin: return flags.contains(.fin)
        }
    }
}
