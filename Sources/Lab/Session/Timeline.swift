import SimNetwork

/// The recorded past of a run, and the state at any event of it: keyframes with the records between them.
struct Timeline {
    let name: String
    private(set) var records = RecordLog()
    /// The state after each multiple of ``RecordLog/chunkSize`` events, the first before any.
    private var keyframes: [WorldState]
    /// The state after the last record.
    private(set) var latest: WorldState
    /// Interventions made on this timeline, in order.
    var interventions: [Intervention] = []

    init(name: String, lab: LabDefinition) {
        self.name = name
        latest = WorldState(hosts: lab.topology.hosts.count, links: lab.topology.links.count)
        keyframes = [latest]
    }

    var count: Int { records.count }

    mutating func append(_ record: EventRecord) {
        records.append(record)
        latest.apply(record)
        if records.count % RecordLog.chunkSize == 0 { keyframes.append(latest) }
    }

    /// The state after an event, folded from the nearest keyframe, or from a state that is nearer.
    func state(after event: Int, near: WorldState? = nil) -> WorldState {
        if event == latest.event { return latest }
        var state = keyframes[min(event / RecordLog.chunkSize, keyframes.count - 1)]
        if let near, near.event <= event, near.event > state.event { state = near }
        while state.event < event { state.apply(records[event: state.event + 1]) }
        return state
    }

    /// The number of the last event at or before a time, in nanoseconds; 0 when there is none.
    func lastEvent(atOrBefore time: Int64) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = (low + high + 1) / 2
            if records[event: middle].time <= time { low = middle } else { high = middle - 1 }
        }
        return low
    }

    /// A timeline that shares this one's first events.
    func branch(named name: String, after event: Int) -> Timeline {
        Timeline(copying: self, name: name, events: event)
    }

    private init(copying other: Timeline, name: String, events: Int) {
        self.name = name
        records = other.records.prefix(events)
        keyframes = Array(other.keyframes.prefix(events / RecordLog.chunkSize + 1))
        latest = other.state(after: events)
        interventions = other.interventions.filter { $0.event <= events }
    }
}
