import SimNetwork

// A line of `expect:`: a condition with its bound.
//
//     CONDITION [by TIME]
//     PEER reconnects at most N times [by TIME]
//     PEER has sent|received|requeued at most N messages [by TIME]
//     at most N segments are retransmitted [by TIME]
//     at most N connects in TIME           or in a second
//     every answer comes within TIME
//     CONDITION within TIME of CONDITION   each time that the second comes true: ping is reconnected within 2s of …
//     CONDITION at TIME                    of what is so for a while: the same as by
//     every peer recovers                  without a time: within the longest that a peer may need, after all was healed
//     no message is delivered [twice]      and what else may be said of any connection, message or fault
extension ConditionGrammar {
    /// Reads an expectation.
    func expectation(_ text: String) throws(Sentence.Problem) -> Expectation {
        var sentence = Sentence(text)
        let (condition, bound) = try bounded(&sentence)
        try sentence.finish()
        return Expectation(text: sentence.text, condition, bound)
    }

    private func bounded(_ sentence: inout Sentence) throws(Sentence.Problem) -> (Condition, Expectation.Bound) {
        if isNext("no", in: sentence) {
            try sentence.expect("no")
            let condition = try anything(&sentence)
            try leaveOutBy(&sentence, after: "'no'")
            return (condition, .never)
        }
        if let most = try atMost(&sentence) {
            guard sentence.takeIf("by") else { return (most, .never) }
            return (most, .notBy(try time(from: &sentence)))
        }
        if let rule = try ofEveryMoment(&sentence) {
            try leaveOutBy(&sentence, after: "this")
            return (rule, .never)
        }
        let condition = try condition(from: &sentence)
        if case .everyPeer = condition, sentence.next == nil { return (condition, .by(try recovery())) }
        return (condition, try bound(&sentence, condition))
    }

    /// What once more is too often: `PEER reconnects at most N times`, `PEER has sent at most N messages`, `at most N segments
    /// are retransmitted`.
    private func atMost(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition? {
        var ahead = sentence
        if ahead.takeIf("at most"), let most = try? ahead.number(0), ahead.isNext(["segments", "segment"]) {
            sentence = ahead
            try retransmitted(&sentence)
            return .retransmitted(atLeast: Self.more(than: most))
        }
        ahead = sentence
        if let subject = try? ahead.take("a name"), ahead.takeIf("has"),
            let counter = try? ahead.choose("verb", of: [Condition.Counter.sent, .received, .requeued]),
            ahead.takeIf("at most")
        {
            sentence = ahead
            let most = try sentence.number(0)
            _ = try sentence.choose("unit", from: ["messages", "message"])
            return try said(of: subject, .count(counter, atLeast: Self.more(than: most)))
        }
        ahead = sentence
        guard let subject = try? ahead.take("a name"), ahead.takeIf("reconnects at most") else { return nil }
        sentence = ahead
        let most = try times(&sentence, least: 0)
        return try said(of: subject, .count(.reconnects, atLeast: Self.more(than: most)))
    }

    private static func more(than count: Int64) -> Int64 { count == .max ? .max : count + 1 }

    /// What is never to be otherwise: `at most 10 connects in a second`, `every answer comes within 200ms`.
    private func ofEveryMoment(_ sentence: inout Sentence) throws(Sentence.Problem) -> Condition? {
        var ahead = sentence
        if ahead.takeIf("at most"), let most = try? ahead.number(0), ahead.isNext(["connects", "connect"]) {
            sentence = ahead
            return .connects(moreThan: most, within: try connectsIn(&sentence))
        }
        guard sentence.takeIf("every answer comes within") else { return nil }
        return .lateAnswer(after: try time(from: &sentence))
    }

    private func leaveOutBy(_ sentence: inout Sentence, after words: String) throws(Sentence.Problem) {
        guard sentence.next == "by" else { return }
        throw Sentence.Problem(
            offset: sentence.offset, message: "\(words) holds for the whole run; leave 'by' out")
    }

    private func bound(_ sentence: inout Sentence, _ condition: Condition) throws(Sentence.Problem) -> Expectation.Bound
    {
        guard let next = sentence.next else { return .end }
        if condition.kind != .moment, sentence.takeIf("within") {
            let span = try time(from: &sentence)
            try sentence.expect("of")
            return .within(span, of: try self.condition(from: &sentence))
        }
        guard sentence.takeIf("by") || (condition.kind == .state && sentence.takeIf("at")) else {
            let hint = Suggestion.clause(for: next, among: ["by"])
            throw Sentence.Problem(
                offset: sentence.offset, message: "expected 'by' and a time, or the end, and not \(quoted(next))\(hint)"
            )
        }
        return .by(try time(from: &sentence))
    }

    /// When the slowest peer has had the time it needs after all was healed.
    private func recovery() throws(Sentence.Problem) -> Int64 {
        // What may heal, or how long a peer may need, was in what could not be read.
        guard names.healingIsKnown, names.peersAreKnown, names.unreadPeers.isEmpty else { return 0 }
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
}
