extension LineEditor {
    /// Completes the word before the cursor as far as all candidates agree; again, goes through the candidates.
    mutating func complete(forward: Bool, _ complete: (String) -> [String]) {
        if !candidates.isEmpty {
            cycle(forward: forward)
            return
        }
        let before = characters[..<cursor]
        completionStart = before.lastIndex(of: " ").map { $0 + 1 } ?? 0
        let found = complete(String(before))
        guard let first = found.first else { return }
        if found.count == 1 {
            replaceWord(with: first)
            if cursor == characters.count { insert(CollectionOfOne(" ")) }
            return
        }
        let common = found.dropFirst().reduce(Array(first)) { prefix, candidate in
            Array(zip(prefix, candidate).prefix { $0 == $1 }.map(\.0))
        }
        if common.count > cursor - completionStart { replaceWord(with: String(common)) }
        candidates = found
        candidateIndex = nil
    }

    mutating func forgetCompletion() {
        candidates = []
        candidateIndex = nil
    }

    private mutating func cycle(forward: Bool) {
        let count = candidates.count
        let index =
            switch candidateIndex {
            case nil: forward ? 0 : count - 1
            case let current?: (current + (forward ? 1 : count - 1)) % count
            }
        candidateIndex = index
        replaceWord(with: candidates[index])
    }

    private mutating func replaceWord(with word: String) {
        let replacement = Array(word)
        characters.replaceSubrange(completionStart..<cursor, with: replacement)
        cursor = completionStart + replacement.count
    }
}
