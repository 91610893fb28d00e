import PeerNetworking
import SimNetwork
import TCP

// A message's life in words.
extension MessageStory {
    /// What stands over it: `Message m41 of ping`.
    package var title: String {
        let session = life.id.session.map { " by \($0)" } ?? ""
        return "Message \(ThingNames.message(life.id.number)) of \(names.name(life.id.sender))\(session)"
    }

    /// The page: what it is, its way, and what made it late.
    package var lines: [TextLine] {
        guard !life.isTurnedAway else {
            return [.field("fate", fate), TextLine(), .heading("Its way")] + way
        }
        return [
            .field("bytes", "\(life.bytes), in a frame of \(Int(life.bytes) + Frame.messageOverhead)"),
            .field("delivery", life.delivery.words), .field("fate", fate), TextLine(), .heading("Its way"),
        ] + way + [TextLine()] + late
    }

    private var fate: String {
        let deliveries = life.arrivals.count { $0.outcome == .delivered }
        if deliveries > 0 {
            let times = deliveries > 1 ? " \(NumberText.count(deliveries, "time"))" : ""
            return "delivered\(times)" + (life.confirmed == nil ? "" : ", and confirmed")
        }
        if let dropped = life.dropped { return "dropped: \(dropped.reason)" }
        if life.sendings.isEmpty { return "queued" }
        if life.requeued.count >= life.sendings.count { return "requeued" }
        let place =
            if latest.isEmpty { "in the socket's send buffer" } else if latest.contains(where: { $0.end == nil }) {
                "on the wire"
            } else if latest.allSatisfy({ $0.loss != nil }) { "lost on the wire" } else {
                "come to the other end, and to no application"
            }
        return place + (isConnectionGone ? "; its connection is gone" : "")
    }

    /// The segments that carried it on the connection that it was handed to last.
    private var latest: [WireBook.Transmission] {
        guard let last = life.sendings.last else { return [] }
        return carriers.filter { $0.segment.connection == last.connection && $0.at.event >= last.at.event }
    }

    // MARK: Its way

    private var way: [TextLine] {
        var lines: [(event: Int, line: TextLine)] = []
        func add(_ at: MessageLife.Station, _ words: String, _ role: TextRole = .plain, depth: Int = 0) {
            let place = "\(ThingNames.event(at.event))  \(TimeText.clock(at.time))  "
            lines.append((at.event, TextLine([(place, .time), (words, role)], depth: depth, event: at.event)))
        }
        if !life.isTurnedAway { add(life.queued, "queued") }
        for sending in life.sendings {
            let connection = sending.connection.map { " to \($0)" } ?? ""
            add(
                sending.at,
                "handed\(connection), bytes \(sending.bytes.lowerBound)–\(sending.bytes.upperBound - 1) of its stream")
        }
        for carrier in carriers {
            add(carrier.at, words(of: carrier), carrier.segment.purpose.isRepetition ? .warning : .plain, depth: 1)
            guard let end = carrier.end else {
                let due = carrier.isHeld ? "held back by a clog" : "on its way, due \(TimeText.clock(carrier.due))"
                lines.append((carrier.at.event, TextLine([(due, .dim)], depth: 3)))
                continue
            }
            let name = ThingNames.segment(carrier.segment)
            if let loss = carrier.loss {
                add(end, "\(name) is lost: \(loss)", .loss, depth: 1)
            } else {
                add(end, "\(name) arrives", .good, depth: 1)
            }
        }
        for requeued in life.requeued { add(requeued, "requeued: its connection was lost", .warning) }
        var isFirst = true
        for arrival in life.arrivals {
            let place = names.name(arrival.peer) + (arrival.connection.map { " by \($0)" } ?? "")
            switch arrival.outcome {
            case .delivered:
                add(arrival.at, "delivered to \(place)" + (isFirst ? "" : " once more"), isFirst ? .good : .warning)
                isFirst = false
            case .suppressed: add(arrival.at, "came to \(place), and was not given again")
            case .discarded(let reason): add(arrival.at, "came to \(place), and was given up: \(reason)", .loss)
            }
        }
        if let confirmed = life.confirmed { add(confirmed, "confirmed") }
        if let dropped = life.dropped { add(dropped.at, "dropped: \(dropped.reason)", .loss) }
        return lines.enumerated().sorted { ($0.element.event, $0.offset) < ($1.element.event, $1.offset) }
            .map(\.element.line)
    }

    /// Which segment carries how much of it.
    private func words(of carrier: WireBook.Transmission) -> String {
        let frames = life.sendings.filter { carrier.holdsSome(of: $0) && $0.at.event <= carrier.at.event }
        let isWhole = frames.last.map {
            carrier.bytes.lowerBound <= $0.bytes.lowerBound && carrier.bytes.upperBound >= $0.bytes.upperBound
        }
        // A segment that is sent again may take up bytes that had to wait until then.
        let hasGone = carriers.contains { $0.at.event < carrier.at.event && $0.bytes.overlaps(carrier.bytes) }
        let verb = carrier.segment.purpose.isRepetition && hasGone ? "repeats" : "carries"
        return "\(ThingNames.segment(carrier.segment)) \(verb) \(isWhole == false ? "a part of it" : "it")"
    }

    // MARK: What made it late

    private var late: [TextLine] {
        guard let lateness else { return [TextLine([("it has come to no application yet", .dim)])] }
        let whole = TimeText.duration(lateness.whole)
        let parts = lateness.parts.map { part in
            var line = line(part.to - part.from, of: lateness.whole, part.kind, ", from \(TimeText.clock(part.from))")
            line.lead = .place(.time(part.from))
            return line
        }
        let kinds = Lateness.Kind.allCases.filter { lateness.time($0) > 0 }
            .sorted { lateness.time($0) > lateness.time($1) }
        // What came more than once is added up.
        let sums =
            kinds.count == parts.count
            ? []
            : [TextLine(), .heading("Each kind of it together")]
                + kinds.map { line(lateness.time($0), of: lateness.whole, $0, "") }
        return [.heading("It was \(whole) late, of which it was")] + parts + [.field(whole, "all together")] + sums
    }

    /// A part with its share of the whole, rounded.
    private func line(_ time: Int64, of whole: Int64, _ kind: Lateness.Kind, _ more: String) -> TextLine {
        let share = whole > 0 ? Int((time * 100 + whole / 2) / whole) : 0
        var line = TextLine.field(TimeText.duration(time), kind.words, kind.role)
        line.pieces.append(TextLine.Piece(text: "  \(share) %\(more)", role: .dim))
        return line
    }
}

extension Lateness.Kind {
    /// What it was, in words.
    package var words: String {
        switch self {
        case .peerQueue: "in its peer's queue"
        case .connecting: "in its peer's queue, which was connecting"
        case .backoff: "in its peer's queue, which waited for its backoff timer"
        case .circuit: "in its peer's queue, whose circuit was open"
        case .heartbeat: "with a connection that was lost, until the heartbeat timer told"
        case .givenUp: "with a connection that was lost, until TCP gave it up"
        case .lostConnection: "with a connection that was lost, until that was heard of"
        case .sendBuffer: "in the socket's send buffer, until a window or Nagle's rule let it go"
        case .retransmission: "waiting for the retransmission timer"
        case .afterTimeout: "waiting for its turn to go again after a timeout"
        case .lossDetection: "waiting until acknowledgements told of a loss"
        case .tailProbe: "waiting for the probe of the tail"
        case .windowProbe: "waiting for the window to be probed"
        case .order: "there, and bytes before it were not"
        case .linkQueue: "in the queue before a link"
        case .propagation: "on a link"
        case .clog: "held back by a clog"
        case .delay: "put off on purpose"
        case .receiveBuffer: "in the receive buffer"
        case .inbox: "in the inbox of the peer there"
        case .pause: "waiting for a paused process"
        case .network: "on its way"
        }
    }

    /// How it is meant.
    var role: TextRole {
        switch self {
        case .propagation, .network: .plain
        case .clog, .delay, .pause: .fault
        case .heartbeat, .givenUp, .lostConnection, .retransmission, .afterTimeout, .lossDetection, .tailProbe,
            .windowProbe, .backoff, .circuit:
            .warning
        case .peerQueue, .connecting, .sendBuffer, .order, .linkQueue, .receiveBuffer, .inbox: .note
        }
    }
}

extension Delivery {
    fileprivate var words: String {
        switch self {
        case .unreliable: "unreliable"
        case .reliable: "reliable"
        case .exactlyOnce: "exactly once"
        }
    }
}
