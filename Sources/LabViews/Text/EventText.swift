import Lab
import PeerNetworking
import Screen
import SimNetwork

/// Tells the events of a run.
struct EventText {
    let names: Names
    private let records: RecordLog
    private let interventions: [Intervention]

    init(_ snapshot: Snapshot) {
        names = Names(snapshot)
        records = snapshot.records
        interventions = snapshot.interventions
    }

    /// The line that tells an event by its most telling change.
    func line(of record: EventRecord) -> EventLine {
        switch record.kind {
        case .start:
            return EventLine(weight: 0, who: "run", verb: "start", detail: "all processes start", style: .info)
        case .fault:
            return actionLine(of: record, who: "fault", text: nil)
        case .intervention:
            let action = interventions.last { $0.event == record.number }?.action
            return actionLine(of: record, who: "hand", text: action.map(names.text))
        case .arrival, .retransmission, .expiry, .timer, .observed:
            var best = fallback(for: record)
            for change in record.changes {
                let line = line(of: change, in: record)
                if line.weight > best.weight { best = line }
            }
            if record.kind == .retransmission, best.verb == "wire" { (best.verb, best.style) = ("resend", .warning) }
            return best
        }
    }

    /// What the record's kind alone says.
    private func fallback(for record: EventRecord) -> EventLine {
        let connection = record.connection.map(\.description) ?? ""
        let who = record.host.map(names.name) ?? record.process.map(names.name) ?? "run"
        return switch record.kind {
        case .retransmission: EventLine(weight: 1, who: who, verb: "resend", detail: connection, style: .warning)
        case .expiry: EventLine(weight: 1, who: who, verb: "expire", detail: connection, style: .dim)
        case .timer:
            EventLine(weight: 1, who: who, verb: "timer", detail: record.process.map(names.name) ?? "", style: .dim)
        default: EventLine(weight: 1, who: who, verb: record.kind.description, detail: connection, style: .dim)
        }
    }

    private func actionLine(of record: EventRecord, who: String, text: String?) -> EventLine {
        var line = EventLine(weight: 0, who: who, verb: "", detail: "", style: .fault, isFault: true)
        var heals = false
        var words: [String] = []
        for change in record.changes {
            switch change {
            case .fault(let family, let turn):
                line.verb = family.description
                heals = turn == .healed
            case .cut(let link, let direction, _): words.append(names.name(link, direction))
            case .power(let host, _): words.append(names.name(host))
            case .process(let process, let state) where words.isEmpty:
                words.append("\(names.name(process)) \(state)")
            case .readRate(let process, let rate):
                words.append("\(names.name(process)) \(rate == 0 ? "no limit" : "\(rate) B/s")")
            case .delayed(_, let until) where !releases(record): words.append("until \(TimeText.clock(until))")
            case .shaped(let link, let direction, let shape):
                words.append("\(names.name(link, direction)) \(shape.valueText)")
            case .clogged(let link, let direction, _): words.append(names.name(link, direction))
            case .partition(let partition, _):
                words.append(
                    [partition.first, partition.second].map { $0.map(names.name).joined(separator: " ") }
                        .joined(separator: partition.isOneWay ? " → " : " | "))
            case .standing(let action):
                words.append(names.text(action).split(separator: " ").dropFirst().joined(separator: " "))
            case .tcp(let connection, _, nil) where words.isEmpty: words.append(connection.description)
            default: break
            }
        }
        if heals { line.verb = line.verb == "cut" ? "heal" : line.verb + " ends" }
        if let text {
            // The command as it was given begins with its own verb.
            let parts = text.split(separator: " ", maxSplits: 1)
            line.verb = parts.first.map(String.init) ?? line.verb
            line.detail = parts.count > 1 ? String(parts[1]) : ""
        } else {
            line.detail = words.joined(separator: ", ")
        }
        return line
    }

    /// Whether it is of a clog that lets go: what it held says nothing by itself.
    private func releases(_ record: EventRecord) -> Bool {
        record.changes.contains { if case .clogged = $0 { true } else { false } }
    }

    /// The segment of a number, as the record that sent it has it.
    ///
    /// - Parameter record: of the segment's arrival or loss, whose cause sent it.
    func segment(_ number: Int64, in record: EventRecord) -> SegmentSummary? {
        // Routers send on what others have sent: the chain goes back over the hops of the path.
        var event = record.number
        var hops = 0
        while event >= 1, event <= records.count, hops < 16 {
            for change in records[event: event].changes {
                switch change {
                case .sent(let segment) where segment.number == number: return segment
                case .duplicated(let segment, _) where segment.number == number: return segment
                default: continue
                }
            }
            guard records[event: event].cause < event else { return nil }
            event = records[event: event].cause
            hops += 1
        }
        return nil
    }

    /// `c1 data #3 64 B`, or the number alone for a segment that is not known any more.
    func text(of segment: SegmentSummary?, number: Int64) -> String {
        guard let segment else { return "segment \(number)" }
        return "\(segment.connection) \(Self.kind(of: segment)) #\(segment.ordinal)"
            + (segment.length > 0 ? " \(segment.length) B" : "")
    }

    /// What a segment is for, in a word.
    static func kind(of segment: SegmentSummary) -> String {
        let control = segment.flags.subtracting(.ack)
        if segment.length > 0 { return control.isEmpty ? "data" : "data-\(control)" }
        return segment.flags.description
    }
}
