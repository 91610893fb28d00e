public import PeerNetworking
import TCP

extension Deeds {
    /// What is pending is put off.
    struct Delay: PendingDeed {
        var what: PendingName
        /// Nanoseconds.
        var extra: Int64

        private static let help =
            "Put off the arrival of a segment that is on the wire, or a timer, a scheduled action or chaos that is pending: by default what is selected, by 200ms."
        static let forms = [
            ActionForm(40, "delay", [.connection, .side, .segment, .by(.withinAnHour)], help),
            ActionForm(50, "delay", [.pending, .by(.withinAnHour)], help),
        ]

        var family: FaultFamily { .delay }
        var operands: Operands {
            var operands = what.operands
            operands["by"] = extra.operand
            return operands
        }

        func act(on target: Pending, in world: World) {
            switch target {
            case .segment(let segment): putOff(segment, in: world)
            case .timer(let id, let action, let due): world.move(id, action, to: later(due))
            case .end(let socket):
                if let due = socket.tcp.timers.next?.due { socket.tcp.timers.putOff(to: later(due)) }
                world.markDirty(socket)
            }
        }

        /// So much later than a time, which may be the end of time.
        private func later(_ time: Int64) -> Int64 { min(time, .max - extra) + extra }

        private func putOff(_ segment: InFlight, in world: World) {
            var segment = segment
            segment.arrives = later(segment.arrives)
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
        what = try PendingName(operands)
        extra = try operands.require("by")
    }
}

extension Action {
    /// Puts off the arrival of a segment that is on the wire, by nanoseconds.
    public static func delay(_ connection: ConnectionID, from side: Side, ordinal: Int64, by extra: Int64) -> Action {
        Action(
            Deeds.Delay(
                what: .segment(SegmentOfSide(connection: connection, side: side, ordinal: ordinal)), extra: extra))
    }

    /// Puts off what is pending and no segment, by nanoseconds.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func delay(pending place: UInt64, by extra: Int64) -> Action {
        Action(Deeds.Delay(what: .place(place), extra: extra))
    }
}
