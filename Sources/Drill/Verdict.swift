/// What came of a script.
package enum Verdict: Hashable, Sendable {
    case holds
    /// A line does not hold: what was expected, and what was seen.
    case fails(line: Int, expected: String, seen: String)
    /// A line is nothing that this stack has.
    case unsupported(line: Int, why: String)
    /// The wire was late, or could not be had: nobody can say.
    case notJudged(why: String)

    /// In a word, as results have it.
    package var word: String {
        switch self {
        case .holds: "holds"
        case .fails: "fails"
        case .unsupported: "unsupported"
        case .notJudged: "not judged"
        }
    }
}
