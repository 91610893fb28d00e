import Lab
import SimNetwork

/// A search through the run, event by event, for the next one with which a condition comes true.
struct ForwardSearch {
    let condition: Condition
    private var watch: ConditionWatch
    /// The state after the event that was looked at last; nil where the records alone tell.
    private var state: WorldState?
    /// The number of that event.
    private(set) var event: Int

    /// Begins at a state.
    init(_ condition: Condition, in world: WorldState) {
        self.condition = condition
        watch = ConditionWatch(condition, in: world)
        state = condition.isToldByRecords ? nil : world
        event = world.event
    }

    /// Looks at the next event.
    ///
    /// - Returns: whether the condition comes true with it.
    mutating func finds(_ record: EventRecord) -> Bool {
        event = record.number
        guard var state = state.take() else { return condition.happens(in: record) }
        var isFound = false
        state.apply(record, showing: watch.interests) { change, kinds, world in
            if watch.sees(change, kinds, in: world) { isFound = true }
        }
        if watch.seesEnd(in: state) { isFound = true }
        self.state = state
        return isFound
    }
}

extension Condition {
    /// What is looked for, in words.
    func name(in lab: LabDefinition) -> String {
        switch self {
        case .fault(nil): "fault"
        case .message(.delivered): "delivered message"
        case .peer, .everyPeer, .host, .link, .connection, .message, .fault: "'\(text(in: lab))'"
        }
    }
}
