import DequeModule

/// What was sent and is not acknowledged, segment by segment, in the order of the stream: the scoreboard (RFC 6675) with the
/// time at which each was sent last (RFC 8985).
///
/// The first needs no storage of its own: most ends have one segment under way at most.
struct SentQueue {
    /// A segment that was sent.
    struct Entry {
        /// What has become of it.
        struct Marks: OptionSet {
            let rawValue: UInt8
            /// The other side says that it has it.
            static let sacked = Marks(rawValue: 1)
            /// It counts as lost.
            static let lost = Marks(rawValue: 2)
            /// It has gone again, and that is not known to be lost.
            static let underWayAgain = Marks(rawValue: 4)
            /// It has gone again at some time.
            static let repeated = Marks(rawValue: 8)
            /// It ends something that was written.
            static let endsWrite = Marks(rawValue: 16)
            /// It goes to the device as one with the segment behind it.
            static let joined = Marks(rawValue: 32)
        }

        /// Its first offset.
        private(set) var start: Int64
        /// When it was sent last, and which of all transmissions that was: several may go at one time.
        var sentAt: Int64
        var transmission: Int64
        /// How much had been delivered by then.
        var deliveredBefore: Int32
        /// How many offsets it has; a FIN counts one.
        private var length: Int32
        var marks: Marks

        init(_ range: Range<Int64>, at sentAt: Int64, transmission: Int64, deliveredBefore: Int32, _ marks: Marks = [])
        {
            start = range.lowerBound
            length = Int32(truncatingIfNeeded: range.upperBound - range.lowerBound)
            (self.sentAt, self.transmission) = (sentAt, transmission)
            (self.deliveredBefore, self.marks) = (deliveredBefore, marks)
        }

        /// The offset after its last.
        @inline(__always)
        var end: Int64 { start + Int64(length) }

        /// It is only a part of what it was.
        mutating func keep(_ range: Range<Int64>) {
            start = range.lowerBound
            length = Int32(truncatingIfNeeded: range.upperBound - range.lowerBound)
        }
    }

    private var rest: Deque<Entry> = []
    private var head: Entry?

    @inline(__always)
    var isEmpty: Bool { head == nil }
    @inline(__always)
    var count: Int { head == nil ? 0 : 1 + rest.count }
    @inline(__always)
    var first: Entry? { head }
    var last: Entry? { rest.last ?? head }

    subscript(index: Int) -> Entry {
        @inline(__always)
        get {
            if index > 0 { return rest[index - 1] }
            return head ?? Entry(0..<0, at: 0, transmission: 0, deliveredBefore: 0)
        }
        @inline(__always)
        set { if index == 0 { head = newValue } else { rest[index - 1] = newValue } }
    }

    /// The place of the first segment that ends behind an offset; the count where none does.
    func place(behind offset: Int64) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].end > offset { high = middle } else { low = middle + 1 }
        }
        return low
    }

    @inline(__always)
    mutating func append(_ entry: Entry) { if head == nil { head = entry } else { rest.append(entry) } }

    mutating func insert(_ entry: Entry, at index: Int) {
        if index == 0 {
            if let head { rest.prepend(head) }
            head = entry
        } else {
            rest.insert(entry, at: index - 1)
        }
    }

    @inline(__always)
    mutating func removeFirst() -> Entry? {
        let first = head.take()
        if !rest.isEmpty { head = rest.popFirst() }
        return first
    }
}
