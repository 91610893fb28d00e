import PeerNetworking

/// What is done to something that is pending and no segment: a task's timer, one of an end of a connection, a scheduled
/// action, an episode of chaos. It goes by its place among all that is pending, which nothing else of a run has.
protocol PendingDeed: Deed, OneForm, Acting where Target == PendingTimer {
    /// The place.
    var pending: UInt64 { get }
}

extension PendingDeed {
    var operands: Operands { Operands(["pending": Int64(clamping: pending).operand]) }

    func target(in world: World) throws(ActionError) -> PendingTimer { try world.pendingTimer(at: pending) }
}

extension Action {
    /// The place of what it is done to, where that is pending and no segment.
    package var pendingPlace: UInt64? { (fault as? any PendingDeed)?.pending }
}

extension Operands {
    /// The place of what is pending.
    func pending() throws(OperandProblem) -> UInt64 {
        let place: Int64 = try require("pending")
        return UInt64(clamping: place)
    }
}

/// A timer that is set.
enum PendingTimer {
    /// One of the world's own, and when it is due.
    case timer(TimerID, TimerAction, due: Int64)
    /// That of an end of a connection.
    case end(Socket)
}

extension World {
    /// The timer of a place.
    func pendingTimer(at place: UInt64) throws(ActionError) -> PendingTimer {
        if let id = timers.id(of: place), let action = timers.peek(id)?.action, let due = queue.time(of: id, at: place)
        {
            return .timer(id, action, due: due)
        }
        let ends = timers.all { action in
            if case .socket(let socket) = action { socket.timer != nil && socket.timerPlace == place } else { false }
        }
        if case .socket(let socket)? = ends.first?.action { return .end(socket) }
        throw ActionError("nothing that is pending has the number \(place); segments go by their names, as in c1>3")
    }

    /// Lets a timer be due at another time: it keeps its name for whoever may take it away, and gets a place of its own anew.
    func move(_ id: TimerID, _ action: TimerAction, to due: Int64) {
        guard let place = timers.place(of: id) else { return }
        emit(.taken(place))
        switch action {
        case .wake(_, let process, let task): emit(.timerSet(process, task: task, due: due))
        case .action(let strike): emit(.scheduled(strike.action, due: due))
        case .chaos(let episode): emit(.episode(episode.family, due: due))
        case .socket: return
        }
        let moved = queue.takePlace()
        timers.move(id, to: moved, cause: eventNumber)
        queue.push(time: due, place: moved, kind: .timer, index: id.index, generation: id.generation)
    }
}
