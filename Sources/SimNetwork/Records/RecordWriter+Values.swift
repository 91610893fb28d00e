import PeerNetworking
import TCP

// The values that changes are made of.
extension RecordWriter {
    @inline(__always)
    mutating func lane(_ link: LinkID?, _ direction: LinkDirection) {
        number(UInt64(UInt32(bitPattern: (link?.index ?? -1) &+ 1)) << 1 | UInt64(direction.rawValue))
    }

    mutating func write(_ segment: SegmentSummary) {
        writeHead(
            segment.number, segment.connection, segment.from, segment.purpose, segment.notice, segment.codepoint,
            segment.flags, hasBlocks: !segment.blocks.isEmpty)
        natural(segment.length)
        signed(segment.sequence)
        signed(segment.acknowledgement)
        natural(segment.window)
        if segment.flags.contains(.syn) { writeOpening(segment.maximumSegmentSize, segment.initial) }
        if !segment.blocks.isEmpty { write(segment.blocks, from: segment.acknowledgement) }
        natural(segment.ordinal)
        arrival(segment.arrives)
        lane(segment.link, segment.direction)
    }

    /// Writes that a segment was sent, as ``write(_:)`` does of its summary, which is never made.
    @inline(__always)
    mutating func write(
        sent packet: borrowing InFlight, of connection: ConnectionID, over link: LinkID?, _ direction: LinkDirection
    ) {
        countChange()
        reserve(192)
        let due = packet.due
        inRegisters { writer in
            writer.byte(ChangeTag.sent.rawValue)
            writer.writeHead(
                packet.number, connection, packet.from, packet.segment.purpose, packet.notice,
                packet.segment.codepoint, packet.segment.flags, hasBlocks: packet.segment.hasBlocks)
            writer.natural(Int32(truncatingIfNeeded: packet.segment.length))
            writer.signed(packet.segment.offset)
            writer.signed(packet.segment.acknowledged)
            writer.natural(packet.segment.windowBytes)
            if packet.segment.flags.contains(.syn) {
                writer.writeOpening(packet.segment.options?.maximumSegmentSize ?? 0, packet.segment.sequence)
            }
            if packet.segment.hasBlocks { writer.write(packet.segment.blocks, from: packet.segment.acknowledged) }
            writer.natural(Int64(packet.ordinal))
            writer.arrival(due)
            writer.lane(link, direction)
        }
    }

    @inline(__always)
    private mutating func writeHead(
        _ number: Int64, _ connection: ConnectionID, _ from: Side, _ purpose: SegmentPurpose, _ notice: Notice?,
        _ codepoint: ECNCodepoint, _ flags: TCPFlags, hasBlocks: Bool
    ) {
        natural(number)
        self.number(UInt64(connection.number) << 1 | UInt64(from.rawValue))
        byte(flags.rawValue | (hasBlocks ? Self.blocksBit : 0))
        byte(purpose.rawValue << 4 | codepoint.rawValue << 2 | (notice.map { $0.rawValue + 1 } ?? 0))
    }

    /// The bit of the flags that no segment here has (URG): it says that ranges follow.
    static let blocksBit: UInt8 = 32

    /// What a SYN has beside.
    private mutating func writeOpening(_ maximumSegmentSize: UInt16, _ initial: UInt32) {
        number(UInt64(maximumSegmentSize))
        number(UInt64(initial))
    }

    /// Ranges beyond a number: at most four.
    private mutating func write(_ blocks: [Range<Int64>], from acknowledgement: Int64) {
        number(UInt64(blocks.count))
        for block in blocks {
            signed(block.lowerBound &- acknowledgement)
            natural(Int64(block.count))
        }
    }

    /// When a segment arrives; never, while it is held.
    @inline(__always)
    private mutating func arrival(_ time: Int64) { natural(time == .max ? 0 : time &- origin &+ 1) }

    @inline(__always)
    mutating func write(_ change: EndChange) {
        let fields = change.fields
        number(UInt64(fields.rawValue))
        write(change.levels, fields)
        if fields.contains(.timer) { write(change.timer) }
        guard fields.contains(.laterTimers) else { return }
        // Two at most are due later.
        var rest = change.laterTimers
        while let timer = rest.next {
            write(EndTimer(kind: timer.kind, due: timer.due))
            _ = rest.take(dueBy: timer.due)
        }
        write(EndTimer?.none)
    }

    @inline(__always)
    private mutating func write(_ timer: EndTimer?) {
        byte(timer.map { $0.kind.rawValue + 1 } ?? 0)
        if let timer { time(timer.due) }
    }

    mutating func write(_ draw: DrawRecord) {
        inRegisters { writer in
            writer.number(draw.site.place << 2 | (draw.fires ? 2 : 0) | (draw.isForced ? 1 : 0))
            writer.write(draw.subject)
            writer.number(draw.number)
            writer.number(UInt64(draw.value))
            writer.number(draw.threshold.threshold)
        }
    }

    @inline(__always)
    private mutating func write(_ subject: DrawSubject) {
        switch subject {
        case .lane(let link, let direction):
            byte(0)
            lane(link, direction)
        case .connection(let connection):
            byte(1)
            number(UInt64(connection.number))
        case .end(let connection, let side):
            byte(2)
            number(UInt64(connection.number) << 1 | UInt64(side.rawValue))
        case .lookup(let asking, let host):
            byte(3)
            natural(asking.index)
            natural(host.index)
        case .process(let process):
            byte(4)
            natural(process.index)
        case .named(let name):
            byte(5)
            natural(name)
        case .segment(let segment):
            byte(6)
            lane(segment.link, segment.direction)
            number(
                UInt64(segment.connection.number) << 2 | UInt64(segment.side.rawValue) << 1 | (segment.isData ? 1 : 0))
            number(UInt64(segment.transmission))
        case .network:
            byte(7)
        }
    }

    mutating func write(_ shape: LinkShape) {
        choice(shape.kind)
        switch shape {
        case .latency(let latency): write(latency)
        case .loss(let loss): write(loss)
        case .duplicate(let probability): write(probability)
        case .reorder(let reordering):
            write(reordering.probability)
            natural(reordering.extra)
        case .corrupt(let corruption):
            write(corruption.caught)
            write(corruption.uncaught)
        case .bandwidth(let rate, let queue):
            natural(rate)
            natural(queue)
        case .mtu(let bytes, let tells):
            natural(bytes)
            flag(tells)
        case .queue(let discipline):
            choice(discipline.kind)
            switch discipline {
            case .dropTail: break
            case .red(let red):
                natural(red.least)
                natural(red.most)
                write(red.probability)
                write(red.weight)
                flag(red.marks)
            case .codel(let codel):
                natural(codel.target)
                natural(codel.interval)
                flag(codel.marks)
            }
        }
    }

    mutating func write(_ loss: LossModel) {
        switch loss {
        case .independent(let probability):
            byte(0)
            write(probability)
        case .burst(let model):
            byte(1)
            for probability in [model.toBad, model.toGood, model.lossWhenGood, model.lossWhenBad] { write(probability) }
        }
    }

    mutating func write(_ latency: Latency) {
        switch latency {
        case .constant(let value):
            byte(0)
            signed(value)
        case .uniform(let low, let high):
            byte(1)
            signed(low)
            signed(high)
        case .normal(let mean, let deviation):
            byte(2)
            signed(mean)
            signed(deviation)
        case .exponential(let mean):
            byte(3)
            signed(mean)
        case .bimodal(let first, let second, let probability):
            byte(4)
            signed(first)
            signed(second)
            write(probability)
        case .pareto(let least, let shape):
            byte(5)
            signed(least)
            word(shape.bitPattern)
        }
    }

    mutating func write(_ probability: Probability) { number(probability.threshold) }

    mutating func write(_ partition: Partition) {
        flag(partition.isOneWay)
        write(partition.first)
        write(partition.second)
    }

    /// How many hosts, and runs of those that follow one another: a group is often all but a few of 100,000.
    private mutating func write(_ hosts: [HostID]) {
        reserve(16)
        number(UInt64(hosts.count))
        var (start, next) = (0, Int32(0))
        while start < hosts.count {
            let first = hosts[start].index
            var end = start + 1
            while end < hosts.count, hosts[end].index == first + Int32(end - start) { end += 1 }
            reserve(32)
            signed(Int64(first) - Int64(next))
            number(UInt64(end - start))
            (start, next) = (end, first + Int32(end - start))
        }
    }
}
