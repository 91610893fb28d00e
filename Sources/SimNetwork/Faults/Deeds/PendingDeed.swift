import PeerNetworking

/// What is done to something that is pending: a segment, a task's timer, one of an end of a connection, a scheduled action,
/// an episode of chaos.
protocol PendingDeed: Deed, Acting where Target == Pending {
    /// What it is done to, by name.
    var what: PendingName { get }
    /// The form for a segment, and the one for all else.
    static var forms: [ActionForm] { get }
}

extension PendingDeed {
    var form: ActionForm { if case .segment = what { Self.forms[0] } else { Self.forms[1] } }
    var operands: Operands { what.operands }

    func target(in world: World) throws(ActionError) -> Pending { try world.pending(what) }
}

/// What goes for something that is pending.
enum PendingName: Hashable {
    /// A segment: the same of a connection whatever comes between.
    case segment(SegmentOfSide)
    /// All else goes by its place among what is pending, which nothing else of a run has.
    case place(UInt64)

    init(_ operands: Operands) throws(OperandProblem) {
        if let place: Int64 = try operands.find("pending") {
            self = .place(UInt64(clamping: place))
        } else {
            self = .segment(try SegmentOfSide(operands))
        }
    }

    var operands: Operands {
        switch self {
        case .segment(let segment): segment.operands
        case .place(let place): Operands(["pending": Int64(clamping: place).operand])
        }
    }
}

/// Something that is pending, as the world has it.
enum Pending {
    /// A segment, taken off the wire: whoever does not drop it puts it back.
    case segment(InFlight)
    /// A timer of the world's own, and when it is due.
    case timer(TimerID, TimerAction, due: Int64)
    /// The timer of an end of a connection.
    case end(Socket)
}

extension Action {
    /// The place of what it is done to, where that goes by its place.
    package var pendingPlace: UInt64? {
        if case .place(let place)? = (fault as? any PendingDeed)?.what { place } else { nil }
    }
}

extension World {
    /// Finds what is pending by its name.
    func pending(_ name: PendingName) throws(ActionError) -> Pending {
        switch name {
        case .segment(let segment): .segment(try take(segment))
        case .place(let place): try timer(at: place)
        }
    }

    private func timer(at place: UInt64) throws(ActionError) -> Pending {
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
}
