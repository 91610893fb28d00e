/// What is to happen at times of its own: waits of tasks, scheduled actions, chaos.
///
/// Segments are on the wire, and the timers of connections at their ends: those are pending there.
public struct Agenda: Hashable, Sendable {
    /// Something that is to happen.
    public struct Entry: Hashable, Sendable {
        /// Its place among all that is pending: of what has the same time, the lesser comes first.
        public let place: UInt64
        /// When, in nanoseconds.
        public let due: Int64
        /// The event that set it.
        public let cause: Int
        /// What.
        public let what: What
    }

    /// What is to happen.
    public enum What: Hashable, Sendable {
        /// A task goes on: by the number of its name.
        case task(ProcessID, Int32)
        /// An action is carried out.
        case action(Action)
        /// Chaos strikes with a family.
        case episode(FaultFamily)
    }

    /// In the order of their places. What is over leaves a gap, and the gaps are closed when they are half of all.
    private var slots: [Entry?] = []
    private var places: [UInt64] = []
    private var gaps = 0

    /// What is pending, in the order of places.
    public var entries: some Sequence<Entry> { slots.lazy.compactMap { $0 } }

    /// Bytes of memory that it takes.
    var approximateBytes: Int { slots.count * (MemoryLayout<Entry?>.stride + MemoryLayout<UInt64>.stride) }

    mutating func add(_ entry: Entry) {
        slots.append(entry)
        places.append(entry.place)
    }

    /// Takes away what has a place, if it is here.
    mutating func remove(_ place: UInt64) {
        guard let index = index(of: place), slots[index] != nil else { return }
        if index == slots.count - 1 {
            slots.removeLast()
            places.removeLast()
            return
        }
        slots[index] = nil
        gaps += 1
        guard gaps > 32, 2 * gaps > slots.count else { return }
        places = slots.compactMap { $0?.place }
        slots.removeAll { $0 == nil }
        gaps = 0
    }

    private func index(of place: UInt64) -> Int? {
        var low = 0
        var high = places.count
        while low < high {
            let middle = (low + high) / 2
            if places[middle] < place { low = middle + 1 } else { high = middle }
        }
        return low < places.count && places[low] == place ? low : nil
    }
}
