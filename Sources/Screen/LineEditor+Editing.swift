extension LineEditor {
    mutating func insert(_ character: Character) {
        characters.insert(character, at: cursor)
        cursor += 1
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
    }

    mutating func submit() -> Outcome {
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
    }

    private mutating func clear() {
        characters = []
        draft = []
        cursor = 0
        historyIndex = history.count
    }
}
