extension Deeds {
    /// A process ends by itself.
    struct Exit: ProcessDeed {
        var process: ProcessID

        static let form = ActionForm(
            28, "process-exit", alias: "exit", [.peer], "Let a peer's process end by itself.")

        var family: FaultFamily { .processExit }
        var inverse: Action? { .restart(process) }

        func target(in world: World) throws(ActionError) -> ProcessLife { try world.life(of: process) }

        func act(on life: ProcessLife, in world: World) {
            life.process.wasEndedByFault = true
            world.end(life, as: .exited)
        }

        static let chaos: ChaosSource? = .episodes(.processExit) { draws in
            draws.anyProcess().map { .exit($0) }
        }
    }
}

extension Action {
    /// Ends a process as if its program had returned.
    public static func exit(_ process: ProcessID) -> Action { Action(Deeds.Exit(process: process)) }
}
