extension ScriptCall {
    /// An argument as a word; empty where it is none.
    package func argument(_ place: Int) -> String {
        guard arguments.indices.contains(place) else { return "" }
        switch arguments[place] {
        case .word(let word): return word
        case .number(let number): return "\(number)"
        case .list(let list): if case .word(let word)? = list.first { return word }
        case .usual, .fields: break
        }
        return ""
    }

    /// The numbers of an argument: one, or those of a list.
    package func values(_ place: Int) -> [Int64] {
        guard arguments.indices.contains(place) else { return [] }
        switch arguments[place] {
        case .number(let number): return [number]
        case .list(let list):
            return list.compactMap { if case .number(let number) = $0 { number } else { nil } }
        case .usual, .word, .fields: return []
        }
    }

    /// A number of bytes.
    package func count(_ place: Int) -> Int { Int(min(max(values(place).first ?? 0, 0), Bounds.bytes)) }
}
