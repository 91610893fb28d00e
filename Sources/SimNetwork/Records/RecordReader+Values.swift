import PeerNetworking
import TCP

extension RecordReader {
    mutating func connection() -> ConnectionID { ConnectionID(UInt32(truncatingIfNeeded: number())) }
    mutating func host() -> HostID { HostID(Int(small())) }
    mutating func process() -> ProcessID { ProcessID(Int(small())) }
    mutating func port() -> UInt16 { UInt16(truncatingIfNeeded: number()) }

    mutating func opener() -> Opener? {
        let attempt = small()
        return attempt == 0 ? nil : Opener(process: process(), attempt: attempt)
    }

    @inline(__always)
    mutating func end() -> (connection: ConnectionID, side: Side) {
        let word = number()
        return (ConnectionID(UInt32(truncatingIfNeeded: word >> 1)), word & 1 == 0 ? .client : .server)
    }

    @inline(__always)
    mutating func lane() -> (link: LinkID?, direction: LinkDirection) {
        let word = number()
        let link = Int32(truncatingIfNeeded: word >> 1) &- 1
        return (link < 0 ? nil : LinkID(Int(link)), word & 1 == 0 ? .forward : .backward)
    }

    /// A lane of a link that is one.
    mutating func linkLane() -> (link: LinkID, direction: LinkDirection) {
        let lane = lane()
        if lane.link == nil { refuse("no link where it must have one") }
        return (lane.link ?? LinkID(0), lane.direction)
    }

    mutating func segment() -> SegmentSummary {
        let number = natural()
        let end = end()
        let bits = byte()
        let flags = TCPFlags(rawValue: bits & ~RecordWriter.blocksBit)
        let kind = byte()
        let length = small()
        let sequence = signed()
        let acknowledgement = signed()
        let window = small()
        let size = flags.contains(.syn) ? UInt16(truncatingIfNeeded: self.number()) : 0
        let initial = flags.contains(.syn) ? UInt32(truncatingIfNeeded: self.number()) : 0
        let blocks = bits & RecordWriter.blocksBit == 0 ? [] : blocks(from: acknowledgement)
        let ordinal = natural()
        let arrives = natural()
        let lane = lane()
        return SegmentSummary(
            number: number, connection: end.connection, from: end.side, flags: flags,
            purpose: SegmentPurpose(rawValue: kind >> 4) ?? .plain, length: length, sequence: sequence,
            acknowledgement: acknowledgement, window: window, maximumSegmentSize: size, initial: initial,
            blocks: blocks,
            ordinal: ordinal,
            arrives: arrives == 0 ? .max : arrives &+ origin &- 1, link: lane.link, direction: lane.direction,
            notice: kind & 3 == 0 ? nil : Notice(rawValue: (kind & 3) - 1),
            codepoint: ECNCodepoint(rawValue: kind >> 2 & 3) ?? .notCapable)
    }

    private mutating func blocks(from acknowledgement: Int64) -> [Range<Int64>] {
        var blocks: [Range<Int64>] = []
        var count = number()
        while count > 0, damage == nil {
            count -= 1
            let start = acknowledgement &+ signed()
            let end = start &+ natural()
            if end < start { refuse("a block that ends before it begins") }
            blocks.append(start..<max(start, end))
        }
        return blocks
    }

    @inline(__always)
    mutating func endChange() -> EndChange {
        var change = EndChange()
        change.fields = EndChange.Fields(rawValue: UInt32(truncatingIfNeeded: number()))
        change.levels = levels(change.fields)
        if change.fields.contains(.timer) { change.timer = timer() }
        guard change.fields.contains(.laterTimers) else { return change }
        while let later = timer() { change.laterTimers.start(later.kind, at: later.due) }
        return change
    }

    @inline(__always)
    private mutating func timer() -> EndTimer? {
        let kind = byte()
        guard kind > 0, let kind = TCPTimer(rawValue: kind - 1) else { return nil }
        return EndTimer(kind: kind, due: time())
    }

    mutating func draw() -> DrawRecord {
        let word = number()
        return DrawRecord(
            site: site(word >> 2), subject: subject(), number: number(),
            value: UInt32(truncatingIfNeeded: number()), threshold: probability(), fires: word & 2 != 0,
            isForced: word & 1 != 0)
    }

    private mutating func site(_ place: UInt64) -> DrawSite {
        if let site = DrawSite(place: place) { return site }
        refuse("a draw at site \(place)")
        return .fault(.linkLoss)
    }

    private mutating func subject() -> DrawSubject {
        switch byte() {
        case 0:
            let lane = linkLane()
            return .lane(lane.link, lane.direction)
        case 1: return .connection(connection())
        case 2:
            let end = end()
            return .end(end.connection, end.side)
        case 3: return .lookup(host(), of: host())
        case 4: return .process(process())
        case 5: return .named(small())
        case 6:
            let lane = linkLane()
            let word = number()
            return .segment(
                SegmentDraw(
                    link: lane.link, direction: lane.direction,
                    connection: ConnectionID(UInt32(truncatingIfNeeded: word >> 2)),
                    side: word & 2 == 0 ? .client : .server, isData: word & 1 != 0,
                    transmission: UInt32(truncatingIfNeeded: number())))
        case 7: return .network
        case let unknown:
            refuse("a draw for a subject of kind \(unknown)")
            return .network
        }
    }

    mutating func shape() -> LinkShape {
        switch choice(LinkShape.Kind.self) {
        case .latency: .latency(latency())
        case .loss: .loss(loss())
        case .duplicate: .duplicate(probability())
        case .reorder: .reorder(Reordering(probability(), by: natural()))
        case .corrupt: .corrupt(Corruption(caught: probability(), uncaught: probability()))
        case .bandwidth: .bandwidth(natural(), queue: natural())
        case .mtu: .mtu(small(), tells: flag())
        case .queue: .queue(discipline())
        }
    }

    private mutating func discipline() -> QueueDiscipline {
        switch choice(QueueDiscipline.Kind.self) {
        case .dropTail: return .dropTail
        case .red:
            var red = RandomEarlyDetection()
            (red.least, red.most) = (natural(), natural())
            (red.probability, red.weight) = (probability(), probability())
            red.marks = flag()
            return .red(red)
        case .codel:
            var codel = ControlledDelay()
            (codel.target, codel.interval) = (natural(), natural())
            codel.marks = flag()
            return .codel(codel)
        }
    }

    mutating func loss() -> LossModel {
        byte() == 0
            ? .independent(probability())
            : .burst(
                GilbertElliott(
                    toBad: probability(), toGood: probability(), lossWhenGood: probability(),
                    lossWhenBad: probability()))
    }

    mutating func latency() -> Latency {
        switch byte() {
        case 0: return .constant(signed())
        case 1: return .uniform(signed(), signed())
        case 2: return .normal(mean: signed(), deviation: signed())
        case 3: return .exponential(mean: signed())
        case 4: return .bimodal(signed(), signed(), second: probability())
        case 5: return .pareto(least: signed(), shape: Double(bitPattern: word()))
        case let unknown:
            refuse("a latency of kind \(unknown)")
            return .constant(0)
        }
    }

    mutating func probability() -> Probability {
        let threshold = number()
        if threshold > Probability.always.threshold { refuse("a probability above 1") }
        return Probability(threshold: threshold)
    }

    mutating func partition() -> Partition {
        let isOneWay = flag()
        return Partition(hosts(), hosts(), isOneWay: isOneWay)
    }

    /// Hosts that a group may have, and numbers that they may have: more than any network has.
    private static let mostHosts: UInt64 = 1 << 22

    /// Hosts, written as the stretches of those that follow one another.
    private mutating func hosts() -> [HostID] {
        let count = number()
        guard count <= Self.mostHosts else {
            refuse("a group of \(count) hosts")
            return []
        }
        var hosts: [HostID] = []
        hosts.reserveCapacity(Int(count))
        var next = Int64(0)
        while hosts.count < Int(count) {
            let first = next &+ signed()
            let length = number()
            guard length > 0, length <= count - UInt64(hosts.count), (0..<Int64(Self.mostHosts)).contains(first) else {
                refuse("a group of hosts that are none")
                return []
            }
            next = first + Int64(length)
            for index in first..<next { hosts.append(HostID(Int(index))) }
        }
        return hosts
    }
}
