package import SimNetwork

// What stands around a condition in the places that have one.
extension ConditionGrammar {
    /// A condition that is waited for, and nothing after it.
    func awaited(from sentence: inout Sentence) throws(Sentence.Problem) -> Condition {
        if isNext("no", in: sentence) {
            throw Sentence.Problem(
                offset: sentence.offset,
                message: "that nothing happens is known at the end of the run alone: it cannot be waited for")
        }
        let condition = try condition(from: &sentence)
        if sentence.next == "by" {
            throw Sentence.Problem(
                offset: sentence.offset,
                message: "'by' belongs to what a lab expects; this is waited for, however long it takes")
        }
        try sentence.finish()
        return condition
    }

    /// When a line of the story is said: `start`, `end`, a time, or a condition.
    func moment(from sentence: inout Sentence) throws(Sentence.Problem) -> StoryLine.Moment {
        let isShort = Noun.allCases.contains { sentence.isFollowed(by: [$0.rawValue]) }
        guard sentence.count == 1, !isShort else { return .when(try awaited(from: &sentence)) }
        let moment: StoryLine.Moment
        if sentence.takeIf("start") {
            moment = .start
        } else if sentence.takeIf("end") {
            moment = .end
        } else {
            guard let first = sentence.next?.utf8.first, (0x30...0x39).contains(first) || first == 0x2D else {
                let hint = Suggestion.clause(for: sentence.next ?? "", among: ["start", "end"])
                throw Sentence.Problem(
                    offset: sentence.offset,
                    message: "expected start, end, a time or a sentence such as 'server loses power'\(hint)")
            }
            moment = .time(try time(from: &sentence))
        }
        return moment
    }
}

extension LabDefinition {
    /// The grammar of what is waited for in the lab.
    private var grammar: ConditionGrammar {
        ConditionGrammar(names: LabNames(self), topology: topology, peers: peers, place: .awaited)
    }

    /// Reads a condition that is typed.
    ///
    /// - Throws: ``SessionError`` that says what is wrong with it.
    package func condition(_ words: [String]) throws(SessionError) -> Condition {
        var sentence = Sentence(words.joined(separator: " "))
        do throws(Sentence.Problem) {
            return try grammar.awaited(from: &sentence)
        } catch {
            throw SessionError(error.message)
        }
    }

    /// The words that may follow some words of a condition; none where it is complete, or goes on with a number.
    package func wordsOfCondition(after words: [String]) -> [String] {
        var sentence = Sentence(words.joined(separator: " "))
        do throws(Sentence.Problem) {
            _ = try grammar.awaited(from: &sentence)
            return []
        } catch {
            return error.next
        }
    }
}
