/// The timer that runs at an end of a connection.
public struct EndTimer: Hashable, Sendable {
    /// What it is for.
    public enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// What is not acknowledged by then is sent again (RFC 6298).
        case retransmission
        /// A closed window is probed (RFC 9293, 3.8.6.1).
        case windowProbe
        /// An idle connection is probed (RFC 9293, 3.8.4).
        case keepAlive
        /// The wait for the other side's FIN is over (`tcp_fin_timeout`).
        case finWait
        /// The ports are free again (RFC 9293, 3.4.2).
        case timeWait
    }

    /// What it is for.
    public var kind: Kind
    /// When it is due, in nanoseconds.
    public var due: Int64
}
