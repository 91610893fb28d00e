public import NIOCore

/// A message of another peer.
public struct Message: Sendable {
    /// The bytes.
    public var payload: ByteBuffer
    /// Its number within its sender's life, from 1.
    public var number: UInt64
    /// Stands for the sender's life.
    public var origin: UInt64
    /// What its sender wants of its delivery.
    public var delivery: Delivery

    /// Whether its sender keeps it until it is confirmed.
    public var isReliable: Bool { delivery.isKept }
}

/// What a sender wants of a message's delivery.
///
/// Messages of every kind arrive in the order in which they were sent, those that are dropped left out.
public enum Delivery: UInt8, Codable, Hashable, Sendable, CaseIterable {
    /// Sent at most once; dropped when the queue is full or the connection is lost.
    case unreliable = 0
    /// Kept until the other side confirms it, and sent again after a lost connection: it may arrive twice.
    case reliable = 1
    /// Kept and sent again as a reliable one, and handed to the application of the other side once: its server knows the
    /// highest number that it has handed over of each sender, whatever connection it came by. The server's process must
    /// live on: one that is started anew knows nothing of what the one before it took. What a server's session sends ends
    /// with its connection, like all that it sends, and comes once at most.
    case exactlyOnce = 2

    /// Whether it is kept until it is confirmed.
    var isKept: Bool { self != .unreliable }
}

/// Takes a message of a peer; the session answers through it. While it runs, that peer's next message waits.
public typealias MessageHandler = @Sendable (_ message: Message, _ session: isolated Peer) async -> Void

/// Takes a message of a peer in the turn in which it has come, and answers with ``Peer/offer(_:delivery:)``: it waits for
/// nothing, which saves the task switches that waiting may cost.
///
/// It is asked first while no message waits before this one. A message that it does not take goes where it would go
/// without it: to the ``MessageHandler``, or to ``Peer/receive()``. It must have answered nothing then: an answer carries
/// the confirmation of what it answers.
///
/// - Returns: whether it has dealt with the message.
public typealias ArrivalHandler = @Sendable (_ message: Message, _ session: isolated Peer) -> Bool

/// Who takes a peer's messages.
struct MessageHandlers: Sendable {
    var onMessage: MessageHandler?
    var onArrival: ArrivalHandler?
}
