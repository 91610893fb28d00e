/// What a session can do. Views, commands and reports ask for these, and never which network it is that a session runs on.
public struct SessionTraits: Hashable, Sendable {
    /// Time stands still until the session is told to go on; it passes by itself otherwise.
    public var isStepped: Bool
    /// It knows what happens next, and when.
    public var knowsWhatIsNext: Bool
    /// An intervention in the past starts a branch; the past stays as it was otherwise.
    public var canChangeThePast: Bool
    /// It can be recorded, and the recording replays to the same run.
    public var canBeRecorded: Bool
    /// Every segment on the links is seen.
    public var hasSegments: Bool
    /// What strikes is drawn from the seed, and the draws are seen.
    public var hasDraws: Bool

    /// A world of its own, that is stepped.
    public static let simulated = SessionTraits(
        isStepped: true, knowsWhatIsNext: true, canChangeThePast: true, canBeRecorded: true, hasSegments: true,
        hasDraws: true)

    /// The kernel's sockets in real time, seen from the peers alone.
    public static let realSockets = SessionTraits(
        isStepped: false, knowsWhatIsNext: false, canChangeThePast: false, canBeRecorded: false, hasSegments: false,
        hasDraws: false)
}

extension ProviderKind {
    /// What a session on this network can do.
    public var traits: SessionTraits {
        switch self {
        case .sim: .simulated
        case .loopback: .realSockets
        }
    }

    /// Opens a session of a lab on this network; one on real sockets begins to run.
    ///
    /// - Parameter seed: instead of the lab's own.
    public func open(_ lab: LabDefinition, seed: UInt64? = nil) -> any LabSession {
        switch self {
        case .sim: SimSession(lab: lab, seed: seed)
        case .loopback: LoopbackSession(lab: lab, seed: seed)
        }
    }
}

extension Snapshot {
    /// What its session can do.
    public var traits: SessionTraits { provider.traits }
}

extension LabSession {
    /// What it can do.
    public var traits: SessionTraits { provider.traits }

    /// Nil: nothing is recorded.
    public var recordingProblem: String? { nil }

    /// Refuses: what is not drawn from a seed would not replay.
    public func record(to path: String) throws(SessionError) {
        throw SessionError("a run on \(provider.rawValue) cannot be recorded: it would not replay")
    }

    /// Does nothing: nothing is recorded.
    public func finishRecording(outcome: Outcome) {}
}
