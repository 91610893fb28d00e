import SimNetwork

// Sentences about the run: each place that has one reads it by the same grammar.
extension LabFileReader {
    /// The grammar with the names that have been read so far.
    func grammar(_ place: ConditionGrammar.Place) -> ConditionGrammar {
        ConditionGrammar(names: names, topology: topology, peers: peers, place: place)
    }

    /// `when:` of a fault: a condition.
    mutating func readCondition(_ value: SourceValue) -> Condition? {
        guard let text = text(value, "when", "what is waited for, as in 'ping has sent 10 messages'") else {
            return nil
        }
        let grammar = grammar(.awaited)
        return readSentence(text, at: value) { sentence throws(Sentence.Problem) in
            try grammar.awaited(from: &sentence)
        }
    }

    /// `expect:`: a list of what must hold.
    mutating func readExpectations(_ value: SourceValue) -> [Expectation] {
        guard let list = items(value, "expect") else { return [] }
        let grammar = grammar(.expected)
        return list.compactMap { item in
            guard let text = text(item, "expect", "a list of sentences") else { return nil }
            return read(text, at: item) { text throws(Sentence.Problem) in try grammar.expectation(text) }
        }
    }

    /// `when:` of a line of the story.
    mutating func readMoment(_ value: SourceValue) -> StoryLine.Moment? {
        guard let text = text(value, "when", "start, end, a time or what happens") else { return nil }
        let grammar = grammar(.awaited)
        return readSentence(text, at: value) { sentence throws(Sentence.Problem) in
            try grammar.moment(from: &sentence)
        }
    }
}
