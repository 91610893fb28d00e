/// The levels of one end's buffers, in bytes.
public struct BufferLevels: Hashable, Sendable {
    /// Written by the application and not acknowledged.
    public var sendQueued: Int32
    /// Sent and not acknowledged; a SYN and a FIN count one each.
    public var inFlight: Int32
    /// Received in order and not read.
    public var received: Int32
    /// Segments repeated so far.
    public var retransmissions: Int32

    /// Makes levels; all 0 where none are given.
    public init(sendQueued: Int32 = 0, inFlight: Int32 = 0, received: Int32 = 0, retransmissions: Int32 = 0) {
        self.sendQueued = sendQueued
        self.inFlight = inFlight
        self.received = received
        self.retransmissions = retransmissions
    }
}
