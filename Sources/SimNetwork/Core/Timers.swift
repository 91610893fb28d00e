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

    /// The timer of a place that is the world's own, and no look at a socket's.
    func id(of place: UInt64) -> TimerID? {
        let index = slots.firstIndex { slot in
            if case .socket? = slot.action { false } else { slot.action != nil && slot.place == place }
        }
        return index.map { TimerID(index: UInt32($0), generation: slots[$0].generation) }
    }

    /// The place of a timer that is still set.
    func place(of id: TimerID) -> UInt64? { peek(id) == nil ? nil : slots[Int(id.index)].place }

    /// Gives a timer another place: the entry of the queue that has the one before is stale from now on.
    mutating func move(_ id: TimerID, to place: UInt64, cause: Int) {
        slots[Int(id.index)].place = place
        slots[Int(id.index)].cause = cause
    }

    /// What an entry of the queue stands for, as ``take(_:at:)`` takes it.
    func peek(_ id: TimerID, at place: UInt64) -> (action: TimerAction, cause: Int)? {
        slots[Int(id.index)].place == place ? peek(id) : nil
    }

    /// The action of a timer that is still set, and the event that set it.
    func peek(_ id: TimerID) -> (action: TimerAction, cause: Int)? {
        let slot = slots[Int(id.index)]
        guard slot.generation == id.generation, let action = slot.action else { return nil }
        return (action, slot.cause)
    }

    /// Clears a timer and gives what it would have done; nil when it is no longer set, or has another place by now.
    mutating func take(_ id: TimerID, at place: UInt64) -> (action: TimerAction, cause: Int)? {
        guard slots[Int(id.index)].generation == id.generation, slots[Int(id.index)].place == place,
            let action = slots[Int(id.index)].action.take()
        else { return nil }
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
