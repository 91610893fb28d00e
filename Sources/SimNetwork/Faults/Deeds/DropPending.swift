extension Deeds {
    /// What is pending is taken away: a task that waits for it waits on, and an end of a connection has no timer.
    struct DropPending: PendingDeed {
        var pending: UInt64

        static let form = ActionForm(49, "drop", [.pending], Drop.help)

        var family: FaultFamily { .drop }

        func act(on target: PendingTimer, in world: World) {
            switch target {
            case .timer(let id, _, _): world.cancel(id)
            case .end(let socket):
                socket.tcp.deadline = nil
                world.markDirty(socket)
            }
        }
    }
}

extension Deeds.DropPending {
    init(_ operands: Operands) throws(OperandProblem) { pending = try operands.pending() }
}

extension Action {
    /// Takes away what is pending and no segment.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func drop(pending place: UInt64) -> Action { Action(Deeds.DropPending(pending: place)) }
}
