import Lab
import PeerNetworking
import SimNetwork

extension LabApp {
    /// Events in a slice of work: a fraction of the 16 ms in which a key must show.
    static let slice = 512

    /// Lets time pass: the run goes on by as much virtual time as the speed says, as far as one slice of work gets.
    ///
    /// - Parameter elapsedNanoseconds: real time since the last call.
    /// - Returns: whether more is to be done at once; then ``work()`` does it.
    @discardableResult
    package func tick(elapsedNanoseconds: Int64) -> Bool {
        guard !isTooSmall else { return false }
        if isRunning, seek == nil {
            if let virtual = view.speed.virtual(for: max(0, elapsedNanoseconds)) {
                // A run that cannot keep up does not run after what it has missed.
                if target <= now {
                    let (next, overflow) = now.addingReportingOverflow(virtual)
                    target = overflow ? .max : next
                }
            } else {
                target = session.lab.duration
            }
        }
        return work()
    }

    /// Does one slice of what is under way: the move, the run, the search of the filter.
    ///
    /// - Returns: whether more is to be done at once.
    @discardableResult
    package func work() -> Bool {
        if seek != nil {
            advanceSeek()
        } else if isRunning {
            advanceRun()
        }
        followSecond()
        followPartner()
        followOutput()
        let isFiltering = advanceFilter()
        // What real sockets have not done yet is waited for, not worked at.
        let isBusy = (seek != nil || (isRunning && target > now)) && session.traits.isStepped
        return isBusy || isFiltering
    }

    /// Does all that is under way, for scripts and tests.
    ///
    /// - Parameters:
    ///   - wait: called where the run is on real sockets, and what is waited for has not happened yet.
    ///   - isCancelled: whether to leave it undone.
    package func settle(wait: () -> Void = {}, isCancelled: () -> Bool = { false }) {
        while !isCancelled(), seek != nil || view.filter?.isSettled == false {
            if !work() { wait() }
        }
    }

    private func advanceRun() {
        guard target > now else { return }
        do {
            if !session.traits.isStepped, snapshot.isLive {
                // At the end of a real run the picture follows what happens.
                invalidate()
                _ = try session.seek(to: .event(.max), budget: Self.slice)
                settleClock()
                if let point = try stop(upTo: target) { return pause(at: point) }
            } else if view.breakpoints.on.isEmpty || !session.traits.isStepped {
                leave()
                _ = try session.seek(to: .time(target), budget: Self.slice)
                view.progress = snapshot.isLive ? rebuildingProgress(for: .goingOn) : nil
                if !session.traits.isStepped { target = now }
            } else if let point = try stop(upTo: target) {
                return pause(at: point)
            }
            if snapshot.isOver {
                stop()
                say("the run is over")
            }
        } catch {
            stop()
            complain(error)
        }
    }

    /// Goes on to a time at most, stopping at the breakpoints; on real sockets, looks at what has happened.
    ///
    /// - Returns: what is said where it has stopped; nil where it has not.
    private func stop(upTo time: Int64) throws(SessionError) -> String? {
        guard !view.breakpoints.on.isEmpty else { return nil }
        // What was watched goes on being watched, where the run has gone on from there.
        var search = running.take() ?? self.search(for: .breakpoint)
        search.target = .time(time)
        let end = try advance(&search)
        running = search
        guard case .stopped(let stops) = end else { return nil }
        return search.notice(stops) ?? "stopped"
    }

    /// Pauses the run where there was something to stop at.
    private func pause(at point: String) {
        stop()
        say(point)
    }

    /// Ends the run and whatever long move is under way.
    func stop() {
        view.isRunning = false
        seek = nil
        running = nil
        view.progress = nil
        settleClock()
    }

    /// The run is to go on from the cursor, wherever it was going.
    func settleClock() {
        target = now
    }

    /// Moves the second session to where the first is.
    private func followSecond() {
        guard let second else { return }
        _ = try? second.seek(to: .time(now), budget: Self.slice)
        invalidateSecond()
        guard let right = secondSnapshot else { return }
        _ = view.lifeCycle?.left.follow(snapshot)
        _ = view.lifeCycle?.right.follow(right)
    }

    /// - Returns: whether there is more to search.
    private func advanceFilter() -> Bool {
        let found = view.filter?.matches.count ?? 0
        view.filter?.search(snapshot)
        if let event = view.filter?.pay(from: found) { view.selected[.events] = .event(event) }
        return view.filter.map { !$0.isSettled } ?? false
    }
}
