public import SimNetwork

/// A lab as its file describes it, checked: every name it uses exists, every value is in range.
public struct LabDefinition: Hashable, Sendable {
    /// The lab's short name.
    public var name: String
    /// One line that says what the lab shows; empty when the file gives none.
    public var title: String
    /// The seed of the run, unless the command line gives another.
    public var seed: UInt64
    /// How long the run lasts, in nanoseconds of virtual time.
    public var duration: Int64
    /// Hosts and links.
    public var topology: Topology
    /// The peers, each a process of its own on its host, in the file's order: their positions are their `ProcessID`s.
    public var peers: [PeerDefinition]
    /// What stands from the first event on, beside the properties of hosts and links, in the file's order.
    public var standing: [Action] = []
    /// What is to happen to the network, in the file's order.
    public var faults: [ScheduledAction]
    /// Deliberate misbehaviour; nil for off.
    public var buggify: BuggifyOptions?
    /// Whether buggify draws the configurations of peers and hosts too.
    public var turnsKnobs = false
    /// Faults that the seed draws; nil for none.
    public var chaos: ChaosProfile?
    /// In which order jobs run that are ready at the same time.
    public var taskOrder: TaskOrder = .fifo
    /// What its file says that is no error, and probably not what its author wants; in the order of the file.
    public var warnings: [LabDiagnostic] = []
    /// Whether the invariants are checked after every event; always, in debug builds.
    public var checksInvariants = false
    /// What must hold at the end.
    public var expectations: [Expectation]
    /// What the screen says, and when.
    public var story: [StoryLine]
    /// The file's whole text: a recording keeps it.
    public var source: String
    /// Where the file says what sets things off.
    var places = SourcePlaces()

    /// Makes a definition of its parts; the parser and tests do.
    package init(
        name: String, title: String, seed: UInt64, duration: Int64, topology: Topology, peers: [PeerDefinition],
        faults: [ScheduledAction], buggify: BuggifyOptions?, expectations: [Expectation], story: [StoryLine],
        source: String
    ) {
        self.name = name
        self.title = title
        self.seed = seed
        self.duration = duration
        self.topology = topology
        self.peers = peers
        self.faults = faults
        self.buggify = buggify
        self.expectations = expectations
        self.story = story
        self.source = source
    }

    /// Whether faults strike that no schedule knows: they are drawn, a segment, a call or an episode at a time.
    public var drawsFaults: Bool {
        buggify != nil || chaos != nil || !standing.isEmpty
            || topology.links.contains { $0.forward.drawsFaults || $0.backward.drawsFaults }
    }

    /// Whether it has programs that run inside real hosts alone.
    public var hasPrograms: Bool { peers.contains { $0.program != nil } }

    /// The number of the host of a name.
    public func host(_ name: String) -> HostID? {
        topology.hosts.firstIndex { $0.name == name }.map { HostID($0) }
    }

    /// The number of the process of the peer of a name.
    public func process(_ peer: String) -> ProcessID? {
        peers.firstIndex { $0.name == peer }.map { ProcessID($0) }
    }
}

extension LinkProperties {
    fileprivate var drawsFaults: Bool {
        loss != .never || duplicate != .never || reorder.probability != .never || corrupt != Corruption()
    }
}
