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
    /// The chunk that holds `cursorSequence`, so that sending in order does not search from the front.
    private var cursorChunk = 0
    private var cursorSequence: Int64 = 1
    private var chunks = ChunkQueue()

    @inlinable
    package var count: Int { Int(end - start) }

    mutating func append(_ bytes: ByteBuffer) {
        end += Int64(bytes.readableBytes)
        chunks.append(bytes)
    }

    /// Forgets the bytes before `sequence`: they are acknowledged.
    mutating func acknowledge(upTo sequence: Int64) {
        var excess = Int(min(sequence, end) - start)
        guard excess > 0 else { return }
        start += Int64(excess)
        while excess > 0 {
            let readable = chunks.length(0)
            if readable <= excess {
                excess -= readable
                _ = chunks.removeFirst()
                if cursorChunk > 0 {
                    cursorChunk -= 1
                } else {
                    cursorSequence = start - Int64(excess)
                }
            } else {
                _ = chunks.readSlice(excess)
                if cursorChunk == 0 { cursorSequence = start }
                excess = 0
            }
        }
        if cursorSequence < start {
            cursorSequence = start
            cursorChunk = 0
        }
    }

    /// The bytes from `sequence`, at most `limit`: a slice where one chunk has them all, a copy where it takes several.
    mutating func bytes(from sequence: Int64, limit: Int) -> ByteBuffer {
        if sequence < cursorSequence {
            cursorChunk = 0
            cursorSequence = start
        }
        while sequence >= cursorSequence + Int64(chunks.length(cursorChunk)) {
            cursorSequence += Int64(chunks.length(cursorChunk))
            cursorChunk += 1
        }
        let offset = Int(sequence - cursorSequence)
        let first = chunks[cursorChunk]
        if first.readableBytes - offset >= limit || cursorChunk == chunks.count - 1 {
            if offset == 0, first.readableBytes <= limit { return first }
            let length = min(limit, first.readableBytes - offset)
            guard let slice = first.getSlice(at: first.readerIndex + offset, length: length) else {
                bug("bytes beyond the chunk at sequence number \(sequence)")
            }
            return slice
        }
        var joined = ByteBuffer()
        joined.reserveCapacity(min(limit, Int(end - sequence)))
        var chunk = cursorChunk
        var skip = offset
        while chunk < chunks.count, joined.readableBytes < limit {
            var piece = chunks[chunk]
            piece.moveReaderIndex(forwardBy: skip)
            skip = 0
            if let part = piece.readSlice(length: min(piece.readableBytes, limit - joined.readableBytes)) {
                joined.writeImmutableBuffer(part)
            }
            chunk += 1
        }
        return joined
    }
}
