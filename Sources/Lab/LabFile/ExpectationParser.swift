import PeerNetworking

/// Reads a line of `expect:`.
///
///     PEER is STATE [by TIME]
///     PEER has sent|received|requeued N messages [by TIME]
///     PEER reconnects at least N times [by TIME]
///     PEER reconnects at most N times
///     PEER queue reaches N [by TIME]
///     PEER is blocked [by TIME]
///     PEER finishes [by TIME]
///     a connection is half-open [by TIME]
///     every peer recovers
///     no message is delivered twice
///     no message is dropped
struct ExpectationParser {
    private var sentence: Sentence
    private let names: LabNames

    init(_ text: String, names: LabNames) {
        sentence = Sentence(text)
        self.names = names
    }

    mutating func parse() throws(Sentence.Problem) -> Expectation {
        let claim: Expectation.Claim
        if sentence.takeIf("no message") {
            claim = try noMessage()
        } else if sentence.takeIf("every peer") {
            try sentence.expect("recovers")
            claim = .recovers(by: try recovery())
        } else if sentence.takeIf("a connection") {
            try sentence.expect("is half-open")
            claim = .halfOpen(by: try deadline())
        } else {
            claim = try aboutPeer()
        }
        try sentence.finish()
        return Expectation(text: sentence.text, claim: claim)
    }

    /// When the slowest peer has had the time it needs after all was healed.
    private func recovery() throws(Sentence.Problem) -> Int64 {
        guard let healed = names.healsAt else {
            throw Sentence.Problem(
                offset: 0, message: "nothing is healed at a time; give chaos a 'heals-at', or {at: 20s, heal-all: true}"
            )
        }
        let time = healed + names.slowestRecovery
        if let duration = names.duration, time > duration {
            throw Sentence.Problem(
                offset: 0,
                message: "peers may need until \(Scale.duration.text(time)) to recover; the lab lasts "
                    + Scale.duration.text(duration))
        }
        return time
    }

    private mutating func noMessage() throws(Sentence.Problem) -> Expectation.Claim {
        try sentence.expect("is")
        guard try sentence.choose("word", from: ["delivered", "dropped"]) == "delivered" else {
            return .noDrops
        }
        try sentence.expect("twice")
        return .noDuplicates
    }

    private mutating func aboutPeer() throws(Sentence.Problem) -> Expectation.Claim {
        let peer = try names.takePeer(from: &sentence)
        switch try sentence.choose("verb", from: ["is", "has", "reconnects", "queue", "counts", "finishes"]) {
        case "is":
            let state = try names.takeState(from: &sentence)
            let time = try deadline()
            return state.map { .state(peer: peer, $0, by: time) } ?? .blocked(peer: peer, by: time)
        case "has":
            let verb = try sentence.choose("verb", from: ["sent", "received", "requeued"])
            let count = try sentence.number(0)
            _ = try sentence.choose("unit", from: ["messages", "message"])
            let counter: Expectation.Counter = verb == "sent" ? .sent : verb == "received" ? .received : .requeued
            return .reached(peer: peer, counter, atLeast: count, by: try deadline())
        case "reconnects":
            return try reconnects(peer)
        case "counts":
            let count = try sentence.number(0)
            return .counts(peer: peer, count, by: try deadline())
        case "queue":
            try sentence.expect("reaches")
            let depth = try sentence.number(1)
            return .queueReaches(peer: peer, depth: depth, by: try deadline())
        default:
            return .finishes(peer: peer, by: try deadline())
        }
    }

    private mutating func reconnects(_ peer: String) throws(Sentence.Problem) -> Expectation.Claim {
        try sentence.expect("at")
        let bound = try sentence.choose("bound", from: ["least", "most"])
        let count = try sentence.number(0)
        _ = try sentence.choose("unit", from: ["times", "time"])
        if bound == "least" { return .reached(peer: peer, .reconnects, atLeast: count, by: try deadline()) }
        if sentence.next == "by" {
            throw Sentence.Problem(
                offset: sentence.offset, message: "'at most' holds for the whole run; leave 'by' out")
        }
        return .bounded(peer: peer, .reconnects, atMost: count)
    }

    private mutating func deadline() throws(Sentence.Problem) -> Int64? {
        guard let next = sentence.next else { return nil }
        guard sentence.takeIf("by") else {
            let hint = Suggestion.clause(for: next, among: ["by"])
            throw Sentence.Problem(
                offset: sentence.offset, message: "expected 'by' and a time, or the end, and not \(quoted(next))\(hint)"
            )
        }
        return try names.takeTime(from: &sentence)
    }
}

extension LabNames {
    /// A peer of the lab. Where the peers are not known any name passes.
    func takePeer(from sentence: inout Sentence) throws(Sentence.Problem) -> String {
        let word = try sentence.take("a peer's name")
        guard peersAreKnown, peers[word.text] == nil else { return word.text }
        let hint = Suggestion.choice(for: word.text, among: peerNames)
        throw Sentence.Problem(offset: word.offset, message: "there is no peer \(quoted(word.text))\(hint)")
    }

    /// A peer's state; nil for `blocked`, which is not the peer's but its application's.
    func takeState(from sentence: inout Sentence) throws(Sentence.Problem) -> PeerState? {
        let name = try sentence.choose("state", from: PeerState.allCases.map(\.description) + ["blocked"])
        return PeerState.allCases.first { $0.description == name }
    }

    /// A time within the run.
    func takeTime(from sentence: inout Sentence) throws(Sentence.Problem) -> Int64 {
        let word = try sentence.take("a time")
        let time: Int64
        do throws(Scale.Problem) {
            time = try Scale.duration.read(word.text)
        } catch {
            throw Sentence.Problem(offset: word.offset, message: error.message)
        }
        if let duration, time > duration {
            let end = Scale.duration.text(duration)
            throw Sentence.Problem(
                offset: word.offset, message: "\(quoted(word.text)) is after the end of the lab, which lasts \(end)")
        }
        return time
    }
}
