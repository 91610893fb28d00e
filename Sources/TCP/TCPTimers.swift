/// The timers of an endpoint, of which three may run: that of what was sent, that of the acknowledgement, and that of the
/// connection as such. Of each there is one, as in Linux: a repeat, a probe of the tail, of the order or of the window are
/// never waited for at once.
public struct TCPTimers: Hashable, Sendable {
    /// A timer that does not run.
    @inlinable
    static var never: Int64 { .max }

    @usableFromInline
    var sendingDue = Int64.max
    @usableFromInline
    var acknowledgementDue = Int64.max
    @usableFromInline
    var connectionDue = Int64.max
    @usableFromInline
    var sendingKind = TCPTimer.retransmission
    @usableFromInline
    var connectionKind = TCPTimer.keepAlive

    /// None runs.
    public init() {}

    /// The timer of what was sent, and when it is due, in nanoseconds.
    public var sending: (kind: TCPTimer, due: Int64)? {
        @inlinable get { sendingDue == Self.never ? nil : (sendingKind, sendingDue) }
    }

    /// When the acknowledgement is due that waits, in nanoseconds.
    public package(set) var acknowledgement: Int64? {
        @inlinable get { acknowledgementDue == Self.never ? nil : acknowledgementDue }
        @inline(__always) set { acknowledgementDue = newValue ?? Self.never }
    }

    /// The timer of the connection as such (keep-alive, FIN-WAIT-2, TIME-WAIT, a cookie), and when it is due, in nanoseconds.
    public var connection: (kind: TCPTimer, due: Int64)? {
        @inlinable get { connectionDue == Self.never ? nil : (connectionKind, connectionDue) }
    }

    /// The timer that is due first. Of several that are due at once the acknowledgement comes last, and that of what was
    /// sent first.
    @inlinable
    public var next: (kind: TCPTimer, due: Int64)? {
        var (kind, due) = (sendingKind, sendingDue)
        if connectionDue < due { (kind, due) = (connectionKind, connectionDue) }
        if acknowledgementDue < due { (kind, due) = (.delayedAcknowledgement, acknowledgementDue) }
        return due == Self.never ? nil : (kind, due)
    }

    /// Those that run, the first first.
    public var running: [(kind: TCPTimer, due: Int64)] {
        var (rest, running) = (self, [(kind: TCPTimer, due: Int64)]())
        while let next = rest.next {
            running.append(next)
            rest.stop(next.kind)
        }
        return running
    }

    /// Timers are the same where each is.
    @inlinable
    public static func == (left: TCPTimers, right: TCPTimers) -> Bool {
        left.sendingDue == right.sendingDue && left.acknowledgementDue == right.acknowledgementDue
            && left.connectionDue == right.connectionDue && left.sendingKind == right.sendingKind
            && left.connectionKind == right.connectionKind
    }

    /// Whether any runs behind the first.
    @inlinable
    public var hasLater: Bool {
        let (sends, acknowledges) = (sendingDue != Self.never, acknowledgementDue != Self.never)
        return connectionDue == Self.never ? sends && acknowledges : sends || acknowledges
    }

    /// Those that run behind the first.
    @inline(__always)
    package var later: TCPTimers {
        var later = self
        if let next { later.stop(next.kind) }
        return later
    }

    /// Starts a timer in place of the one of its sort that runs.
    @inline(__always)
    package mutating func start(_ kind: TCPTimer, at due: Int64) {
        switch kind {
        case .delayedAcknowledgement: acknowledgementDue = due
        case .retransmission, .tailLossProbe, .reordering, .persist: (sendingKind, sendingDue) = (kind, due)
        case .keepAlive, .finWait, .timeWait, .cookie: (connectionKind, connectionDue) = (kind, due)
        }
    }

    /// Stops the timer of what was sent.
    @inline(__always)
    mutating func stopSending() { (sendingKind, sendingDue) = (.retransmission, Self.never) }

    /// Stops the timer of the connection.
    @inline(__always)
    mutating func stopConnection() { (connectionKind, connectionDue) = (.keepAlive, Self.never) }

    /// Stops all.
    mutating func stop() { self = TCPTimers() }

    private mutating func stop(_ kind: TCPTimer) {
        switch kind {
        case .delayedAcknowledgement: acknowledgementDue = Self.never
        case .retransmission, .tailLossProbe, .reordering, .persist: stopSending()
        case .keepAlive, .finWait, .timeWait, .cookie: stopConnection()
        }
    }

    /// Takes the timer away that is due at a time.
    package mutating func take(dueBy now: Int64) -> TCPTimer? {
        guard let next, next.due <= now else { return nil }
        stop(next.kind)
        return next.kind
    }

    /// Puts off the timer that is due first.
    package mutating func putOff(to due: Int64) {
        if let next { start(next.kind, at: due) }
    }
}
