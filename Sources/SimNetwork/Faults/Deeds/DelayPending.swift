extension Deeds {
    /// What is pending is put off.
    struct DelayPending: PendingDeed {
        var pending: UInt64
        /// Nanoseconds.
        var extra: Int64

        static let form = ActionForm(50, "delay", [.pending, .by(.withinAnHour)], Delay.help)

        var family: FaultFamily { .delay }
        var operands: Operands {
            Operands(["pending": Int64(clamping: pending).operand, "by": extra.operand])
        }

        func act(on target: PendingTimer, in world: World) {
            switch target {
            case .timer(let id, let action, let due): world.move(id, action, to: due + extra)
            case .end(let socket):
                socket.tcp.deadline = socket.tcp.deadline.map { $0 + extra }
                world.markDirty(socket)
            }
        }
    }
}

extension Deeds.DelayPending {
    init(_ operands: Operands) throws(OperandProblem) {
        pending = try operands.pending()
        extra = try operands.require("by")
    }
}

extension Action {
    /// Puts off what is pending and no segment, by nanoseconds.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func delay(pending place: UInt64, by extra: Int64) -> Action {
        Action(Deeds.DelayPending(pending: place, extra: extra))
    }
}
