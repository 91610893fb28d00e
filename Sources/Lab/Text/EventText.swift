import PeerNetworking
package import SimNetwork

/// Tells the events of a run in words.
package struct EventText {
    /// What things are called.
    package let names: Names
    let records: RecordLog
    /// What was done by hand to something that was pending: to what, by the event in which it was.
    let pending: [Int: UpcomingEvent]

    /// Tells the events of a snapshot's timeline.
    package init(_ snapshot: Snapshot) {
        names = Names(snapshot)
        records = snapshot.records
        pending = Dictionary(
            snapshot.interventions.compactMap { done in done.pending.map { (done.event, $0) } }
        ) { $1 }
    }

    /// The line that tells an event by its most telling change, and says how many more there are.
    package func line(of record: EventRecord) -> EventLine {
        switch record.kind {
        case .start:
            return EventLine(weight: 0, who: "run", verb: "start", detail: "all processes start", role: .note)
        case .fault: return actionLine(of: record, who: "fault")
        case .intervention: return actionLine(of: record, who: "hand")
        case .arrival, .retransmission, .acknowledgement, .expiry, .timer, .observed:
            var told = told(by: record.changes.map { line(of: $0, in: record) }, of: record)
            if told.verb == "requeue" { tellAll(requeuedIn: record, &told) }
            return told
        }
    }

    /// The lines of all changes of an event that deserve one, as they came.
    package func lines(of record: EventRecord) -> [EventLine] {
        record.changes.map { line(of: $0, in: record) }.filter { $0.weight >= EventLine.leastTelling }
    }

    /// The line that tells an event to somebody who looks for some of its changes: the most telling of those.
    ///
    /// - Parameter isWanted: whether a line is looked for.
    /// - Returns: nil where no line of the event is looked for.
    package func line(of record: EventRecord, where isWanted: (EventLine) -> Bool) -> EventLine? {
        let first = line(of: record)
        if isWanted(first) { return first }
        var best: EventLine?
        for change in record.changes {
            let line = line(of: change, in: record)
            if line.weight > best?.weight ?? -1, isWanted(line) { best = line }
        }
        best?.more = max(first.more, 1)
        return best
    }

    /// Of messages that are queued again together tells which they are.
    private func tellAll(requeuedIn record: EventRecord, _ line: inout EventLine) {
        let messages = record.changes.compactMap { change -> UInt64? in
            if case .peer(_, .requeued(let message, _), _) = change { message } else { nil }
        }
        guard let first = messages.min(), let last = messages.max(), messages.count > 1 else { return }
        line.detail = "\(ThingNames.message(first))–\(ThingNames.message(last)), \(messages.count) messages"
        line.more -= messages.count - 1
    }

    /// The heaviest of the lines of an event's changes.
    private func told(by lines: [EventLine], of record: EventRecord) -> EventLine {
        var best = fallback(for: record)
        for line in lines where line.weight > best.weight { best = line }
        let telling = lines.count { $0.weight >= EventLine.leastTelling }
        best.more = max(0, telling - (best.weight >= EventLine.leastTelling ? 1 : 0))
        return best
    }

    /// What the record's kind alone says.
    private func fallback(for record: EventRecord) -> EventLine {
        let connection = record.connection.map(\.description) ?? ""
        let who = record.host.map(names.name) ?? record.process.map(names.name) ?? "run"
        return switch record.kind {
        case .retransmission: EventLine(weight: 1, who: who, verb: "resend", detail: connection, role: .warning)
        case .acknowledgement: EventLine(weight: 1, who: who, verb: "ack", detail: connection, role: .dim)
        case .expiry: EventLine(weight: 1, who: who, verb: "expire", detail: connection, role: .dim)
        case .timer:
            EventLine(weight: 1, who: who, verb: "timer", detail: record.process.map(names.name) ?? "", role: .dim)
        case .start, .arrival, .fault, .intervention, .observed:
            EventLine(weight: 1, who: who, verb: record.kind.description, detail: connection, role: .dim)
        }
    }
}
