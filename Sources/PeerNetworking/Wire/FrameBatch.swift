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

    init() {}

    /// - Parameter spare: a buffer that is taken, and used again where nobody else holds its bytes.
    init(reusing spare: inout ByteBuffer) {
        swap(&joined, &spare)
        joined.clear()
    }

    /// Adds a frame that is encoded already.
    mutating func append(_ frame: ByteBuffer) {
        joined.writeImmutableBuffer(frame)
        count += 1
    }

    /// Adds a message.
    mutating func append(number: UInt64, acknowledges: UInt64, delivery: Delivery, _ payload: ByteBuffer) {
        let isCopied = payload.readableBytes <= FrameBatch.largestCopied
        Frame.writeMessage(
            number: number, acknowledges: acknowledges, delivery: delivery, payload, copied: isCopied, to: &joined)
        if !isCopied {
            cut()
            buffers.append(payload)
        }
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

extension Frame {
    /// Writes a message's frame, or all of it but the payload.
    @inline(__always)
    static func writeMessage(
        number: UInt64, acknowledges: UInt64, delivery: Delivery, _ payload: ByteBuffer, copied: Bool,
        to buffer: inout ByteBuffer
    ) {
        let size = payload.readableBytes
        let head = headerLength + messageHeaderLength
        let written = copied ? head + size : head
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: written) { space in
            let frame = UnsafeMutableRawBufferPointer(rebasing: space[0..<written])
            frame.storeBigEndian(FrameLength.encoded(messageHeaderLength + size), at: 0)
            frame.storeBigEndian(Kind.message.rawValue, at: 8)
            frame.storeBigEndian(number, at: 9)
            frame.storeBigEndian(acknowledges, at: 17)
            frame.storeBigEndian(delivery.rawValue, at: 25)
            var crc = CRC32C()
            crc.update(UnsafeRawBufferPointer(rebasing: frame[0..<4]))
            crc.update(UnsafeRawBufferPointer(rebasing: frame[8..<head]))
            payload.withUnsafeReadableBytes { bytes in
                crc.update(bytes)
                if copied { UnsafeMutableRawBufferPointer(rebasing: frame[head..<written]).copyMemory(from: bytes) }
            }
            frame.storeBigEndian(crc.checksum, at: 4)
            return written
        }
    }
}
