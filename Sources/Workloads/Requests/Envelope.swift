import NIOCore

/// A message of the request/response layer: what it is, whose, which, and the application's bytes.
///
/// In a peer's message, big-endian: the kind (1 byte), the client's number (8), the request's number within the client (8),
/// the body.
struct Envelope: Hashable {
    enum Kind: UInt8, CaseIterable {
        /// Asks for a response.
        case request = 1
        /// Answers a request.
        case response = 2
        /// Says that a request has failed; the body is why, in words.
        case failure = 3
        /// The client wants no response any more.
        case cancel = 4
    }

    /// Which request of which client it is about: the same however often it is sent.
    struct Key: Hashable {
        var client: UInt64
        var request: UInt64
    }

    var kind: Kind
    var key: Key
    var body = ByteBuffer()

    func encoded() -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: Envelope.headerLength + body.readableBytes)
        buffer.writeMultipleIntegers(kind.rawValue, key.client, key.request)
        buffer.writeImmutableBuffer(body)
        return buffer
    }

    static let headerLength = 17

    /// Reads one; nil where the bytes are none.
    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard let (code, client, request) = bytes.readMultipleIntegers(as: (UInt8, UInt64, UInt64).self),
            let kind = Kind(rawValue: code)
        else { return nil }
        self.init(kind: kind, key: Key(client: client, request: request), body: bytes)
    }

    init(kind: Kind, key: Key, body: ByteBuffer = ByteBuffer()) {
        self.kind = kind
        self.key = key
        self.body = body
    }
}
