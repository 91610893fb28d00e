import PeerNetworking
import SimNetwork
import TCP

/// What each connection of a run went through: asked for, established, ended and how.
///
/// A connection is known by who asked for it, whom, and which of those it is: these are the same on every network, where the
/// numbers that connections have hang on who came first. Of those who are asked too and do not only ask, connections cross, and
/// which of two stays hangs on the moment: theirs are not gathered.
struct ConnectionLives {
    /// Each by its name, in order; only those that a process of the lab has asked for.
    private(set) var lives: [String: [Transition]] = [:]
    /// Who has asked for each.
    private(set) var openers: [String: String] = [:]

    private let lab: LabDefinition
    private let hasSegments: Bool
    /// The names of those that have not ended.
    private var names: [ConnectionID: String] = [:]
    /// How many there were of each kind.
    private var counts: [String: Int] = [:]

    /// Gathers those of a run up to its cursor.
    init(of snapshot: Snapshot) {
        (lab, hasSegments) = (snapshot.lab, snapshot.traits.hasSegments)
        guard snapshot.event > 0 else { return }
        for event in 1...snapshot.event {
            let record = snapshot.records[event: event]
            for change in record.changes { take(change, record) }
        }
    }

    private mutating func take(_ change: Change, _ record: EventRecord) {
        if case .opened(let id, _, _, let to, let port, let opener) = change {
            guard let opener, lab.peers.indices.contains(Int(opener.process.index)) else { return }
            let peer = lab.peers[Int(opener.process.index)].name
            guard lab.peers[Int(opener.process.index)].listen == nil else { return }
            let kind = "\(peer) to \(lab.topology.hosts[Int(to.index)].name):\(port)"
            counts[kind, default: 0] += 1
            let name = "\(kind), \(counts[kind] ?? 0)"
            (names[id], openers[name]) = (name, peer)
            add("connecting", id, record)
        } else if case .tcp(let id, let side, let state) = change {
            // Who writes all and closes in the event of the SYN-ACK is past it at once.
            if side == .client, state?.isSynchronised ?? false, isLast("connecting", of: id) {
                add("established", id, record)
            }
            // Where segments are seen, one without a state may have been reset, or lost its power: that is told by others.
            if state?.isEnding ?? !hasSegments, isLast("established", of: id) { end("closed", id, record) }
        } else if case .sent(let segment) = change {
            guard segment.flags.contains(.rst) else { return }
            if isLast("established", of: segment.connection) {
                end("reset", segment.connection, record)
            } else if segment.from == .server, isLast("connecting", of: segment.connection) {
                end("refused", segment.connection, record)
            }
        } else if case .failed(let id, _, let code) = change {
            end(Self.words[code] ?? "\(code)", id, record)
        } else if case .forgotten(let id) = change {
            end(isLast("connecting", of: id) ? "given up" : "closed", id, record)
        }
    }

    /// How a connection ends that fails. Who asks for one and leaves it alone may have it cancelled on one network.
    private static let words: [NetworkError.Code: String] = [
        .connectionRefused: "refused", .connectionReset: "reset", .cancelled: "given up",
    ]

    private func isLast(_ state: String, of id: ConnectionID) -> Bool {
        names[id].flatMap { lives[$0]?.last?.state } == state
    }

    private mutating func add(_ state: String, _ id: ConnectionID, _ record: EventRecord) {
        guard let name = names[id] else { return }
        lives[name, default: []].append(
            Transition(subject: name, state: state, time: record.time, event: record.number, isOfPeer: false))
    }

    private mutating func end(_ state: String, _ id: ConnectionID, _ record: EventRecord) {
        add(state, id, record)
        names[id] = nil
    }
}

extension TCPState {
    /// Whether one of the ends has said that it says no more.
    fileprivate var isEnding: Bool {
        switch self {
        case .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait, .closed: true
        case .synSent, .synReceived, .established: false
        }
    }
}
