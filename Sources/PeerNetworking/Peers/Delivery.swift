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
