import Screen

/// One line that tells an event: who, what, and the rest.
struct EventLine: Hashable {
    /// Where a line stands among others of the same event: the highest tells it.
    var weight: Int
    /// The host, peer or thing it is about.
    var who: String
    /// What happened, in a word.
    var verb: String
    /// To what, from what, how much.
    var detail: String
    /// How it is meant.
    var style: Style = .normal
    /// Whether it was done on purpose: a fault, an intervention, a fired buggify site.
    var isFault = false

    /// Who, verb and detail as one text, for filters.
    var text: String { "\(who) \(verb) \(detail)" }
}
