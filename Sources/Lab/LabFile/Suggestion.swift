/// The known name that is closest to one that is not known.
package enum Suggestion {
    /// Candidates that are compared, at most: a lab may have 100,000 hosts.
    private static let mostCandidates = 500

    /// `; did you mean 'x'?`, or nothing where no candidate is near.
    package static func clause(for name: String, among candidates: some Sequence<String>) -> String {
        nearest(to: name, among: candidates).map { "; did you mean '\(quotable($0))'?" } ?? ""
    }

    /// Names that are told in their own order, at most: of more the nearest come first.
    private static let mostInOrder = 8
    /// Names that are all told, at most: of more nobody reads them.
    private static let mostListed = 16
    /// Names that are told of more.
    private static let mostNearest = 4

    /// What is said of a name that is none of some: the one that was probably meant; where none is near, all of them where
    /// they are few, `; there are x, y and z`, and of many those that resemble it.
    ///
    /// - Parameters:
    ///   - lead: what stands before the names where all are told: without, `there is`, or `there are`.
    ///   - conjunction: what stands before the last of them then.
    ///   - all: what tells all of many, as a sentence.
    package static func offer(
        for name: String, among candidates: some Collection<String>, _ lead: String? = nil,
        _ conjunction: String = "and",
        all: String? = nil
    ) -> String {
        let clause = clause(for: name, among: candidates)
        guard clause.isEmpty, !candidates.isEmpty else { return clause }
        guard candidates.dropFirst(mostListed).isEmpty else {
            let near = ranked(candidates, by: name).prefix { $0.isAlike }.prefix(mostNearest).map { quotable($0.name) }
            let nearest =
                near.isEmpty
                ? "there are \(candidates.count)"
                : "the nearest of \(candidates.count) \(near.count == 1 ? "is" : "are") \(listing(near))"
            return "; \(nearest)" + (all.map { "; \($0)" } ?? "")
        }
        let isShort = candidates.dropFirst(mostInOrder).isEmpty
        let told = isShort ? Array(candidates) : ranked(candidates, by: name).map(\.name)
        let usual = told.count == 1 ? "there is" : "there are"
        return "; \(lead ?? usual) \(listing(told.map(quotable), conjunction))"
    }

    /// The candidates, those first that have the name in them, then by the edits to it; and whether those are no more than
    /// three in five letters, so that somebody would call them alike.
    private static func ranked(
        _ candidates: some Collection<String>, by name: String
    ) -> [(name: String, isAlike: Bool)] {
        let wanted = Array(name.lowercased().unicodeScalars.prefix(64))
        let text = String(String.UnicodeScalarView(wanted))
        let rated = candidates.prefix(mostCandidates).enumerated().map { place, candidate in
            let other = Array(candidate.lowercased().unicodeScalars.prefix(64))
            let hasIt = !text.isEmpty && candidate.lowercased().contains(text)
            let edits = hasIt ? 0 : distance(wanted, other)
            return (
                name: candidate, edits: edits, place: place, isAlike: edits * 5 <= max(wanted.count, other.count) * 3
            )
        }
        return rated.sorted { ($0.edits, $0.place) < ($1.edits, $1.place) }.map { ($0.name, $0.isAlike) }
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

/// `a, b and c`, or with another word before the last.
func listing(_ words: [String], _ conjunction: String = "and") -> String {
    guard words.count > 1 else { return words.first ?? "" }
    return words.dropLast().joined(separator: ", ") + " \(conjunction) \(words[words.count - 1])"
}
