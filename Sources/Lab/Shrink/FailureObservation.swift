import SimNetwork

/// All that had a hand in a run up to its failure: draws that fired, episodes of chaos, what was scheduled and done.
struct FailureObservation {
    /// A draw that fired.
    struct Fired: Hashable {
        /// What makes it fire again, and no other draw.
        var force: DrawOverride
        var site: DrawSite
        var event: Int
        var time: Int64
        /// The name of what it belongs to: of a segment its link's direction or its connection, of all else what it is for.
        var group: String?
        /// Whether all draws for that fired that were made there at its time: then the time alone makes it fire again.
        var isAlone = true
    }

    /// Something that was done to the network in an event, and all that it is.
    struct Deed: Hashable {
        /// What it is, without anything that is drawn when it strikes: one or more.
        var actions: [ScheduledAction]
        var event: Int
        var time: Int64
        /// The family of chaos that it is an episode of; nil where it is the schedule's, or done by hand.
        var family: FaultFamily?
        /// What was asked for.
        var asked: Action
        var isByHand: Bool
    }

    private(set) var failure: RunFailure?
    private(set) var events = 0
    /// The draws that fired, without those of chaos, in the order in which they were made.
    private(set) var fired: [Fired] = []
    /// The episodes of chaos that struck, by their draws.
    private(set) var episodes: [Fired] = []
    /// What was done, in order.
    private(set) var deeds: [Deed] = []
    /// The sites where something was drawn, in the order of their first draws.
    private(set) var sites: [DrawSite] = []
    /// What was done by hand and could not be done again.
    private(set) var refusals = 0
    /// The draws that were made at the time of the latest event and did not fire.
    private var missed: [(site: DrawSite, subject: DrawSubject)] = []
    private var latest = Int64(-1)
    /// What those were for that fired.
    private var firedFor: [DrawSubject] = []

    /// - Parameter isAbandoned: asked now and then, whether it is to be left as it is.
    init(of original: FailingRun, isAbandoned: @escaping @Sendable () -> Bool = { false }) {
        let trial = TrialRun(
            lab: original.lab, seed: original.seed, interventions: original.interventions, isAbandoned: isAbandoned)
        var names = StableNames(original.lab)
        let result = trial.result { run in
            let record = run.simulation.record
            for change in record.changes { names.see(change) }
            take(record, names, run.simulation.subjectNames)
        }
        (failure, events, refusals) = (result.failure, result.events, result.refusals)
    }

    private mutating func take(_ record: EventRecord, _ names: StableNames, _ subjects: [String]) {
        var family: FaultFamily?
        if record.time != latest { (missed, latest) = ([], record.time) }
        for case .draw(let draw) in record.changes {
            if !sites.contains(draw.site) { sites.append(draw.site) }
            guard draw.fires else {
                missed.append((draw.site, draw.subject))
                doubt(draw, record.time)
                continue
            }
            let force = DrawOverride(
                site: draw.site.description, subject: names.name(draw.subject, subjects), number: draw.number,
                fires: true)
            var fired = Fired(force: force, site: draw.site, event: record.number, time: record.time)
            fired.group = names.group(draw, subjects)
            fired.isAlone = !missed.contains {
                $0.site == draw.site && $0.subject.isBeside(draw.subject, at: draw.site)
            }
            if case .chaos(let struck) = draw.site {
                family = struck
                episodes.append(fired)
            } else {
                self.fired.append(fired)
                firedFor.append(draw.subject)
            }
        }
        for case .action(let action) in record.changes {
            deeds.append(
                Deed(
                    actions: Self.explicit(action, in: record), event: record.number, time: record.time, family: family,
                    asked: action, isByHand: record.kind == .intervention))
        }
    }

    /// A draw did not fire: of those that did at the same time and for the same, the time alone says too little.
    private mutating func doubt(_ draw: DrawRecord, _ time: Int64) {
        for index in fired.indices.reversed() {
            guard fired[index].time == time else { return }
            if fired[index].site == draw.site, firedFor[index].isBeside(draw.subject, at: draw.site) {
                fired[index].isAlone = false
            }
        }
    }

    /// An action as actions in which nothing is drawn, each with the time that it lasts.
    private static func explicit(_ action: Action, in record: EventRecord) -> [ScheduledAction] {
        // What found nothing to be done to is nothing.
        let isDone = record.changes.contains { if case .fault = $0 { true } else { false } }
        guard isDone else { return [] }
        var arranged: [(action: Action, due: Int64)] = []
        for case .scheduled(let action, let due) in record.changes { arranged.append((action, due)) }
        if action.family == .swizzle {
            // Each host's turn, and the end of it.
            return arranged.filter { !$0.action.heals }.map { begun in
                let end = arranged.first { $0.action == begun.action.inverse && $0.due > begun.due }
                return ScheduledAction(begun.action, .at(begun.due), lasts: end.map { $0.due - begun.due })
            }
        }
        var action = action
        for case .partition(let partition, true) in record.changes { action = .partition(.groups(partition)) }
        let end = action.inverse == nil ? nil : arranged.first { $0.due > record.time }
        return [ScheduledAction(action, .at(record.time), lasts: end.map { $0.due - record.time })]
    }
}

extension DrawSubject {
    /// Whether what makes draws of its group fire makes those of another fire too.
    fileprivate func isBeside(_ other: DrawSubject, at site: DrawSite) -> Bool {
        guard case .segment(let left) = self, case .segment(let right) = other else { return self == other }
        if site.isOfConnections { return left.connection == right.connection }
        return left.link == right.link && left.direction == right.direction
    }
}

extension DrawSite {
    /// Whether a segment's draws belong to its connection, and not to its link's direction.
    fileprivate var isOfConnections: Bool {
        switch self {
        case .fault(.momentDrop), .buggify: true
        case .fault, .chaos: false
        }
    }
}

extension StableNames {
    /// The name of what a draw belongs to.
    func group(_ draw: DrawRecord, _ subjects: [String]) -> String? {
        guard case .segment(let segment) = draw.subject else { return name(draw.subject, subjects) }
        if draw.site.isOfConnections { return name(.connection(segment.connection), subjects) }
        return name(.lane(segment.link, segment.direction), subjects)
    }
}
