public import TCP

/// The timer that is due first at an end of a connection.
public struct EndTimer: Hashable, Sendable {
    /// When it is due, in nanoseconds.
    public var due: Int64
    /// What it is for.
    public var kind: TCPTimer

    init(kind: TCPTimer, due: Int64) { (self.kind, self.due) = (kind, due) }
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
