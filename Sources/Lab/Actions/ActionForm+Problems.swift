import SimNetwork

extension ActionForm {
    /// What is said of an operand that the form does not have: the nearest of some, or all that it may be given.
    func unknownOperand(_ name: String, of verb: String? = nil, among known: [String]) -> String {
        let hint = Suggestion.clause(for: name, among: known)
        // `of` is written by what it is.
        let keys = keys.filter { $0 != "of" }
        let all = keys.isEmpty ? "; it stands alone" : Suggestion.offer(for: name, among: keys, "it may have")
        return "\(verb ?? self.name) has no \(quoted(name))\(hint.isEmpty ? all : hint)"
    }

    /// Whether it is done to a segment, which its connection, side and number name, or its own name: `c1>3`.
    var takesSegment: Bool { operands.contains { if case .segment = $0.kind { true } else { false } } }

    /// What tells all faults and actions.
    static let whereAllAre = "? lists all on the screen, and the documentation under Faults"
}

extension ActionForm.Operand {
    /// What has to be there, for messages: `a link`, or `'by', a duration`.
    var needed: String {
        switch kind {
        case .link, .host, .hosts, .groups, .pair, .peer, .service, .connection, .target: expected
        case .site: "a site, as in link.loss"
        case .direction, .side, .segment, .duration, .size, .rate, .count, .probability, .latency, .loss, .flag,
            .subject, .option, .word:
            "'\(name)', as in \(example)"
        }
    }

    /// A value of it.
    private var example: String {
        switch kind {
        case .duration: "200ms"
        case .size: "1KiB"
        case .rate: "8KiB/s"
        case .probability, .loss: "0.1"
        case .latency: "200ms, or uniform(1ms,5ms)"
        case .segment, .count: "3"
        case .side: "client"
        case .flag: "true"
        case .direction, .pair: "client->server"
        case .link, .host, .hosts, .groups, .peer, .service, .connection, .target, .site, .subject: name
        case .option: "true"
        case .word: words.count > 8 ? words[0] : listing(words, "or")
        }
    }
}
