/// A line of text being typed: the command line and the filter.
package struct LineEditor: Hashable, Sendable {
    /// What an input did.
    package enum Outcome: Hashable, Sendable {
        /// The text, the cursor or the list of completions changed.
        case edited
        /// Enter: the text is in the history, and the line is empty again.
        case submitted(String)
        /// Enter, where more was typed than a line takes: it is empty again, and nobody is to act on a part of it.
        case tooLong
        /// Escape, Control-C, or deleting to the left in an empty line; the line is empty again.
        case cancelled
        /// The input means nothing to a line of text.
        case ignored
    }

    /// What is typed, a character per element.
    var characters: [Character] = []
    /// Where typing goes: the number of characters to its left.
    package internal(set) var cursor = 0
    /// The lines entered before, oldest first.
    package internal(set) var history: [String]
    /// The candidates of the last completion that was ambiguous, to be listed; empty after any other input.
    package internal(set) var candidates: [String] = []

    /// How far back in the history the line is; the history's count is the line being typed.
    var historyIndex: Int
    /// The line being typed while an older one is shown.
    var draft: [Character] = []
    /// The candidate shown by repeated completion.
    var candidateIndex: Int?
    /// Where the word being completed begins.
    var completionStart = 0

    /// Whether more was typed than the line takes.
    var isCut = false

    /// Characters that a line takes.
    package static let limit = 4_096
    /// How many lines the history keeps.
    package static let historyLimit = 200

    /// Makes an empty line with a history, oldest first.
    package init(history: [String] = []) {
        self.history = Array(history.suffix(Self.historyLimit))
        historyIndex = self.history.count
    }

    /// What is typed.
    package var text: String { String(characters) }

    /// Replaces the text, with the cursor at its end.
    package mutating func setText(_ text: String) {
        characters = Array(text)
        cursor = characters.count
        forgetCompletion()
    }

    /// Lets an input act on the line.
    ///
    /// - Parameters:
    ///   - input: a key; the mouse and the terminal's own messages are ignored.
    ///   - complete: the candidates for the word before the cursor, from the text before the cursor; each candidate
    ///     stands for the whole word.
    package mutating func handle(_ input: Input, complete: (String) -> [String] = { _ in [] }) -> Outcome {
        if input != .tab, input != .backTab { forgetCompletion() }
        switch input {
        case .key where characters.count >= Self.limit:
            isCut = true
            return .ignored
        case .key(let character): insert(CollectionOfOne(character))
        case .paste(let text): insert(Self.line(text))
        case .enter: return submit()
        case .escape, .interrupt: return cancel()
        case .backspace where characters.isEmpty: return cancel()
        case .backspace: deleteBackward()
        case .delete, .control("d"): deleteForward()
        case .left, .control("b"): cursor = max(0, cursor - 1)
        case .right, .control("f"): cursor = min(characters.count, cursor + 1)
        case .home, .control("a"): cursor = 0
        case .end, .control("e"): cursor = characters.count
        case .control("w"): deleteWordBackward()
        case .control("u"): deleteToStart()
        case .control("k"): characters.removeSubrange(cursor...)
        case .up, .control("p"): recall(historyIndex - 1)
        case .down, .control("n"): recall(historyIndex + 1)
        case .tab: self.complete(forward: true, complete)
        case .backTab: self.complete(forward: false, complete)
        default: return .ignored
        }
        return .edited
    }

    /// The part of the line that fits a width, and the column of the cursor in it.
    ///
    /// The cursor takes a column too, so that it is in view behind the last character.
    package func window(width: Int) -> (text: String, cursorColumn: Int) {
        guard width > 0 else { return ("", 0) }
        var start = cursor
        var used = 0
        while start > 0 {
            let columns = DisplayWidth.of(String(characters[start - 1]))
            guard used + columns < width else { break }
            used += columns
            start -= 1
        }
        var end = cursor
        var total = used
        while end < characters.count {
            let columns = DisplayWidth.of(String(characters[end]))
            guard total + columns <= width else { break }
            total += columns
            end += 1
        }
        return (String(characters[start..<end]), used)
    }
}
