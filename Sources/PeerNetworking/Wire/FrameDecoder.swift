public import NIOCore

/// Cuts a stream of bytes into frames.
///
/// The length is checked and bounded before anything is allocated or waited for: a flipped bit there is an error, and no
/// wait for bytes that never come.
public struct FrameDecoder: Sendable {
    private let maximumPayload: Int
    private var buffer = ByteBuffer()

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

    /// Moves the bytes that wait to a buffer that grows with each of them.
    mutating func copyBytewise() {
        var copy = ByteBuffer()
        for byte in buffer.readableBytesView { copy.writeInteger(byte) }
        buffer = copy
    }

    /// Takes the next frame, or nil when its rest has not come yet.
    ///
    /// - Throws: `protocolViolation`, with the reason; the stream cannot be read on.
    public mutating func next() throws(NetworkError) -> Frame? {
        guard buffer.readableBytes >= 4 else { return nil }
        guard let header = buffer.withUnsafeReadableBytes({ Header($0) }) else {
            throw violation("the length of a frame is damaged")
        }
        let longest = max(maximumPayload + Frame.messageHeaderLength, Frame.largestControl)
        let isTooLong = header.message != nil && header.length > maximumPayload + Frame.messageHeaderLength
        guard header.length <= longest, !isTooLong else {
            throw violation("a frame of \(header.length) bytes; at most \(maximumPayload) of payload are allowed")
        }
        guard header.isComplete else { return nil }
        guard header.isIntact else { throw violation("the checksum of a frame is wrong") }
        guard let message = header.message else {
            return try buffer.readSlice(length: Frame.headerLength + header.length).map { frame throws(NetworkError) in
                try parse(frame)
            }
        }
        buffer.moveReaderIndex(forwardBy: Frame.headerLength + Frame.messageHeaderLength)
        return buffer.readSlice(length: header.length - Frame.messageHeaderLength).map { payload in
            .message(
                number: message.number, acknowledges: message.acknowledges, delivery: message.delivery, payload)
        }
    }

    /// What the first bytes say, read in one go: each access to a buffer has its price.
    private struct Header {
        let length: Int
        var isComplete = false
        var isIntact = false
        /// The header of a message, where it is one.
        var message: (number: UInt64, acknowledges: UInt64, delivery: Delivery)?

        /// - Parameter bytes: 4 or more.
        @inline(__always)
        init?(_ bytes: UnsafeRawBufferPointer) {
            func load<Value: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as: Value.Type) -> Value {
                Value(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: Value.self))
            }
            guard let length = FrameLength.decoded(load(0, as: UInt32.self)) else { return nil }
            self.length = length
            guard bytes.count >= Frame.headerLength + length else { return }
            isComplete = true
            let frame = UnsafeRawBufferPointer(rebasing: bytes[0..<Frame.headerLength + length])
            isIntact = load(4, as: UInt32.self) == Frame.checksum(of: frame)
            guard bytes[8] == Frame.Kind.message.rawValue, length >= Frame.messageHeaderLength,
                let delivery = Delivery(rawValue: bytes[25])
            else { return }
            message = (load(9, as: UInt64.self), load(17, as: UInt64.self), delivery)
        }
    }

    private func parse(_ whole: ByteBuffer) throws(NetworkError) -> Frame {
        var frame = whole
        frame.moveReaderIndex(forwardBy: 8)
        guard let kind = frame.readInteger(as: UInt8.self).flatMap(Frame.Kind.init) else {
            throw violation("a frame of an unknown type")
        }
        switch kind {
        // One with its header whole has been taken already.
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
