/// The members of something in the order in which they came; leaving costs a binary search.
struct Roster<Member> {
    private var entries: [(number: Int, member: Member?)] = []
    private var next = 0
    /// How many members there are.
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    /// Takes a member in; the number it gets is what ``remove(_:)`` wants.
    mutating func add(_ member: Member) -> Int {
        let number = next
        next += 1
        entries.append((number, member))
        count += 1
        return number
    }

    /// Lets a member go; doing so twice has no effect.
    mutating func remove(_ number: Int) {
        var low = 0
        var high = entries.count
        while low < high {
            let middle = (low + high) / 2
            if entries[middle].number < number { low = middle + 1 } else { high = middle }
        }
        guard low < entries.count, entries[low].number == number, entries[low].member != nil else { return }
        entries[low].member = nil
        count -= 1
        if low == entries.count - 1 {
            entries.removeLast()
        } else if entries.count > 2 * count + 16 {
            entries.removeAll { $0.member == nil }
        }
    }

    /// The members, oldest first.
    var inOrder: [Member] { entries.compactMap(\.member) }
}
