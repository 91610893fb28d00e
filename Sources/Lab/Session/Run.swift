import CTrap
import PeerNetworking
import SimNetwork

/// A run of a lab: the world, the state that its records give, and what is judged and told of it.
///
/// It keeps no log and cannot go back; what goes over many seeds needs no more.
final class Run {
    /// The lab that runs.
    let lab: LabDefinition
    /// The seed.
    let seed: UInt64
    let simulation: Simulation
    /// The state after the latest event.
    @exclusivity(unchecked) private(set) var state: WorldState
    @exclusivity(unchecked) private(set) var judge: Judge
    @exclusivity(unchecked) private(set) var narrator: Narrator
    /// The round trips that the peers have measured.
    @exclusivity(unchecked) private(set) var roundTrips = RoundTrips()
    /// What its faults have met, where somebody asks for that.
    @exclusivity(unchecked) private(set) var coverage: CoverageWatch?
    /// The digest of the records up to the latest event: what ends a run has none.
    @exclusivity(unchecked) private(set) var digest: Digest
    /// Why it cannot go on, where it cannot.
    @exclusivity(unchecked) private(set) var failure: SimulationError?
    /// The lab's duration has passed.
    private(set) var isFinished = false
    /// How far time has come where that is beyond the latest event, in nanoseconds.
    private(set) var reached: Int64 = 0
    /// What was judged and told before the end, for a run that goes on after all.
    private var beforeEnd: (judge: Judge, narrator: Narrator)?
    private let bounds: PeerQueueBounds
    @exclusivity(unchecked) private var asks = Asks()

    /// What those that judge and tell ask to be shown: kept here, because whoever looks at the whole state for each event
    /// copies it.
    private struct Asks {
        /// The changes that they look at.
        var interests: ChangeKinds = []
        /// Whether they look at the state when an event is over.
        var looksAtEnds = false
        /// The first time that decides something by passing, in nanoseconds.
        var deadline: Int64 = .max
        /// How often they had asked for something else by then.
        var turns = -1
    }

    /// Makes a run that has not begun.
    ///
    /// - Parameters:
    ///   - arranged: takes what was arranged before the first event.
    ///   - coverage: sees what its faults meet.
    init(lab: LabDefinition, seed: UInt64, arranged: inout RecordLog, coverage: CoverageWatch? = nil) {
        self.lab = lab
        self.seed = seed
        self.coverage = coverage
        simulation = lab.makeSimulation(seed: seed, keepsRecords: true)
        state = WorldState(hosts: lab.topology.hosts.count, links: lab.topology.links.count)
        simulation.arrange(in: &arranged)
        state.applyArranged(of: arranged)
        digest = simulation.digest
        judge = Judge(lab: lab, upTo: ProviderKind.sim.reach(of: lab))
        narrator = Narrator(lab: lab)
        bounds = PeerQueueBounds(lab: lab)
        ask()
    }

    /// Takes in what those that judge and tell ask for now.
    private func ask() {
        asks = Asks(
            interests: judge.interests.union(narrator.interests).union(PeerQueueBounds.interests)
                .union(RoundTrips.interests).union(coverage == nil ? [] : CoverageWatch.interests),
            looksAtEnds: judge.looksAtEnds || narrator.looksAtEnds, deadline: judge.firstDeadline,
            turns: judge.turns + narrator.turns)
    }

    /// A time comes: what was to hold by one before it is decided.
    private func timePasses(to time: Int64) {
        guard asks.deadline < time else { return }
        judge.timePasses(to: time, world: state)
        ask()
    }

    /// Takes the next event, if one comes up to a time.
    ///
    /// - Throws: ``SessionError`` when the run cannot go on.
    func step(until time: Int64 = .max) throws(SessionError) -> Bool {
        if let failure { throw SessionError(failure.description) }
        guard !isFinished else { return false }
        do {
            let limit = min(time, lab.duration)
            Whereabouts.enter(state.event + 1, of: simulation)
            defer { Whereabouts.leave(state.event) }
            guard try simulation.advance(until: Instant(nanoseconds: limit)) else {
                if limit == lab.duration { finish() }
                return false
            }
            timePasses(to: simulation.now.nanoseconds)
            takeIn()
            return true
        } catch {
            failure = error
            throw SessionError(error.description)
        }
    }

    /// Does something to the network, as an event of its own.
    ///
    /// - Parameter time: from that of the latest event to that of the next one.
    /// - Returns: what was done, where and when.
    /// - Throws: ``SessionError`` when it cannot be done; then nothing has changed.
    func perform(_ action: Action, at time: Int64) throws(SessionError) -> Intervention {
        Whereabouts.enter(state.event + 1, of: simulation, by: action.form.name)
        defer { Whereabouts.leaveAction(state.event) }
        let pending = action.pendingPlace.flatMap { place in
            state.upcoming(limit: .max).first { $0.place == place }
        }
        do {
            try simulation.perform(action, at: Instant(nanoseconds: time))
        } catch {
            throw SessionError(error.description)
        }
        if let before = beforeEnd {
            // The run goes on after all: what was decided at its end is open again.
            isFinished = false
            (judge, narrator) = before
            beforeEnd = nil
            ask()
        }
        reached = 0
        timePasses(to: simulation.now.nanoseconds)
        takeIn()
        return Intervention(time: state.time, event: state.event, action: action, pending: pending)
    }

    private func takeIn() {
        simulation.apply(to: &state, showing: asks.interests) { change, kinds, world in
            if failure == nil, let violation = bounds.violation(by: change, world) {
                failure = .invariantBroken(violation)
            }
            roundTrips.sees(change)
            coverage?.sees(change, in: world)
            judge.sees(change, kinds, in: world)
            narrator.sees(change, kinds, in: world)
        }
        if asks.looksAtEnds {
            judge.seesEnd(in: state)
            narrator.seesEnd(in: state)
        }
        if judge.turns + narrator.turns != asks.turns { ask() }
        digest = simulation.digest
    }

    /// No event is left up to a time: it has passed, and what was to hold by then is decided.
    func pass(to time: Int64) {
        guard !isFinished, failure == nil else { return }
        reached = max(reached, min(time, lab.duration))
        timePasses(to: time)
    }

    private func finish() {
        beforeEnd = (judge, narrator)
        isFinished = true
        judge.finish(world: state)
        narrator.end(at: state.event)
    }

    /// The time that it is: of the latest event, or later where it was run to a time or is over.
    var time: Int64 { isFinished ? lab.duration : max(state.time, reached) }

    /// Ends all tasks.
    func close() { simulation.shutDown() }
}
