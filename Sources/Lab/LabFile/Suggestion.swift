/// The known name that is closest to one that is not known.
package enum Suggestion {
    /// Candidates that are compared, at most: a lab may have 100,000 hosts.
    private static let mostCandidates = 500

    /// `; did you mean 'x'?`, or nothing where no candidate is near.
    package static func clause(for name: String, among candidates: some Sequence<String>) -> String {
        nearest(to: name, among: candidates).map { "; did you mean '\(quotable($0))'?" } ?? ""
    }

    /// Names that are all told, at most.
    private static let mostListed = 6

    /// As ``clause(for:among:)``; where no candidate is near and there are few, `; there are x, y and z`.
    package static func choice(for name: String, among candidates: some Collection<String>) -> String {
        let clause = clause(for: name, among: candidates)
        let few = candidates.prefix(mostListed + 1)
        guard clause.isEmpty, (1...mostListed).contains(few.count) else { return clause }
        return "; there \(few.count == 1 ? "is" : "are") \(listing(few.map(quotable)))"
    }

    /// The candidate within a third of the name's length, at least 1 and at most 3 edits; the first of equally near ones.
    /// Of one or two letters none may be another: 'm9' is as little 'm1' as 'm2'.
    package static func nearest(to name: String, among candidates: some Sequence<String>) -> String? {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let bound = min(3, max(1, wanted.count / 3))
        var best: (name: String, distance: Int)?
        for candidate in candidates.prefix(mostCandidates) {
            let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
            guard abs(other.count - wanted.count) <= bound else { continue }
            guard wanted.count > 2 || other.count > wanted.count || other.sorted() == wanted.sorted() else { continue }
            let distance = distance(wanted, other)
            if distance <= bound, best.map({ distance < $0.distance }) ?? true { best = (candidate, distance) }
        }
        return best?.name
    }

    /// The edits from one word to another: insert, delete, replace, swap neighbours, each letter once (Damerau 1964,
    /// in the "optimal string alignment" form).
    static func distance<Element: Equatable>(_ left: [Element], _ right: [Element]) -> Int {
        if left.isEmpty || right.isEmpty { return max(left.count, right.count) }
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 1...left.count {
            var current = [row]
            for column in 1...right.count {
                var least = min(last[column] + 1, current[column - 1] + 1)
                least = min(least, last[column - 1] + (left[row - 1] == right[column - 1] ? 0 : 1))
                if row > 1, column > 1, left[row - 1] == right[column - 2], left[row - 2] == right[column - 1] {
                    least = min(least, beforeLast[column - 2] + 1)
                }
                current.append(least)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}

/// A text of the file for a message: on one line, of bounded length, without control characters.
func quotable(_ text: String) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
        let hidden: [Unicode.GeneralCategory] = [.control, .format, .lineSeparator, .paragraphSeparator, .surrogate]
        shown.unicodeScalars.append(hidden.contains(scalar.properties.generalCategory) ? "\u{FFFD}" : scalar)
    }
    return text.unicodeScalars.count > 60 ? shown + "…" : shown
}

/// A text of the file between single quotes.
func quoted(_ text: String) -> String { "'\(quotable(text))'" }

/// `a, b and c`, or with another word before the last.
func listing(_ words: [String], _ conjunction: String = "and") -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(words[words.count - 1])"
}
