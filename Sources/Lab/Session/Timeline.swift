import SimNetwork

/// The recorded past of a run, and the state at any event of it: keyframes with the records between them.
struct Timeline {
    private(set) var records: RecordLog
    private var keyframes: Keyframes
    /// Interventions made on this timeline, in order.
    var interventions: [Intervention] = []

    /// A timeline without events.
    ///
    /// - Parameters:
    ///   - records: what was arranged before the first event.
    ///   - state: the state before it.
    ///   - digest: the digest before it.
    ///   - memory: what of it is kept, as the records are.
    init(records: RecordLog, state: WorldState, digest: Digest, memory: LogMemory) {
        self.records = records
        keyframes = Keyframes(Keyframes.Keyframe(state: state, digest: digest), memory)
    }

    /// How many events there are.
    var count: Int { records.count }

    /// Whether all of them are there.
    var isWhole: Bool { records.first == 1 }

    /// Whether the records and states around a place are there.
    func holds(_ position: Position) -> Bool {
        guard !isWhole else { return true }
        switch position {
        case .event(let number): return number >= records.first
        case .time(let time): return time >= records.time(ofEvent: records.first)
        }
    }

    /// What it takes.
    var use: LogUse {
        LogUse(
            memory: records.bytes + keyframes.bytes, disk: records.storedBytes, isDiskFull: records.isStoreFull)
    }

    /// Lets its records leave memory, as far as they can.
    mutating func putAway() { records.putAway() }

    /// Adds the latest event of a run.
    mutating func append(_ run: Run) {
        run.simulation.append(to: &records)
        if keyframes.isDue(after: records) {
            keyframes.append(Keyframes.Keyframe(state: run.state, digest: run.simulation.digest))
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
        if keyframes.isDue(after: records) {
            keyframes.append(Keyframes.Keyframe(state: state, digest: keyframes.before(0).digest))
        }
    }

    /// The state after an event that it holds, folded from the nearest keyframe, or from a state that is nearer.
    func state(after event: Int, near states: WorldState...) -> WorldState {
        var nearest = keyframes.before(event).state
        for state in states where state.event <= event && state.event > nearest.event { nearest = state }
        while nearest.event < event { nearest.applyNext(of: records) }
        return nearest
    }

    /// The digest of all records up to an event that it holds.
    func digest(after event: Int) -> Digest {
        let keyframe = keyframes.before(event)
        var digest = keyframe.digest
        digest.mix(records, after: keyframe.state.event, upTo: event)
        return digest
    }

    /// A timeline that shares this one's first events, all of which it holds.
    func prefix(_ events: Int) -> Timeline {
        var prefix = self
        prefix.records = records.prefix(events)
        prefix.keyframes = keyframes.prefix(events)
        prefix.interventions = interventions.filter { $0.event <= events }
        return prefix
    }
}
