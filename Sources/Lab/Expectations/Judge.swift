import SimNetwork

/// Follows a run change by change and judges its expectations.
///
/// What is to be so at a time is judged on the state in which the run stands when that time has passed; what is to come true
/// by then, as soon as it does.
struct Judge {
    private let lab: LabDefinition
    private(set) var statuses: [ExpectationStatus]
    /// Those that are not decided yet, by their places.
    private var open: [Int]
    /// Those of them that are decided when they come true.
    private var watches = WatchList()

    init(lab: LabDefinition, unavailable: Bool = false) {
        self.lab = lab
        statuses = lab.expectations.map { ExpectationStatus(text: $0.text, verdict: unavailable ? .notJudged : .open) }
        open = unavailable ? [] : Array(lab.expectations.indices)
        let world = lab.emptyWorld
        for index in open where lab.expectations[index].isDecidedEarly {
            watches.add(index, lab.expectations[index].condition, in: world)
        }
    }

    /// Goes on judging from a place in a run, where some are decided already.
    ///
    /// - Parameter statuses: how they stand there.
    init(lab: LabDefinition, resuming statuses: [ExpectationStatus], in world: WorldState) {
        self.lab = lab
        self.statuses = statuses
        open = statuses.indices.filter { statuses[$0].verdict == .open }
        for index in open where lab.expectations[index].isDecidedEarly {
            watches.add(index, lab.expectations[index].condition, in: world)
        }
    }

    /// When the next of those that are open is known by the time alone, in nanoseconds; nil where none is.
    var nextDeadline: Int64? {
        open.map { index in
            lab.expectations[index].bound.deadline.map { $0 + 1 } ?? lab.duration
        }.min()
    }

    /// The changes that it is to be shown.
    var interests: ChangeKinds { watches.interests }

    /// Looks at the run before it moves on to `next`: what was to hold by a time that passes now is decided.
    mutating func timePasses(to next: Int64, world: WorldState) {
        for index in open {
            guard let deadline = lab.expectations[index].bound.deadline, deadline < next else { continue }
            decide(index, lab.expectations[index].holds(inTheEnd: world), world)
            statuses[index].decidedAt = deadline
            // Known once the clock shows more than that.
            statuses[index].knownFrom = deadline + 1
        }
    }

    /// Looks at a change, and the state right after it: what is decided by it is.
    mutating func sees(_ change: Change, _ kinds: ChangeKinds, in world: WorldState) {
        decideEarly(watches.sees(change, kinds, in: world), world, by: change)
    }

    /// Looks at the state when an event is over.
    mutating func seesEnd(in world: WorldState) {
        decideEarly(watches.seesEnd(in: world), world)
    }

    /// The run is over: decides what is left.
    mutating func finish(world: WorldState) {
        for index in open {
            decide(index, lab.expectations[index].holds(inTheEnd: world), world)
            statuses[index].decidedAt = lab.duration
            statuses[index].knownFrom = lab.duration
        }
    }

    /// Some have come true: what was to do so has held, and what was not has failed.
    ///
    /// - Parameter change: with which they did; nil where the event as a whole made it so.
    private mutating func decideEarly(_ met: [Int], _ world: WorldState, by change: Change? = nil) {
        for index in met { decide(index, !lab.expectations[index].bound.isNegative, world, by: change) }
    }

    private mutating func decide(_ index: Int, _ holds: Bool, _ world: WorldState, by change: Change? = nil) {
        statuses[index].verdict = holds ? .held : .failed
        statuses[index].event = world.event
        statuses[index].decidedAt = world.time
        if !holds {
            let failed = lab.expectations[index]
            statuses[index].reason =
                change.flatMap { failed.broken(by: $0, in: world) } ?? failed.found(in: world, lab)
            statuses[index].message = failed.condition.isOfMessages ? change?.message.map(ThingNames.message) : nil
        }
        open.removeAll { $0 == index }
        watches.remove { $0 == index }
    }
}

extension Expectation {
    /// Whether that it comes true decides it, before its time or the end.
    fileprivate var isDecidedEarly: Bool { bound.isNegative || condition.kind != .state }

    /// Whether it holds when its time has passed, or the run is over, where nothing has decided it before.
    fileprivate func holds(inTheEnd world: WorldState) -> Bool {
        switch bound {
        case .never, .notBy: true
        case .by, .end: condition.kind != .moment && condition.holds(in: world)
        }
    }
}

extension Expectation.Bound {
    /// The time by which something is to be so, or not; nil where that is the end.
    fileprivate var deadline: Int64? {
        switch self {
        case .by(let time), .notBy(let time): time
        case .end, .never: nil
        }
    }
}

extension LabDefinition {
    /// The state before the first event.
    var emptyWorld: WorldState { WorldState(hosts: topology.hosts.count, links: topology.links.count) }
}
