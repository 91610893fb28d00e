extension Deeds {
    /// What is pending is due at once.
    struct DeliverPending: PendingDeed {
        var pending: UInt64

        static let form = ActionForm(48, "deliver", [.pending], Deliver.help)

        var family: FaultFamily { .deliver }

        func act(on target: PendingTimer, in world: World) {
            switch target {
            case .timer(let id, let action, _):
                if case .wake(let slot, _, _) = action { slot.isHurried = true }
                world.move(id, action, to: world.now)
            case .end(let socket): world.handle(socket.tcp.timerFired(at: world.now), of: socket)
            }
        }
    }
}

extension Deeds.DeliverPending {
    init(_ operands: Operands) throws(OperandProblem) { pending = try operands.pending() }
}

extension Action {
    /// Lets what is pending and no segment be due at once.
    ///
    /// - Parameter place: ``UpcomingEvent/place``.
    public static func deliver(pending place: UInt64) -> Action { Action(Deeds.DeliverPending(pending: place)) }
}
