public import PeerNetworking

extension Deeds {
    /// A segment that is on the wire is dropped.
    struct Drop: SegmentDeed {
        var segment: SegmentOfSide

        /// One for all that is dropped.
        static let help =
            "Drop a segment that is on the wire, a timer, a scheduled action or chaos that is pending, by default what is selected among what comes next; or the segments of a protocol moment (`syn`, `syn-ack`, `handshake`, `first-data`, `fin`) that cross a link."
        static let form = ActionForm(38, "drop", [.connection, .side, .segment], help)

        var family: FaultFamily { .drop }

        func act(on segment: InFlight, in world: World) {
            segment.connection.segmentsInFlight -= 1
            world.emit(.lost(segment.number, .dropped))
            world.forgetIfDone(segment.connection)
        }
    }
}

extension Deeds.Drop {
    init(_ operands: Operands) throws(OperandProblem) { segment = try SegmentOfSide(operands) }
}

extension Action {
    /// Drops a segment that is on the wire: the `ordinal`-th that this side of the connection has sent.
    public static func drop(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Drop(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal)))
    }
}
