import PeerNetworking
import SimNetwork

/// A failing run with each of its causes by itself: what the seed draws is done by its time, or vetoed but for the draws that
/// fired.
struct ShrinkScenario {
    /// What is made of a run's draws.
    struct Form: Hashable {
        /// Whether what chaos does stands on the schedule, and not in the seed.
        var schedulesChaos = true
        /// Whether the knobs that buggify turns are turned in the configurations.
        var turnsKnobs = true
        /// How much later than by hand something is done, in nanoseconds: what happened at the same time came before it.
        var handDelay: Int64 = 0
    }

    let form: Form
    let seed: UInt64
    /// The causes in the order of their times, those that stand from the beginning first.
    let causes: [ShrinkCause]
    /// What ends what others have begun.
    let healing: [ScheduledAction]
    /// What chaos has set for the whole run, and what is drawn by it.
    let settings: [Action]
    /// The sites where nothing fires but what is a cause.
    var closed: [DrawSite] = []
    /// The lab without any of that.
    private let bare: LabDefinition
    private let original: LabDefinition
    /// What was drawn at sites that are not closed.
    private let fired: [FailureObservation.Fired]

    init(_ run: FailingRun, _ observed: FailureObservation, _ form: Form, closing sites: [DrawSite]) {
        (self.form, seed, original) = (form, run.seed, run.lab)
        closed = sites
        fired = observed.fired + (form.schedulesChaos ? [] : observed.episodes)
        var lab = run.lab
        var causes: [ShrinkCause] = lab.standing.filter { !$0.heals }.map { .standing($0) }
        if lab.taskOrder != .fifo { causes.append(.taskOrder) }
        if form.turnsKnobs { causes += lab.turnedKnobs(seed: run.seed).map { .knob($0) } }
        let draws = fired.filter { sites.contains($0.site) }
        var timed = draws.map { (time: $0.time, cause: ShrinkCause.draw($0)) }
        for deed in observed.deeds {
            if deed.isByHand {
                timed += deed.actions.map { (deed.time, .intervention($0.later(by: form.handDelay))) }
            } else if deed.family != nil, form.schedulesChaos {
                timed += deed.actions.map { (deed.time, .episode($0)) }
            }
        }
        timed += Self.strikes(of: lab, observed).map { ($0.time, .scheduled($0.action)) }
        let order = timed.indices.sorted { (timed[$0].time, $0) < (timed[$1].time, $1) }
        let all = causes + order.map { timed[$0].cause }
        var healing = all.compactMap(\.scheduled).filter { heal in
            heal.action.heals || all.contains { $0.action?.inverse == heal.action }
        }
        if form.schedulesChaos, let chaos = lab.chaos {
            settings = lab.settingsOfChaos(seed: run.seed)
            if let time = chaos.healsAt { healing.append(ScheduledAction(.healAll, .at(time))) }
            lab.chaos = nil
        } else {
            settings = []
        }
        self.causes = all.filter { cause in cause.scheduled.map { !healing.contains($0) } ?? true }
        self.healing = healing
        (lab.faults, lab.story) = ([], [])
        if form.turnsKnobs { lab.turnsKnobs = false }
        lab.taskOrder = .fifo
        lab.standing.removeAll { !$0.heals }
        bare = lab
    }

    /// The strikes of the lab's schedule, each by itself where the schedule says when.
    private static func strikes(
        of lab: LabDefinition, _ observed: FailureObservation
    ) -> [(time: Int64, action: ScheduledAction)] {
        lab.faults.flatMap { fault -> [(time: Int64, action: ScheduledAction)] in
            guard case .at(let time) = fault.trigger else { return [(0, fault)] }
            let most = fault.every.map { (lab.duration - time) / $0 + 1 } ?? 1
            let count = fault.times > 0 ? min(Int64(fault.times), most) : most
            guard count <= mostStrikes else { return [(time, fault)] }
            return (0..<max(count, 1)).flatMap { strike -> [(time: Int64, action: ScheduledAction)] in
                let time = time + strike * (fault.every ?? 0)
                var once = ScheduledAction(fault.action, .at(time), lasts: fault.lasts)
                // Of what is drawn when it strikes, that which was.
                if fault.action.isDrawnWhenItStrikes {
                    let deed = observed.deeds.first { $0.time == time && $0.asked == fault.action }
                    if let deed, fault.action.family == .swizzle { return deed.actions.map { (time, $0) } }
                    if let drawn = deed?.actions.first { once.action = drawn.action }
                }
                return [(time, once)]
            }
        }
    }

    /// Strikes of one fault that are looked at one by one, at most.
    private static let mostStrikes: Int64 = 500

    /// The lab with some of the causes.
    ///
    /// - Parameters:
    ///   - kept: their places among all.
    ///   - timed: the places of the draws that are made to fire by their times, and not by their numbers: these hang on
    ///     the draws before.
    ///   - opened: the sites where nothing has to be vetoed any more: nothing draws there.
    func lab(keeping kept: [Int], timed: Set<Int>, without opened: Set<DrawSite>) -> LabDefinition {
        var lab = bare
        let causes = kept.map { self.causes[$0] }
        var knobs: Set<TurnedKnob> = []
        var forces: [DrawOverride] = []
        var drawn: [DrawOverride] = []
        var scheduled: [ScheduledAction] = []
        for (place, cause) in zip(kept, causes) {
            switch cause {
            case .draw(let fired):
                if timed.contains(place) { scheduled.append(fired.forced) } else { forces.append(fired.force) }
                drawn.append(fired.force)
            case .episode(let action), .intervention(let action), .scheduled(let action): scheduled.append(action)
            case .standing(let action): lab.standing.append(action)
            case .knob(let knob): knobs.insert(knob)
            case .taskOrder: lab.taskOrder = original.taskOrder
            }
        }
        lab.faults = inOrder(scheduled + healing.filter { heals($0, causes) })
        lab.standing += settings.filter { setting in !opened.contains { $0.isOf(setting.family) } }
        let vetoed = closed.filter { !opened.contains($0) }
        lab.standing += vetoed.map { .override(DrawOverride(site: $0.description, fires: false)) }
        lab.standing += forces.map { .override($0) }
        if !knobs.isEmpty { lab.turn(knobs, seed: seed) }
        lab.quieten(opened, forced: drawn)
        return lab
    }

    /// Whether something is left that an action ends: what ends all always is.
    private func heals(_ healing: ScheduledAction, _ causes: [ShrinkCause]) -> Bool {
        let patients = self.causes.filter { $0.action?.inverse == healing.action }
        return patients.isEmpty || causes.contains { patients.contains($0) }
    }

    /// In the order of the lab's schedule, with what else there is by its time.
    private func inOrder(_ scheduled: [ScheduledAction]) -> [ScheduledAction] {
        func time(_ action: ScheduledAction) -> Int64 {
            if case .at(let time) = action.trigger { time } else { -1 }
        }
        let order = scheduled.indices.sorted { (time(scheduled[$0]), $0) < (time(scheduled[$1]), $1) }
        return order.map { scheduled[$0] }
    }
}

extension FailureObservation.Fired {
    /// What makes it fire by its time: for as long as that lasts.
    fileprivate var forced: ScheduledAction {
        ScheduledAction(
            .override(DrawOverride(site: force.site, subject: group, fires: true)), .at(time), lasts: 1)
    }

    /// Whether it can be made to fire by its time.
    var canBeTimed: Bool {
        // What the first event draws comes before all that is scheduled.
        isAlone && group != nil && event > 1
    }
}

extension ScheduledAction {
    fileprivate func later(by delay: Int64) -> ScheduledAction {
        var action = self
        if case .at(let time) = trigger { action.trigger = .at(time + delay) }
        return action
    }
}

extension Action {
    /// Whether what it does is drawn when it strikes: the groups of a partition, the turns of a swizzle.
    fileprivate var isDrawnWhenItStrikes: Bool {
        if family == .swizzle { return true }
        if case .word? = operands["groups"] { return true }
        return false
    }
}

extension DrawSite {
    /// Whether it is where a family of faults is drawn.
    fileprivate func isOf(_ family: FaultFamily) -> Bool {
        switch self {
        case .fault(let site): site.family == family
        case .buggify: false
        case .chaos(let drawn): drawn == family
        }
    }
}
