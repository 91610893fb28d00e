/// The timers of an endpoint, of which several may run. One alone is that of what was sent, as in Linux: a repeat, a probe
/// of the tail, of the order or of the window are never waited for at once.
package struct Timers {
    /// The timer of what was sent, and when it is due.
    package private(set) var sending: (kind: TCPTimer, due: Int64)?
    /// When the acknowledgement is due that waits.
    package internal(set) var acknowledgement: Int64?
    /// The timer of the connection as such: keep-alive, FIN-WAIT-2, TIME-WAIT.
    package private(set) var connection: (kind: TCPTimer, due: Int64)?

    /// The timer that is due first.
    @inlinable
    package var next: (kind: TCPTimer, due: Int64)? {
        var next = sending
        if let connection, connection.due < next?.due ?? .max { next = connection }
        if let acknowledgement, acknowledgement < next?.due ?? .max {
            next = (.delayedAcknowledgement, acknowledgement)
        }
        return next
    }

    /// Starts the timer of what was sent, in place of the one that runs.
    @inline(__always)
    mutating func start(_ kind: TCPTimer, at due: Int64) { sending = (kind, due) }

    /// Stops the timer of what was sent.
    @inline(__always)
    mutating func stopSending() { sending = nil }

    /// Starts the timer of the connection, in place of the one that runs.
    mutating func startConnection(_ kind: TCPTimer, at due: Int64) { connection = (kind, due) }

    /// Stops the timer of the connection.
    @inline(__always)
    mutating func stopConnection() { connection = nil }

    /// Stops all.
    mutating func stop() { self = Timers() }

    /// Takes the timer away that is due at a time.
    package mutating func take(dueBy now: Int64) -> TCPTimer? {
        guard let next, next.due <= now else { return nil }
        switch next.kind {
        case .delayedAcknowledgement: acknowledgement = nil
        case .retransmission, .tailLossProbe, .reordering, .persist: sending = nil
        case .keepAlive, .finWait, .timeWait, .cookie: connection = nil
        }
        return next.kind
    }

    /// Puts off the timer that is due first.
    package mutating func putOff(to due: Int64) {
        switch next?.kind {
        case .delayedAcknowledgement: acknowledgement = due
        case .retransmission, .tailLossProbe, .reordering, .persist: sending?.due = due
        case .keepAlive, .finWait, .timeWait, .cookie: connection?.due = due
        case nil: break
        }
    }
}
