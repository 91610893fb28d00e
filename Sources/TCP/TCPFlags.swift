/// The control bits of a segment (RFC 9293, 3.1).
public struct TCPFlags: OptionSet, Hashable, Sendable, CustomStringConvertible {
    /// The bits, as in the header.
    public let rawValue: UInt8

    /// Makes a set of its bits.
    @inlinable
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// No more data from the sender.
    @inlinable
    public static var fin: TCPFlags { TCPFlags(rawValue: 1) }
    /// Synchronises sequence numbers: opens a connection.
    @inlinable
    public static var syn: TCPFlags { TCPFlags(rawValue: 2) }
    /// Resets the connection.
    @inlinable
    public static var rst: TCPFlags { TCPFlags(rawValue: 4) }
    /// The sender has written no more than this for now: it is to be handed on.
    @inlinable
    public static var psh: TCPFlags { TCPFlags(rawValue: 8) }
    /// The acknowledgement number counts.
    @inlinable
    public static var ack: TCPFlags { TCPFlags(rawValue: 16) }
    /// A segment came marked: the way is congested (RFC 3168).
    @inlinable
    public static var ece: TCPFlags { TCPFlags(rawValue: 64) }
    /// The sender has heard of the congestion, and sends less (RFC 3168).
    @inlinable
    public static var cwr: TCPFlags { TCPFlags(rawValue: 128) }

    /// The flags by name, joined by `-`: `SYN-ACK`. A PSH is not named: it says nothing of the connection.
    public var description: String {
        var names: [String] = []
        if contains(.syn) { names.append("SYN") }
        if contains(.fin) { names.append("FIN") }
        if contains(.rst) { names.append("RST") }
        if contains(.ack) { names.append("ACK") }
        if contains(.ece) { names.append("ECE") }
        if contains(.cwr) { names.append("CWR") }
        return names.joined(separator: "-")
    }
}
