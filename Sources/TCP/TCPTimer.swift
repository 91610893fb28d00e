/// What a timer of an endpoint is for.
public enum TCPTimer: UInt8, Hashable, Sendable, CaseIterable {
    /// What is not acknowledged goes again (RFC 6298).
    case retransmission
    /// The closed window is probed (RFC 9293, 3.8.6.1).
    case persist
    /// The idle connection is probed (RFC 9293, 3.8.4).
    case keepAlive
    /// The other side's FIN is waited for no longer (`tcp_fin_timeout`).
    case finWait
    /// The connection is forgotten, and its ports are free again (RFC 9293, 3.4.2).
    case timeWait
    /// The last segment goes again (RFC 8985, 7).
    case tailLossProbe
    /// What may only be late counts as lost (RFC 8985, 6.2).
    case reordering
    /// What has come is acknowledged (RFC 9293, 3.8.6.3).
    case delayedAcknowledgement
    /// The answer to a cookie is taken no longer (`MAX_SYNCOOKIE_AGE`).
    case cookie
}
