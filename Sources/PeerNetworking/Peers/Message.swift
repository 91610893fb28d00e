public import NIOCore

/// A message of another peer.
public struct Message: Sendable {
    /// The bytes.
    public var payload: ByteBuffer
    /// Its number within its sender's life, from 1.
    public var number: UInt64
    /// Stands for the sender's life.
    public var origin: UInt64
    /// Whether its sender keeps it until it is confirmed.
    public var isReliable: Bool
}

/// What a sender wants of a message's delivery.
public enum Delivery: Hashable, Sendable {
    /// Kept until the other side confirms it, and sent again after a lost connection: it may arrive twice.
    case reliable
    /// Sent at most once; dropped when the queue is full or the connection is lost.
    case unreliable
}

/// Takes a message of a peer; the session answers through it. While it runs, that peer's next message waits.
public typealias MessageHandler = @Sendable (_ message: Message, _ session: isolated Peer) async -> Void
