extension Deeds {
    /// A process is started again.
    struct Restart: ProcessDeed {
        var process: ProcessID

        static let form = ActionForm(
            32, "restart", [.peer], "Start a peer's process again, killing it first if it runs.")

        var family: FaultFamily { .restart }

        func target(in world: World) throws(ActionError) -> Process {
            let process = try world.process(process)
            guard process.host.isOn else { throw ActionError("\(process.host.name) has no power") }
            return process
        }

        /// A process that a fault ended, and that runs again, is not killed to be started.
        func isNeedless(in world: World) -> Bool { world.processes[Int(process.index)].life != nil }

        func act(on process: Process, in world: World) {
            if let life = process.life {
                world.end(life, as: .killed)
                world.drain()
            }
            world.start(process)
        }
    }
}

extension Action {
    /// Starts a process again, killing it first if it runs.
    public static func restart(_ process: ProcessID) -> Action { Action(Deeds.Restart(process: process)) }
}
