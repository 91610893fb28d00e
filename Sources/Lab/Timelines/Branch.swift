import SimNetwork

/// A timeline of a session: its past, and either the run that goes on at its end or how that stood when it was left.
struct Branch {
    /// What is there of its world.
    enum World {
        /// It goes on.
        case alive(Run)
        /// It was left, or never was: whoever wants to go on has it rebuilt.
        case gone(RunEnd)
    }

    let id: TimelineID
    /// When it left another, in nanoseconds; 0 for the first.
    var leftAt: Int64
    var timeline: Timeline
    private var world: World

    init(_ id: TimelineID, _ timeline: Timeline, _ world: World, leftAt: Int64 = 0) {
        (self.id, self.timeline, self.world, self.leftAt) = (id, timeline, world, leftAt)
    }

    /// What goes on at its end; nil where that has to be rebuilt.
    var run: Run? {
        if case .alive(let run) = world { run } else { nil }
    }

    /// How it stands at its end.
    var end: RunEnd {
        switch world {
        case .alive(let run): run.end
        case .gone(let end): end
        }
    }

    /// Whether it can go on: it is not over, and nothing keeps it.
    var canGoOn: Bool {
        switch world {
        case .alive(let run): !run.isFinished && run.failure == nil
        case .gone(let end): !end.isFinished && end.failure == nil
        }
    }

    /// The time at its end, in nanoseconds.
    var time: Int64 {
        switch world {
        case .alive(let run): run.time
        case .gone(let end): end.time
        }
    }

    /// The state at its end.
    var latest: WorldState {
        switch world {
        case .alive(let run): run.state
        case .gone(let end): end.state
        }
    }

    /// The digest at its end.
    var digest: Digest {
        switch world {
        case .alive(let run): run.digest
        case .gone(let end): end.digest
        }
    }

    /// Gives the run away, and keeps how it stands.
    mutating func takeRun() -> Run? {
        guard let run else { return nil }
        world = .gone(run.end)
        return run
    }

    /// Ends the run.
    mutating func rest() { takeRun()?.close() }

    /// Has it go on with a run that was brought to its end.
    mutating func revive(_ run: Run) { world = .alive(run) }
}
