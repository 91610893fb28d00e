import NIOCore

/// Two buffers for the frames that a peer writes, used in turn.
///
/// When the next frames are written, those written last are often still held: by the connection, until they are acknowledged, or
/// by whoever was given a message of theirs. Those before them are held by nobody any more, and their bytes are used again.
struct SpareBuffers {
    private var latest: ByteBuffer?
    private var earlier: ByteBuffer?

    /// Takes the buffer that was used before the latest; ``put(_:)`` is to follow.
    mutating func take() -> ByteBuffer {
        let taken = earlier.take()
        earlier = latest.take()
        return taken ?? ByteBuffer()
    }

    /// Keeps a buffer that frames were written to.
    mutating func put(_ buffer: consuming ByteBuffer) { latest = buffer }
}
