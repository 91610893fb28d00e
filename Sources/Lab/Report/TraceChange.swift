import PeerNetworking
import SimNetwork
import TCP

/// A change as a trace shows it: `what`, and the fields that this kind of change has.
struct TraceChange: Encodable {
    var what: String
    var host: String?
    var process: String?
    var link: String?
    var connection: String?
    var side: String?
    var state: String?
    var port: Int?
    var segment: Int64?
    var flags: String?
    var sequence: Int64?
    var bytes: Int64?
    var until_ns: Int64?
    var peer: String?
    var message: UInt64?
    var job: UInt64?
    var depth: Int?
    /// What a session holds of it, whose connection is named.
    var session_depth: Int?
    var reason: String?
    var levels: Levels?
    var value: Int64?
    var fired: Bool?

    var acknowledgement: Int64?
    var window: Int64?
    var mss: Int?
    /// The number in a SYN's header, from which the others count.
    var initial: UInt32?
    /// What has come beyond a gap: the first sequence number of each range, and the one after its last.
    var sack: [[Int64]]?
    var ecn: String?
    var ordinal: Int64?
    var purpose: String?
    var threshold: UInt64?
    var number: UInt64?
    var subject: String?
    var origin: String?
    var delivery: String?
    var timer: Timer?
    var later: [Timer]?
    var place: UInt64?

    /// The levels that changed, by their names.
    struct Levels: Encodable {
        var change: EndChange

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: Key.self)
            for level in change.moved {
                try container.encode(change.levels[level], forKey: Key(stringValue: level.key))
            }
        }

        /// The name of a level.
        private struct Key: CodingKey {
            var stringValue: String
            var intValue: Int? { nil }
            init(stringValue: String) { self.stringValue = stringValue }
            init?(intValue: Int) { nil }
        }
    }

    /// A timer of an end as it is now: the one that is due first, whose `kind` is `none` where none runs, or a later one.
    struct Timer: Encodable {
        var kind: String
        var due_ns: Int64?
    }

    init(_ change: Change, _ names: Names) {
        let lab = names.lab
        func host(_ id: HostID) -> String { lab.topology.hosts[Int(id.index)].name }
        func process(_ id: ProcessID) -> String { lab.peers[Int(id.index)].name }
        switch change {
        case .power(let id, let on): self.init("power", host: host(id), state: on ? "on" : "off")
        case .process(let id, let state): self.init("process", process: process(id), state: state.description)
        case .readRate(let id, let rate): self.init("read-rate", process: process(id), bytes: rate)
        case .cut(let id, let direction, let isCut):
            self.init(isCut ? "cut" : "healed", link: lab.topology.name(of: id, direction))
        case .listening(let id, let port, let isOpen):
            self.init(isOpen ? "listening" : "stopped-listening", host: host(id), port: Int(port))
        case .backlog(let id, let port, let waiting):
            self.init("backlog", host: host(id), port: Int(port), depth: Int(waiting))
        case .opened(let id, let from, let fromPort, let to, let port, let opener):
            self.init(
                "opened", host: host(from), connection: "\(id)", port: Int(port),
                reason: "from port \(fromPort) to \(host(to))")
            self.process = opener.map { process($0.process) }
            self.number = opener.map { UInt64($0.attempt) }
        case .unasked(let id, let port, let code, let reason):
            self.init("unasked", process: process(id), state: code.rawValue, port: Int(port), reason: reason)
        case .tcp(let id, let side, let state):
            self.init("tcp", connection: "\(id)", side: "\(side)", state: state?.description ?? "gone")
        case .end(let id, let side, let change):
            self.init("end", connection: "\(id)", side: "\(side)")
            take(change)
        case .failed(let id, let side, let code):
            self.init("failed", connection: "\(id)", side: "\(side)", reason: code.rawValue)
        case .forgotten(let id): self.init("forgotten", connection: "\(id)")
        case .sent(let segment) where segment.notice != nil:
            self.init(
                "notice", connection: "\(segment.connection)", side: "\(segment.from)", segment: segment.number,
                until_ns: segment.arrives, reason: segment.notice?.description)
            if segment.notice == .fragmentationNeeded { window = Int64(segment.window) }
        case .sent(let segment):
            self.init("sent")
            take(segment, lab)
        case .arrived(let number): self.init("arrived", segment: number)
        case .lost(let number, let reason): self.init("lost", segment: number, reason: reason.description)
        case .delayed(let number, let until): self.init("delayed", segment: number, until_ns: until)
        case .peerRegistered(let peer, let id, let capacity):
            self.init("peer", process: process(id), peer: names.name(peer), depth: Int(capacity))
        case .peer(let peer, let event, let session):
            self.init(event, peer: names.name(peer))
            if let session { (connection, session_depth) = ("\(session.connection)", Int(session.depth)) }
        case .draw(let draw):
            self.init(
                "draw", state: draw.isForced ? "forced" : nil, reason: draw.site.description, value: Int64(draw.value),
                fired: draw.fires)
            (number, threshold) = (draw.number, draw.threshold.threshold)
            subject = names.name(draw.subject)
        case .forwarded(let number, let link, let direction, let arrives):
            self.init(
                "forwarded", link: link.map { lab.topology.name(of: $0, direction) }, segment: number, until_ns: arrives
            )
        case .duplicated(let segment, let original):
            self.init("duplicated", value: original)
            take(segment, lab)
        case .corrupted(let number): self.init("corrupted", segment: number)
        case .marked(let number): self.init("marked", segment: number)
        case .held(let number): self.init("held", segment: number)
        case .queue(let id, let direction, let bytes, let until):
            self.init("queue", link: lab.topology.name(of: id, direction), bytes: bytes, until_ns: until)
        case .shaped(let id, let direction, let shape):
            self.init(
                "shaped", link: lab.topology.name(of: id, direction), state: shape.valueText,
                reason: shape.kind.rawValue)
        case .clogged(let id, let direction, let isClogged):
            self.init(isClogged ? "clogged" : "released", link: lab.topology.name(of: id, direction))
        case .hostClogged(let id, let bound, let isClogged):
            self.init(isClogged ? "clogged" : "released", host: host(id), state: "\(bound)")
        case .partition(let partition, let begins):
            let groups = [partition.first, partition.second].map { $0.map(host).joined(separator: " ") }
            self.init(
                begins ? "partition" : "partition-healed",
                reason: groups.joined(separator: partition.isOneWay ? " -> " : " | "))
        case .standing(let action):
            self.init(
                "standing", state: action.heals ? "lifted" : "set", reason: ActionSyntax(lab: lab).text(of: action))
        case .struck(let family, let id): self.init("struck", host: host(id), reason: family.rawValue)
        case .name(let kind, let number, let text):
            self.init("name", state: "\(kind)", reason: text, value: Int64(number))
        case .action(let action): self.init("action", reason: ActionSyntax(lab: lab).text(of: action))
        case .timerSet(let id, let task, let due):
            self.init("timer-set", process: process(id), until_ns: due, reason: names.task(task))
        case .taken(let place):
            self.init("taken")
            self.place = place
        case .scheduled(let action, let due):
            self.init("scheduled", until_ns: due, reason: ActionSyntax(lab: lab).text(of: action))
        case .episode(let family, let due): self.init("episode", until_ns: due, reason: family.rawValue)
        case .fault(let family, .set): self.init("fault", state: "set", reason: family.rawValue)
        case .fault(let family, .struck): self.init("fault", reason: family.rawValue)
        case .fault(let family, .healed): self.init("fault-healed", reason: family.rawValue)
        }
    }

    private init(_ event: PeerEvent, peer: String) {
        switch event {
        case .state(let state, let code):
            self.init("state", state: state.description, peer: peer, reason: code?.rawValue)
        case .attached(let connection): self.init("attached", connection: "\(connection)", peer: peer)
        case .backoff(let attempt, let delay): self.init("backoff", peer: peer, depth: Int(attempt), value: delay)
        case .queued(let message, let bytes, let delivery, let depth):
            self.init("queued", bytes: Int64(bytes), peer: peer, message: message, depth: Int(depth))
            self.delivery = "\(delivery)"
        case .sent(let message, let through, let depth):
            self.init("message-sent", peer: peer, message: message, depth: Int(depth), value: through)
        case .requeued(let message, let depth): self.init("requeued", peer: peer, message: message, depth: Int(depth))
        case .dropped(let message, let reason, let depth):
            self.init("dropped", peer: peer, message: message, depth: Int(depth), reason: reason.description)
        case .acknowledged(let message, let depth):
            self.init("acknowledged", peer: peer, message: message, depth: Int(depth))
        case .delivered(let message, let origin, let bytes):
            self.init("delivered", bytes: Int64(bytes), peer: peer, message: message)
            self.origin = Self.hexadecimal(origin)
        case .discarded(let message, let origin, let reason):
            self.init("discarded", peer: peer, message: message, reason: reason.description)
            self.origin = Self.hexadecimal(origin)
        case .suppressed(let message, let origin):
            self.init("suppressed", peer: peer, message: message)
            self.origin = Self.hexadecimal(origin)
        case .blocked(let isBlocked): self.init(isBlocked ? "blocked" : "unblocked", peer: peer)
        case .pressure(let isPressed): self.init(isPressed ? "pressed" : "relieved", peer: peer)
        case .roundTrip(let nanoseconds): self.init("round-trip", peer: peer, value: nanoseconds)
        case .heartbeatMissed: self.init("heartbeat-missed", peer: peer)
        case .circuit(let state): self.init("circuit", state: state.description, peer: peer)
        case .refused(let bytes): self.init("refused", bytes: Int64(bytes), peer: peer)
        case .degraded(let score): self.init("degraded", peer: peer, value: Int64(score))
        case .asked(let request, let attempt):
            self.init("asked", peer: peer, message: request, depth: Int(attempt))
        case .answered(let request, let outcome, let time):
            self.init("answered", peer: peer, message: request, reason: outcome.description, value: time)
        case .job(let job, let turn):
            self.init("job", state: "\(turn)", peer: peer)
            self.job = job
        case .progress(let done, let total):
            self.init("progress", peer: peer, value: Int64(clamping: done))
            number = total
        case .finished(let correct): self.init("finished", peer: peer, reason: correct ? "correct" : "wrong")
        }
    }

    private mutating func take(_ change: EndChange) {
        if !change.fields.isDisjoint(with: .levels) { levels = Levels(change: change) }
        if change.fields.contains(.timer) {
            timer = Timer(kind: change.timer.map { "\($0.kind)" } ?? "none", due_ns: change.timer?.due)
        }
        if change.fields.contains(.laterTimers) {
            later = change.laterTimers.running.map { Timer(kind: "\($0.kind)", due_ns: $0.due) }
        }
    }

    private mutating func take(_ segment: SegmentSummary, _ lab: LabDefinition) {
        connection = "\(segment.connection)"
        side = "\(segment.from)"
        self.segment = segment.number
        flags = segment.flags.description
        sequence = segment.sequence
        acknowledgement = segment.acknowledgement
        window = Int64(segment.window)
        if segment.maximumSegmentSize > 0 { mss = Int(segment.maximumSegmentSize) }
        if segment.flags.contains(.syn) { initial = segment.initial }
        if !segment.blocks.isEmpty { sack = segment.blocks.map { [$0.lowerBound, $0.upperBound] } }
        if segment.codepoint != .notCapable { ecn = segment.codepoint.description }
        bytes = Int64(segment.length)
        ordinal = segment.ordinal
        if segment.purpose != .plain { purpose = segment.purpose.description }
        link = segment.link.map { lab.topology.name(of: $0, segment.direction) }
        until_ns = segment.arrives
    }

    /// A number that is as good as random: JSON's own have 53 bits.
    private static func hexadecimal(_ value: UInt64) -> String { String(value, radix: 16) }

    private init(
        _ what: String, host: String? = nil, process: String? = nil, link: String? = nil, connection: String? = nil,
        side: String? = nil, state: String? = nil, port: Int? = nil, segment: Int64? = nil, flags: String? = nil,
        sequence: Int64? = nil, bytes: Int64? = nil, until_ns: Int64? = nil, peer: String? = nil,
        message: UInt64? = nil, depth: Int? = nil, reason: String? = nil, levels: Levels? = nil, value: Int64? = nil,
        fired: Bool? = nil
    ) {
        self.what = what
        self.host = host
        self.process = process
        self.link = link
        self.connection = connection
        self.side = side
        self.state = state
        self.port = port
        self.segment = segment
        self.flags = flags
        self.sequence = sequence
        self.bytes = bytes
        self.until_ns = until_ns
        self.peer = peer
        self.message = message
        self.depth = depth
        self.reason = reason
        self.levels = levels
        self.value = value
        self.fired = fired
    }
}
