public import PeerNetworking

extension Deeds {
    /// A segment that is on the wire arrives at once.
    struct Deliver: SegmentDeed {
        var segment: SegmentOfSide

        /// One for segments and for timers.
        static let help =
            "Let a segment that is on the wire arrive now, past those before it and out of any clog; or let a timer, a scheduled action or chaos be due now: by default what is selected."
        static let form = ActionForm(45, "deliver", [.connection, .side, .segment], help)

        var family: FaultFamily { .deliver }

        func act(on segment: InFlight, in world: World) {
            var segment = segment
            segment.arrives = world.now
            segment.fate.remove(.held)
            segment.connection.hop(Int(segment.hop), from: segment.from)
                .map { $0.link[$0.direction].strays(until: world.now) }
            segment.place = world.queue.takePlace()
            world.emit(.delayed(segment.number, until: segment.arrives))
            world.putOnWire(segment)
        }
    }
}

extension Deeds.Deliver {
    init(_ operands: Operands) throws(OperandProblem) { segment = try SegmentOfSide(operands) }
}

extension Action {
    /// Lets a segment that is on the wire arrive at once: the `ordinal`-th that this side of the connection has sent.
    public static func deliver(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Deliver(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal)))
    }
}
