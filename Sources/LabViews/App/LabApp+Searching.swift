import Lab
import SimNetwork

// Moves to where something happens.
extension LabApp {
    /// Goes on to the next event with which a condition comes true, or to a breakpoint before it.
    func goOn(to condition: Condition) throws(SessionError) {
        let here = snapshot
        if condition.kind == .milestone, condition.holds(in: here.world) {
            throw SessionError("\(condition.name(in: here.lab)) holds already, and stays so")
        }
        begin(.forward(search(for: .condition(condition))))
    }

    /// A search from the cursor on that stops at the breakpoints too.
    func search(for target: Search.Target) -> Search { Search(target, view.breakpoints.on, at: snapshot) }

    /// Does a slice of a search.
    ///
    /// - Returns: whether it is over; then the session stands where there was something to stop at.
    func searchForward(_ search: Search) throws(SessionError) -> Bool {
        var search = search
        defer { if seek != nil { seek?.goal = .forward(search) } }
        switch try advance(&search) {
        case .further: return false
        case .stopped(let stops):
            if let notice = search.notice(stops) { say(notice) }
            return true
        case .arrived: return true
        case .over:
            if search.limit != nil { return true }
            if case .failure = search.target { throw SessionError("nothing fails before the end of the run") }
            throw SessionError("no \(search.name) before the end of the run")
        }
    }

    /// How a slice of a search has ended.
    enum Advance {
        /// There is more to look at.
        case further
        /// There was something to stop at.
        case stopped([StopWatch.Stop])
        /// The time was reached at which it ends.
        case arrived
        /// The run is over.
        case over
    }

    /// Goes on by a slice at most, looking at every event.
    func advance(_ search: inout Search) throws(SessionError) -> Advance {
        leave()
        if session.snapshot.isLive, session.rebuilding(for: .goingOn) != nil,
            try !session.rebuild(for: .goingOn, budget: Self.slice)
        {
            return .further
        }
        let here = session.snapshot
        if search.watch.event != here.event { search.begin(at: here) }
        if !here.traits.isStepped { return try follow(&search, here) }
        return here.isLive ? try advanceLive(&search) : try advancePast(&search, here)
    }

    /// Looks through what was recorded before: only where it stops the session is moved.
    private func advancePast(_ search: inout Search, _ here: Snapshot) throws(SessionError) -> Advance {
        let last = min(here.records.count, here.event + Self.slice * 4)
        while search.watch.event < last {
            let number = search.watch.event + 1
            let time = here.records.time(ofEvent: number)
            let due = min(search.watch.deadline ?? .max, search.limit ?? .max)
            if time > due {
                _ = try session.seek(to: .time(due), budget: .max)
                if let end = passes(due, &search) { return end }
                continue
            }
            let stops = search.watch.sees(here.records[event: number])
            guard stops.isEmpty else {
                _ = try session.seek(to: .event(number), budget: .max)
                return .stopped(stops)
            }
        }
        _ = try session.seek(to: .event(last), budget: .max)
        return .further
    }

    /// Lets the run go on at its live end, which is where it stops.
    private func advanceLive(_ search: inout Search) throws(SessionError) -> Advance {
        for _ in 0..<Self.slice {
            let due = min(search.watch.deadline ?? .max, search.limit ?? .max)
            do throws(SessionError) {
                if due == .max {
                    guard try session.step() else { return .over }
                } else if try session.seek(to: .time(due), budget: 1) {
                    if let end = passes(due, &search) { return end }
                    if session.snapshot.isOver { return .over }
                    continue
                }
            } catch {
                // Where it cannot go on is what there is to see.
                let here = session.snapshot
                guard search.watch.looksForFailures, let failure = here.failure else { throw error }
                return .stopped([.failure(failure)])
            }
            if let record = session.current, record.number > search.watch.event {
                let stops = search.watch.sees(record)
                if !stops.isEmpty { return .stopped(stops) }
            }
            if isTimeUp() { break }
        }
        return .further
    }

    /// A time has passed without an event.
    private func passes(_ time: Int64, _ search: inout Search) -> Advance? {
        let stops = search.watch.passes(to: time)
        if !stops.isEmpty { return .stopped(stops) }
        guard let limit = search.limit, time >= limit else { return nil }
        return .arrived
    }

    /// Looks at what real sockets have done meanwhile.
    private func follow(_ search: inout Search, _ here: Snapshot) throws(SessionError) -> Advance {
        let isThere = try session.step()
        let latest = session.snapshot
        while search.watch.event < latest.event {
            let stops = search.watch.sees(latest.records[event: search.watch.event + 1])
            guard stops.isEmpty else {
                _ = try session.seek(to: .event(search.watch.event), budget: .max)
                return .stopped(stops)
            }
        }
        let stops = search.watch.passes(to: latest.reached)
        if !stops.isEmpty { return .stopped(stops) }
        return !isThere && latest.isOver ? .over : .further
    }

    // MARK: Backwards

    /// Does a slice of a search through the past for what records alone tell.
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

    /// Does a slice of a search through the past for the latest stop before where it began: goes further back by a piece, and
    /// looks through that forwards.
    ///
    /// - Returns: as ``searchForward(_:)``.
    func searchBackward(_ search: Search) throws(SessionError) -> Bool {
        guard let scanned = seek?.scanned, let (time, start) = seek?.start else { return true }
        guard scanned > 0 else {
            _ = try session.seek(to: .event(start), budget: .max)
            invalidate()
            throw SessionError("no \(search.name) before this")
        }
        leave()
        let begin = max(0, scanned - Self.slice * 4)
        _ = try session.seek(to: .event(begin), budget: .max)
        let here = session.snapshot
        var search = search
        search.begin(at: here)
        var latest: (place: RunPosition, stops: [StopWatch.Stop])?
        while search.watch.event < scanned {
            let number = search.watch.event + 1
            if let due = search.watch.deadline, here.records.time(ofEvent: number) > due {
                let stops = search.watch.passes(to: due)
                if !stops.isEmpty { latest = (.time(due), stops) }
                continue
            }
            let stops = search.watch.sees(here.records[event: number])
            if !stops.isEmpty { latest = (.event(number), stops) }
        }
        // Time alone may have decided something between the last of these events and where it began.
        while scanned >= start - 1, let due = search.watch.deadline, due < time {
            let stops = search.watch.passes(to: due)
            if !stops.isEmpty { latest = (.time(due), stops) }
        }
        seek?.scanned = begin
        guard let latest else { return false }
        _ = try session.seek(to: latest.place, budget: .max)
        if let notice = search.notice(latest.stops) { say(notice) }
        return true
    }
}
