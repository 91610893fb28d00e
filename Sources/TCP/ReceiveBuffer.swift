import NIOCore

/// The bytes received: those in order, which the application may read, and those that wait for a gap to close.
@usableFromInline
package struct ReceiveBuffer {
    /// What became of a segment's bytes.
    struct Insertion {
        /// Bytes that came in order, those behind a gap that it closed among them.
        var inOrder: Int64 = 0
        /// Bytes beyond a gap that it belongs to now, with those that touch them; nil where it is in order.
        var ahead: Range<Int64>?
        /// Its bytes that were there before: the first of them (RFC 2883).
        var duplicate: Range<Int64>?

        /// Some of its bytes were there before: they are told with those that they touch (`tcp_dsack_extend`).
        mutating func repeats(_ range: Range<Int64>) {
            guard let known = duplicate else {
                duplicate = range
                return
            }
            guard range.lowerBound <= known.upperBound, known.lowerBound <= range.upperBound else { return }
            duplicate = min(known.lowerBound, range.lowerBound)..<max(known.upperBound, range.upperBound)
        }
    }

    /// Segments ahead of a gap, sorted by offset, none overlapping the next.
    private var ahead: [(offset: Int64, bytes: ByteBuffer)] = []
    /// The offset of the next byte that is missing.
    package private(set) var next: Int64 = 1
    private var chunks = ChunkQueue()
    @usableFromInline
    var unread: Int32 = 0

    /// Bytes in order and unread.
    @inlinable
    package internal(set) var count: Int {
        get { Int(unread) }
        @inline(__always) set { unread = Int32(truncatingIfNeeded: newValue) }
    }

    /// Whether something waits for a gap to close.
    var hasGap: Bool { !ahead.isEmpty }

    /// Takes in a segment's bytes; what was there before is skipped, what lies beyond `limit` is cut off.
    ///
    /// - Parameter limit: the offset at the window's right edge.
    mutating func insert(_ bytes: ByteBuffer, at start: Int64, limit: Int64) -> Insertion {
        if start == next, ahead.isEmpty, Int64(bytes.readableBytes) <= limit - start {
            append(bytes)
            return Insertion(inOrder: next - start)
        }
        var (bytes, offset) = (bytes, start)
        var insertion = Insertion()
        let end = min(start + Int64(bytes.readableBytes), max(limit, start))
        if offset < next {
            insertion.duplicate = start..<min(end, next)
            let known = Int(min(next - offset, Int64(bytes.readableBytes)))
            bytes.moveReaderIndex(forwardBy: known)
            offset += Int64(known)
        }
        let room = limit - offset
        guard room > 0 else { return insertion }
        if Int64(bytes.readableBytes) > room { bytes.moveWriterIndex(to: bytes.readerIndex + Int(room)) }
        guard bytes.readableBytes > 0 else { return insertion }
        let before = next
        if offset == next, ahead.isEmpty {
            append(bytes)
            insertion.inOrder = next - before
            return insertion
        }
        insertAhead(bytes, at: offset, &insertion)
        var closed = 0
        while closed < ahead.count, ahead[closed].offset <= next {
            append(ahead[closed].bytes)
            closed += 1
        }
        if closed > 0 { ahead.removeFirst(closed) }
        insertion.inOrder = next - before
        if insertion.inOrder == 0 { insertion.ahead = block(around: offset) } else { insertion.ahead = nil }
        return insertion
    }

    /// What is there already is cut off, so that no byte is held twice.
    private mutating func insertAhead(_ bytes: ByteBuffer, at offset: Int64, _ insertion: inout Insertion) {
        var (bytes, start) = (bytes, offset)
        let end = offset + Int64(bytes.readableBytes)
        var position = ahead.count
        while position > 0, ahead[position - 1].offset > offset { position -= 1 }
        if position > 0 {
            let there = ahead[position - 1].offset + Int64(ahead[position - 1].bytes.readableBytes)
            guard there < end else {
                insertion.duplicate = offset..<end
                return
            }
            if there > start {
                insertion.duplicate = start..<there
                bytes.moveReaderIndex(forwardBy: Int(there - start))
                start = there
            }
        }
        var covered = position
        while covered < ahead.count, ahead[covered].offset < end {
            let there = ahead[covered].offset + Int64(ahead[covered].bytes.readableBytes)
            insertion.repeats(ahead[covered].offset..<min(there, end))
            guard there > end else {
                covered += 1
                continue
            }
            bytes.moveWriterIndex(to: bytes.readerIndex + Int(ahead[covered].offset - start))
            break
        }
        ahead.removeSubrange(position..<covered)
        if bytes.readableBytes > 0 { ahead.insert((start, bytes), at: position) }
    }

    /// The bytes beyond a gap without a gap among them, around one.
    private func block(around offset: Int64) -> Range<Int64>? {
        var block: Range<Int64>?
        for piece in ahead {
            let end = piece.offset + Int64(piece.bytes.readableBytes)
            if let current = block, piece.offset <= current.upperBound {
                block = current.lowerBound..<max(current.upperBound, end)
            } else {
                if let current = block, current.contains(offset) { return current }
                block = piece.offset..<end
            }
        }
        return block?.contains(offset) == true ? block : nil
    }

    @inline(__always)
    private mutating func append(_ bytes: ByteBuffer) {
        count += bytes.readableBytes
        next += Int64(bytes.readableBytes)
        chunks.append(bytes)
    }

    /// Counts the other side's FIN, which takes one number.
    mutating func countFin() { next += 1 }

    /// Takes what is readable, at most `maximum` bytes, as Linux does: all that is there, however it came. A chunk that is
    /// enough is a slice of what arrived; several are copied.
    @inline(__always)
    mutating func read(upTo maximum: Int) -> ByteBuffer? {
        guard !chunks.isEmpty else { return nil }
        let first = chunks.length(0)
        if first > maximum {
            count -= maximum
            return chunks.readSlice(maximum)
        }
        if first == count || first == maximum {
            count -= first
            return chunks.removeFirst()
        }
        return join(upTo: maximum)
    }

    private mutating func join(upTo maximum: Int) -> ByteBuffer {
        var joined = ByteBuffer()
        var room = min(count, maximum)
        joined.reserveCapacity(room)
        count -= room
        while room > 0 {
            guard let piece = chunks.length(0) <= room ? chunks.removeFirst() : chunks.readSlice(room) else { break }
            room -= piece.readableBytes
            joined.writeImmutableBuffer(piece)
        }
        return joined
    }
}
