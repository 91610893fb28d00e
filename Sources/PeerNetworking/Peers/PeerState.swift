/// Where a peer is in its life.
public enum PeerState: UInt8, Hashable, Sendable, CaseIterable, CustomStringConvertible {
    /// Has not needed a connection yet: it connects with the first message.
    case idle
    /// Its first connect attempt is under way, or it waits for the next.
    case connecting
    /// Has a connection that the other side's handshake has confirmed.
    case connected
    /// Had a connection, lost it, and tries again or waits to.
    case reconnecting
    /// Is closing: what is queued is flushed, nothing is admitted.
    case closing
    /// Closed by its owner.
    case closed
    /// Gave up: its retry limit is reached; a manual reconnect starts it again.
    case failed
    /// A server that accepts connections.
    case listening

    /// The state's name in labs, records and reports.
    public var description: String {
        switch self {
        case .idle: "idle"
        case .connecting: "connecting"
        case .connected: "connected"
        case .reconnecting: "reconnecting"
        case .closing: "closing"
        case .closed: "closed"
        case .failed: "failed"
        case .listening: "listening"
        }
    }
}
