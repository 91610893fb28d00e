import Drill
import LinuxNetwork
import PeerNetworking
import SimNetwork
import TCP

/// What came to the end that opened a connection, in the order in which it did: segments of the other side, and the calls of its
/// application, as far as records tell of them.
struct ScriptInputs {
    /// A line of a script.
    struct Line {
        /// Since the connection was opened, in nanoseconds.
        var time: Int64
        var text: String
    }

    let connection: ConnectionID
    private(set) var lines: [Line] = []
    /// When it was opened; nil before.
    private(set) var openedAt: Int64?
    /// The hosts that it joins.
    private(set) var client: HostID?
    private(set) var server: HostID?
    /// Its end was taken away, so that what it sends from then on nobody called for.
    private(set) var isOver = false

    private let lab: LabDefinition
    private var headers: ConnectionHeaders
    /// Segments carry times.
    private(set) var isTimed = false
    /// The options of the SYN.
    private(set) var offered = "..."
    /// The other side's segments on their way, as lines, and the acknowledgement and bytes of each.
    private var underWay: [Int64: (segment: SegmentSummary, text: String)] = [:]
    /// When the own segments on their way were sent.
    private var sentAt: [Int64: Int64] = [:]
    /// What the other side has heard last of this end's clock, in milliseconds since it was opened.
    private var heard: Int64 = 0
    /// Bytes that are written, and those of them that are acknowledged.
    private var (written, acknowledged): (Int64, Int64) = (0, 0)
    private var queued: Int64 = 0
    /// Bytes that have come, in order and beyond gaps; those that wait, and those that are read.
    private var arrived: [Range<Int64>] = []
    private var (unread, read): (Int64, Int64) = (0, 0)

    /// What a script's own clock shows at its beginning, as the simulated stack's does.
    static let clock: Int64 = 0x7000_0000

    init(_ connection: ConnectionID, _ lab: LabDefinition) {
        (self.connection, self.lab) = (connection, lab)
        headers = ConnectionHeaders(lab)
    }

    mutating func take(_ record: EventRecord) {
        guard !isOver else { return }
        var isOwn = false
        for change in record.changes {
            headers.take(change)
            switch change {
            case .opened(connection, let from, _, let to, _, _):
                (openedAt, client, server) = (record.time, from, to)
                isTimed = options(from).timestamps && options(to).timestamps
            case .sent(let segment), .duplicated(let segment, _):
                guard segment.connection == connection, segment.notice == nil else { continue }
                send(segment, record)
            case .arrived(let number):
                arrive(number, record)
            case .lost(let number, _): (underWay[number], sentAt[number]) = (nil, nil)
            case .end(connection, .client, let change):
                isOwn = true
                if change.fields.contains(.level(.sendQueued)) { queued = Int64(change.levels[.sendQueued]) }
                if change.fields.contains(.level(.received)) { unread = Int64(change.levels[.received]) }
            case .tcp(connection, .client, let state): follow(state, record)
            case .name, .action, .timerSet, .taken, .scheduled, .episode, .power, .process, .readRate, .cut, .listening,
                .backlog, .opened, .tcp, .end, .unasked, .failed, .forgotten, .delayed, .peerRegistered, .peer,
                .forwarded, .corrupted, .marked, .held, .queue, .shaped, .clogged, .hostClogged, .partition, .standing,
                .struck, .draw, .fault:
                break
            }
        }
        if isOwn || record.connection == connection { call(record) }
    }

    private func options(_ host: HostID) -> TCPOptions { lab.topology.hosts[Int(host.index)].tcp }

    private mutating func add(_ record: EventRecord, _ text: String) {
        guard let openedAt else { return }
        lines.append(Line(time: record.time - openedAt, text: text))
    }

    // MARK: Segments

    private mutating func send(_ segment: SegmentSummary, _ record: EventRecord) {
        guard let openedAt, let packet = headers.packet(segment) else { return }
        if segment.from == .client {
            sentAt[segment.number] = (record.time - openedAt) / 1_000_000
            if segment.flags.contains(.syn), offered == "..." {
                var options = options(of: segment, packet)
                if isTimed { options.append("TS val \(Self.clock) ecr 0") }
                offered = options.joined(separator: ",")
            }
            return
        }
        var options = options(of: segment, packet)
        if isTimed, !segment.flags.contains(.rst) {
            let now = 1_000 + (record.time - openedAt) / 1_000_000
            options.append("TS val \(now) ecr \(Self.clock + heard)")
        }
        var text = "< \(segment.flags.letters) \(segment.sequence):"
        text += "\(segment.sequence + Int64(segment.length))(\(segment.length))"
        if segment.flags.contains(.ack) { text += " ack \(segment.acknowledgement)" }
        text += " win \(packet.segment.window)"
        if !options.isEmpty { text += " <\(options.joined(separator: ","))>" }
        underWay[segment.number] = (segment, text)
    }

    /// The options of a segment but its times.
    private func options(of segment: SegmentSummary, _ packet: Packet) -> [String] {
        var options: [String] = []
        if segment.maximumSegmentSize > 0 { options.append("mss \(segment.maximumSegmentSize)") }
        if packet.segment.options?.permitsSACK == true { options.append("sackOK") }
        if let scale = packet.segment.options?.windowScale { options.append("wscale \(scale)") }
        if !segment.blocks.isEmpty {
            options.append(
                "sack " + segment.blocks.map { "\($0.lowerBound):\($0.upperBound)" }.joined(separator: " "))
        }
        return options
    }

    private mutating func arrive(_ number: Int64, _ record: EventRecord) {
        if let sent = sentAt.removeValue(forKey: number) { heard = max(heard, sent) }
        guard let (segment, text) = underWay.removeValue(forKey: number) else { return }
        add(record, text)
        if segment.flags.contains(.ack) { acknowledged = max(acknowledged, segment.acknowledgement - 1) }
        if segment.length > 0 {
            arrived.append(segment.sequence..<segment.sequence + Int64(segment.length))
            join()
        }
    }

    /// What has come in order is one range.
    private mutating func join() {
        arrived.sort { $0.lowerBound < $1.lowerBound }
        var joined: [Range<Int64>] = []
        for range in arrived {
            if let last = joined.last, range.lowerBound <= last.upperBound {
                joined[joined.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
            } else {
                joined.append(range)
            }
        }
        arrived = joined
    }

    private var inOrder: Int64 { arrived.first.map { $0.lowerBound == 1 ? $0.upperBound - 1 : 0 } ?? 0 }

    // MARK: Calls

    /// The application has read what waits no more, and written what is queued beyond what was.
    private mutating func call(_ record: EventRecord) {
        let taken = inOrder - unread - read
        if taken > 0 {
            add(record, "read(3, ..., \(taken)) = \(taken)")
            read += taken
        }
        let more = min(acknowledged, written + queued) + queued - written
        if more > 0 {
            add(record, "write(3, ..., \(more)) = \(more)")
            written += more
        }
    }

    private mutating func follow(_ state: TCPState?, _ record: EventRecord) {
        switch state {
        case .finWait1, .lastAck:
            call(record)
            add(record, "shutdown(3, SHUT_WR) = 0")
        case nil: isOver = true
        case .closed, .synSent, .synReceived, .established, .finWait2, .closeWait, .closing, .timeWait: break
        }
    }
}
