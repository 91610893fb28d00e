extension Deeds {
    /// A process is killed.
    struct Kill: ProcessDeed {
        var process: ProcessID

        static let form = ActionForm(
            29, "process-kill", alias: "kill", [.peer], "Kill a peer's process: its kernel closes its sockets.")

        var family: FaultFamily { .processKill }
        var inverse: Action? { .restart(process) }

        func target(in world: World) throws(ActionError) -> ProcessLife { try world.life(of: process) }

        func act(on life: ProcessLife, in world: World) {
            life.process.wasEndedByFault = true
            world.end(life, as: .killed)
        }

        static let chaos: ChaosSource? = .episodes(.processKill) { draws in
            draws.anyProcess().map { .kill($0) }
        }
    }
}

extension Action {
    /// Kills a process: its kernel closes its sockets, with a reset where bytes were unread.
    public static func kill(_ process: ProcessID) -> Action { Action(Deeds.Kill(process: process)) }
}
