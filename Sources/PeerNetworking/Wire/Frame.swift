public import NIOCore

/// A unit of the peers' wire protocol.
///
/// On the wire, big-endian: the payload's length and a check of it (``FrameLength``, 4 bytes), a CRC-32C over length, type
/// and payload (4), the type (1), the payload.
public enum Frame: Hashable, Sendable {
    /// The first frame of each side: who it is.
    case hello(Hello)
    /// A message of the application, with a confirmation of what arrived the other way.
    case message(number: UInt64, acknowledges: UInt64, delivery: Delivery, ByteBuffer)
    /// Confirms the reliable messages up to a number.
    case acknowledgement(UInt64)
    /// Asks for a ``pong(_:)`` with the same value.
    case ping(UInt64)
    /// Answers a ``ping(_:)``.
    case pong(UInt64)
    /// The sender closes the connection because nobody uses it.
    case goodbye
    /// The sender will have nothing to do with the other side: why, and in words.
    case refusal(Refusal, String)

    /// Who a peer is.
    public struct Hello: Hashable, Sendable {
        /// The version of the wire protocol.
        public var version: UInt16
        /// What it wants of the connection.
        public var purpose: Purpose
        /// A number for this life of the peer: messages are numbered within it.
        public var origin: UInt64
        /// How many reliable messages it may have on the way: what its send queue holds.
        public var window: UInt32
        /// How many messages it takes before its application has taken any: nobody sends more reliable ones.
        public var inbox: UInt32
        /// How many bytes of payload it takes so; a larger message is taken alone.
        public var inboxBytes: UInt32
        /// The largest payload of a message that it takes, in bytes.
        public var maximumPayload: UInt32
        /// The peer's name.
        public var name: String

        /// Makes a hello.
        public init(
            version: UInt16 = Frame.version, purpose: Purpose = .messages, origin: UInt64, window: UInt32 = 64,
            inbox: UInt32 = 1_024,
            inboxBytes: UInt32 = 16_777_216, maximumPayload: UInt32 = 1_048_576, name: String
        ) {
            self.version = version
            self.purpose = purpose
            self.origin = origin
            self.window = window
            self.inbox = inbox
            self.inboxBytes = inboxBytes
            self.maximumPayload = maximumPayload
            self.name = name
        }
    }

    /// What a connection is for.
    public enum Purpose: UInt8, Hashable, Sendable, CaseIterable {
        /// Messages, as all frames after the hello.
        case messages = 0
        /// Bytes: nothing after the two hellos is a frame.
        case stream = 1
        /// Messages between two nodes that know each other by name, and either of which may connect.
        case node = 2
    }

    /// Why a peer is refused.
    public enum Refusal: UInt8, Hashable, Sendable, CaseIterable {
        /// The server has as many sessions as it takes; there may be room later.
        case tooManySessions = 1
        /// It is not the peer that was asked for.
        case wrongName = 2
        /// The other side does not serve what the connection is for.
        case wrongPurpose = 3
        /// Both nodes have connected at once, and the other connection is kept.
        case simultaneous = 4
    }

    /// The version that this code speaks.
    public static let version: UInt16 = 3
    /// Bytes before the payload.
    public static let headerLength = 9
    /// The payload that a frame may have however small the messages are: a hello has a name, and a refusal words.
    static let largestControl = 1_024
    /// Bytes of a message's payload before the application's: number, confirmation, delivery.
    static let messageHeaderLength = 17
    /// Bytes that a message's frame has around its payload.
    package static let messageOverhead = headerLength + messageHeaderLength

    /// Bytes of a hello's payload before the name.
    static let helloHeaderLength = 27

    enum Kind: UInt8 {
        case hello = 1
        case message = 2
        case acknowledgement = 3
        case ping = 4
        case pong = 5
        case goodbye = 6
        case refusal = 7
    }
}

extension Frame {
    /// The frame as bytes.
    public func encoded() -> ByteBuffer {
        var buffer = ByteBuffer()
        encode(into: &buffer)
        return buffer
    }

    /// Puts the frame's bytes in the place of what a buffer has.
    func encode(into buffer: inout ByteBuffer) {
        switch self {
        case .hello(let hello):
            Frame.encode(.hello, length: Frame.helloHeaderLength + hello.name.utf8.count, into: &buffer) { body in
                body.storeBigEndian(hello.version, at: 0)
                body.storeBigEndian(hello.purpose.rawValue, at: 2)
                body.storeBigEndian(hello.origin, at: 3)
                body.storeBigEndian(hello.window, at: 11)
                body.storeBigEndian(hello.inbox, at: 15)
                body.storeBigEndian(hello.inboxBytes, at: 19)
                body.storeBigEndian(hello.maximumPayload, at: 23)
                body.store(hello.name, at: Frame.helloHeaderLength)
            }
        case .message(let number, let acknowledges, let delivery, let payload):
            let length = FrameWriter.overhead + payload.readableBytes
            buffer.clear(minimumCapacity: length)
            buffer.writeFrames(length) { writer in
                writer.write(number: number, acknowledges: acknowledges, delivery: delivery, payload)
            }
        case .acknowledgement(let number): Frame.encode(.acknowledgement, number, into: &buffer)
        case .ping(let value): Frame.encode(.ping, value, into: &buffer)
        case .pong(let value): Frame.encode(.pong, value, into: &buffer)
        case .goodbye: Frame.encode(.goodbye, length: 0, into: &buffer) { _ in }
        case .refusal(let refusal, let words):
            Frame.encode(.refusal, length: 1 + words.utf8.count, into: &buffer) { body in
                body.storeBigEndian(refusal.rawValue, at: 0)
                body.store(words, at: 1)
            }
        }
    }

    private static func encode(_ kind: Kind, _ value: UInt64, into buffer: inout ByteBuffer) {
        encode(kind, length: 8, into: &buffer) { $0.storeBigEndian(value, at: 0) }
    }

    /// Writes a frame in one go: each access to a buffer has its price.
    @inline(__always)
    private static func encode(
        _ kind: Kind, length: Int, into buffer: inout ByteBuffer, _ body: (UnsafeMutableRawBufferPointer) -> Void
    ) {
        let total = headerLength + length
        buffer.clear(minimumCapacity: total)
        buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: total) { space in
            let frame = UnsafeMutableRawBufferPointer(rebasing: space[0..<total])
            frame.storeBigEndian(FrameLength.encoded(length), at: 0)
            frame.storeBigEndian(kind.rawValue, at: 8)
            body(UnsafeMutableRawBufferPointer(rebasing: frame[headerLength...]))
            frame.storeBigEndian(checksum(of: UnsafeRawBufferPointer(frame)), at: 4)
            return total
        }
    }

    /// The CRC over a whole frame's length, type and payload; the checksum's own field is left out.
    @inline(__always)
    static func checksum(of frame: UnsafeRawBufferPointer) -> UInt32 {
        CRC32C.checksum(of: frame, except: 4..<8)
    }

    /// Whether a whole frame's checksum is right.
    @inline(__always)
    static func isIntact(_ frame: UnsafeRawBufferPointer) -> Bool {
        UInt32(bigEndian: frame.loadUnaligned(fromByteOffset: 4, as: UInt32.self)) == checksum(of: frame)
    }
}

extension UnsafeMutableRawBufferPointer {
    @inline(__always)
    func storeBigEndian<Value: FixedWidthInteger & BitwiseCopyable>(
        _ value: Value, at offset: Int
    ) {
        storeBytes(of: value.bigEndian, toByteOffset: offset, as: Value.self)
    }

    fileprivate func store(_ text: String, at offset: Int) {
        _ = UnsafeMutableRawBufferPointer(rebasing: self[offset...]).initializeMemory(as: UInt8.self, from: text.utf8)
    }
}
