/// Where what was written ended, so that a segment which ends there asks for its bytes to be handed on, and where records end that
/// no segment may run over.
///
/// As Linux has it (`tcp_mark_push`), the mark of a write is that of the last buffer it went into: what is written behind it
/// before that buffer has gone or is full moves it. The last mark needs no storage of its own: most ends have one at most.
struct PushMarks {
    /// A mark: what ends there.
    private struct Mark {
        var offset: Int64
        /// A record of the application's, which goes apart from what follows (`MSG_EOR`).
        var endsRecord = false
    }

    /// How much Linux puts into a buffer, and how much of what is written goes while the rest is still being written.
    struct Filling {
        /// What a buffer holds.
        var capacity: Int64
        /// What is written without a mark, at most: half of the other side's greatest window (`forced_push`).
        var unmarked: Int64
        /// What a segment holds.
        var segment: Int64
        /// What goes to the device as one, and what both windows have room for.
        var burst: Int64 = 0
        var room: Int64 = 0
    }

    /// Where the buffer begins that the next bytes may go into.
    private var start: Int64 = 1
    /// Where the last mark was made when it was written (`pushed_seq`).
    private var marked: Int64 = 1
    /// Those before the last mark that are still to be sent.
    private var earlier: [Mark] = []
    /// The last mark; 0 for none.
    private var last = Mark(offset: 0)

    /// Whether bytes up to an offset fill the buffer that they go into, so that more of ``Filling`` is asked for.
    @inline(__always)
    func fillsOne(upTo end: Int64, next: Int64, capacity: Int64) -> Bool { end - max(start, next) > capacity }

    /// Bytes were written that fill no more than a segment, while nothing was left to be sent: what ``wrote(_:next:_:_:)`` comes to
    /// then.
    @inline(__always)
    mutating func wroteSegment(_ bytes: Range<Int64>) {
        if !earlier.isEmpty { earlier = [] }
        (start, marked) = (bytes.lowerBound, bytes.upperBound)
        last = Mark(offset: bytes.upperBound)
    }

    /// Bytes were written.
    ///
    /// - Parameters:
    ///   - bytes: their offsets.
    ///   - next: the next offset to be sent: before it nothing is marked any more.
    @inline(__always)
    mutating func wrote(_ bytes: Range<Int64>, next: Int64, _ filling: Filling, _ flags: WriteFlags) {
        // What has gone in part leaves a buffer that begins with the rest (`tso_fragment`).
        start = bytes.lowerBound == next ? next : max(start, next)
        // The mark of a buffer that takes more moves with what it takes.
        var moves = false
        if last.offset <= next {
            // All that was marked has gone.
            if !earlier.isEmpty { earlier = [] }
            last = Mark(offset: 0)
        } else {
            moves = takesMark(at: bytes.lowerBound, next: next, capacity: filling.capacity)
        }
        let end = bytes.upperBound
        if end - start > filling.capacity { moves = fill(upTo: end, next: next, filling, marked: moves) }
        guard !flags.contains(.more) || end - marked > filling.unmarked else {
            if moves { mark(end) }
            return
        }
        marked = end
        mark(end, endsRecord: flags.contains(.endOfRecord))
        if last.endsRecord { start = end }
    }

    private mutating func mark(_ offset: Int64, endsRecord: Bool = false) {
        if last.offset > 0, last.offset < offset { earlier.append(last) }
        last = Mark(offset: offset, endsRecord: endsRecord)
    }

    /// Takes the mark away that stands at the end of a buffer which is not full.
    @inline(never)
    private mutating func takesMark(at offset: Int64, next: Int64, capacity: Int64) -> Bool {
        earlier.removeAll { $0.offset <= next }
        guard !last.endsRecord, last.offset == offset, last.offset > start, last.offset < start + capacity else {
            return false
        }
        last = earlier.popLast() ?? Mark(offset: 0)
        return true
    }

    /// Bytes fill one buffer after the other, until the last is not over-full. One that is full while more is to come is marked
    /// where half a window has none, and all goes that may; the first goes in any case, as one (`tcp_sendmsg_locked`). What is
    /// left of a buffer takes more.
    ///
    /// - Returns: whether the last of them is marked.
    @inline(never)
    private mutating func fill(upTo end: Int64, next: Int64, _ filling: Filling, marked isMarked: Bool) -> Bool {
        var (moves, next, room) = (isMarked, next, filling.room)
        while end - start > filling.capacity {
            let full = start + filling.capacity
            let isForced = full - marked > filling.unmarked
            if isForced { (moves, marked) = (true, full) }
            var gone: Int64 = 0
            if next >= start {
                gone = min(room, full - next)
                if !isForced { gone = min(gone, filling.burst) }
                gone -= gone % filling.segment
            }
            (next, room) = (next + gone, room - gone)
            if gone > 0, next < full {
                start = next
            } else {
                if moves { mark(full) }
                (start, moves) = (full, false)
            }
        }
        return moves
    }

    /// Whether something ends at an offset.
    @inline(__always)
    func endsSomething(at offset: Int64) -> Bool {
        if last.offset == offset { return true }
        if earlier.isEmpty { return false }
        var (low, high) = (0, earlier.count)
        while low < high {
            let middle = (low + high) / 2
            if earlier[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return low < earlier.count && earlier[low].offset == offset
    }

    /// Where the first record ends behind an offset; nil where none does.
    @inline(__always)
    func recordEnd(behind offset: Int64) -> Int64? {
        if !earlier.isEmpty, let first = earlier.first(where: { $0.endsRecord && $0.offset > offset }) {
            return first.offset
        }
        return last.endsRecord && last.offset > offset ? last.offset : nil
    }
}
