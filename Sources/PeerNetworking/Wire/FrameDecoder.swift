public import NIOCore

/// Cuts a stream of bytes into frames.
///
/// The length is bounded before anything is allocated or waited for, and the checksum covers it: a flipped bit there
/// is an error, not a wait for a gigabyte.
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

    /// Takes the next frame, or nil when its rest has not come yet.
    ///
    /// - Throws: `protocolViolation`, with the reason; the stream cannot be read on.
    public mutating func next() throws(NetworkError) -> Frame? {
        guard buffer.readableBytes >= 4,
            let length = buffer.getInteger(at: buffer.readerIndex, as: UInt32.self)
        else { return nil }
        guard length <= UInt32(maximumPayload + Frame.messageHeaderLength) else {
            throw violation("a frame of \(length) bytes; at most \(maximumPayload) of payload are allowed")
        }
        guard let frame = buffer.readSlice(length: Frame.headerLength + Int(length)) else { return nil }
        guard let checksum = frame.getInteger(at: frame.readerIndex + 4, as: UInt32.self),
            checksum == Frame.checksum(of: frame)
        else { throw violation("the checksum of a frame is wrong") }
        return try parse(frame)
    }

    private func parse(_ whole: ByteBuffer) throws(NetworkError) -> Frame {
        var frame = whole
        frame.moveReaderIndex(forwardBy: 8)
        guard let kind = frame.readInteger(as: UInt8.self).flatMap(Frame.Kind.init) else {
            throw violation("a frame of an unknown type")
        }
        switch kind {
        case .message:
            guard let number = frame.readInteger(as: UInt64.self), let acknowledges = frame.readInteger(as: UInt64.self),
                let reliability = frame.readInteger(as: UInt8.self), reliability <= 1
            else { throw violation("a message without its header") }
            return .message(number: number, acknowledges: acknowledges, isReliable: reliability == 1, frame)
        case .hello:
            guard let version = frame.readInteger(as: UInt16.self), let origin = frame.readInteger(as: UInt64.self),
                let window = frame.readInteger(as: UInt32.self),
                let name = frame.readString(length: frame.readableBytes)
            else { throw violation("a hello that is too short") }
            return .hello(Frame.Hello(version: version, origin: origin, window: window, name: name))
        case .acknowledgement: return .acknowledgement(try value(&frame))
        case .ping: return .ping(try value(&frame))
        case .pong: return .pong(try value(&frame))
        case .goodbye: return .goodbye
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
