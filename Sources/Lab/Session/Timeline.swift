import SimNetwork

/// The recorded past of a run, and the state at any event of it: keyframes with the records between them.
struct Timeline {
    /// The state after an event, and the digest of all records up to it.
    private struct Keyframe {
        var state: WorldState
        var digest: Digest
    }

    let name: String
    private(set) var records: RecordLog
    /// After each multiple of ``RecordLog/chunkSize`` events, the first before any.
    private var keyframes: [Keyframe]
    /// Interventions made on this timeline, in order.
    var interventions: [Intervention] = []

    /// A timeline without events.
    ///
    /// - Parameters:
    ///   - records: what was arranged before the first event.
    ///   - state: the state before it.
    ///   - digest: the digest before it.
    init(name: String, records: RecordLog, state: WorldState, digest: Digest) {
        self.name = name
        self.records = records
        keyframes = [Keyframe(state: state, digest: digest)]
    }

    /// How many events there are.
    var count: Int { records.count }

    /// Adds the latest event of a run.
    mutating func append(_ run: Run) {
        run.simulation.append(to: &records)
        if count % RecordLog.chunkSize == 0 {
            keyframes.append(Keyframe(state: run.state, digest: run.simulation.digest))
        }
    }

    /// Adds an event that was seen elsewhere than in a simulation.
    ///
    /// - Parameters:
    ///   - state: the state, to which the event is applied.
    ///   - interests: the changes that are looked at.
    ///   - look: looks at a change, with the state right after it.
    mutating func append(
        _ record: EventRecord, to state: inout WorldState, showing interests: ChangeKinds, look: ChangeLook
    ) {
        records.append(record)
        state.applyNext(of: records, showing: interests, look: look)
        if count % RecordLog.chunkSize == 0 { keyframes.append(Keyframe(state: state, digest: keyframes[0].digest)) }
    }

    /// The state after an event, folded from the nearest keyframe, or from a state that is nearer.
    func state(after event: Int, near states: WorldState...) -> WorldState {
        var nearest = keyframe(before: event).state
        for state in states where state.event <= event && state.event > nearest.event { nearest = state }
        while nearest.event < event { nearest.applyNext(of: records) }
        return nearest
    }

    /// The digest of all records up to an event.
    func digest(after event: Int) -> Digest {
        let keyframe = keyframe(before: event)
        var digest = keyframe.digest
        digest.mix(records, after: keyframe.state.event, upTo: event)
        return digest
    }

    private func keyframe(before event: Int) -> Keyframe {
        keyframes[min(event / RecordLog.chunkSize, keyframes.count - 1)]
    }

    /// A timeline that shares this one's first events.
    func branch(named name: String, after event: Int) -> Timeline {
        Timeline(copying: self, name: name, events: event)
    }

    private init(copying other: Timeline, name: String, events: Int) {
        self.name = name
        records = other.records.prefix(events)
        keyframes = Array(other.keyframes.prefix(events / RecordLog.chunkSize + 1))
        interventions = other.interventions.filter { $0.event <= events }
    }
}
