public import NIOCore

/// Cuts a stream of bytes into frames.
///
/// The length is checked and bounded before anything is allocated or waited for: a flipped bit there is an error, and no
/// wait for bytes that never come.
public struct FrameDecoder: Sendable {
    private let maximumPayload: Int
    private var buffer = ByteBuffer()
    /// Bytes that were moved last.
    private var moved = 0

    /// Makes a decoder.
    ///
    /// - Parameter maximumPayload: the largest payload of an application's message, in bytes, 1…16 MiB.
    public init(maximumPayload: Int) {
        self.maximumPayload = maximumPayload
    }

    /// Bytes that wait for the rest of their frame.
    public var buffered: Int { buffer.readableBytes }

    /// Takes in bytes of the stream.
    public mutating func append(_ bytes: ByteBuffer) {
        if buffer.readableBytes == 0 {
            buffer = bytes
        } else {
            buffer.writeImmutableBuffer(bytes)
        }
    }

    /// Gives up the bytes that wait: what follows is not frames.
    mutating func takeRest() -> ByteBuffer {
        defer { buffer = ByteBuffer() }
        return buffer
    }

    /// Moves the bytes that wait to a buffer without room for more: it grows with what comes next.
    ///
    /// Not before they are twice as many as were moved last: bytes that come one by one would be moved once for each of
    /// them, and a message of 20 KiB would take 200 MB of it.
    ///
    /// - Returns: how many it has moved.
    @discardableResult
    mutating func moveToTightBuffer() -> Int {
        let waiting = buffer.readableBytes
        guard waiting >= 2 * moved || waiting < moved else { return 0 }
        var copy = ByteBufferAllocator().buffer(capacity: waiting)
        copy.writeBytes(buffer.readableBytesView)
        buffer = copy
        moved = waiting
        return waiting
    }

    /// Takes the next frame, or nil when its rest has not come yet.
    ///
    /// - Throws: `protocolViolation`, with the reason; the stream cannot be read on.
    public mutating func next() throws(NetworkError) -> Frame? {
        let head = buffer.withUnsafeReadableBytes { MessageHead($0, at: 0, maximumPayload: maximumPayload) }
        if let head {
            buffer.moveReaderIndex(forwardBy: FrameWriter.overhead)
            return buffer.readSlice(length: head.size).map { payload in
                .message(number: head.number, acknowledges: head.acknowledges, delivery: head.delivery, payload)
            }
        }
        guard buffer.readableBytes >= 4 else { return nil }
        let (length, isMessage) = buffer.withUnsafeReadableBytes { bytes in
            let word = bytes.loadUnaligned(as: UInt32.self)
            return (
                FrameLength.decoded(UInt32(bigEndian: word)), bytes.count > 8 && bytes[8] == Frame.Kind.message.rawValue
            )
        }
        guard let length else { throw violation("the length of a frame is damaged") }
        let longestMessage = maximumPayload + Frame.messageHeaderLength
        guard length <= (isMessage ? longestMessage : max(longestMessage, Frame.largestControl)) else {
            throw violation("a frame of \(length) bytes; at most \(maximumPayload) of payload are allowed")
        }
        guard let frame = buffer.readSlice(length: Frame.headerLength + length) else { return nil }
        guard frame.withUnsafeReadableBytes(Frame.isIntact) else { throw violation("the checksum of a frame is wrong") }
        return try parse(frame)
    }

    /// Takes the messages that come next, whole and sound, one after another; ``next()`` says what follows them.
    ///
    /// - Parameters:
    ///   - origin: stands for the sender's life.
    ///   - take: gets each message, what it confirms, and whether nothing is behind it; says whether to go on.
    @inline(__always)
    mutating func takeMessages(
        of origin: UInt64, _ take: (_ message: Message, _ acknowledges: UInt64, _ isLast: Bool) -> Bool
    ) {
        let source = buffer
        // All in one go: each access to a buffer has its price.
        let taken = source.withUnsafeReadableBytes { bytes in
            var place = 0
            while let head = MessageHead(bytes, at: place, maximumPayload: maximumPayload),
                let payload = source.getSlice(
                    at: source.readerIndex + place + FrameWriter.overhead, length: head.size)
            {
                place += FrameWriter.overhead + head.size
                let message = Message(payload: payload, number: head.number, origin: origin, delivery: head.delivery)
                guard take(message, head.acknowledges, place == bytes.count) else { break }
            }
            return place
        }
        buffer.moveReaderIndex(forwardBy: taken)
    }

    /// What stands before a message's payload.
    private struct MessageHead {
        let number: UInt64
        let acknowledges: UInt64
        let delivery: Delivery
        /// Bytes of the payload.
        let size: Int

        /// Nil where there is no whole message, or a damaged one.
        @inline(__always)
        init?(_ all: UnsafeRawBufferPointer, at place: Int, maximumPayload: Int) {
            let bytes = UnsafeRawBufferPointer(rebasing: all[place...])
            func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as: Value.Type) -> Value {
                Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
            }
            guard bytes.count >= FrameWriter.overhead, bytes[8] == Frame.Kind.message.rawValue,
                let length = FrameLength.decoded(load(0, as: UInt32.self)),
                bytes.count >= Frame.headerLength + length,
                length >= Frame.messageHeaderLength, length <= maximumPayload + Frame.messageHeaderLength,
                Frame.isIntact(UnsafeRawBufferPointer(rebasing: bytes[0..<Frame.headerLength + length])),
                let delivery = Delivery(rawValue: bytes[25])
            else { return nil }
            number = load(9, as: UInt64.self)
            acknowledges = load(17, as: UInt64.self)
            self.delivery = delivery
            size = length - Frame.messageHeaderLength
        }
    }

    private func parse(_ whole: ByteBuffer) throws(NetworkError) -> Frame {
        var frame = whole
        frame.moveReaderIndex(forwardBy: 8)
        guard let kind = frame.readInteger(as: UInt8.self).flatMap(Frame.Kind.init) else {
            throw violation("a frame of an unknown type")
        }
        switch kind {
        // One with its header whole has been taken before.
        case .message: throw violation("a message without its header")
        case .hello:
            guard let version = frame.readInteger(as: UInt16.self) else { throw violation("a hello that is too short") }
            // Of another version nothing is known but that.
            guard version == Frame.version else {
                return .hello(
                    Frame.Hello(
                        version: version, origin: 0, window: 0, inbox: 0, inboxBytes: 0, maximumPayload: 0, name: ""))
            }
            guard let code = frame.readInteger(as: UInt8.self), let purpose = Frame.Purpose(rawValue: code) else {
                throw violation("a hello for no purpose that is known")
            }
            guard let origin = frame.readInteger(as: UInt64.self), let window = frame.readInteger(as: UInt32.self),
                let inbox = frame.readInteger(as: UInt32.self), let inboxBytes = frame.readInteger(as: UInt32.self),
                let maximumPayload = frame.readInteger(as: UInt32.self),
                let name = frame.readString(length: frame.readableBytes)
            else { throw violation("a hello that is too short") }
            return .hello(
                Frame.Hello(
                    purpose: purpose, origin: origin, window: window, inbox: inbox, inboxBytes: inboxBytes,
                    maximumPayload: maximumPayload, name: name))
        case .acknowledgement: return .acknowledgement(try value(&frame))
        case .ping: return .ping(try value(&frame))
        case .pong: return .pong(try value(&frame))
        case .goodbye: return .goodbye
        case .refusal:
            guard let code = frame.readInteger(as: UInt8.self), let refusal = Frame.Refusal(rawValue: code) else {
                throw violation("a refusal for no reason that is known")
            }
            return .refusal(refusal, frame.readString(length: frame.readableBytes) ?? "")
        }
    }

    private func value(_ frame: inout ByteBuffer) throws(NetworkError) -> UInt64 {
        guard frame.readableBytes == 8, let value = frame.readInteger(as: UInt64.self) else {
            throw violation("a control frame of the wrong length")
        }
        return value
    }

    private func violation(_ reason: String) -> NetworkError {
        NetworkError(.protocolViolation, during: .read, reason: reason)
    }
}
