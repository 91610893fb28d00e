/// Things that stand in order until it is known what has become of a segment each: only then they can be written.
struct FateQueue<Item> {
    private struct Entry {
        var item: Item
        var isSettled: Bool
    }

    private var entries: [Entry] = []
    /// How many of them are out already.
    private var head = 0
    /// The place of the latest item of a segment, counted from the first that ever was.
    private var places: [Int64: Int] = [:]
    /// Items that went before those in ``entries``.
    private var gone = 0

    /// Items that wait at most: a clog holds segments for as long as it stands.
    private static var most: Int { 16_384 }

    /// Adds an item that is about no segment on its way.
    mutating func append(_ item: Item) { entries.append(Entry(item: item, isSettled: true)) }

    /// Adds an item of a segment that is on its way; one of the same segment is known by now.
    mutating func append(_ item: Item, of segment: Int64) {
        settle(segment)
        places[segment] = gone + entries.count
        entries.append(Entry(item: item, isSettled: false))
    }

    /// Changes the item of a segment, where it still waits.
    mutating func change(_ segment: Int64, _ change: (inout Item) -> Void) {
        guard let place = places[segment], place >= gone + head else { return }
        change(&entries[place - gone].item)
    }

    /// Nothing more becomes of a segment's item.
    mutating func settle(_ segment: Int64) {
        guard let place = places.removeValue(forKey: segment), place >= gone + head else { return }
        entries[place - gone].isSettled = true
    }

    /// The item that comes next, where what has become of it is known.
    mutating func next(isLast: Bool = false) -> Item? {
        guard head < entries.count else { return nil }
        guard isLast || entries[head].isSettled || entries.count - head > Self.most else { return nil }
        defer {
            head += 1
            if head == entries.count || head > 4_096 {
                entries.removeFirst(head)
                (gone, head) = (gone + head, 0)
            }
        }
        return entries[head].item
    }

    /// Whether items wait.
    var isEmpty: Bool { head == entries.count }

    /// Changes the latest item, where one waits.
    mutating func changeLast(_ change: (inout Item) -> Void) {
        guard head < entries.count else { return }
        change(&entries[entries.count - 1].item)
    }
}
