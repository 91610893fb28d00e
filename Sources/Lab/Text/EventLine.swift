/// One line that tells an event: who, what, and the rest.
package struct EventLine: Hashable, Sendable {
    /// Where a line stands among others of the same event, from 0: the highest tells it.
    package var weight: Int
    /// The host, peer or thing it is about.
    package var who: String
    /// What happened, in a word.
    package var verb: String
    /// To what, from what, how much.
    package var detail: String
    /// How it is meant.
    package var role = TextRole.plain
    /// Whether it was done on purpose: a fault, an intervention, a fired buggify site.
    package var isFault = false
    /// How many other changes of the event deserve a line of their own.
    package var more = 0

    /// Who, verb and detail as one text, for filters.
    package var text: String { [who, verb, detail].filter { !$0.isEmpty }.joined(separator: " ") }

    /// Changes of less weight are bookkeeping: levels, waiting times, draws that decided nothing.
    static let leastTelling = 25
}
