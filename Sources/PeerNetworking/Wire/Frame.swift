public import NIOCore

/// A unit of the peers' wire protocol.
///
/// On the wire, big-endian: the payload's length (4 bytes), a CRC-32C over length, type and payload (4), the type (1),
/// the payload.
public enum Frame: Hashable, Sendable {
    /// The first frame of each side: who it is.
    case hello(Hello)
    /// A message of the application, with a confirmation of what arrived the other way.
    case message(number: UInt64, acknowledges: UInt64, isReliable: Bool, ByteBuffer)
    /// Confirms the reliable messages up to a number.
    case acknowledgement(UInt64)
    /// Asks for a ``pong(_:)`` with the same value.
    case ping(UInt64)
    /// Answers a ``ping(_:)``.
    case pong(UInt64)
    /// The sender is closing and will send nothing more.
    case goodbye

    /// Who a peer is.
    public struct Hello: Hashable, Sendable {
        /// The version of the wire protocol.
        public var version: UInt16
        /// A number for this life of the peer: messages are numbered within it.
        public var origin: UInt64
        /// How many reliable messages it may have on the way: what its send queue holds.
        public var window: UInt32
        /// The peer's name.
        public var name: String

        /// Makes a hello.
        public init(version: UInt16 = Frame.version, origin: UInt64, window: UInt32 = 64, name: String) {
            self.version = version
            self.origin = origin
            self.window = window
            self.name = name
        }
    }

    /// The version that this code speaks.
    public static let version: UInt16 = 1
    /// Bytes before the payload.
    public static let headerLength = 9
    /// Bytes of a message's payload before the application's: number, confirmation, reliability.
    static let messageHeaderLength = 17

    enum Kind: UInt8 {
        case hello = 1
        case message = 2
        case acknowledgement = 3
        case ping = 4
        case pong = 5
        case goodbye = 6
    }
}

extension Frame {
    /// The frame as bytes.
    public func encoded() -> ByteBuffer {
        switch self {
        case .hello(let hello):
            return Frame.encode(.hello, capacity: 14 + hello.name.utf8.count) { buffer in
                buffer.writeInteger(hello.version)
                buffer.writeInteger(hello.origin)
                buffer.writeInteger(hello.window)
                buffer.writeString(hello.name)
            }
        case .message(let number, let acknowledges, let isReliable, let payload):
            return Frame.encode(.message, capacity: Frame.messageHeaderLength + payload.readableBytes) { buffer in
                buffer.writeInteger(number)
                buffer.writeInteger(acknowledges)
                buffer.writeInteger(isReliable ? 1 : 0, as: UInt8.self)
                buffer.writeImmutableBuffer(payload)
            }
        case .acknowledgement(let number): return Frame.encode(.acknowledgement, number)
        case .ping(let value): return Frame.encode(.ping, value)
        case .pong(let value): return Frame.encode(.pong, value)
        case .goodbye: return Frame.encode(.goodbye, capacity: 0) { _ in }
        }
    }

    private static func encode(_ kind: Kind, _ value: UInt64) -> ByteBuffer {
        encode(kind, capacity: 8) { $0.writeInteger(value) }
    }

    private static func encode(_ kind: Kind, capacity: Int, _ body: (inout ByteBuffer) -> Void) -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: headerLength + capacity)
        buffer.moveWriterIndex(to: headerLength)
        body(&buffer)
        let length = UInt32(buffer.writerIndex - headerLength)
        buffer.setInteger(length, at: 0)
        buffer.setInteger(kind.rawValue, at: 8)
        buffer.setInteger(checksum(of: buffer), at: 4)
        return buffer
    }

    /// The CRC over a whole frame's length, type and payload; the checksum's own field is left out.
    static func checksum(of frame: ByteBuffer) -> UInt32 {
        frame.withUnsafeReadableBytes { bytes in
            var crc = CRC32C()
            crc.update(UnsafeRawBufferPointer(rebasing: bytes[0..<4]))
            crc.update(UnsafeRawBufferPointer(rebasing: bytes[8...]))
            return crc.checksum
        }
    }
}
