import DequeModule
import NIOCore

/// Buffers in order. The first needs no storage of its own: an idle connection holds none, and most hold one at most.
struct ChunkQueue {
    private var rest: Deque<ByteBuffer> = []
    private var head: ByteBuffer?

    @inline(__always)
    var isEmpty: Bool { head == nil }
    @inline(__always)
    var count: Int { head == nil ? 0 : 1 + rest.count }

    subscript(index: Int) -> ByteBuffer {
        @inline(__always)
        get { index > 0 ? rest[index - 1] : head ?? ByteBuffer() }
    }

    /// The readable bytes of a chunk.
    @inline(__always)
    func length(_ index: Int) -> Int { index > 0 ? rest[index - 1].readableBytes : head?.readableBytes ?? 0 }

    @inline(__always)
    mutating func append(_ bytes: ByteBuffer) {
        guard bytes.readableBytes > 0 else { return }
        if head == nil { head = bytes } else { rest.append(bytes) }
    }

    @inline(__always)
    mutating func removeFirst() -> ByteBuffer? {
        let first = head.take()
        if !rest.isEmpty { head = rest.popFirst() }
        return first
    }

    /// Takes bytes off the first chunk, fewer than it has.
    @inline(__always)
    mutating func readSlice(_ length: Int) -> ByteBuffer? { head?.readSlice(length: length) }
}
