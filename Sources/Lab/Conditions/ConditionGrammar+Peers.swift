import PeerNetworking
import SimNetwork
import Workloads

// What is said of a peer.
extension ConditionGrammar {
    /// The words for what a peer or its process may be.
    private static let states: [(word: String, what: Condition.OfPeer)] = {
        let peers = PeerState.allCases.map { ($0.description, Condition.OfPeer.state($0)) }
        let processes = ProcessState.allCases.filter { $0 != .defined }
            .map { ($0.description, Condition.OfPeer.process($0)) }
        return peers + [("blocked", .blocked)] + processes
    }()

    /// `connected`, `killed`, `blocked`, …
    func state(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition.OfPeer {
        Self.states[try sentence.place(of: "state", among: Self.states.map(\.word))].what
    }

    /// `sent 10 messages`.
    func messages(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition.OfPeer {
        let counter = try sentence.choose("verb", of: [Condition.Counter.sent, .received, .requeued])
        let count = try atLeast(&sentence, "messages")
        _ = try sentence.choose("unit", from: ["messages", "message"])
        return .count(counter, atLeast: count)
    }

    /// `at least 2 times`. That it is not more often than so is known at the end of the run alone.
    func reconnects(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition.OfPeer {
        try sentence.expect("at")
        if place == .awaited, sentence.next == "most" {
            throw Sentence.Problem(
                offset: sentence.offset,
                message: "'at most' is known at the end of the run alone; what can be waited for is 'at least'")
        }
        try sentence.expect("least")
        return .count(.reconnects, atLeast: try times(&sentence, least: 1))
    }

    /// A count that something must still come to: what is so from the beginning says nothing.
    func atLeast(_ sentence: inout Sentence, _ unit: String) throws(Sentence.Problem) -> Int64 {
        let offset = sentence.offset
        let count = try sentence.number(0)
        guard count > 0 else {
            throw Sentence.Problem(
                offset: offset,
                message: "0 \(unit) are there from the beginning: write 1 or more"
                    + (place == .expected ? ", or 'at most 0 \(unit)'" : ""))
        }
        return count
    }

    /// `2 times`.
    func times(_ sentence: inout Sentence, least: Int64) throws(Sentence.Problem) -> Int64 {
        let count = try sentence.number(least)
        _ = try sentence.choose("unit", from: ["times", "time"])
        return count
    }

    /// What a peer may be; that it never is so is a mistake.
    func possible(
        _ what: Condition.OfPeer, of process: ProcessID, at offset: Int
    ) throws(Sentence.Problem) -> Condition.OfPeer {
        guard peers.indices.contains(Int(process.index)), names.peersAreKnown,
            !names.unreadPeers.contains(process)
        else { return what }
        let peer = peers[Int(process.index)]
        if let obstacle = peer.obstacle(to: what) {
            throw Sentence.Problem(offset: offset, message: "\(quoted(peer.name)) \(obstacle)")
        }
        return what
    }
}

extension PeerDefinition {
    /// Why it can never be so; nil where it may.
    fileprivate func obstacle(to what: Condition.OfPeer) -> String? {
        switch what {
        case .state(let state):
            switch state {
            case .connecting, .connected, .reconnecting, .closing:
                return workload.connects ? nil : "only listens: it is never \(state)"
            case .listening: return listen == nil ? "only connects: it never listens" : nil
            case .idle, .closed, .failed: return nil
            }
        case .queue(let depth):
            guard listen == nil, depth > config.queueCapacity else { return nil }
            return "has a queue of \(config.queueCapacity): it never holds \(depth) messages"
        case .count(.reconnects, _):
            return workload.connects ? nil : "only listens: it never reconnects"
        case .progress(let done):
            guard let most = workload.workload.tale.countsTo else {
                return "runs \(workload.name), which counts nothing"
            }
            return UInt64(clamping: done) > most ? "counts to \(most): it never counts \(done)" : nil
        case .finished:
            let tale = workload.workload.tale
            let need = tale.needsToFinish.map { " without \($0)" } ?? ""
            return tale.finishes ? nil : "runs \(workload.name), which never finishes\(need)"
        case .does: return workload.connects ? nil : "only listens: who does jobs is who connects to a queue"
        case .process, .blocked, .count(.sent, _), .count(.received, _), .count(.requeued, _), .sees: return nil
        }
    }
}
