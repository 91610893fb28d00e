extension LineEditor {
    /// Puts characters in at the cursor, as many as there is room for.
    mutating func insert(_ more: some Collection<Character>) {
        let room = Self.limit - characters.count
        if more.count > room { isCut = true }
        let fitting = more.prefix(max(0, room))
        characters.insert(contentsOf: fitting, at: cursor)
        cursor += fitting.count
    }

    /// A pasted text as a line: what parts its lines and columns becomes a space, at its ends nothing.
    static func line(_ text: String) -> [Character] {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar.properties.isWhitespace {
                scalars.append(" ")
            } else if scalar.properties.generalCategory != .control {
                scalars.append(scalar)
            }
        }
        return Array(String(scalars).drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    mutating func deleteBackward() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    mutating func deleteForward() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    /// Deletes the word left of the cursor, and the spaces between them.
    mutating func deleteWordBackward() {
        var start = cursor
        while start > 0, characters[start - 1] == " " { start -= 1 }
        while start > 0, characters[start - 1] != " " { start -= 1 }
        characters.removeSubrange(start..<cursor)
        cursor = start
    }

    mutating func deleteToStart() {
        characters.removeSubrange(..<cursor)
        cursor = 0
        if characters.isEmpty { isCut = false }
    }

    mutating func submit() -> Outcome {
        if isCut {
            clear()
            return .tooLong
        }
        let line = text
        if !line.isEmpty, history.last != line {
            history.append(line)
            history.removeFirst(max(0, history.count - Self.historyLimit))
        }
        clear()
        return .submitted(line)
    }

    mutating func cancel() -> Outcome {
        clear()
        return .cancelled
    }

    /// Shows a line of the history, or the line being typed behind the newest.
    mutating func recall(_ index: Int) {
        guard history.indices.contains(index) || index == history.count, index != historyIndex else { return }
        if historyIndex == history.count { draft = characters }
        characters = index == history.count ? draft : Array(history[index])
        cursor = characters.count
        historyIndex = index
        isCut = false
    }

    private mutating func clear() {
        characters = []
        isCut = false
        draft = []
        cursor = 0
        historyIndex = history.count
    }
}
