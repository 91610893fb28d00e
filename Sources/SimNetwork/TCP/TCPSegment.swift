import NIOCore

/// A TCP segment on the wire.
///
/// Sequence numbers count from 0 for the SYN and have 64 bits: they do not wrap, and every initial number is 0; what
/// different ones are good for, ``life`` does.
struct TCPSegment {
    var flags: TCPFlags
    /// With a SYN: payload bytes that its sender takes in a segment, at most (the MSS option, RFC 9293, 3.7.1).
    var maximumSegmentSize: UInt16 = 0
    /// Which of the sockets that the connection's server has had it is from or for; 0 in a client's first SYN.
    ///
    /// It stands for the initial sequence numbers, which differ from socket to socket and tell an old duplicate from a
    /// segment of now (RFC 9293, 3.4.1). Ours are all 0.
    var life: UInt32 = 0
    /// The sequence number of the first byte, or of the SYN or FIN where there is none.
    var sequence: Int64
    /// The next sequence number that the sender expects.
    var acknowledgement: Int64
    /// How many bytes beyond `acknowledgement` the sender of this segment will take.
    var window: Int32
    /// What it is sent for. Not in a real header: for records alone.
    var purpose: SegmentPurpose = .plain
    /// The bytes; empty in most segments that only acknowledge.
    var payload: ByteBuffer

    /// Payload bytes.
    @inline(__always)
    var length: Int { payload.readableBytes }

    /// No segment: what a notice of the network travels in.
    static let notice = TCPSegment(
        flags: [], sequence: 0, acknowledgement: 0, window: 0, payload: ByteBuffer())
}
