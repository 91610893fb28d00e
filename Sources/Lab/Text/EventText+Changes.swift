import PeerNetworking
package import SimNetwork
import TCP

extension EventText {
    /// A change as a line; its weight says how much it tells of its event.
    package func line(of change: Change, in record: EventRecord) -> EventLine {
        let host = record.host.map(names.name) ?? record.connection.map(\.description) ?? "tcp"
        switch change {
        case .power(let host, let on):
            return EventLine(
                weight: 99, who: names.name(host), verb: "power", detail: on ? "on" : "lost", role: on ? .good : .danger
            )
        case .process(let process, let state):
            return EventLine(
                weight: 84, who: names.name(process), verb: "process", detail: state.description,
                role: state == .running ? .good : .warning)
        case .readRate(let process, let rate):
            return EventLine(
                weight: 83, who: names.name(process), verb: "reads",
                detail: rate == 0 ? "without limit" : "at most \(rate) B/s")
        case .listening(let host, let port, let isOpen):
            return EventLine(
                weight: 65, who: names.name(host), verb: isOpen ? "listen" : "unlisten", detail: "port \(port)")
        case .backlog(let host, let port, let waiting):
            return EventLine(
                weight: 15, who: names.name(host), verb: "backlog", detail: "port \(port): \(waiting) waiting",
                role: .dim)
        case .opened(let connection, let from, let fromPort, let to, let toPort, _):
            return EventLine(
                weight: 66, who: names.name(from), verb: "open",
                detail: "\(connection) :\(fromPort) → \(names.name(to)):\(toPort)")
        case .tcp(let connection, let side, let state):
            return EventLine(
                weight: state == nil ? 70 : 80, who: host, verb: "tcp",
                detail: "\(connection) \(side) → \(state?.description ?? "gone")",
                role: state == .established ? .good : .plain)
        case .end(let connection, let side, let change):
            return EventLine(
                weight: 5, who: host, verb: change.fields.isSubset(of: [.timer, .laterTimers]) ? "timer" : "buffers",
                detail: "\(connection) \(side): \(Self.text(of: change))", role: .dim)
        case .unasked(let process, let port, let code, let reason):
            return EventLine(
                weight: 94, who: names.name(process), verb: "no way",
                detail: "to port \(port): \(code.words): \(reason)", role: .danger)
        case .name(let kind, let number, let text):
            return EventLine(weight: 1, who: "run", verb: "name", detail: "\(kind) \(number): \(text)", role: .dim)
        case .timerSet(let process, let task, let due):
            return EventLine(
                weight: 3, who: names.name(process), verb: "waits",
                detail: "\(names.task(task)) until \(TimeText.clock(due))", role: .dim)
        case .taken: return EventLine(weight: 2, who: host, verb: "waits", detail: "no more", role: .dim)
        case .failed(let connection, let side, let code):
            return EventLine(
                weight: 95, who: host, verb: "failed", detail: "\(connection) \(side): \(code.words)", role: .danger)
        case .forgotten(let connection):
            return EventLine(weight: 60, who: host, verb: "forget", detail: "\(connection)", role: .dim)
        case .sent(let segment): return sentLine(of: segment, in: record, host: host)
        case .arrived(let number):
            return EventLine(weight: 35, who: host, verb: "arrive", detail: text(ofSegment: number, in: record))
        case .lost(let number, let reason): return lostLine(of: number, reason, in: record, host: host)
        case .delayed(let number, let until):
            return EventLine(
                weight: 84, who: "link", verb: "delay",
                detail: "\(text(ofSegment: number, in: record)) until \(TimeText.clock(until))", role: .warning)
        case .forwarded(let number, let link, let direction, _):
            return EventLine(
                weight: 36, who: host, verb: "forward",
                detail: "\(text(ofSegment: number, in: record)) over "
                    + (link.map { names.name($0, direction) } ?? "itself"))
        case .duplicated(let segment, _):
            return EventLine(weight: 86, who: "link", verb: "copy", detail: Self.text(of: segment), role: .fault)
        case .corrupted(let number):
            return EventLine(
                weight: 87, who: "link", verb: "flip", detail: "a bit of \(text(ofSegment: number, in: record))",
                role: .fault)
        case .marked(let number):
            return EventLine(
                weight: 83, who: "link", verb: "mark", detail: "\(text(ofSegment: number, in: record)): congestion",
                role: .warning)
        case .held(let number):
            return EventLine(
                weight: 34, who: "link", verb: "hold", detail: text(ofSegment: number, in: record), role: .warning)
        case .peerRegistered(let peer, _, let capacity):
            return EventLine(
                weight: 21, who: names.name(peer), verb: "peer", detail: "queue of \(capacity)", role: .dim)
        case .peer(let peer, let event, let session): return line(of: event, in: session, who: names.name(peer))
        case .cut(let link, let direction, let isCut):
            return EventLine(
                weight: 98, who: names.name(link, direction), verb: isCut ? "cut" : "healed", detail: "",
                role: isCut ? .danger : .good)
        case .queue(let link, let direction, let bytes, _):
            return EventLine(
                weight: 6, who: names.name(link, direction), verb: "queue", detail: "\(bytes) B", role: .dim)
        case .shaped(let link, let direction, let shape):
            return EventLine(
                weight: 97, who: names.name(link, direction), verb: shape.kind.rawValue, detail: shape.valueText,
                role: .fault)
        case .clogged(let link, let direction, let isClogged):
            return EventLine(
                weight: 97, who: names.name(link, direction), verb: isClogged ? "clog" : "release", detail: "",
                role: isClogged ? .danger : .good)
        case .hostClogged(let host, let bound, let isClogged):
            return EventLine(
                weight: 97, who: names.name(host), verb: isClogged ? "clog" : "release",
                detail: bound == .inbound ? "what arrives" : "what leaves", role: isClogged ? .danger : .good)
        case .partition(let partition, let begins):
            return EventLine(
                weight: 97, who: "network", verb: begins ? "part" : "join", detail: names.text(partition),
                role: begins ? .danger : .good)
        case .action(let action):
            return EventLine(
                weight: 89, who: record.kind == .intervention ? "hand" : "fault", verb: "does",
                detail: names.text(action), role: .fault, isFault: true)
        case .scheduled(let action, let due):
            return EventLine(
                weight: 7, who: "fault", verb: "due", detail: "\(names.text(action)) at \(TimeText.clock(due))",
                role: .dim)
        case .episode(let family, let due):
            return EventLine(
                weight: 7, who: "chaos", verb: "due", detail: "\(family) at \(TimeText.clock(due))", role: .dim)
        case .standing(let action):
            return EventLine(
                weight: 96, who: "fault", verb: action.heals ? "lifts" : "stands", detail: names.text(action),
                role: .fault, isFault: true)
        case .struck(let family, let host):
            return EventLine(
                weight: 89, who: names.name(host), verb: "suffers", detail: family.description, role: .fault,
                isFault: true)
        case .draw(let draw):
            return EventLine(
                weight: draw.fires ? 88 : 4, who: "draw", verb: draw.fires ? "fires" : "holds",
                detail: "\(draw.site) \(names.text(of: draw)): \(DrawText.odds(of: draw))",
                role: draw.fires ? .fault : .dim, isFault: draw.fires)
        case .fault(let family, let turn):
            return EventLine(
                weight: 90, who: "fault", verb: Self.verb(of: turn), detail: family.description, role: .fault,
                isFault: true)
        }
    }

    private static func verb(of turn: FaultTurn) -> String {
        switch turn {
        case .set: "is set"
        case .struck: "strikes"
        case .healed: "ends"
        }
    }

    /// What has changed of an end.
    private static func text(of change: EndChange) -> String {
        var parts = change.moved.map { level in
            let value = change.levels.text(of: level)
            return level.unit == .recovery ? "\(level.label) \(value)" : "\(value) \(level.label)"
        }
        if change.fields.contains(.timer) {
            parts.append(change.timer.map { "\($0.kind.words) at \(TimeText.clock($0.due))" } ?? "no timer")
        }
        if change.fields.contains(.laterTimers) {
            let later = change.laterTimers.running.map { "\($0.kind.words) at \(TimeText.clock($0.due))" }
            parts.append(later.isEmpty ? "no later timer" : "later \(later.joined(separator: " and "))")
        }
        return parts.joined(separator: ", ")
    }
}

extension EndLevels {
    /// A level with its unit, as in `90 B`.
    package func text(of level: EndLevel) -> String {
        switch level.unit {
        case .bytes: "\(self[level]) B"
        case .segments: self[level] == .max ? "none" : "\(self[level])"
        // Nothing was measured yet.
        case .microseconds: self[level] == 0 ? "unknown" : TimeText.duration(Int64(self[level]) * 1_000)
        case .times: NumberText.count(Int(self[level]), "time")
        case .recovery: LossRecovery.State(rawValue: UInt8(clamping: self[level]))?.description ?? "\(self[level])"
        }
    }
}
