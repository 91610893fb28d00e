import SimNetwork

// What of the lab's file sets an event off.
extension CauseStory {
    /// The entry of the lab's file that an event is of; none where it is of none.
    func quotes(of record: EventRecord) -> [SourceQuote] {
        guard record.kind == .fault else { return [] }
        if let index = lab.faults.indices.first(where: { isOf(lab.faults[$0], record) }) {
            return [lab.quote(ofFault: index)].compactMap(\.self)
        }
        // The end of what was set by an event has that for its cause: there it is told.
        let isOfChaos = record.changes.contains {
            if case .draw(let draw) = $0, case .chaos = draw.site { true } else { false }
        }
        return isOfChaos ? [lab.quoteOfChaos].compactMap(\.self) : []
    }

    /// Whether an event is a strike of a scheduled action: the action is the same, and so is the time.
    private func isOf(_ scheduled: ScheduledAction, _ record: EventRecord) -> Bool {
        guard record.changes.contains(.action(scheduled.action)) else { return false }
        var since: Int64
        switch scheduled.trigger {
        case .at(let time): since = record.time - time
        case .when(_, let after):
            guard record.cause >= max(1, records.first), record.cause < record.number else { return false }
            since = record.time - records.time(ofEvent: record.cause) - after
            // A later strike is caused by the one before it.
            if let every = scheduled.every, since == every - after { since = 0 }
        }
        return since == 0 || (scheduled.every.map { since > 0 && since % $0 == 0 } ?? false)
    }

    /// The entry of the peer whose start has led to an event.
    ///
    /// - Parameter effect: what the start of the run caused.
    func quoteOfPeer(behind effect: EventRecord) -> SourceQuote? {
        if let process = effect.process { return lab.quote(of: process) }
        guard let connection = effect.connection, records.first == 1, records.count > 0 else { return nil }
        for case .opened(connection, _, _, _, _, let opener) in records[event: 1].changes {
            return opener.flatMap { lab.quote(of: $0.process) }
        }
        return nil
    }
}
