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
    /// What is to happen to the network, in the file's order.
    public var faults: [ScheduledFault]
    /// Deliberate misbehaviour; nil for off.
    public var buggify: BuggifyOptions?
    /// What must hold at the end.
    public var expectations: [Expectation]
    /// What the screen says, and when.
    public var story: [StoryLine]
    /// The file's whole text: a recording keeps it.
    public var source: String

    /// Makes a definition of its parts; the parser and tests do.
    package init(
        name: String, title: String, seed: UInt64, duration: Int64, topology: Topology, peers: [PeerDefinition],
        faults: [ScheduledFault], buggify: BuggifyOptions?, expectations: [Expectation], story: [StoryLine],
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

    /// The number of the host of a name.
    public func host(_ name: String) -> HostID? {
        topology.hosts.firstIndex { $0.name == name }.map { HostID($0) }
    }

    /// The number of the process of the peer of a name.
    public func process(_ peer: String) -> ProcessID? {
        peers.firstIndex { $0.name == peer }.map { ProcessID($0) }
    }
}

/// A fault of the lab's list: an action, when, and for how long.
public struct ScheduledFault: Hashable, Sendable {
    /// When it strikes, in nanoseconds.
    public var at: Int64
    /// What is done.
    public var action: Action
    /// When it is undone, in nanoseconds after it struck; nil for never. Only actions with an ``Action/inverse`` have it.
    public var lasts: Int64?

    /// Makes a fault.
    public init(at: Int64, action: Action, lasts: Int64? = nil) {
        self.at = at
        self.action = action
        self.lasts = lasts
    }
}
