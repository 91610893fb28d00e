import PeerNetworking

// What becomes of a job, as a line among the events.
extension JobTurn {
    /// How telling it is among the changes of an event.
    var weight: Int {
        switch self {
        case .given: 73
        case .begun, .done: 74
        case .counted: 75
        case .givenAgain: 77
        case .repeated: 82
        case .leaseOver, .returned: 84
        }
    }

    /// What its peer does.
    var verb: String {
        switch self {
        case .given, .givenAgain: "give"
        case .leaseOver: "lease"
        case .returned: "take back"
        case .counted, .repeated: "count"
        case .begun: "begin"
        case .done: "do"
        }
    }

    /// With which job, and how.
    func detail(of job: UInt64) -> String {
        let name = ThingNames.job(job)
        return switch self {
        case .given, .counted, .begun, .done: name
        case .givenAgain: "\(name) again"
        case .leaseOver: "of \(name) is over"
        case .returned: "\(name): it could not be handed over"
        case .repeated: "\(name) not: it was done before"
        }
    }

    var role: TextRole {
        switch self {
        case .given, .begun, .done: .plain
        case .counted: .good
        case .givenAgain, .leaseOver, .returned, .repeated: .warning
        }
    }
}
