import PeerNetworking
import SimNetwork
import TCP

// What is said of connections, and of all segments, connects and answers together.
extension ConditionGrammar {
    /// What a connection may be: `half-open`, or what one of its ends is.
    func state(
        of connection: ConnectionID, at offset: Int, _ sentence: inout Sentence
    ) throws(Sentence.Problem) -> Condition.OfConnection {
        if names.peersAreKnown, names.unreadPeers.isEmpty, !peers.contains(where: { $0.workload.connects }) {
            throw Sentence.Problem(offset: offset, message: "no peer connects: there will be no \(connection)")
        }
        let states = TCPState.allCases.filter { $0 != .closed }
        // As RFC 9293 writes them, or with the underscores of other programs.
        if let word = sentence.next,
            let state = states.first(where: { $0.description == word.replacing("_", with: "-") })
        {
            try sentence.expect(word)
            return .state(state)
        }
        let place = try sentence.place(of: "state", among: ["half-open"] + states.map(\.description))
        return place == 0 ? .halfOpen : .state(states[place - 1])
    }

    /// What is said of all of a kind together; nil where the sentence is none of these.
    func ofAll(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition? {
        if isBegun("at", "least", sentence) {
            try sentence.expect("at least")
            let count = try atLeast(&sentence, "segments")
            try retransmitted(&sentence)
            return .retransmitted(atLeast: count)
        }
        if isBegun("more", "than", sentence) {
            try sentence.expect("more than")
            let most = try sentence.number(0)
            return .connects(moreThan: most, within: try connectsIn(&sentence))
        }
        if isBegun("an", "answer", sentence) {
            try sentence.expect("an answer takes more than")
            return .lateAnswer(after: try time(from: &sentence))
        }
        return nil
    }

    /// Whether two words begin the sentence, and the first is no name that the lab has: then its verb would follow.
    private func isBegun(_ first: String, _ second: String, _ sentence: Sentence) -> Bool {
        guard sentence.next == first else { return false }
        return sentence.second == second || (sentence.second == nil && kinds(of: first).isEmpty)
    }

    /// `segments are retransmitted`.
    func retransmitted(_ sentence: inout Sentence) throws(Sentence.Problem) {
        _ = try sentence.choose("unit", from: ["segments", "segment"])
        if !sentence.takeIf("is") { try sentence.expect("are") }
        try sentence.expect("retransmitted")
    }

    /// `connects in 2s`, `connects in a second`.
    func connectsIn(_ sentence: inout Sentence) throws(Sentence.Problem) -> Int64 {
        _ = try sentence.choose("unit", from: ["connects", "connect"])
        try sentence.expect("in")
        if sentence.takeIf("a second") { return 1_000_000_000 }
        return try time(from: &sentence)
    }
}
