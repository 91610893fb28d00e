import Bug

/// Numbers by keys that are good hashes already, such as ``Draw/scope(site:subject:)`` and stable hashes of names.
///
/// Open addressing with linear probing. A dictionary would hash each key again, which took most of the time of a draw.
/// Looked up, never iterated over.
struct StableTable {
    private struct Slot {
        var key: UInt64 = 0
        /// 0 where the slot is free.
        var number: UInt64 = 0
    }

    /// A power of two of them, at most half of them taken.
    private var slots = [Slot](repeating: Slot(), count: 64)
    private var taken = 0

    /// The number of a key; 0 for none.
    func number(of key: UInt64) -> UInt64 {
        slots[place(of: key)].number
    }

    /// Adds one to the number of a key.
    ///
    /// - Returns: what it is then.
    mutating func increment(_ key: UInt64) -> UInt64 {
        let place = place(of: key)
        let number = slots[place].number + 1
        slots[place].number = number
        if number == 1 { take(place, for: key) }
        return number
    }

    /// Gives a key that has none a number.
    mutating func insert(_ number: UInt64, for key: UInt64) {
        let place = place(of: key)
        insist(slots[place].number == 0 && number != 0, "key \(key) has number \(slots[place].number) already")
        slots[place].number = number
        take(place, for: key)
    }

    /// Where a key is, or the free slot where it belongs.
    @inline(__always)
    private func place(of key: UInt64) -> Int {
        let mask = slots.count - 1
        var place = Int(truncatingIfNeeded: key) & mask
        while slots[place].number != 0, slots[place].key != key { place = (place + 1) & mask }
        return place
    }

    private mutating func take(_ place: Int, for key: UInt64) {
        slots[place].key = key
        taken += 1
        guard taken * 2 > slots.count else { return }
        let old = slots
        slots = [Slot](repeating: Slot(), count: old.count * 2)
        for slot in old where slot.number != 0 { slots[self.place(of: slot.key)] = slot }
    }
}
