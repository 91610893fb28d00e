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

    /// Where the buffer begins that the next bytes may go into.
    private var start: Int64 = 1
    /// Those before the last mark that are still to be sent.
    private var earlier: [Mark] = []
    /// The last mark; 0 for none.
    private var last = Mark(offset: 0)

    /// Bytes were written.
    ///
    /// - Parameters:
    ///   - bytes: their offsets.
    ///   - next: the next offset to be sent: before it nothing is marked any more.
    ///   - capacity: what a buffer holds.
    @inline(__always)
    mutating func wrote(_ bytes: Range<Int64>, next: Int64, capacity: Int64, _ flags: WriteFlags) {
        if last.offset > next { return wroteBehind(bytes, next: next, capacity: capacity, flags) }
        // All that was marked has gone.
        if !earlier.isEmpty { earlier = [] }
        if bytes.lowerBound == next { start = next }
        fill(to: bytes.upperBound, capacity)
        if !flags.contains(.more) {
            last = Mark(offset: bytes.upperBound, endsRecord: flags.contains(.endOfRecord))
            if last.endsRecord { start = bytes.upperBound }
        }
    }

    /// There is a mark ahead: it moves with what its buffer takes, or stays where that takes no more.
    @inline(never)
    private mutating func wroteBehind(_ bytes: Range<Int64>, next: Int64, capacity: Int64, _ flags: WriteFlags) {
        earlier.removeAll { $0.offset <= next }
        let end = start + capacity
        if !last.endsRecord, last.offset > start, last.offset < end, last.offset == bytes.lowerBound {
            last.offset = min(bytes.upperBound, end)
        }
        fill(to: bytes.upperBound, capacity)
        guard !flags.contains(.more) else { return }
        if last.offset < bytes.upperBound {
            earlier.append(last)
            last.offset = bytes.upperBound
        }
        last.endsRecord = flags.contains(.endOfRecord)
        if last.endsRecord { start = bytes.upperBound }
    }

    /// Bytes fill one buffer after the other.
    @inline(__always)
    private mutating func fill(to end: Int64, _ capacity: Int64) {
        if end - start > capacity { start += (end - start - 1) / capacity * capacity }
    }

    /// Whether something ends at an offset.
    @inline(__always)
    func endsSomething(at offset: Int64) -> Bool {
        last.offset == offset || (!earlier.isEmpty && earlier.contains { $0.offset == offset })
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
