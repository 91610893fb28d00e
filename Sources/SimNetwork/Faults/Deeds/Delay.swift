public import PeerNetworking

extension Deeds {
    /// A segment is delayed by hand.
    struct Delay: SegmentDeed {
        var segment: SegmentOfSide
        /// Nanoseconds.
        var extra: Int64

        /// One for segments and for timers.
        static let help =
            "Put off the arrival of a segment that is on the wire, or a timer, a scheduled action or chaos that is pending: by default what is selected, by 200ms."
        static let form = ActionForm(40, "delay", [.connection, .side, .segment, .by(.withinAnHour)], help)

        var family: FaultFamily { .delay }
        var operands: Operands {
            var operands = segment.operands
            operands["by"] = extra.operand
            return operands
        }

        func act(on segment: InFlight, in world: World) {
            var segment = segment
            segment.arrives += extra
            if let hop = segment.connection.hop(Int(segment.hop), from: segment.from) {
                hop.link[hop.direction].strays(until: segment.arrives)
            }
            if !segment.fate.contains(.held) {
                segment.place = world.queue.takePlace()
                world.emit(.delayed(segment.number, until: segment.arrives))
            }
            world.putOnWire(segment)
        }
    }
}

extension Deeds.Delay {
    init(_ operands: Operands) throws(OperandProblem) {
        segment = try SegmentOfSide(operands)
        extra = try operands.require("by")
    }
}

extension Action {
    /// Puts off the arrival of a segment that is on the wire, by nanoseconds.
    public static func delay(_ connection: ConnectionID, from side: Side, ordinal: Int64, by extra: Int64) -> Action {
        Action(Deeds.Delay(segment: SegmentOfSide(connection: connection, side: side, ordinal: ordinal), extra: extra))
    }
}
