public import PeerNetworking
import TCP

extension Deeds {
    /// What is pending is taken away: a segment is lost, a task that waits for a timer waits on, an end has no timer.
    struct Drop: PendingDeed {
        var what: PendingName

        /// One for all that is dropped.
        static let help =
            "Drop a segment that is on the wire, a timer, a scheduled action or chaos that is pending, by default what is selected among what comes next; or the segments of a protocol moment (`syn`, `syn-ack`, `handshake`, `first-data`, `fin`) that cross a link."
        static let forms = [
            ActionForm(38, "drop", [.connection, .side, .segment], help), ActionForm(49, "drop", [.pending], help),
        ]

        var family: FaultFamily { .drop }

        func act(on target: Pending, in world: World) {
            switch target {
            case .segment(let segment):
                segment.connection.segmentsInFlight -= 1
                world.emit(.lost(segment.number, .dropped))
                world.forgetIfDone(segment.connection)
            case .timer(let id, _, _): world.cancel(id)
            case .end(let socket):
                socket.tcp.dropTimer()
                world.markDirty(socket)
            }
        }
    }
}

extension Deeds.Drop {
    init(_ operands: Operands) throws(OperandProblem) { what = try PendingName(operands) }
}

extension Action {
    /// Drops a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    public static func drop(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Drop(what: .segment(SegmentOfSide(connection: connection, side: side, ordinal: ordinal))))
    }

    /// Takes away what is pending and no segment.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func drop(pending place: UInt64) -> Action { Action(Deeds.Drop(what: .place(place))) }
}
