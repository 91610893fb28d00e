public import PeerNetworking
public import SimNetwork

/// Which network a session runs on.
public enum ProviderKind: String, Hashable, Sendable, CaseIterable {
    /// The deterministic simulation.
    case sim
    /// Real sockets on the loopback interface.
    case loopback
    /// The kernel's own TCP, each host a network of its own, with the lab's links between them.
    case linux
}

/// All that a view may show of a session at its cursor: one value, the same for a simulated and a loopback run.
public struct Snapshot: Sendable {
    /// The lab.
    public var lab: LabDefinition
    /// The seed of the run.
    public var seed: UInt64
    /// Which network it runs on.
    public var provider: ProviderKind
    /// The timeline's name: `main`, or that of a branch.
    public var timeline: String
    /// All timelines of the session, and which of them this is.
    public var timelines: Timelines
    /// Hosts, links, connections, peers, segments at the cursor.
    public var world: WorldState
    /// The digest of all records up to the cursor; nil on loopback.
    public var digest: Digest?
    /// All records of the timeline; those up to the cursor are the past, what lies beyond was recorded before.
    public var records: RecordLog
    /// Whether the cursor is at the live end.
    public var isLive: Bool
    /// Whether the run is over: its duration has passed, nothing is pending, or it failed.
    public var isOver: Bool
    /// What will happen next, earliest first, some dozens at most.
    public var upcoming: [UpcomingEvent]
    /// The story's lines that have been said by now, latest last.
    public var story: [String]
    /// The expectations, and how they stand.
    public var expectations: [ExpectationStatus]
    /// Interventions made on this timeline, up to the cursor.
    public var interventions: [Intervention]
    /// Faults of the lab that this provider cannot produce, as the screen says it; empty in the simulation.
    public var unavailable: [String]
    /// Why the run cannot go on, where it cannot.
    public var failure: String?
    /// The invariant that did not hold, where one did not.
    public var violation: InvariantViolation?
    /// Whether the lab asks for all invariants to be checked after every event; that time does not go back always is.
    public var checksInvariants: Bool
    /// How far time has come, in nanoseconds: at the live end it may be beyond the last event.
    public var reached: Int64
    /// The round trips that the peers have measured; nil where the records tell of them.
    var roundTrips: RoundTrips?
    /// Whether this is what was recorded of a run on a real network.
    package var isRecorded = false
    /// How its programs stand: empty where none run.
    package var programs: [ProgramState] = []
    /// Which congestion control real sockets have; empty in the simulation, where it is what the lab says.
    package var congestion: [CongestionUse] = []
    /// How late the wire was so far, where there is one.
    package var wire: WireLateness?
    /// Probes of the tail that kernels have sent, of a real run that is over and had a wire; nil where nobody told.
    package var tailProbes: Int64?
    /// What the past takes.
    public var log: LogUse

    /// How the run stands at the cursor.
    public var outcome: Outcome {
        Outcome(expectations.map(\.verdict), hasFailed: failure != nil || violation != nil, isOver: isOver)
    }

    /// Virtual (on loopback: elapsed) time at the cursor: ``reached``.
    public var time: Instant { Instant(nanoseconds: reached) }
    /// The number of the event at the cursor; 0 before the first.
    public var event: Int { world.event }
    /// The names of the peers, by number.
    public var peerNames: [String] { world.names.peers }
    /// The names that peers gave the subjects of draws, by number.
    public var subjectNames: [String] { world.names.subjects }
}

/// How an expectation stands.
public struct ExpectationStatus: Hashable, Sendable {
    /// How it stands.
    public enum Verdict: String, Hashable, Sendable {
        /// Not decided yet.
        case open
        /// It holds, and can no longer fail.
        case held
        /// It failed.
        case failed
        /// It depends on a fault that this provider cannot produce.
        case notJudged
    }

    /// The line of the lab file.
    public var text: String
    /// How it stands.
    public var verdict: Verdict
    /// The number of the event that decided it.
    public var event: Int?
    /// When it was decided, in nanoseconds: what was to be so at a time or the end, then; what comes true, when it did.
    public var decidedAt: Int64?
    /// The time from which on that is known, in nanoseconds, where the event alone does not tell it.
    var knownFrom: Int64?
    /// What was not as it should be, where it failed and the text does not say it.
    public var reason: String?
    /// The error that the peer had which it is about, when it failed.
    var code: NetworkError.Code?
    /// The message that it failed by, by its name: `m41`.
    public var message: String?

    /// Makes one that is open, or decided by what stands beside it.
    package init(text: String, verdict: Verdict) {
        self.text = text
        self.verdict = verdict
    }

    /// Whether a time decided it, and not an event.
    var isKnownByTime: Bool { knownFrom != nil }

    /// What is known of it at a place in the run: what is decided later is not.
    func known(after cursor: Int, at now: Int64) -> ExpectationStatus {
        guard let event, event > cursor || (event == cursor && now < knownFrom ?? 0) else { return self }
        return ExpectationStatus(text: text, verdict: .open)
    }
}

/// Something done by hand or script, and where in the run: a recording keeps it.
public struct Intervention: Hashable, Sendable {
    /// The virtual time at which it was done, in nanoseconds.
    public var time: Int64
    /// The number of its own event.
    public var event: Int
    /// What was done.
    public var action: Action
    /// What was pending and it was done to, where it says that by a place among what is pending: the place alone tells
    /// nobody. Nil for all else, and as long as a recording is only read.
    public var pending: UpcomingEvent?

    /// Makes an intervention.
    public init(time: Int64, event: Int, action: Action, pending: UpcomingEvent? = nil) {
        self.time = time
        self.event = event
        self.action = action
        self.pending = pending
    }
}
