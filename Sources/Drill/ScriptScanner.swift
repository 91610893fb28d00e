/// Goes over the text of a script, and knows where it is.
struct ScriptScanner {
    private let text: [Character]
    private var position = 0
    private(set) var lineNumber = 1
    private var lineStart = 0

    init(_ text: String) { self.text = Array(text) }

    func problem(_ message: String, unsupported: Bool = false) -> ScriptProblem {
        ScriptProblem(
            line: lineNumber, column: position - lineStart + 1, message: message, isUnsupported: unsupported)
    }

    private mutating func advance() {
        if text[position].isNewline {
            lineNumber += 1
            lineStart = position + 1
        }
        position += 1
    }

    /// Skips space, comments and empty lines.
    ///
    /// - Returns: whether there is more.
    mutating func skip() -> Bool {
        while position < text.count {
            if text[position].isWhitespace {
                advance()
            } else if text[position] == "#" || isAt("//") {
                while position < text.count, !text[position].isNewline { advance() }
            } else if isAt("/*") {
                while position < text.count, !isAt("*/") { advance() }
                for _ in 0..<2 where position < text.count { advance() }
            } else {
                return true
            }
        }
        return false
    }

    mutating func skipBlanks() {
        while position < text.count, text[position] == " " || text[position] == "\t" { advance() }
    }

    mutating func skipSpace() {
        while position < text.count, text[position].isWhitespace { advance() }
    }

    /// Whether the line ends here, or what is left of it is a comment.
    var isAtEndOfLine: Bool {
        mutating get {
            skipBlanks()
            return position >= text.count || text[position].isNewline || isAt("//") || isAt("/*")
                || text[position] == "#"
        }
    }

    private func isAt(_ word: String) -> Bool {
        var place = position
        for character in word {
            guard place < text.count, text[place] == character else { return false }
            place += 1
        }
        return true
    }

    /// Takes a word, where it is next.
    mutating func takes(_ word: String) -> Bool {
        guard isAt(word) else { return false }
        for _ in word { advance() }
        return true
    }

    mutating func take(while isWanted: (Character) -> Bool) -> String {
        var taken = ""
        while position < text.count, !text[position].isNewline, isWanted(text[position]) {
            taken.append(text[position])
            advance()
        }
        return taken
    }

    /// Letters, digits and `_`.
    mutating func word() -> String { take { $0.isLetter || $0.isNumber || $0 == "_" } }

    /// Digits and one point, as far as that is not three.
    mutating func number() -> String {
        var taken = ""
        while position < text.count, text[position].isNumber || (text[position] == "." && !isAt("..")) {
            taken.append(text[position])
            advance()
        }
        return taken
    }

    /// The rest of the line.
    mutating func line() -> String { take { _ in true } }

    /// All up to a word, over lines, and the word with it; nil where it does not come.
    mutating func upTo(_ word: String) -> String? {
        var taken = ""
        while position < text.count {
            if takes(word) { return taken }
            taken.append(text[position])
            advance()
        }
        return nil
    }
}
