extension Deeds {
    /// A process is stopped; its kernel goes on.
    struct Pause: ProcessDeed {
        var process: ProcessID

        static let form = ActionForm(
            30, "pause", [.peer], "Stop a peer's process; its kernel goes on acknowledging.")

        var family: FaultFamily { .pause }
        var inverse: Action? { .resume(process) }

        func target(in world: World) throws(ActionError) -> ProcessLife {
            let life = try world.life(of: process)
            guard life.process.state == .running else { throw ActionError("\(life.process.name) is not running") }
            return life
        }

        func act(on life: ProcessLife, in world: World) {
            life.jobs.pause()
            world.setState(.paused, of: life.process)
        }

        static let chaos: ChaosSource? = .episodes(.pause) { draws in
            draws.anyProcess().map { .pause($0) }
        }
    }
}

extension Action {
    /// Stops a process; its kernel goes on acknowledging until the receive buffers are full.
    public static func pause(_ process: ProcessID) -> Action { Action(Deeds.Pause(process: process)) }
}
