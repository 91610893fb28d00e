import Lab
import PeerNetworking
import SimNetwork

/// A move through the run that takes more than one slice.
struct Seek {
    /// What ends it.
    enum Goal {
        /// A place.
        case place(RunPosition)
        /// The next place where there is something to stop at.
        case forward(Search)
        /// The latest event before the cursor in which something happens that records alone tell.
        case backward(Condition)
        /// A world that is rebuilt, and what is done once it is there.
        case world(WorldUse, then: (LabApp) throws(SessionError) -> Void)
        /// The latest place before the cursor where there is something to stop at.
        case backTo(Search)
    }

    var goal: Goal
    /// The time and event at which it began.
    var start: (time: Int64, event: Int)
    /// The event next to be looked at, backwards.
    var scanned: Int
}

extension LabApp {
    /// Begins a move, in place of whatever was under way, and does its first slice.
    func begin(_ goal: Seek.Goal) {
        stop()
        let start = snapshot
        var scanned = start.event - 1
        // Behind the last event it is the last to have a stop before the cursor.
        if case .backTo = goal, start.reached > start.world.time { scanned = start.event }
        seek = Seek(goal: goal, start: (start.reached, start.event), scanned: scanned)
        work()
    }

    /// Moves some events.
    func step(_ count: Int) throws(SessionError) {
        stop()
        if count > Self.slice {
            begin(.place(.event(snapshot.event + count)))
            return
        }
        if snapshot.isLive, session.rebuilding(for: .goingOn) != nil {
            begin(.place(.event(snapshot.event + count)))
            return
        }
        leave()
        defer { settleClock() }
        for done in 0..<count {
            guard try session.step() else {
                throw SessionError(
                    session.traits.isStepped
                        ? "nothing is pending any more" : "nothing more has happened yet; r follows")
            }
            if isTimeUp(), done + 1 < count {
                begin(.place(.event(snapshot.event + count - done - 1)))
                return
            }
        }
    }

    /// Moves some events back.
    func stepBack(_ count: Int) throws(SessionError) {
        stop()
        guard snapshot.event > 0 else { throw SessionError("this is before the first event") }
        guard count > 1 else {
            leave()
            session.stepBack()
            settleClock()
            return
        }
        begin(.place(.event(max(0, snapshot.event - count))))
    }

    func advanceSeek() {
        guard let seek else { return }
        do {
            let isDone: Bool
            switch seek.goal {
            case .place(let place):
                leave()
                isDone = try session.seek(to: place, budget: Self.slice)
            case .forward(let search): isDone = try searchForward(search)
            case .backward(let condition): isDone = try searchBackward(condition)
            case .world(let use, let then):
                isDone = try session.rebuild(for: use, budget: Self.slice)
                if isDone {
                    self.seek = nil
                    view.progress = nil
                    try then(self)
                }
            case .backTo(let search): isDone = try searchBackward(search)
            }
            if isDone {
                self.seek = nil
                view.progress = nil
                if case .place(let place) = seek.goal { sayWhereItEnded(on: place) }
            } else {
                view.progress = progress(of: self.seek ?? seek)
            }
        } catch {
            self.seek = nil
            view.progress = nil
            complain(error)
        }
        settleClock()
    }

    /// Says that a place was not reached, for the run ended before it.
    private func sayWhereItEnded(on place: RunPosition) {
        let here = snapshot
        guard here.isOver else { return }
        switch place {
        case .time(let time) where time > here.lab.duration:
            say("the lab ends at \(TimeText.clock(here.lab.duration)) s")
        case .event(let event) where event > here.event:
            say("the run ended with \(ThingNames.event(here.event))")
        case .time, .event: break
        }
    }

    private func progress(of seek: Seek) -> Progress {
        let here = snapshot
        func share(_ done: Int64, of all: Int64) -> Int? { all > 0 ? Int(min(max(done, 0), all) * 1_000 / all) : nil }
        if let use = use(of: seek.goal, here), let rebuilding = rebuildingProgress(for: use) { return rebuilding }
        return switch seek.goal {
        case .place(.time(let time)):
            Progress(
                text: "going to \(TimeText.clock(time)) s",
                thousandths: share(
                    here.reached - seek.start.time, of: min(time, here.lab.duration) - seek.start.time))
        case .place(.event(let event)):
            Progress(
                text: "going to \(ThingNames.event(event))",
                thousandths: share(Int64(here.event - seek.start.event), of: Int64(event - seek.start.event)))
        case .forward(let search):
            Progress(
                text: search.limit == nil ? "looking for the next \(search.name)" : "going to \(search.name)",
                thousandths: share(here.reached, of: here.lab.duration))
        case .backTo(let search): Progress(text: "looking back for a \(search.name)", thousandths: nil)
        case .backward(let condition):
            Progress(text: "looking back for a \(condition.name(in: here.lab))", thousandths: nil)
        case .world:
            Progress(text: "going on", thousandths: nil)
        }
    }

    /// What a move needs a world for; nil where it stays in what has happened.
    private func use(of goal: Seek.Goal, _ here: Snapshot) -> WorldUse? {
        switch goal {
        case .place(.event(let event)): event > here.records.count ? .goingOn : nil
        case .place(.time(let time)): time > here.timelines[here.timelines.current]?.time ?? 0 ? .goingOn : nil
        case .forward: here.isLive ? .goingOn : nil
        case .backward, .backTo: nil
        case .world(let use, _): use
        }
    }

    /// Whether a fault can still strike after the cursor, as far as is known without running on.
    func checkForFaultsToCome() throws(SessionError) {
        let here = snapshot
        let lab = here.lab
        guard here.isLive, !lab.drawsFaults, here.world.standing.actions.isEmpty else { return }
        let remains = lab.faults.contains { fault in
            if case .at(let time) = fault.trigger { time > here.reached } else { true }
        }
        let pending = here.upcoming.contains { if case .action = $0.what { true } else { false } }
        guard remains || pending else { throw SessionError("no fault is still to come") }
    }

    /// Reads a place: `2.5s`, `#1200`, `+200ms`, `-1s`.
    func place(_ text: String) throws(SessionError) -> RunPosition {
        if text.hasPrefix("#") {
            guard let event = Int(text.dropFirst()), event >= 0 else { throw notAPlace(text) }
            return .event(event)
        }
        let sign: Int64 = text.hasPrefix("+") ? 1 : text.hasPrefix("-") ? -1 : 0
        let duration = sign == 0 ? text[...] : text.dropFirst()
        // What begins with a digit was meant for a time: what is wrong with that is the better answer.
        guard duration.first?.isASCII == true, duration.first?.isNumber == true else { throw notAPlace(text) }
        let time = try Units.readDuration(String(duration))
        guard sign != 0 else { return .time(time) }
        let (sum, overflow) = now.addingReportingOverflow(sign * time)
        return .time(overflow ? .max : max(0, sum))
    }

    private func notAPlace(_ text: String) -> SessionError {
        SessionError("\(quoted(text)) is no place in the run; write for example 2.5s, #1200 or +200ms")
    }
}
