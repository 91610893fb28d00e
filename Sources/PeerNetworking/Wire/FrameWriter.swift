import NIOCore

/// Writes messages' frames one after another into space that is there for them.
struct FrameWriter {
    private let space: UnsafeMutableRawBufferPointer
    /// Bytes written.
    private(set) var written = 0

    /// - Parameter space: as long as all that will be written.
    @inline(__always)
    init(_ space: UnsafeMutableRawBufferPointer) {
        self.space = space
    }

    /// Bytes that a message's frame has around its payload.
    static let overhead = Frame.messageOverhead

    /// Writes a message.
    @inline(__always)
    mutating func write(number: UInt64, acknowledges: UInt64, delivery: Delivery, _ payload: ByteBuffer) {
        let size = payload.readableBytes
        let frame = next(FrameWriter.overhead + size)
        writeHead(number, acknowledges, delivery, size, to: frame)
        payload.withUnsafeReadableBytes { bytes in
            UnsafeMutableRawBufferPointer(rebasing: frame[FrameWriter.overhead...]).copyMemory(from: bytes)
        }
        frame.storeBigEndian(Frame.checksum(of: UnsafeRawBufferPointer(frame)), at: 4)
    }

    /// Writes what stands before a message's payload, which follows from elsewhere.
    mutating func writeHead(number: UInt64, acknowledges: UInt64, delivery: Delivery, of payload: ByteBuffer) {
        let head = next(FrameWriter.overhead)
        writeHead(number, acknowledges, delivery, payload.readableBytes, to: head)
        var crc = CRC32C()
        crc.update(UnsafeRawBufferPointer(rebasing: head[0..<4]))
        crc.update(UnsafeRawBufferPointer(rebasing: head[8...]))
        payload.withUnsafeReadableBytes { crc.update($0) }
        head.storeBigEndian(crc.checksum, at: 4)
    }

    @inline(__always)
    private mutating func next(_ count: Int) -> UnsafeMutableRawBufferPointer {
        defer { written += count }
        return UnsafeMutableRawBufferPointer(rebasing: space[written..<(written + count)])
    }

    @inline(__always)
    private func writeHead(
        _ number: UInt64, _ acknowledges: UInt64, _ delivery: Delivery, _ size: Int,
        to frame: UnsafeMutableRawBufferPointer
    ) {
        frame.storeBigEndian(FrameLength.encoded(Frame.messageHeaderLength + size), at: 0)
        frame.storeBigEndian(Frame.Kind.message.rawValue, at: 8)
        frame.storeBigEndian(number, at: 9)
        frame.storeBigEndian(acknowledges, at: 17)
        frame.storeBigEndian(delivery.rawValue, at: 25)
    }
}

extension ByteBuffer {
    /// Writes frames.
    ///
    /// - Parameter count: bytes that they have, at least.
    @inline(__always)
    mutating func writeFrames(_ count: Int, _ write: (inout FrameWriter) -> Void) {
        writeWithUnsafeMutableBytes(minimumWritableBytes: count) { space in
            var writer = FrameWriter(space)
            write(&writer)
            return writer.written
        }
    }
}
