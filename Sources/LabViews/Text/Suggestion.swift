/// What somebody may have meant.
enum Suggestion {
    /// The candidate that is nearest to a word, if one is near: at most a third of its letters differ, at least two.
    static func nearest(to word: String, in candidates: [String]) -> String? {
        let limit = max(2, word.count / 3)
        let ranked = candidates.map { ($0, distance(Array(word), Array($0))) }
        return ranked.filter { $0.1 <= limit }.min { $0.1 < $1.1 }?.0
    }

    /// The least number of letters to insert, delete, replace or swap with their neighbour (optimal string alignment).
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        guard !first.isEmpty else { return second.count }
        guard !second.isEmpty else { return first.count }
        var older = [Int](repeating: 0, count: second.count + 1)
        var previous = Array(0...second.count)
        for row in 1...first.count {
            var current = [row]
            for column in 1...second.count {
                let cost = first[row - 1] == second[column - 1] ? 0 : 1
                var best = min(previous[column] + 1, current[column - 1] + 1, previous[column - 1] + cost)
                if row > 1, column > 1, first[row - 1] == second[column - 2], first[row - 2] == second[column - 1] {
                    best = min(best, older[column - 2] + 1)
                }
                current.append(best)
            }
            (older, previous) = (previous, current)
        }
        return previous[second.count]
    }
}
