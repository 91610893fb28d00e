import Lab
import SimNetwork

// Moves to where something happens.
extension LabApp {
    /// Goes on to the next event with which a condition comes true.
    func goOn(to condition: Condition) throws(SessionError) {
        let here = snapshot
        if condition.kind == .milestone, condition.holds(in: here.world) {
            throw SessionError("\(condition.name(in: here.lab)) holds already, and stays so")
        }
        begin(.forward(ForwardSearch(condition, in: here.world)))
    }

    /// Does a slice of a search.
    ///
    /// - Returns: whether it is over; then the session stands where what was looked for happened.
    func searchForward(_ search: ForwardSearch) throws(SessionError) -> Bool {
        leave()
        if session.snapshot.isLive, session.rebuilding(for: .goingOn) != nil,
            try !session.rebuild(for: .goingOn, budget: Self.slice)
        {
            return false
        }
        var search = search
        defer { seek?.goal = .forward(search) }
        // Real sockets may have gone on while what had come was looked at.
        if let record = session.current, try finds(upTo: record, &search) { return true }
        for _ in 0..<Self.slice {
            guard try session.step() else {
                // Real sockets may still do it.
                if !session.traits.isStepped, !session.snapshot.isOver { return false }
                throw SessionError("no \(search.condition.name(in: session.lab)) before the end of the run")
            }
            if let record = session.current, try finds(upTo: record, &search) { return true }
            if isTimeUp() { break }
        }
        return false
    }

    /// Looks at the events up to one, which is where the session stands, and goes to the first that is looked for.
    private func finds(upTo record: EventRecord, _ search: inout ForwardSearch) throws(SessionError) -> Bool {
        guard record.number > search.event + 1 else { return record.number > search.event && search.finds(record) }
        let records = session.snapshot.records
        while search.event < record.number {
            guard search.finds(records[event: search.event + 1]) else { continue }
            return try session.seek(to: .event(search.event), budget: .max)
        }
        return false
    }

    /// Does a slice of a search through the past.
    ///
    /// - Returns: as ``searchForward(_:)``.
    func searchBackward(_ condition: Condition) throws(SessionError) -> Bool {
        let records = snapshot.records
        var event = seek?.scanned ?? 0
        // Records are only read: many fit into a slice.
        let end = max(0, event - Self.slice * 10)
        while event > end {
            if condition.happens(in: records[event: event]) {
                leave()
                return try session.seek(to: .event(event), budget: .max)
            }
            event -= 1
        }
        guard event > 0 else { throw SessionError("no \(condition.name(in: session.lab)) before this") }
        seek?.scanned = event
        return false
    }
}
