/// What a timer does when it is due.
enum TimerAction {
    /// Wakes a task of a process; what it is for by the number of its name.
    case wake(WaitSlot, ProcessID, task: Int32)
    /// Looks at the running timer of a socket's ``TCPEndpoint``.
    case socket(Socket)
    /// Carries out a scheduled action.
    case action(Strike)
    /// Lets chaos strike once.
    case chaos(ChaosEpisode)
}

/// The timers that are set, in slots that are used again.
struct TimerTable {
    private struct Slot {
        var generation: UInt32 = 0
        var cause = 0
        var place: UInt64 = 0
        var action: TimerAction?
    }

    private var slots: [Slot] = []
    private var free: [UInt32] = []

    /// Timers that are set.
    var count: Int { slots.count - free.count }

    @inline(__always)
    mutating func insert(_ action: consuming TimerAction, cause: Int, place: UInt64) -> TimerID {
        if let index = free.popLast() {
            slots[Int(index)].action = action
            slots[Int(index)].cause = cause
            slots[Int(index)].place = place
            return TimerID(index: index, generation: slots[Int(index)].generation)
        }
        slots.append(Slot(cause: cause, place: place, action: action))
        return TimerID(index: UInt32(slots.count - 1), generation: 0)
    }

    /// The action of a timer that is still set, and the event that set it.
    func peek(_ id: TimerID) -> (action: TimerAction, cause: Int)? {
        let slot = slots[Int(id.index)]
        guard slot.generation == id.generation, let action = slot.action else { return nil }
        return (action, slot.cause)
    }

    /// Clears a timer and gives what it would have done; nil when it is no longer set.
    mutating func take(_ id: TimerID) -> (action: TimerAction, cause: Int)? {
        guard slots[Int(id.index)].generation == id.generation, let action = slots[Int(id.index)].action.take() else {
            return nil
        }
        slots[Int(id.index)].generation &+= 1
        free.append(id.index)
        return (action, slots[Int(id.index)].cause)
    }

    /// Clears a timer.
    ///
    /// - Returns: its place; nil when it is no longer set.
    @discardableResult
    mutating func remove(_ id: TimerID) -> UInt64? {
        guard slots[Int(id.index)].generation == id.generation, slots[Int(id.index)].action != nil else { return nil }
        slots[Int(id.index)].action = nil
        slots[Int(id.index)].generation &+= 1
        free.append(id.index)
        return slots[Int(id.index)].place
    }

    /// The timers whose actions satisfy a condition, in the order in which they were set.
    func all(where condition: (TimerAction) -> Bool) -> [(id: TimerID, action: TimerAction)] {
        slots.indices.filter { slots[$0].action.map(condition) ?? false }
            .sorted { slots[$0].place < slots[$1].place }
            .compactMap { index in
                slots[index].action.map {
                    (TimerID(index: UInt32(index), generation: slots[index].generation), $0)
                }
            }
    }
}
