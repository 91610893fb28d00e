import NIOCore

/// Frames for one vectored write: small ones are joined in one buffer, large payloads go as they are, without a copy.
struct FrameBatch {
    /// The frames' bytes, in order.
    private(set) var buffers: [ByteBuffer] = []
    /// Frames, and bytes of payload.
    private(set) var count = 0
    private(set) var bytes = 0
    private var joined = ByteBuffer()
    /// Where the part of `joined` begins that is in no buffer yet.
    private var begin = 0

    /// The largest payload that is copied beside others: for less, a vector costs more than the copy.
    static let largestCopied = 2_048

    /// Adds a frame that is encoded already.
    mutating func append(_ frame: ByteBuffer) {
        joined.writeImmutableBuffer(frame)
        count += 1
    }

    /// Adds messages whose payloads are copied.
    ///
    /// - Parameters:
    ///   - count: how many.
    ///   - bytes: of payload, all together.
    ///   - write: writes exactly those.
    @inline(__always)
    mutating func append(_ count: Int, bytes: Int, _ write: (inout FrameWriter) -> Void) {
        joined.writeFrames(count * FrameWriter.overhead + bytes, write)
        self.count += count
        self.bytes += bytes
    }

    /// Adds a message whose payload goes as it is.
    mutating func append(number: UInt64, acknowledges: UInt64, delivery: Delivery, uncopied payload: ByteBuffer) {
        joined.writeFrames(FrameWriter.overhead) { writer in
            writer.writeHead(number: number, acknowledges: acknowledges, delivery: delivery, of: payload)
        }
        cut()
        buffers.append(payload)
        count += 1
        bytes += payload.readableBytes
    }

    /// Everything, as a vectored write takes it, and the buffer to reuse for the next one.
    mutating func finish() -> (buffers: [ByteBuffer], spare: ByteBuffer) {
        cut()
        return (buffers, joined.capacity <= FrameBatch.largestSpare ? joined : ByteBuffer())
    }

    /// What a peer that is idle keeps for its next batch, at most.
    private static let largestSpare = 16_384

    private mutating func cut() {
        guard joined.writerIndex > begin else { return }
        if let part = joined.getSlice(at: begin, length: joined.writerIndex - begin) { buffers.append(part) }
        begin = joined.writerIndex
    }
}

extension FrameBatch {
    /// - Parameter spare: a buffer that is used again where nobody else holds its bytes.
    init(reusing spare: consuming ByteBuffer) {
        spare.clear()
        self.init(joined: spare)
    }
}
