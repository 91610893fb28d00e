import SimNetwork

/// An action on one line, taken apart into the fields that a lab file would have for it.
struct ActionLine {
    let form: ActionForm
    let fields: SourceFields

    /// Takes a line apart.
    ///
    /// - Throws: ``SessionError`` that says what would be right.
    init(_ line: String) throws(SessionError) {
        let words = try Self.words(line)
        guard let verb = words.first else {
            throw SessionError("no action; write for example: cut client-server")
        }
        let forms = ActionForm.named(verb.text)
        guard !forms.isEmpty else {
            let names = ActionForm.names + ActionForm.all.compactMap(\.alias)
            let offer = Suggestion.offer(for: verb.text, among: names, all: ActionForm.whereAllAre)
            throw SessionError("unknown action \(quoted(verb.text))\(offer)")
        }
        let written = "is written: \(forms.map { $0.text(named: verb.text) }.joined(separator: ", or "))"
        let keys = forms.flatMap(\.keys)
        if let unknown = words.dropFirst().compactMap(\.key).first(where: { !keys.contains($0) }) {
            let problem = forms[0].unknownOperand(unknown, of: verb.text, among: keys)
            throw SessionError("\(problem)\(problem.hasSuffix("?") ? "" : ".") It \(written)")
        }
        var misfits: [Misfit] = []
        for form in forms {
            do throws(Misfit) {
                fields = try Self.fields(Self.segmentsNamed(Array(words.dropFirst()), form), of: form)
                self.form = form
                return
            } catch {
                misfits.append(error)
            }
        }
        // Of several ways to write it nobody knows which was meant.
        let what = misfits.count == 1 ? misfits[0].words + "; it " : ""
        throw SessionError("\(quoted(verb.text)) \(what)\(written)")
    }

    /// Why words are no line of a form.
    private struct Misfit: Error {
        var words: String
    }

    /// The words with the operands of a segment in place of its name: `c1 client 3` for `c1>3`.
    private static func segmentsNamed(_ words: [Word], _ form: ActionForm) -> [Word] {
        guard form.takesSegment else { return words }
        return words.flatMap { word -> [Word] in
            guard !word.isQuoted, let operands = ThingNames.operands(ofSegment: word.text) else { return [word] }
            return operands.map { Word(text: $0, offset: word.offset) }
        }
    }

    /// A word of the line, and whether it had quotes: then it is no `key=value`.
    private struct Word {
        var text: String
        var offset: Int
        var isQuoted = false

        /// What stands before `=`.
        var key: String? { isQuoted ? nil : text.firstIndex(of: "=").map { String(text[..<$0]) } }
    }

    /// Words between blanks; blanks between double quotes belong to their word.
    private static func words(_ line: String) throws(SessionError) -> [Word] {
        var words: [Word] = []
        var word: Word?
        var isInQuotes = false
        for (offset, character) in line.enumerated() {
            if character == "\"" {
                isInQuotes.toggle()
                if word == nil { word = Word(text: "", offset: offset, isQuoted: true) }
            } else if character.isWhitespace, !isInQuotes {
                if let ended = word { words.append(ended) }
                word = nil
            } else if word == nil {
                word = Word(text: String(character), offset: offset)
            } else {
                word?.text.append(character)
            }
        }
        guard !isInQuotes else { throw SessionError("a quotation mark is missing its other half") }
        if let ended = word { words.append(ended) }
        return words
    }

    /// The words as fields of a form.
    private static func fields(_ words: [Word], of form: ActionForm) throws(Misfit) -> SourceFields {
        var fields = SourceFields(place: Place(line: 1, column: 1))
        var byPlace = form.byPlace
        func add(_ name: String, _ text: String, _ word: Word) {
            let place = Place(line: 1, column: word.offset + 1)
            // A name may have commas in it, as that of a segment has.
            let isName = form.operands.contains { operand in
                if case .subject = operand.kind { operand.name == name } else { false }
            }
            let value = isName ? scalar(text, at: place) : value(of: text, at: place)
            fields.values[name] = SourceField(name: name, place: place, value: value)
        }
        for word in words {
            if let key = word.key {
                guard form.keys.contains(key) else { throw Misfit(words: "has no \(quoted(key))") }
                guard fields.values[key] == nil else { throw Misfit(words: "has \(quoted(key)) twice") }
                add(key, String(word.text.dropFirst(key.count + 1)), word)
                byPlace.removeAll { $0.name == key || $0.kind.targets.contains { $0.rawValue == key } }
            } else {
                guard !byPlace.isEmpty else { throw Misfit(words: "has \(quoted(word.text)) too much") }
                add(byPlace.removeFirst().name, word.text, word)
            }
        }
        if let missing = byPlace.first(where: { !$0.isOptional }) {
            let isSegment = form.takesSegment && fields.values.isEmpty
            throw Misfit(words: "needs " + (isSegment ? "a segment, as in c1>3" : missing.needed))
        }
        return fields
    }

    private static func scalar(_ text: some StringProtocol, at place: Place) -> SourceValue {
        SourceValue(place: place, content: .scalar(String(text)), isPlain: true)
    }

    /// A text as the value that a lab file would have: `a,b` is a list, `a,b|c` a list of lists, `uniform(1ms,5ms)` a
    /// mapping from the name to a list.
    private static func value(of text: String, at place: Place) -> SourceValue {
        func scalar(_ text: some StringProtocol) -> SourceValue { Self.scalar(text, at: place) }
        func list(_ text: some StringProtocol) -> SourceValue {
            SourceValue(place: place, content: .sequence(text.split(separator: ",").map(scalar)))
        }
        if text.contains("|") {
            return SourceValue(place: place, content: .sequence(text.split(separator: "|").map(list)))
        }
        if text.hasSuffix(")"), let open = text.firstIndex(of: "("), open != text.startIndex {
            let inner = text[text.index(after: open)...].dropLast()
            let field = SourceField(
                name: String(text[..<open]), place: place, value: inner.contains(",") ? list(inner) : scalar(inner))
            return SourceValue(place: place, content: .mapping([field]))
        }
        return text.contains(",") ? list(text) : scalar(text)
    }
}
