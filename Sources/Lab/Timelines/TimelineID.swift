/// A timeline of a session: it stays the same whatever the timeline is called, and no other has it afterwards.
public struct TimelineID: Hashable, Comparable, Sendable {
    /// The timeline that a session begins with.
    public static let main = TimelineID(number: 0)

    /// Its number, in the order in which timelines were begun.
    let number: Int

    /// In the order in which they were begun.
    public static func < (left: TimelineID, right: TimelineID) -> Bool { left.number < right.number }
}

/// The names of timelines.
enum TimelineName {
    /// What the first one is called.
    static let main = "main"
    /// Characters that a name has at most.
    static let most = 32

    /// What a timeline is called that nobody has named.
    static func usual(_ number: Int) -> String { "branch-\(number)" }

    /// Why a word cannot be a name; nil where it can.
    static func problem(_ word: String) -> String? {
        let isFit = word.unicodeScalars.allSatisfy { scalar in
            switch scalar {
            case "a"..."z", "A"..."Z", "0"..."9", "-", "_", ".": true
            default: false
            }
        }
        guard isFit, (1...most).contains(word.utf8.count), word.first?.isLetter == true else {
            return "\(quoted(word)) cannot be a timeline's name: it begins with a letter, and has at most \(most) "
                + "letters, digits, '-', '_' and '.'"
        }
        return nil
    }
}
