public import PeerNetworking
import TCP

extension Deeds {
    /// What is pending comes at once.
    struct Deliver: PendingDeed {
        var what: PendingName

        private static let help =
            "Let a segment that is on the wire arrive now, past those before it and out of any clog; or let a timer, a scheduled action or chaos be due now: by default what is selected."
        static let forms = [
            ActionForm(45, "deliver", [.connection, .side, .segment], help),
            ActionForm(48, "deliver", [.pending], help),
        ]

        var family: FaultFamily { .deliver }

        func act(on target: Pending, in world: World) {
            switch target {
            case .segment(let segment): arrive(segment, in: world)
            case .timer(let id, let action, _):
                if case .wake(let slot, _, _) = action { slot.isHurried = true }
                world.move(id, action, to: world.now)
            case .end(let socket):
                let due = socket.tcp.timers.next?.due
                world.handle(socket.tcp.timerFired(at: world.now, asIf: due), of: socket)
            }
        }

        private func arrive(_ segment: InFlight, in world: World) {
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
    init(_ operands: Operands) throws(OperandProblem) { what = try PendingName(operands) }
}

extension Action {
    /// Lets a segment that is on the wire arrive at once: the `ordinal`-th that this side of the connection has sent.
    public static func deliver(_ connection: ConnectionID, from side: Side, ordinal: Int64) -> Action {
        Action(Deeds.Deliver(what: .segment(SegmentOfSide(connection: connection, side: side, ordinal: ordinal))))
    }

    /// Lets what is pending and no segment be due at once.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func deliver(pending place: UInt64) -> Action { Action(Deeds.Deliver(what: .place(place))) }
}
