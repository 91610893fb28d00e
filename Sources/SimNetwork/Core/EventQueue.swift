import Bug

/// What is to happen, and when: an entry of the ``EventQueue``.
package struct ScheduledEvent {
    /// What an entry stands for; `index` says which one of its kind.
    package enum Kind: UInt32 {
        /// The segment in slot `index` arrives, if its generation still matches.
        case segment
        /// The timer in slot `index` is due, if its generation still matches.
        case timer
    }

    /// Virtual time in nanoseconds.
    package var time: Int64
    /// Breaks ties of time: the place that it took when it was scheduled, so that equal times keep that order.
    package var place: UInt64
    package var kind: Kind
    package var index: UInt32
    /// Must equal the slot's own generation, or the entry is stale and is passed over.
    package var generation: UInt32

    @inlinable
    init(time: Int64, place: UInt64, kind: Kind, index: UInt32, generation: UInt32) {
        self.time = time
        self.place = place
        self.kind = kind
        self.index = index
        self.generation = generation
    }

    @inlinable @inline(__always)
    func precedes(_ other: ScheduledEvent) -> Bool {
        time != other.time ? time < other.time : place < other.place
    }
}

/// The pending events, earliest first: a 4-ary heap ordered by time, then by place.
///
/// Four children a node halve the depth of a binary heap and share a cache line or two; pop, the dearer half, gains.
///
/// `package` and inlinable for the benchmark alone, which measures it by itself.
package struct EventQueue {
    @usableFromInline var entries: [ScheduledEvent] = []
    /// Places taken so far.
    @usableFromInline var places: UInt64 = 0

    /// An empty queue.
    package init() {}

    var isEmpty: Bool { entries.isEmpty }
    var count: Int { entries.count }
    var earliest: ScheduledEvent? { entries.first }

    /// Takes the next place: what is scheduled with it comes behind all that took one before and has the same time.
    @inlinable @inline(__always)
    package mutating func takePlace() -> UInt64 {
        places += 1
        return places
    }

    /// Schedules an entry at a place that was taken for it.
    @inlinable @inline(__always)
    package mutating func push(
        time: Int64, place: UInt64, kind: ScheduledEvent.Kind, index: UInt32, generation: UInt32
    ) {
        let entry = ScheduledEvent(time: time, place: place, kind: kind, index: index, generation: generation)
        var hole = entries.count
        entries.append(entry)
        entries.withUnsafeMutableBufferPointer { heap in
            while hole > 0 {
                let parent = (hole - 1) >> 2
                if !entry.precedes(heap[parent]) { break }
                heap[hole] = heap[parent]
                hole = parent
            }
            heap[hole] = entry
        }
    }

    /// Takes the earliest entry.
    @inlinable @inline(__always)
    package mutating func pop() -> ScheduledEvent? {
        guard let last = entries.popLast() else { return nil }
        if entries.isEmpty { return last }
        return entries.withUnsafeMutableBufferPointer { heap in
            let earliest = heap[0]
            let count = heap.count
            var hole = 0
            while true {
                let first = hole << 2 + 1
                if first >= count { break }
                var least = first
                let end = min(first + 4, count)
                var child = first + 1
                while child < end {
                    if heap[child].precedes(heap[least]) { least = child }
                    child += 1
                }
                if !heap[least].precedes(last) { break }
                heap[hole] = heap[least]
                hole = least
            }
            heap[hole] = last
            return earliest
        }
    }

    /// When the entry of a timer at a place is due: all are looked through, for what is done by hand.
    func time(of timer: TimerID, at place: UInt64) -> Int64? {
        entries.first { $0.kind == .timer && $0.index == timer.index && $0.place == place }?.time
    }

    /// Every parent precedes its children.
    func checkInvariants() {
        for index in entries.indices.dropFirst() {
            insist(!entries[index].precedes(entries[(index - 1) >> 2]), "event queue out of order at \(index)")
        }
    }
}
