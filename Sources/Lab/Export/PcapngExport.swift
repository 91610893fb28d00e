import Foundation
import LinuxNetwork
import PeerNetworking
import SimNetwork
import TCP

/// The segments of a run as packets: one interface for each direction of a link, seen where it begins, and one for each host
/// that speaks with itself.
final class PcapngExport: ExportWriter {
    var output = Data()
    private let scope: ExportScope
    private var headers: ConnectionHeaders
    private var queue = FateQueue<Captured>()
    /// The segments that are on their way.
    private var underWay: [Int64: (summary: SegmentSummary, packet: Packet)] = [:]
    /// What is told with the packet that comes next.
    private var notes: [String] = []
    /// The interfaces, in the order in which they came to be.
    private var interfaces: [Place: UInt32] = [:]
    private var counts: [UInt64] = []

    /// Where packets are seen.
    private enum Place: Hashable {
        case link(LinkID, LinkDirection)
        case within(HostID)
    }

    private struct Captured {
        var place: Place
        var time: Int64
        var summary: SegmentSummary
        var packet: Packet
        var comments: [String]
    }

    init(_ scope: ExportScope) {
        self.scope = scope
        headers = ConnectionHeaders(scope.lab)
        begin()
    }

    // MARK: The events

    func take(_ record: EventRecord, _ names: Names, isShown: Bool) {
        if isShown {
            notes += ExportNote.notes(of: record, names).map { "\(TimeText.clock(record.time)) \($0.text)" }
        }
        for change in record.changes {
            headers.take(change)
            switch change {
            case .sent(let segment): send(segment, record, isShown, [])
            case .duplicated(let segment, _): send(segment, record, isShown, ["a second copy"])
            case .forwarded(let number, let link, let direction, _):
                guard let segment = underWay[number], let link else { continue }
                append(segment, at: .link(link, direction), record, isShown, ["forwarded"])
            case .arrived(let number): end(number)
            case .lost(let number, let reason):
                tell(number, "lost: \(reason)")
                end(number)
            case .marked(let number):
                tell(number, "marked: congestion")
                queue.change(number) { $0.packet.segment.codepoint = .congestion }
                underWay[number]?.packet.segment.codepoint = .congestion
            case .corrupted(let number): tell(number, "a bit of its payload is flipped")
            case .held(let number): tell(number, "held back by a clog")
            case .delayed(let number, let until): tell(number, "delayed until \(TimeText.clock(until))")
            case .name, .action, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening,
                .backlog, .opened, .tcp, .end, .unasked, .failed, .forgotten, .peerRegistered, .peer, .queue, .shaped,
                .clogged, .hostClogged, .partition, .standing, .struck, .draw, .fault:
                break
            }
        }
        writeReady()
    }

    private func send(_ segment: SegmentSummary, _ record: EventRecord, _ isShown: Bool, _ comments: [String]) {
        guard scope.includes(segment.connection), let packet = headers.packet(segment) else { return }
        underWay[segment.number] = (segment, packet)
        let place: Place
        if let link = segment.link {
            place = .link(link, segment.direction)
        } else {
            guard let host = record.host ?? headers.host(of: segment) else { return }
            place = .within(host)
        }
        append((segment, packet), at: place, record, isShown, comments)
    }

    private func append(
        _ segment: (summary: SegmentSummary, packet: Packet), at place: Place, _ record: EventRecord, _ isShown: Bool,
        _ comments: [String]
    ) {
        queue.settle(segment.summary.number)
        guard isShown else { return }
        let what = "\(ThingNames.event(record.number)) \(EventText.kind(of: segment.summary))"
        let name = segment.summary.ordinal > 0 ? " \(ThingNames.segment(segment.summary))" : ""
        queue.append(
            Captured(
                place: place, time: record.time, summary: segment.summary, packet: segment.packet,
                comments: notes + [what + name] + comments), of: segment.summary.number)
        notes = []
    }

    private func tell(_ number: Int64, _ what: String) { queue.change(number) { $0.comments.append(what) } }

    private func end(_ number: Int64) {
        queue.settle(number)
        underWay[number] = nil
    }

    func finish() throws(SessionError) {
        while let captured = queue.next(isLast: true) { write(captured) }
        for (index, count) in counts.enumerated() {
            var block = PcapngBlock(.statistics)
            block.add32(UInt32(index))
            block.add(time: 0)
            // What came behind the last packet is told with the first interface.
            if index == 0 { for note in notes { block.comment(note) } }
            block.option(4, withUnsafeBytes(of: count.littleEndian) { Array($0) })
            block.option(0, [])
            output.append(block.data)
        }
    }

    // MARK: The blocks

    private func begin() {
        var section = PcapngBlock(.section)
        section.add32(0x1A2B_3C4D)
        section.add16(1)
        section.add16(0)
        section.add(time: -1)
        section.comment(
            "lab \(scope.lab.name), seed \(scope.seed). Times count from the beginning of the run. Payloads are filler: "
                + "their bytes are not those that were sent. Timestamps of segments are left out.")
        section.option(4, "peerlab".utf8)
        section.option(0, [])
        output.append(section.data)
        var names = PcapngBlock(.names)
        for (index, host) in scope.lab.topology.hosts.enumerated() {
            let address = ConnectionHeaders.address(HostID(index)).bigEndian
            let record = withUnsafeBytes(of: address) { Array($0) } + Array(host.name.utf8) + [0]
            names.option(1, record)
        }
        names.option(0, [])
        output.append(names.data)
    }

    private func writeReady() { while let captured = queue.next() { write(captured) } }

    private func write(_ captured: Captured) {
        let interface = interface(of: captured.place)
        counts[Int(interface)] += 1
        let frame = frame(of: captured)
        var block = PcapngBlock(.packet)
        block.add32(interface)
        block.add(time: captured.time)
        block.add32(UInt32(frame.count))
        block.add32(UInt32(frame.count))
        block.add(frame)
        for comment in captured.comments { block.comment(comment) }
        block.option(0, [])
        output.append(block.data)
    }

    private func interface(of place: Place) -> UInt32 {
        if let known = interfaces[place] { return known }
        let number = UInt32(counts.count)
        interfaces[place] = number
        counts.append(0)
        let (name, description) =
            switch place {
            case .link(let link, let direction):
                (
                    scope.lab.topology.name(of: link, direction),
                    "link \(scope.lab.topology.name(of: link)), where the \(direction) direction begins"
                )
            case .within(let host): ("\(scope.name(host)):lo", "within \(scope.name(host))")
            }
        var block = PcapngBlock(.interface)
        // Ethernet.
        block.add16(1)
        block.add16(0)
        block.add32(0)
        block.option(2, name.utf8)
        block.option(3, description.utf8)
        // Nanoseconds.
        block.option(9, [9])
        block.option(0, [])
        output.append(block.data)
        return number
    }

    private func frame(of captured: Captured) -> [UInt8] {
        let (from, to): (HostID, HostID)
        switch captured.place {
        case .within(let host): (from, to) = (host, host)
        case .link(let link, let direction):
            let link = scope.lab.topology.links[Int(link.index)]
            (from, to) = direction == .forward ? (link.first, link.second) : (link.second, link.first)
        }
        let ether = Self.hardware(to) + Self.hardware(from) + [0x08, 0x00]
        var packet = captured.packet
        guard let notice = captured.summary.notice else {
            packet.segment.payload = ConnectionHeaders.payload(of: captured.summary)
            return ether + packet.bytes
        }
        // It goes to the sender of a segment, and has that segment's head with it.
        (packet.source, packet.destination) = (packet.destination, packet.source)
        (packet.sourcePort, packet.destinationPort) = (packet.destinationPort, packet.sourcePort)
        let code: UInt8 =
            switch notice {
            case .networkUnreachable: 0
            case .hostUnreachable: 1
            case .fragmentationNeeded: 4
            }
        let size = notice == .fragmentationNeeded ? UInt16(clamping: captured.summary.window) : 0
        return ether + packet.notice(code: code, mtu: size, from: ConnectionHeaders.address(from))
    }

    /// An address of a host's card: a local one (IEEE 802), with its number.
    private static func hardware(_ host: HostID) -> [UInt8] {
        let number = UInt32(host.index)
        return [2, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }
}
