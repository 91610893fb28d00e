/// What a session can do. Views, commands and reports ask for these, and never which network it is that a session runs on.
public struct SessionTraits: Hashable, Sendable {
    /// Time stands still until the session is told to go on; it passes by itself otherwise.
    public var isStepped: Bool
    /// It knows what happens next, and when.
    public var knowsWhatIsNext: Bool
    /// An intervention in the past starts a branch; the past stays as it was otherwise.
    public var canChangeThePast: Bool
    /// Whatever can be done to a network can be done to its own; some of it needs more than is there otherwise.
    public var canDoEverything: Bool
    /// What happened can be done again, and is the same: it need not be kept.
    public var canBeDoneAgain: Bool
    /// It can be recorded; what is recorded of a run that cannot be done again does not replay.
    public var canBeRecorded: Bool
    /// Every segment on the links is seen.
    public var hasSegments: Bool

    /// A world of its own, that is stepped.
    public static let simulated = SessionTraits(
        isStepped: true, knowsWhatIsNext: true, canChangeThePast: true, canDoEverything: true, canBeDoneAgain: true,
        canBeRecorded: true,
        hasSegments: true)

    /// The kernel's sockets in real time, seen from the peers alone.
    public static let realSockets = SessionTraits(
        isStepped: false, knowsWhatIsNext: false, canChangeThePast: false, canDoEverything: false,
        canBeDoneAgain: false, canBeRecorded: true, hasSegments: false)

    /// The kernel's sockets in real time, with a wire between them that the run has in its hand.
    public static let realHosts = SessionTraits(
        isStepped: false, knowsWhatIsNext: false, canChangeThePast: false, canDoEverything: false,
        canBeDoneAgain: false, canBeRecorded: true, hasSegments: true)
}

extension SessionTraits {
    /// Those of what was recorded of such a session: nothing goes on in it by itself.
    var recorded: SessionTraits {
        var traits = self
        (traits.isStepped, traits.canBeRecorded) = (true, false)
        return traits
    }
}

extension ProviderKind {
    /// What a session on this network can do.
    public var traits: SessionTraits {
        switch self {
        case .sim: .simulated
        case .loopback: .realSockets
        case .linux: .realHosts
        }
    }
}

extension ProviderKind {
    /// Why this process cannot run a lab on this network, for the limits that it or the machine has; nil where it can.
    public func obstacle(to lab: LabDefinition) -> String? {
        switch self {
        case .sim: MemoryEstimate(lab).obstacle
        case .loopback: LiveNeeds.obstacle(to: lab)
        case .linux: LiveNeeds.obstacle(toHostsOf: lab) ?? LiveNeeds.obstacle(to: lab)
        }
    }
}

extension Snapshot {
    /// What its session can do.
    public var traits: SessionTraits { isRecorded ? provider.traits.recorded : provider.traits }
}
