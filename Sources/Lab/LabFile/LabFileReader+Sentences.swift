extension LabFileReader {
    /// Reads a sentence; what is wrong with it is reported at its place in the file.
    mutating func read<Meaning>(
        _ text: String, at value: SourceValue, _ read: (String) throws(Sentence.Problem) -> Meaning
    ) -> Meaning? {
        do throws(Sentence.Problem) {
            return try read(text)
        } catch {
            report(lines.place(of: error.offset, in: text, at: value), error.message)
            return nil
        }
    }

    /// Reads a sentence to its end, as ``read(_:at:_:)``.
    mutating func readSentence<Meaning>(
        _ text: String, at value: SourceValue, _ meaning: (inout Sentence) throws(Sentence.Problem) -> Meaning
    ) -> Meaning? {
        read(text, at: value) { text throws(Sentence.Problem) in
            var sentence = Sentence(text)
            let meaning = try meaning(&sentence)
            try sentence.finish()
            return meaning
        }
    }

    /// `story:`: a list of what the screen says, and when.
    mutating func readStory(_ value: SourceValue) -> [StoryLine] {
        guard let list = items(value, "story") else { return [] }
        return list.compactMap { item in
            guard let fields = fields(item, "a line of the story", keys: ["when", "say"]) else { return nil }
            let moment = require(fields, "when", of: "a line of the story").flatMap { readMoment($0) }
            let said = require(fields, "say", of: "a line of the story").flatMap { readSaying($0) }
            guard let moment, let said else { return nil }
            return StoryLine(when: moment, text: said)
        }
    }

    private mutating func readSaying(_ value: SourceValue) -> String? {
        guard var text = text(value, "say", "a text") else { return nil }
        while text.last?.isWhitespace ?? false { text.removeLast() }
        guard !text.isEmpty else {
            report(value.place, "'say' is empty")
            return nil
        }
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && scalar != "\n"
        }
        guard !text.unicodeScalars.contains(where: isControl) else {
            report(value.place, "'say' must be a text without control characters")
            return nil
        }
        return text
    }
}
