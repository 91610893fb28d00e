import Bug
import NIOCore

/// The bytes written and not yet acknowledged, by sequence number.
@usableFromInline
package struct SendBuffer {
    /// The sequence number of the first byte held.
    @usableFromInline
    package private(set) var start: Int64 = 1
    /// The sequence number after the last byte held.
    @usableFromInline
    package private(set) var end: Int64 = 1
    private var chunks = ChunkQueue()
    /// The chunk that bytes were taken from last, and how many bytes lie before it, so that sending in order does not search from
    /// the front.
    private var cursor: (chunk: Int32, before: Int32) = (0, 0)

    @inlinable
    package var count: Int { Int(end - start) }

    mutating func append(_ bytes: ByteBuffer) {
        end += Int64(bytes.readableBytes)
        chunks.append(bytes)
    }

    /// Forgets the bytes before `sequence`: they are acknowledged.
    mutating func acknowledge(upTo sequence: Int64) {
        let acknowledged = Int32(truncatingIfNeeded: min(sequence, end) - start)
        guard acknowledged > 0 else { return }
        start += Int64(acknowledged)
        var (excess, removed) = (Int(acknowledged), Int32(0))
        while excess > 0 {
            let readable = chunks.length(0)
            if readable <= excess {
                excess -= readable
                _ = chunks.removeFirst()
                removed += 1
            } else {
                _ = chunks.readSlice(excess)
                excess = 0
            }
        }
        cursor = cursor.chunk > removed ? (cursor.chunk - removed, cursor.before - acknowledged) : (0, 0)
    }

    /// The bytes from `sequence`, at most `limit`: a slice where one chunk has them all, a copy where it takes several.
    mutating func bytes(from sequence: Int64, limit: Int) -> ByteBuffer {
        let wanted = Int(sequence - start)
        var (index, before) = (Int(cursor.chunk), Int(cursor.before))
        if wanted < before { (index, before) = (0, 0) }
        while wanted - before >= chunks.length(index) {
            before += chunks.length(index)
            index += 1
        }
        cursor = (Int32(truncatingIfNeeded: index), Int32(truncatingIfNeeded: before))
        let offset = wanted - before
        let first = chunks[index]
        if first.readableBytes - offset >= limit || index == chunks.count - 1 {
            if offset == 0, first.readableBytes <= limit { return first }
            let length = min(limit, first.readableBytes - offset)
            guard let slice = first.getSlice(at: first.readerIndex + offset, length: length) else {
                bug("bytes beyond the chunk at sequence number \(sequence)")
            }
            return slice
        }
        var joined = ByteBuffer()
        joined.reserveCapacity(min(limit, Int(end - sequence)))
        var skip = offset
        while index < chunks.count, joined.readableBytes < limit {
            var piece = chunks[index]
            piece.moveReaderIndex(forwardBy: skip)
            skip = 0
            if let part = piece.readSlice(length: min(piece.readableBytes, limit - joined.readableBytes)) {
                joined.writeImmutableBuffer(part)
            }
            index += 1
        }
        return joined
    }
}
