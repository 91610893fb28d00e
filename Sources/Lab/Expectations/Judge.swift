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
    /// What those wait for that are to hold soon after something else.
    private var triggers = WatchList()
    /// Those of them for which that has come, and until when they may take.
    private var pending: [(index: Int, deadline: Int64)] = []
    /// Those of them for which it came once at least, by their places.
    private var triggered: Set<Int> = []
    /// How often something was decided, or began to be waited for: what it asks to be shown is another then.
    private(set) var turns = 0

    /// - Parameter reach: from this time on, in nanoseconds, something of the lab is missing: what is decided by then is judged,
    ///   and nothing else.
    init(lab: LabDefinition, upTo reach: Int64 = .max) {
        self.lab = lab
        statuses = lab.expectations.map { expectation in
            let isJudged = reach == .max || expectation.bound.deadline.map { $0 < reach } == true
            return ExpectationStatus(text: expectation.text, verdict: isJudged ? .open : .notJudged)
        }
        open = statuses.indices.filter { [statuses] in statuses[$0].verdict == .open }
        watch(from: lab.emptyWorld)
    }

    /// Goes on judging from a place in a run, where some are decided already.
    ///
    /// - Parameter statuses: how they stand there.
    init(lab: LabDefinition, resuming statuses: [ExpectationStatus], in world: WorldState) {
        self.lab = lab
        self.statuses = statuses
        open = statuses.indices.filter { statuses[$0].verdict == .open }
        watch(from: world)
    }

    private mutating func watch(from world: WorldState) {
        for index in open {
            if case .within(_, let trigger) = lab.expectations[index].bound {
                triggers.add(index, trigger, in: world)
            } else if lab.expectations[index].isDecidedEarly {
                watches.add(index, lab.expectations[index].condition, in: world)
            }
        }
    }

    /// When the next of those that are open is known by the time alone, in nanoseconds; nil where none is.
    var nextDeadline: Int64? {
        open.map { index in
            let deadline = pending.first { $0.index == index }?.deadline ?? lab.expectations[index].bound.deadline
            return deadline.map { min($0 + 1, lab.duration) } ?? lab.duration
        }.min()
    }

    /// The changes that it is to be shown.
    var interests: ChangeKinds { watches.interests.union(triggers.interests) }

    /// Whether it looks at the state when an event is over.
    var looksAtEnds: Bool { watches.looksAtEnds || triggers.looksAtEnds }

    /// The first time that decides something by passing, in nanoseconds.
    var firstDeadline: Int64 {
        open.compactMap { index in
            pending.first { $0.index == index }?.deadline ?? lab.expectations[index].bound.deadline
        }.min() ?? .max
    }

    /// Looks at the run before it moves on to `next`: what was to hold by a time that passes now is decided.
    mutating func timePasses(to next: Int64, world: WorldState) {
        for index in open {
            let waited = pending.first { $0.index == index }
            guard let deadline = waited?.deadline ?? lab.expectations[index].bound.deadline, deadline < next
            else { continue }
            decide(index, waited == nil && lab.expectations[index].holds(inTheEnd: world), world)
            statuses[index].decidedAt = deadline
            // Known once the clock shows more than that.
            statuses[index].knownFrom = deadline + 1
        }
    }

    /// Looks at a change, and the state right after it: what is decided by it is.
    mutating func sees(_ change: Change, _ kinds: ChangeKinds, in world: WorldState) {
        decideEarly(watches.sees(change, kinds, in: world), world, by: change)
        begin(triggers.sees(change, kinds, in: world), world)
    }

    /// Looks at the state when an event is over.
    mutating func seesEnd(in world: WorldState) {
        decideEarly(watches.seesEnd(in: world), world)
        begin(triggers.seesEnd(in: world), world)
    }

    /// What some are to follow has come: from now on their time runs, unless they hold.
    private mutating func begin(_ met: [Int], _ world: WorldState) {
        for index in met {
            turns += 1
            triggered.insert(index)
            let expectation = lab.expectations[index]
            guard case .within(let span, _) = expectation.bound, !pending.contains(where: { $0.index == index }),
                !expectation.condition.holds(in: world)
            else { continue }
            let (deadline, overflow) = world.time.addingReportingOverflow(span)
            pending.append((index, overflow ? .max : deadline))
            watches.add(index, expectation.condition, in: world)
        }
    }

    /// The run is over: decides what is left.
    mutating func finish(world: WorldState) {
        for index in open {
            if case .within(_, let trigger) = lab.expectations[index].bound {
                decide(index, triggered.contains(index) && !pending.contains { $0.index == index }, world)
                if !triggered.contains(index) { statuses[index].reason = "\(trigger.text(in: lab)): that never came" }
            } else {
                decide(index, lab.expectations[index].holds(inTheEnd: world), world)
            }
            statuses[index].decidedAt = lab.duration
            statuses[index].knownFrom = lab.duration
        }
    }

    /// Some have come true: what was to do so has held, and what was not has failed.
    ///
    /// - Parameter change: with which they did; nil where the event as a whole made it so.
    private mutating func decideEarly(_ met: [Int], _ world: WorldState, by change: Change? = nil) {
        for index in met {
            if pending.contains(where: { $0.index == index }) {
                turns += 1
                // In time: what it followed may come again.
                pending.removeAll { $0.index == index }
                watches.remove { $0 == index }
            } else {
                decide(index, !lab.expectations[index].bound.isNegative, world, by: change)
            }
        }
    }

    private mutating func decide(_ index: Int, _ holds: Bool, _ world: WorldState, by change: Change? = nil) {
        turns += 1
        statuses[index].verdict = holds ? .held : .failed
        statuses[index].event = world.event
        statuses[index].decidedAt = world.time
        if !holds {
            let failed = lab.expectations[index]
            statuses[index].reason =
                change.flatMap { failed.broken(by: $0, in: world) } ?? failed.found(in: world, lab)
            statuses[index].code = failed.condition.process.flatMap { process in
                world.peers(of: process).lazy.compactMap { world.peers[$0].reason }.first
            }
            statuses[index].message = failed.condition.isOfMessages ? change?.message.map(ThingNames.message) : nil
        }
        open.removeAll { $0 == index }
        watches.remove { $0 == index }
        triggers.remove { $0 == index }
        pending.removeAll { $0.index == index }
    }
}

extension Expectation {
    /// Whether that it comes true decides it, before its time or the end.
    fileprivate var isDecidedEarly: Bool { bound.isNegative || condition.kind != .state }

    /// Whether it holds when its time has passed, or the run is over, where nothing has decided it before.
    fileprivate func holds(inTheEnd world: WorldState) -> Bool {
        switch bound {
        case .never, .notBy: true
        case .by, .end, .within: condition.kind != .moment && condition.holds(in: world)
        }
    }
}

extension Expectation.Bound {
    /// The time by which something is to be so, or not; nil where that is the end.
    fileprivate var deadline: Int64? {
        switch self {
        case .by(let time), .notBy(let time): time
        case .end, .never, .within: nil
        }
    }
}

extension LabDefinition {
    /// The state before the first event.
    var emptyWorld: WorldState { WorldState(hosts: topology.hosts.count, links: topology.links.count) }
}
