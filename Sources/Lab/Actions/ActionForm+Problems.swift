import SimNetwork

extension ActionForm {
    /// What is said of an operand that the form does not have: the nearest of some, or all that it may be given.
    func unknownOperand(_ name: String, of verb: String? = nil, among known: [String]) -> String {
        let hint = Suggestion.clause(for: name, among: known)
        // `of` is written by what it is.
        let keys = keys.filter { $0 != "of" }
        let all = keys.isEmpty ? "; it stands alone" : "; it may have \(listing(keys))"
        return "\(verb ?? self.name) has no \(quoted(name))\(hint.isEmpty ? all : hint)"
    }
}
