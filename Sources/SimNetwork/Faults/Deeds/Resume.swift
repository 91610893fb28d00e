extension Deeds {
    /// A paused process goes on.
    struct Resume: ProcessDeed {
        var process: ProcessID

        static let form = ActionForm(31, "resume", [.peer], "Let a paused process go on.")

        var family: FaultFamily { .resume }

        func target(in world: World) throws(ActionError) -> ProcessLife {
            let process = try world.process(process)
            guard let life = process.life, process.state == .paused else {
                throw ActionError("\(process.name) is not paused")
            }
            return life
        }

        func act(on life: ProcessLife, in world: World) {
            world.setState(.running, of: life.process)
            life.jobs.resume()
        }
    }
}

extension Action {
    /// Lets a paused process go on.
    public static func resume(_ process: ProcessID) -> Action { Action(Deeds.Resume(process: process)) }
}
