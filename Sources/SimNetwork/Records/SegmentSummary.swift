public import PeerNetworking
public import TCP

/// A segment as a record shows it.
public struct SegmentSummary: Placed {
    /// The segment's number in the run, from 1.
    public var number: Int64
    /// The connection it belongs to.
    public var connection: ConnectionID
    /// Who sent it.
    public var from: Side
    /// Its control bits.
    public var flags: TCPFlags
    /// What its sender sent it for.
    public var purpose: SegmentPurpose
    /// Payload bytes.
    public var length: Int32
    /// The sequence number of its first byte.
    public var sequence: Int64
    /// The next sequence number that its sender expects.
    public var acknowledgement: Int64
    /// How many bytes beyond that its sender will take; with ``Notice/fragmentationNeeded``, those of the largest packet.
    public var window: Int32
    /// With a SYN: payload bytes that its sender takes in a segment, at most; 0 where it does not say.
    public var maximumSegmentSize: UInt16
    /// With a SYN: the number in its header. All others of its sender count from it (RFC 9293, 3.4.1).
    public var initial: UInt32 = 0
    /// What its sender has got beyond a gap, as sequence numbers, the latest first (RFC 2018).
    public var blocks: [Range<Int64>] = []
    /// Its place among the segments that this side of the connection has sent, from 1.
    public var ordinal: Int64
    /// When it is due at the end of the link it is on, in nanoseconds; `Int64.max` while it is held back.
    public var arrives: Int64
    /// The link it is on; nil between two sockets of one host.
    public var link: LinkID?
    /// The direction in which it takes the link.
    public var direction: LinkDirection = .forward
    /// What the network says, where this is no segment but such a notice.
    public var notice: Notice?
    /// What its packet says of congestion.
    public var codepoint = ECNCodepoint.notCapable
    /// Its place among all that is pending, while it is on its way; 0 in a record.
    public internal(set) var place: UInt64 = 0
    /// The event that put it on the link it is on; 0 in a record.
    public internal(set) var cause = 0
}

/// What the network says to a sender (ICMP, RFC 792 and RFC 1191).
public enum Notice: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// The host cannot be reached.
    case hostUnreachable
    /// The network cannot be reached.
    case networkUnreachable
    /// The packet is larger than the next link takes.
    case fragmentationNeeded

    /// The notice in words.
    public var description: String {
        switch self {
        case .hostUnreachable: "host unreachable"
        case .networkUnreachable: "network unreachable"
        case .fragmentationNeeded: "fragmentation needed"
        }
    }
}

extension SegmentSummary {
    /// ``number``.
    public var listPlace: Int64 { number }
}
