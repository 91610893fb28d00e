import Lab
import PeerNetworking
import SimNetwork

/// What a move through the run looks for in each event.
enum Condition: Hashable {
    /// Something done on purpose: a fault, an intervention, a fired buggify site.
    case fault
    /// A message delivered.
    case message
    /// A peer goes to a state.
    case state(peer: String, PeerState)

    /// Reads `fault`, `message` or `PEER is STATE`.
    init(_ words: [String], lab: LabDefinition) throws(SessionError) {
        switch words {
        case ["fault"]: self = .fault
        case ["message"]: self = .message
        default:
            guard words.count == 3, words[1] == "is" else {
                throw SessionError("a condition is 'fault', 'message' or 'PEER is STATE'")
            }
            guard let peer = lab.peers.first(where: { $0.name == words[0] }) else {
                throw SessionError("no peer '\(words[0])'")
            }
            guard let state = PeerState.allCases.first(where: { $0.description == words[2] }) else {
                let states = PeerState.allCases.map(\.description).joined(separator: ", ")
                throw SessionError("no state '\(words[2])'; there are: \(states)")
            }
            self = .state(peer: peer.name, state)
        }
    }

    /// Whether an event is what is looked for.
    func holds(for record: EventRecord, peer name: (PeerNumber) -> String) -> Bool {
        switch self {
        case .fault:
            return record.kind == .fault || record.kind == .intervention
                || record.changes.contains {
                    switch $0 {
                    case .fault: true
                    case .draw(let draw): draw.fires
                    default: false
                    }
                }
        case .message:
            return record.changes.contains { if case .peer(_, .delivered) = $0 { true } else { false } }
        case .state(let peer, let state):
            return record.changes.contains { change in
                guard case .peer(let number, .state(state, _)) = change else { return false }
                return name(number) == peer
            }
        }
    }

    /// What is looked for, in words.
    var text: String {
        switch self {
        case .fault: "fault"
        case .message: "delivered message"
        case .state(let peer, let state): "'\(peer) is \(state)'"
        }
    }
}
