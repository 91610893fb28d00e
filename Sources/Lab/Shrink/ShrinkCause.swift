import SimNetwork

/// Something that a run has, and that it may perhaps fail without.
enum ShrinkCause: Hashable, Sendable {
    /// A draw that fires.
    case draw(FailureObservation.Fired)
    /// What an episode of chaos does.
    case episode(ScheduledAction)
    /// What was done by hand.
    case intervention(ScheduledAction)
    /// What the lab has scheduled.
    case scheduled(ScheduledAction)
    /// What stands in the lab from the beginning.
    case standing(Action)
    /// A configuration that buggify turns.
    case knob(TurnedKnob)
    /// Jobs that are ready together run in a drawn order.
    case taskOrder

    /// Whether the lab says it of itself, and no seed and no hand.
    var isOfLab: Bool {
        switch self {
        case .scheduled, .standing: true
        case .draw, .episode, .intervention, .knob, .taskOrder: false
        }
    }

    /// What it does to the network, where it does something at a time of its own.
    var scheduled: ScheduledAction? {
        switch self {
        case .episode(let scheduled), .intervention(let scheduled), .scheduled(let scheduled): scheduled
        case .draw, .standing, .knob, .taskOrder: nil
        }
    }

    /// The action that it is, where it is one.
    var action: Action? {
        switch self {
        case .episode(let scheduled), .intervention(let scheduled), .scheduled(let scheduled): scheduled.action
        case .standing(let action): action
        case .draw, .knob, .taskOrder: nil
        }
    }
}

/// How much there is of a run's causes, and how large it is.
public struct ShrinkSize: Codable, Hashable, Sendable {
    /// Draws that fired.
    public var draws = 0
    /// Episodes of chaos.
    public var episodes = 0
    /// What was done by hand.
    public var interventions = 0
    /// What the lab has scheduled, and what stands in it from the beginning.
    public var faults = 0
    /// Configurations that buggify turned.
    public var knobs = 0
    /// Hosts.
    public var hosts = 0
    /// Peers and programs.
    public var peers = 0
    /// Events up to the failure.
    public var events = 0
    /// How long the lab lasts, in nanoseconds.
    public var duration = Int64(0)

    private enum CodingKeys: String, CodingKey {
        case draws, episodes, interventions, faults, knobs, hosts, peers, events
        case duration = "duration_ns"
    }

    init(_ lab: LabDefinition, _ causes: [ShrinkCause], events: Int) {
        (hosts, peers, self.events, duration) = (lab.topology.hosts.count, lab.peers.count, events, lab.duration)
        for cause in causes {
            switch cause {
            case .draw: draws += 1
            case .episode: episodes += 1
            case .intervention: interventions += 1
            case .scheduled, .standing: faults += 1
            case .knob: knobs += 1
            case .taskOrder: break
            }
        }
    }
}
