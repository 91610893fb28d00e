/// Names by numbers, which records refer to.
struct NameTable {
    /// The names, by number.
    private(set) var names: [String] = []
    /// Their numbers, from 1, by the stable hashes of the names.
    private var numbers = StableTable()

    /// So many names are looked through, one after the other: to compare a few takes less than to hash one.
    private static let few = 8

    /// The number of a name, from 0, and whether it is known only now.
    mutating func number(of name: String) -> (number: Int32, isNew: Bool) {
        if names.count <= Self.few, let number = names.firstIndex(of: name) { return (Int32(number), false) }
        return number(of: name, key: Draw.stableHash(name))
    }

    /// The number of a name whose stable hash is known.
    mutating func number(of name: String, key: UInt64) -> (number: Int32, isNew: Bool) {
        let known = numbers.number(of: key)
        if known > 0 { return (Int32(known) - 1, false) }
        names.append(name)
        numbers.insert(UInt64(names.count), for: key)
        return (Int32(names.count) - 1, true)
    }
}
