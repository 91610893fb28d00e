/// A line of words, read from left to right: conditions, expectations, moments of a story.
struct Sentence {
    /// What is wrong with a sentence, and where in it.
    struct Problem: Error, Equatable {
        /// Unicode scalars before the word that is meant.
        var offset: Int
        var message: String
        /// Words that may follow, where the sentence ends too early.
        var next: [String] = []
    }

    private let words: [(text: String, offset: Int)]
    private let end: Int
    private var position = 0

    init(_ text: String) {
        var words: [(text: String, offset: Int)] = []
        var isInWord = false
        var offset = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                isInWord = false
            } else if isInWord {
                words[words.count - 1].text.unicodeScalars.append(scalar)
            } else {
                words.append((String(scalar), offset))
                isInWord = true
            }
            offset += 1
        }
        self.words = words
        end = words.last.map { $0.offset + $0.text.unicodeScalars.count } ?? 0
    }

    /// The word that is read next; nil at the end.
    var next: String? { position < words.count ? words[position].text : nil }
    /// Where the next word stands, or where the sentence ends.
    var offset: Int { position < words.count ? words[position].offset : end }
    var count: Int { words.count }

    /// The sentence with single blanks.
    var text: String { words.map(\.text).joined(separator: " ") }

    /// A word, and where it stands.
    typealias Word = (text: String, offset: Int)

    /// Whether the words that are left are these.
    func isFollowed(by rest: [String]) -> Bool { words.dropFirst(position).map(\.text) == rest }

    /// The word after the next one.
    var second: String? { position + 1 < words.count ? words[position + 1].text : nil }

    /// Whether the next word is one of some.
    func isNext(_ words: [String]) -> Bool { next.map(words.contains) ?? false }

    /// Takes the next word, whatever it is.
    ///
    /// - Parameter known: what it may be, as far as that can be listed.
    mutating func take(_ expected: String, known: @autoclosure () -> [String] = []) throws(Problem) -> Word {
        guard position < words.count else {
            throw Problem(
                offset: end, message: "\(expected) is missing at the end of \(quoted(text))", next: known())
        }
        position += 1
        return words[position - 1]
    }

    /// Takes the next words if they are these.
    mutating func takeIf(_ phrase: String) -> Bool {
        let wanted = phrase.split(separator: " ").map(String.init)
        guard words.dropFirst(position).prefix(wanted.count).map(\.text) == wanted else { return false }
        position += wanted.count
        return true
    }

    /// Takes words that must follow.
    mutating func expect(_ phrase: String) throws(Problem) {
        for word in phrase.split(separator: " ").map(String.init) {
            let found = try take("'\(word)'", known: [word])
            guard found.text == word else {
                throw Problem(offset: found.offset, message: "expected '\(word)' and not \(quoted(found.text))")
            }
        }
    }

    /// Takes one of a few words.
    mutating func choose(_ kind: String, from known: [String]) throws(Problem) -> String {
        known[try place(of: kind, among: known)]
    }

    /// Takes one of a few words that stand for something.
    mutating func choose<Meaning: RawRepresentable<String>>(
        _ kind: String, of known: [Meaning]
    ) throws(Problem) -> Meaning {
        known[try place(of: kind, among: known.map(\.rawValue))]
    }

    /// Takes one of a few words.
    ///
    /// - Returns: its place among them.
    mutating func place(of kind: String, among known: [String]) throws(Problem) -> Int {
        let found = try take(listing(known.map { "'\($0)'" }, "or"), known: known)
        if let place = known.firstIndex(of: found.text) { return place }
        let offer = Suggestion.offer(
            for: found.text, among: known, "expected", "or", all: "the documentation lists all under Conditions")
        throw Problem(offset: found.offset, message: "unknown \(kind) \(quoted(found.text))\(offer)")
    }

    mutating func number(_ least: Int64) throws(Problem) -> Int64 {
        let found = try take("a number")
        if found.text.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int64(found.text), number >= least {
            return number
        }
        throw Problem(
            offset: found.offset, message: "\(quoted(found.text)) must be a whole number, \(least) or more")
    }

    /// Nothing may follow.
    func finish() throws(Problem) {
        guard let next else { return }
        throw Problem(offset: offset, message: "\(quoted(next)) is not expected here; the sentence ends before it")
    }
}
