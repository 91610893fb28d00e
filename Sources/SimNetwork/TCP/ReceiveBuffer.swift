import NIOCore

/// The bytes received: those in order, which the application may read, and those that wait for a gap to close.
struct ReceiveBuffer {
    private var chunks = ChunkQueue()
    /// Segments ahead of a gap, sorted by sequence number, none overlapping the next.
    private var ahead: [(sequence: Int64, bytes: ByteBuffer)] = []
    /// Bytes in order and unread.
    private(set) var count = 0
    /// The sequence number of the next byte that is missing.
    private(set) var next: Int64 = 1

    /// Takes in a segment's bytes; what was there before is skipped, what lies beyond `limit` is cut off.
    ///
    /// - Parameter limit: the sequence number at the window's right edge.
    mutating func insert(_ bytes: ByteBuffer, at sequence: Int64, limit: Int64) {
        var bytes = bytes
        var sequence = sequence
        if sequence < next {
            let known = Int(min(next - sequence, Int64(bytes.readableBytes)))
            bytes.moveReaderIndex(forwardBy: known)
            sequence += Int64(known)
        }
        let room = limit - sequence
        guard room > 0 else { return }
        if Int64(bytes.readableBytes) > room {
            bytes.moveWriterIndex(to: bytes.readerIndex + Int(room))
        }
        guard bytes.readableBytes > 0 else { return }
        if sequence == next, ahead.isEmpty {
            append(bytes)
            return
        }
        insertAhead(bytes, at: sequence)
        while let first = ahead.first, first.sequence <= next {
            ahead.removeFirst()
            var bytes = first.bytes
            let known = Int(min(next - first.sequence, Int64(bytes.readableBytes)))
            bytes.moveReaderIndex(forwardBy: known)
            if bytes.readableBytes > 0 { append(bytes) }
        }
    }

    private mutating func insertAhead(_ bytes: ByteBuffer, at sequence: Int64) {
        var position = ahead.count
        while position > 0, ahead[position - 1].sequence > sequence { position -= 1 }
        if position > 0 {
            let before = ahead[position - 1]
            if before.sequence + Int64(before.bytes.readableBytes) >= sequence + Int64(bytes.readableBytes) { return }
        }
        ahead.insert((sequence, bytes), at: position)
    }

    @inline(__always)
    private mutating func append(_ bytes: ByteBuffer) {
        count += bytes.readableBytes
        next += Int64(bytes.readableBytes)
        chunks.append(bytes)
    }

    /// Counts the other side's FIN, which takes one sequence number.
    mutating func countFin() {
        next += 1
    }

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
