/// Names by numbers, which records refer to.
struct NameTable {
    /// A name that is known.
    struct Entry {
        /// Its number, from 0.
        let number: Int32
        /// Its stable hash.
        let key: UInt64
        /// Whether it is known only now.
        let isNew: Bool
    }

    /// The names, by number.
    private(set) var names: [String] = []
    /// Their stable hashes, by number.
    private var keys: [UInt64] = []
    /// Their numbers, from 1, by their stable hashes.
    private var numbers = StableTable()

    /// So many names are looked through, one after the other: to compare a few takes less than to hash one.
    private static let few = 8

    /// The entry of a name, which is known from now on.
    mutating func entry(of name: String) -> Entry {
        if names.count <= Self.few, let place = names.firstIndex(of: name) {
            return Entry(number: Int32(place), key: keys[place], isNew: false)
        }
        let key = Draw.stableHash(name)
        let known = numbers.number(of: key)
        if known > 0 { return Entry(number: Int32(known) - 1, key: key, isNew: false) }
        names.append(name)
        keys.append(key)
        numbers.insert(UInt64(names.count), for: key)
        return Entry(number: Int32(names.count) - 1, key: key, isNew: true)
    }
}
