import PeerNetworking
import SimNetwork

/// The one grammar of conditions: what `expect`, `when`, `story` and `until` say of a run.
///
///     PEER is [not] STATE               connected, killed, blocked, …
///     PEER has sent|received|requeued N messages
///     PEER reconnects at least N times
///     PEER queue reaches N
///     PEER counts N
///     PEER finishes                     or one of a pool or a mesh: asks/2, node-a-node-b
///     PEER does job N                   a worker of a queue has done it
///     PEER sees ERROR                   connectionReset, timedOut, …
///     every peer recovers
///     HOST loses|gets power
///     LINK is cut|healed
///     a connection is half-open         or one of them: c3 is half-open
///     CONNECTION is TCP-STATE           one end at least: c1 is FIN-WAIT-1
///     at least N segments are retransmitted
///     more than N connects in TIME
///     an answer takes more than TIME
///     a message is delivered [twice]
///     a message is dropped
///     FAULT strikes                     or any: a fault strikes
///     fault, message                    for short: a fault strikes, a message is delivered
struct ConditionGrammar {
    /// Where a sentence stands.
    enum Place {
        /// It must hold: by a time, at the end, or for the whole run.
        case expected
        /// It is waited for.
        case awaited
    }

    let names: LabNames
    let topology: Topology
    /// The peers, by their processes, as far as they could be read.
    let peers: [PeerDefinition]
    let place: Place

    /// A verb, and what it is said of.
    private enum Verb: String, CaseIterable {
        case `is`, has, reconnects, queue, counts, finishes, sees, does, loses, gets, strikes

        var subjects: Set<Subject> {
            switch self {
            case .is: [.peer, .link, .connection]
            case .has, .reconnects, .queue, .counts, .finishes, .sees, .does: [.peer]
            case .loses, .gets: [.host]
            case .strikes: [.fault]
            }
        }
    }

    /// What may be said of any thing of its kind.
    enum Noun: String, CaseIterable {
        case connection, message, fault
    }

    /// What may become of a message.
    private enum Fate: String, CaseIterable {
        case delivered, dropped
    }

    /// Reads a condition; what follows it is left.
    func condition(from sentence: inout Sentence) throws(Sentence.Problem) -> Condition {
        if sentence.isFollowed(by: [Noun.fault.rawValue]) {
            try sentence.expect(Noun.fault.rawValue)
            return .fault(nil)
        }
        if sentence.isFollowed(by: [Noun.message.rawValue]) {
            try sentence.expect(Noun.message.rawValue)
            return .message(.delivered)
        }
        if isNext("every", before: ["peer"], in: sentence) {
            try sentence.expect("every peer recovers")
            let connecting = peers.indices.filter { peers[$0].connect != nil }.map { ProcessID($0) }
            if connecting.isEmpty, names.hostsAreKnown, names.peersAreKnown, names.unreadPeers.isEmpty {
                throw Sentence.Problem(offset: 0, message: "no peer connects: there is none to recover")
            }
            return .everyPeer(connecting)
        }
        if let condition = try ofAll(&sentence) { return condition }
        if isNext("a", in: sentence) {
            try sentence.expect("a")
            return try anything(&sentence)
        }
        return try named(&sentence)
    }

    /// Whether a word of the grammar comes next, and no name: a peer may be called `a`.
    func isNext(_ word: String, before nouns: [String] = Noun.allCases.map(\.rawValue), in sentence: Sentence) -> Bool {
        guard sentence.next == word else { return false }
        guard let second = sentence.second else { return kinds(of: word).isEmpty }
        return nouns.contains(second) || (kinds(of: word).isEmpty && Verb(rawValue: second) == nil)
    }

    /// A noun, and what is said of any such thing.
    func anything(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition {
        switch try sentence.choose("noun", of: Noun.allCases) {
        case .connection:
            try sentence.expect("is half-open")
            return .connection(nil, .halfOpen)
        case .message:
            try sentence.expect("is")
            switch try sentence.choose("word", of: Fate.allCases) {
            case .delivered: return .message(sentence.takeIf("twice") ? .deliveredTwice : .delivered)
            case .dropped: return .message(.dropped)
            }
        case .fault:
            try sentence.expect("strikes")
            return .fault(nil)
        }
    }

    // MARK: Something that has a name

    private func named(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition {
        let subject = try sentence.take("a name", known: beginnings)
        let kinds = kinds(of: subject.text)
        // Of a verb that does not fit its subject it is said that there is no such subject.
        let isVerb = sentence.next.flatMap { Verb(rawValue: $0) } != nil
        let fitting = Verb.allCases.filter { kinds.isEmpty || !$0.subjects.isDisjoint(with: kinds) }
        switch try sentence.choose("verb", of: isVerb ? Verb.allCases : fitting) {
        case .is: return try `is`(subject, kinds, &sentence)
        case .has: return try said(of: subject, try messages(&sentence))
        case .reconnects: return try said(of: subject, try reconnects(&sentence))
        case .queue:
            try sentence.expect("reaches")
            let offset = sentence.offset
            return try said(of: subject, .queue(atLeast: try sentence.number(1)), at: offset)
        case .counts:
            let offset = sentence.offset
            return try said(of: subject, .progress(try sentence.number(0)), at: offset)
        case .finishes: return try said(of: subject, .finished)
        case .sees: return try said(of: subject, .sees(try sentence.choose("error", of: NetworkError.Code.allCases)))
        case .does:
            try sentence.expect("job")
            let offset = sentence.offset
            return try said(of: subject, .does(job: try sentence.number(1)), at: offset)
        case .loses:
            try sentence.expect("power")
            return .host(try host(subject), .losesPower)
        case .gets:
            try sentence.expect("power")
            return .host(try host(subject), .getsPower)
        case .strikes: return .fault(try fault(subject))
        }
    }

    private func `is`(
        _ subject: Sentence.Word, _ kinds: Set<Subject>, _ sentence: inout Sentence
    ) throws(Sentence.Problem) -> Condition {
        if !kinds.contains(.peer), let connection = ConnectionID(named: subject.text), !kinds.contains(.link) {
            return .connection(connection, try state(of: connection, at: subject.offset, &sentence))
        }
        if sentence.takeIf("cut") { return .link(try link(subject), .cut) }
        if sentence.takeIf("healed") { return .link(try link(subject), .healed) }
        if kinds.contains(.link), !kinds.contains(.peer) {
            let offset = sentence.offset
            _ = try sentence.take("'cut' or 'healed'", known: ["cut", "healed"])
            throw Sentence.Problem(offset: offset, message: "a link is 'cut' or 'healed'")
        }
        _ = try process(of: subject)
        if sentence.takeIf("not") { return .not(try said(of: subject, try state(&sentence), mayNeverBe: true)) }
        let offset = sentence.offset
        if place == .expected, sentence.next == "reconnected", sentence.second == "within" {
            try sentence.expect("reconnected")
            return try said(of: subject, .state(.connected), at: offset)
        }
        return try said(of: subject, try state(&sentence), at: offset)
    }
}
