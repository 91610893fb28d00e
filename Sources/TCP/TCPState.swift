/// The state of one end of a connection (RFC 9293, 3.3.2).
public enum TCPState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// No connection.
    case closed
    /// Has sent a SYN.
    case synSent
    /// Has received a SYN and answered it.
    case synReceived
    /// Open both ways.
    case established
    /// Has closed and waits for the acknowledgement of its FIN.
    case finWait1
    /// Its FIN is acknowledged; the other side may still send.
    case finWait2
    /// The other side has closed; this one may still send.
    case closeWait
    /// Both have closed at once; waits for the acknowledgement of its FIN.
    case closing
    /// The other side closed first, then this one; waits for the acknowledgement of its FIN.
    case lastAck
    /// Both FINs are acknowledged; late segments die out.
    case timeWait

    /// Whether the handshake is behind it (RFC 9293, 3.4).
    @inlinable
    public var isSynchronised: Bool {
        switch self {
        case .closed, .synSent, .synReceived: false
        case .established, .finWait1, .finWait2, .closeWait, .closing, .lastAck, .timeWait: true
        }
    }

    /// The name as `ss` and `netstat` print it.
    public var description: String {
        switch self {
        case .closed: "CLOSED"
        case .synSent: "SYN-SENT"
        case .synReceived: "SYN-RECEIVED"
        case .established: "ESTABLISHED"
        case .finWait1: "FIN-WAIT-1"
        case .finWait2: "FIN-WAIT-2"
        case .closeWait: "CLOSE-WAIT"
        case .closing: "CLOSING"
        case .lastAck: "LAST-ACK"
        case .timeWait: "TIME-WAIT"
        }
    }
}
