/// How a simulation is run.
public struct SimulationOptions: Hashable, Sendable {
    /// Whether each event's record carries its changes. The digest is the same either way; without, a run is faster.
    public var keepsRecords = true
    /// Jobs that one event may run before the run ends with an error: a task that spins would hang it for ever.
    public var jobBudget = 1_000_000
    /// Events that may follow one another at one time before the run ends with an error: where links take no time and peers
    /// wait for none, it would go on for ever.
    public var instantBudget = 2_000_000
    /// Bytes that the record of one event may take before the run ends with an error: a task that does ever more without
    /// waiting would fill the memory within it. Enough for three million changes of a usual size.
    public var recordBudget = 67_108_864
    /// Changes that the record of one event may have before the run ends with an error, for those that take two bytes: read
    /// one by one a change takes 64, and so many a quarter of a GiB. The most that a run needs is for the event that heals
    /// all links of a lab of 1,000 hosts, each with each: both directions of 499,500, a cut and a clog of each.
    public var changeBudget = 4_000_000
    /// Deliberate misbehaviour; nil for none.
    public var buggify: BuggifyOptions?
    /// Faults drawn from the seed; nil for none.
    public var chaos: ChaosProfile?
    /// In which order jobs run that are ready at the same time.
    public var taskOrder: TaskOrder = .fifo
    /// Whether the invariants are checked after every event; always, in debug builds.
    public var checksInvariants = false

    /// Keeps records, with a budget of a million jobs an event, tasks in order, buggify and chaos off.
    public init() {}
}

/// How often buggify misbehaves, after FoundationDB.
public struct BuggifyOptions: Hashable, Sendable {
    /// The probability that a run arms a site.
    public var activation: Probability
    /// The probability that a draw of an armed site fires.
    public var firing: Probability

    /// FoundationDB's quarter and quarter, or others.
    public init(activation: Probability = Probability(0.25), firing: Probability = Probability(0.25)) {
        self.activation = activation
        self.firing = firing
    }
}

/// In which order a run's jobs go that are ready at the same time.
public enum TaskOrder: String, Hashable, Sendable, CaseIterable {
    /// In the order in which they became ready.
    case fifo
    /// In an order that the seed draws: finds what depends on the order without meaning to.
    case shuffled
}
