import NIOCore

/// What publishers, subscribers and their broker say to each other.
///
/// In a peer's message: the kind (1 byte), the topic's length (2) and name, and for what is published its publisher's number
/// (8), its place among what that one has published (8), and the bytes.
struct TopicMessage {
    enum Kind: UInt8 {
        case subscribe = 1
        case publish = 2
    }

    var kind: Kind
    var topic: String
    var publisher: UInt64 = 0
    var place: UInt64 = 0
    var body = ByteBuffer()

    /// Bytes of one that is published beside its topic and the application's.
    static let headerLength = 19

    func encoded() -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(
            capacity: TopicMessage.headerLength + topic.utf8.count + body.readableBytes)
        buffer.writeMultipleIntegers(kind.rawValue, UInt16(topic.utf8.count))
        buffer.writeString(topic)
        if kind == .publish {
            buffer.writeMultipleIntegers(publisher, place)
            buffer.writeImmutableBuffer(body)
        }
        return buffer
    }

    init(kind: Kind, topic: String) {
        self.kind = kind
        self.topic = topic
    }

    init?(_ bytes: ByteBuffer) {
        var bytes = bytes
        guard let (code, length) = bytes.readMultipleIntegers(as: (UInt8, UInt16).self),
            let kind = Kind(rawValue: code), let topic = bytes.readString(length: Int(length))
        else { return nil }
        self.init(kind: kind, topic: topic)
        guard kind == .publish else { return }
        guard let (publisher, place) = bytes.readMultipleIntegers(as: (UInt64, UInt64).self) else { return nil }
        (self.publisher, self.place, body) = (publisher, place, bytes)
    }
}
