import DequeModule
import NIOCore

/// Buffers in order. The first needs no storage of its own: an idle connection holds none, and most hold one at most.
struct ChunkQueue {
    private var head = ByteBuffer()
    /// Whether there is a first; an empty buffer is none.
    private var hasHead = false
    private var rest: Deque<ByteBuffer> = []

    @inline(__always)
    var isEmpty: Bool { !hasHead }
    @inline(__always)
    var count: Int { hasHead ? 1 + rest.count : 0 }

    subscript(index: Int) -> ByteBuffer {
        @inline(__always)
        get { index == 0 ? head : rest[index - 1] }
    }

    /// The readable bytes of a chunk.
    @inline(__always)
    func length(_ index: Int) -> Int { index == 0 ? head.readableBytes : rest[index - 1].readableBytes }

    @inline(__always)
    mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if hasHead {
            rest.append(bytes)
        } else {
            head = bytes
            hasHead = true
        }
    }

    @inline(__always)
    mutating func removeFirst() -> ByteBuffer {
        var first = rest.popFirst() ?? ByteBuffer()
        hasHead = first.readableBytes > 0
        swap(&first, &head)
        return first
    }

    /// Takes bytes off the first chunk, fewer than it has.
    @inline(__always)
    mutating func readSlice(_ length: Int) -> ByteBuffer? { head.readSlice(length: length) }
}
