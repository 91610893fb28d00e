public import TCP

/// The timer that is due first at an end of a connection.
public struct EndTimer: Hashable, Sendable {
    /// What it is for.
    public var kind: TCPTimer
    /// When it is due, in nanoseconds.
    public var due: Int64
}

extension EventKind {
    /// What an event is that such a timer brings about.
    package init(_ timer: TCPTimer) {
        switch timer {
        case .retransmission, .persist, .keepAlive, .tailLossProbe, .reordering: self = .retransmission
        case .finWait, .timeWait, .cookie: self = .expiry
        case .delayedAcknowledgement: self = .acknowledgement
        }
    }
}
