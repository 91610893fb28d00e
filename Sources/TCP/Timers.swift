/// The timers of an endpoint, of which several may run. One alone is that of what was sent, as in Linux: a repeat, a probe
/// of the tail, of the order or of the window are never waited for at once.
package struct Timers {
    /// What a timer is for.
    package enum Kind: UInt8, Hashable, Sendable, CaseIterable {
        /// What is not acknowledged goes again.
        case retransmission
        /// The last segment goes again.
        case tailLossProbe
        /// What may only be late counts as lost.
        case reordering
        /// The closed window is probed.
        case persist
        /// What has come is acknowledged.
        case delayedAcknowledgement
        /// The idle connection is probed.
        case keepAlive
        /// The other side's FIN is waited for no longer.
        case finWait
        /// The connection is forgotten.
        case timeWait
    }

    /// The timer of what was sent, and when it is due.
    private(set) var sending: (kind: Kind, due: Int64)?
    /// When the acknowledgement is due that waits.
    var acknowledgement: Int64?
    /// The timer of the connection as such: keep-alive, FIN-WAIT-2, TIME-WAIT.
    private(set) var connection: (kind: Kind, due: Int64)?

    /// The timer that is due first.
    package var next: (kind: Kind, due: Int64)? {
        @inline(__always)
        get {
            var next = sending
            if let connection, connection.due < next?.due ?? .max { next = connection }
            if let acknowledgement, acknowledgement < next?.due ?? .max {
                next = (.delayedAcknowledgement, acknowledgement)
            }
            return next
        }
    }

    /// Starts the timer of what was sent, in place of the one that runs.
    @inline(__always)
    mutating func start(_ kind: Kind, at due: Int64) { sending = (kind, due) }

    /// Stops the timer of what was sent.
    @inline(__always)
    mutating func stopSending() { sending = nil }

    /// Starts the timer of the connection, in place of the one that runs.
    mutating func startConnection(_ kind: Kind, at due: Int64) { connection = (kind, due) }

    /// Stops the timer of the connection.
    @inline(__always)
    mutating func stopConnection() { connection = nil }

    /// Stops all.
    mutating func stop() { self = Timers() }

    /// Takes the timer away that is due at a time.
    mutating func take(dueBy now: Int64) -> Kind? {
        guard let next, next.due <= now else { return nil }
        switch next.kind {
        case .delayedAcknowledgement: acknowledgement = nil
        case .retransmission, .tailLossProbe, .reordering, .persist: sending = nil
        case .keepAlive, .finWait, .timeWait: connection = nil
        }
        return next.kind
    }

    /// Puts off the timer that is due first.
    package mutating func putOff(to due: Int64) {
        switch next?.kind {
        case .delayedAcknowledgement: acknowledgement = due
        case .retransmission, .tailLossProbe, .reordering, .persist: sending?.due = due
        case .keepAlive, .finWait, .timeWait: connection?.due = due
        case nil: break
        }
    }
}
