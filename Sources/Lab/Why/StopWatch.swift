package import SimNetwork

/// Follows a run event by event from a place in it, and says where to stop: where a condition comes true, or something that
/// the lab expects fails.
package struct StopWatch: Sendable {
    /// Why to stop.
    package enum Stop: Hashable, Sendable {
        /// A condition has come true: its user's number.
        case condition(Int)
        /// An expectation failed, or an invariant: in words.
        case failure(String)
    }

    /// The number of the event that was looked at last.
    package private(set) var event: Int
    private let lab: LabDefinition
    /// Those that a record alone tells.
    private var moments: [(number: Int, condition: Condition)] = []
    private var watches = WatchList()
    private var judge: Judge?
    /// The state after the latest event; nil where records alone tell.
    private var state: WorldState?

    /// Begins at a session's cursor.
    ///
    /// - Parameters:
    ///   - conditions: each with a number of its user's.
    ///   - failures: whether to stop where something fails.
    package init(_ conditions: [(number: Int, condition: Condition)], failures: Bool, at snapshot: Snapshot) {
        event = snapshot.event
        lab = snapshot.lab
        let world = snapshot.world
        for entry in conditions {
            if entry.condition.isToldByRecords {
                moments.append(entry)
            } else {
                watches.add(entry.number, entry.condition, in: world)
            }
        }
        if failures { judge = Judge(at: snapshot) }
        if !watches.isEmpty || judge != nil { state = world }
    }

    /// Whether it stops where something fails.
    package var looksForFailures: Bool { judge != nil }

    /// The time from which on something more is known without an event, in nanoseconds; nil where there is none such.
    package var deadline: Int64? { judge?.nextDeadline }

    /// Looks at the next event.
    ///
    /// - Returns: why to stop after it; none where to go on.
    package mutating func sees(_ record: EventRecord) -> [Stop] {
        event = record.number
        var stops = moments.filter { $0.condition.happens(in: record) }.map { Stop.condition($0.number) }
        // Taken out, so that the state is changed in place.
        guard var state = state.take() else { return stops }
        var judge = judge.take()
        let failed = judge?.failed ?? []
        judge?.timePasses(to: record.time, world: state)
        var met: [Int] = []
        state.apply(record, showing: watches.interests.union(judge?.interests ?? [])) { change, kinds, world in
            met += watches.sees(change, kinds, in: world)
            judge?.sees(change, kinds, in: world)
        }
        met += watches.seesEnd(in: state)
        judge?.seesEnd(in: state)
        for number in met where !stops.contains(.condition(number)) { stops.append(.condition(number)) }
        stops += judge?.failures(since: failed) ?? []
        self.state = state
        self.judge = judge
        return stops
    }

    /// A time has come, and no event before it.
    ///
    /// - Parameter time: in nanoseconds; from the lab's end on all is decided.
    package mutating func passes(to time: Int64) -> [Stop] {
        guard let state, var judge = judge.take() else { return [] }
        let failed = judge.failed
        judge.timePasses(to: time, world: state)
        if time >= lab.duration { judge.finish(world: state) }
        self.judge = judge
        return judge.failures(since: failed)
    }
}

extension Expectation {
    /// Whether how it stands does not tell all that judging it further needs: what it follows may have come, or what it counts.
    fileprivate var looksAtThePast: Bool {
        if case .within = bound { return true }
        if case .connects = condition { return true }
        return false
    }
}

extension Judge {
    /// Judges on from a session's cursor, knowing all that it needs of what was before.
    fileprivate init(at snapshot: Snapshot) {
        let (lab, records) = (snapshot.lab, snapshot.records)
        guard lab.expectations.contains(where: \.looksAtThePast), records.first == 1 else {
            self.init(lab: lab, resuming: snapshot.expectations, in: snapshot.world)
            return
        }
        self.init(lab: lab)
        var state = lab.emptyWorld
        state.applyArranged(of: records)
        for number in stride(from: 1, through: snapshot.event, by: 1) {
            let record = records[event: number]
            timePasses(to: record.time, world: state)
            state.apply(record, showing: interests) { change, kinds, world in sees(change, kinds, in: world) }
            seesEnd(in: state)
        }
        timePasses(to: snapshot.reached, world: state)
        if snapshot.isOver { finish(world: state) }
    }

    /// The places of those that failed.
    fileprivate var failed: [Int] { statuses.indices.filter { statuses[$0].verdict == .failed } }

    /// Those that failed since, in words.
    fileprivate func failures(since before: [Int]) -> [StopWatch.Stop] {
        failed.filter { !before.contains($0) }.map { .failure(statuses[$0].sentence) }
    }
}

extension ExpectationStatus {
    /// What was expected, and what was found instead.
    package var sentence: String { text + (reason.map { ": \($0)" } ?? message.map { ": \($0)" } ?? "") }
}
