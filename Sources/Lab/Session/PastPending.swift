import PeerNetworking
import SimNetwork

/// What was pending at a place in the past, as far as it came to pass or still may.
struct PastPending {
    let cursor: WorldState
    let records: RecordLog
    let lab: LabDefinition
    /// What is pending at the live end.
    let live: [UpcomingEvent]

    /// Far enough ahead to fill a pane.
    private static let horizon = 2_000

    func events(limit: Int) -> [UpcomingEvent] {
        var events = cursor.segments.map { UpcomingEvent(time: $0.arrives, what: .arrival($0), cause: 0) }
        // What has a time of its own was pending from the beginning; what follows from something was not before that.
        for fault in lab.faults {
            if case .at(let time) = fault.trigger, time > cursor.time {
                events.append(UpcomingEvent(time: time, what: .action(fault.action), cause: 0))
            }
        }
        let first = cursor.event + 1
        for number in stride(from: first, through: min(records.count, cursor.event + Self.horizon), by: 1) {
            let record = records[event: number]
            if record.cause <= cursor.event, let what = timer(of: record) ?? fault(of: record) {
                events.append(UpcomingEvent(time: record.time, what: what, cause: record.cause))
            }
        }
        events += live.filter { $0.cause <= cursor.event && !isListed($0) }
        // Equal times keep the order of the parts: their places break the tie.
        return events.enumerated().sorted { ($0.element.time, $0.offset) < ($1.element.time, $1.offset) }
            .prefix(limit).map(\.element)
    }

    /// Whether an event that is pending at the live end is one of those on the wire, or of the lab's faults.
    private func isListed(_ event: UpcomingEvent) -> Bool {
        switch event.what {
        case .arrival: true
        case .action: event.cause == 0
        case .retransmission, .expiry, .timer, .fault: false
        }
    }

    private func timer(of record: EventRecord) -> UpcomingEvent.What? {
        switch record.kind {
        case .timer:
            return record.process.map { .timer($0, task: "") }
        case .retransmission, .expiry:
            guard let id = record.connection, let connection = cursor.connection(id) else { return nil }
            let side: Side = connection.client.host == record.host ? .client : .server
            return record.kind == .expiry ? .expiry(id, side) : .retransmission(id, side)
        case .arrival, .fault, .intervention, .start, .observed:
            return nil
        }
    }

    /// A fault that follows from another event: an end, a repetition, what a condition led to, what chaos drew.
    private func fault(of record: EventRecord) -> UpcomingEvent.What? {
        guard record.kind == .fault, record.cause > 0 else { return nil }
        for case .fault(let family, _) in record.changes { return .fault(family) }
        return nil
    }
}
