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
