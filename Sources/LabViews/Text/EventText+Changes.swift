import PeerNetworking
import Screen
import SimNetwork

extension EventText {
    /// A change as a line; its weight says how much it tells of its event.
    func line(of change: Change, in record: EventRecord) -> EventLine {
        func end(_ connection: ConnectionID, _ side: Side) -> String { "\(connection) \(side)" }
        let host = record.host.map(names.name) ?? record.connection.map(\.description) ?? "tcp"
        switch change {
        case .power(let host, let on):
            return EventLine(
                weight: 99, who: names.name(host), verb: "power", detail: on ? "on" : "lost",
                style: on ? .good : .danger)
        case .process(let process, let state):
            return EventLine(
                weight: 84, who: names.name(process), verb: "process", detail: state.description,
                style: state == .running ? .good : .warning)
        case .readRate(let process, let rate):
            return EventLine(
                weight: 83, who: names.name(process), verb: "reads",
                detail: rate == 0 ? "without limit" : "at most \(rate) B/s")
        case .cut(let link, let direction, let isCut):
            return EventLine(
                weight: 98, who: names.name(link, direction), verb: isCut ? "cut" : "healed", detail: "",
                style: isCut ? .danger : .good)
        case .listening(let host, let port, let isOpen):
            return EventLine(
                weight: 65, who: names.name(host), verb: isOpen ? "listen" : "unlisten", detail: "port \(port)")
        case .backlog(let host, let port, let waiting):
            return EventLine(
                weight: 15, who: names.name(host), verb: "backlog", detail: "port \(port): \(waiting) waiting",
                style: .dim)
        case .opened(let connection, let from, let fromPort, let to, let toPort, _):
            return EventLine(
                weight: 66, who: names.name(from), verb: "open",
                detail: "\(connection) :\(fromPort) → \(names.name(to)):\(toPort)")
        case .tcp(let connection, let side, let state):
            return EventLine(
                weight: state == nil ? 70 : 80, who: host, verb: "tcp",
                detail: "\(end(connection, side)) → \(state?.description ?? "gone")",
                style: state == .established ? .good : .normal)
        case .end(let connection, let side, let change):
            return EventLine(
                weight: 5, who: host, verb: change.fields == .timer ? "timer" : "buffers",
                detail: "\(end(connection, side)): \(Self.text(of: change))", style: .dim)
        case .name(let kind, let number, let text):
            return EventLine(weight: 1, who: "run", verb: "name", detail: "\(kind) \(number): \(text)", style: .dim)
        case .action(let action):
            return EventLine(
                weight: 89, who: record.kind == .intervention ? "hand" : "fault", verb: "does",
                detail: names.text(action), style: .fault, isFault: true)
        case .timerSet(let process, let task, let due):
            return EventLine(
                weight: 3, who: names.name(process), verb: "waits",
                detail: "\(names.task(task)) until \(TimeText.clock(due))", style: .dim)
        case .taken:
            return EventLine(weight: 2, who: host, verb: "waits", detail: "no more", style: .dim)
        case .scheduled(let action, let due):
            return EventLine(
                weight: 7, who: "fault", verb: "due", detail: "\(names.text(action)) at \(TimeText.clock(due))",
                style: .dim)
        case .episode(let family, let due):
            return EventLine(
                weight: 7, who: "chaos", verb: "due", detail: "\(family) at \(TimeText.clock(due))", style: .dim)
        case .unasked(let process, let port, let code, let reason):
            return EventLine(
                weight: 94, who: names.name(process), verb: "no way",
                detail: "to port \(port): \(code.words): \(reason)", style: .danger)
        case .failed(let connection, let side, let code):
            return EventLine(
                weight: 95, who: host, verb: "failed", detail: "\(end(connection, side)): \(code.words)",
                style: .danger)
        case .forgotten(let connection):
            return EventLine(weight: 60, who: host, verb: "forget", detail: "\(connection)", style: .dim)
        case .sent, .arrived, .lost, .delayed, .forwarded, .duplicated, .corrupted, .held:
            return segmentLine(of: change, in: record, host: host)
        case .peerRegistered(let peer, _, let capacity):
            return EventLine(
                weight: 21, who: names.name(peer), verb: "peer", detail: "queue of \(capacity)", style: .dim)
        case .peer(let peer, let event):
            return line(of: event, who: names.name(peer))
        case .draw, .queue, .shaped, .clogged, .partition, .standing, .struck:
            return faultLine(of: change)
        case .fault(let family, let turn):
            let verb =
                switch turn {
                case .set: "is set"
                case .struck: "strikes"
                case .healed: "ends"
                }
            return EventLine(
                weight: 90, who: "fault", verb: verb, detail: family.description, style: .fault,
                isFault: true)
        }
    }

    /// What has changed of an end.
    private static func text(of change: EndChange) -> String {
        let (fields, levels) = (change.fields, change.levels)
        var parts: [String] = []
        if fields.contains(.sendQueued) { parts.append("\(levels.sendQueued) B to send") }
        if fields.contains(.inFlight) { parts.append("\(levels.inFlight) B unacked") }
        if fields.contains(.received) { parts.append("\(levels.received) B unread") }
        if fields.contains(.retransmissions) { parts.append("\(levels.retransmissions) resent") }
        if fields.contains(.timer) {
            parts.append(change.timer.map { "\($0.kind) at \(TimeText.clock($0.due))" } ?? "no timer")
        }
        return parts.joined(separator: ", ")
    }

    private func segmentLine(of change: Change, in record: EventRecord, host: String) -> EventLine {
        switch change {
        case .sent(let segment):
            EventLine(
                weight: 25, who: host, verb: "wire",
                detail: "\(text(of: segment, number: segment.number)) → \(segment.from.other)")
        case .arrived(let number):
            EventLine(
                weight: 35, who: host, verb: "arrive", detail: text(of: segment(number, in: record), number: number))
        case .lost(let number, let reason):
            EventLine(
                weight: 85, who: "link", verb: "lost",
                detail: "\(text(of: segment(number, in: record), number: number)): \(reason)", style: .danger)
        case .delayed(let number, let until):
            EventLine(
                weight: 84, who: "link", verb: "delay", detail: "segment \(number) until \(TimeText.clock(until))",
                style: .warning)
        case .forwarded(let number, let link, let direction, _):
            EventLine(
                weight: 36, who: host, verb: "forward",
                detail: "\(text(of: segment(number, in: record), number: number)) over "
                    + (link.map { names.name($0, direction) } ?? "itself"))
        case .duplicated(let segment, _):
            EventLine(
                weight: 86, who: "link", verb: "copy",
                detail: text(of: segment, number: segment.number), style: .fault)
        case .corrupted(let number):
            EventLine(
                weight: 87, who: "link", verb: "flip",
                detail: "a bit of \(text(of: segment(number, in: record), number: number))", style: .fault)
        case .held(let number):
            EventLine(
                weight: 34, who: "link", verb: "hold",
                detail: text(of: segment(number, in: record), number: number), style: .warning)
        default:
            EventLine(weight: 0, who: host, verb: "", detail: "")
        }
    }

    private func line(of event: PeerEvent, who: String) -> EventLine {
        func line(_ weight: Int, _ verb: String, _ detail: String, _ style: Style = .normal) -> EventLine {
            EventLine(weight: weight, who: who, verb: verb, detail: detail, style: style)
        }
        return switch event {
        case .state(let state, let code):
            line(92, "is", state.description + (code.map { " (\($0.words))" } ?? ""), Self.style(of: state))
        case .attached(let connection): line(22, "attach", connection.description, .dim)
        case .backoff(let attempt, let delay):
            line(78, "backoff", "attempt \(attempt) in \(TimeText.duration(delay))", .warning)
        case .queued(let message, let bytes, _, let depth): line(50, "queue", "#\(message) \(bytes) B → \(depth) held")
        case .sent(let message, let depth): line(45, "send", "#\(message), \(depth) held")
        case .requeued(let message, let depth): line(81, "requeue", "#\(message) → \(depth) held", .warning)
        case .dropped(let message, let reason, _): line(86, "drop", "#\(message): \(reason)", .danger)
        case .acknowledged(let message, let depth): line(40, "confirm", "up to #\(message) → \(depth) held", .dim)
        case .delivered(let message, _, let bytes): line(72, "deliver", "#\(message) \(bytes) B", .good)
        case .discarded(let message, _, let reason): line(86, "discard", "#\(message): \(reason)", .danger)
        case .suppressed(let message, _): line(73, "suppress", "#\(message) came before", .dim)
        case .blocked(let isBlocked):
            line(79, isBlocked ? "blocked" : "unblocked", isBlocked ? "queue full" : "", isBlocked ? .warning : .good)
        case .pressure(let isPressed):
            line(
                48, isPressed ? "pressed" : "relieved",
                isPressed ? "queue above its high water mark" : "queue below its low water mark",
                isPressed ? .warning : .dim)
        case .roundTrip(let time): line(30, "rtt", TimeText.duration(time), .dim)
        case .heartbeatMissed: line(91, "silence", "heartbeat not answered in time", .warning)
        case .circuit(let state):
            switch state {
            // Above the failure that opened it.
            case .open: line(96, "circuit", "open", .danger)
            case .halfOpen: line(90, "circuit", "half-open", .warning)
            case .closed: line(90, "circuit", "closed", .good)
            }
        case .degraded(let score):
            line(91, "degraded", "opens its connection anew: health \(score / 10) %", .warning)
        case .asked(let request, let attempt):
            line(
                52, "ask", "request \(request)" + (attempt > 1 ? ", attempt \(attempt)" : ""),
                attempt > 1 ? .warning : .normal)
        case .answered(let request, let outcome, let time):
            line(
                74, outcome == .answered ? "answer" : "give up",
                "request \(request): \(outcome), \(TimeText.duration(time))",
                outcome == .answered ? .good : .danger)
        case .progress(let done, let total): line(20, "progress", total == 0 ? "\(done)" : "\(done)/\(total)", .dim)
        case .finished(let correct):
            line(93, "finish", correct ? "all was right" : "something was wrong", correct ? .good : .danger)
        }
    }

    /// How a peer's state is meant.
    static func style(of state: PeerState) -> Style {
        switch state {
        case .connected, .listening: .good
        case .connecting, .reconnecting, .closing: .warning
        case .failed: .danger
        case .idle, .closed: .dim
        }
    }
}
