import Bug
import SimNetwork

/// A run that is brought to an event of a timeline by doing it once more from its beginning, some events at a time: for its
/// world, or for records that were not kept.
struct Rebuilding {
    let run: Run
    /// The records, where they are wanted.
    private(set) var timeline: Timeline?
    /// How many interventions are done.
    private var done = 0

    /// Begins before the first event, for the world alone.
    init(lab: LabDefinition, seed: UInt64) {
        var arranged = RecordLog(keeping: .latest)
        run = Run(lab: lab, seed: seed, arranged: &arranged)
    }

    /// Begins before the first event, and keeps the records.
    init(lab: LabDefinition, seed: UInt64, memory: LogMemory) {
        (run, timeline) = Run.begun(lab: lab, seed: seed, memory: memory)
    }

    /// Goes on towards an event.
    ///
    /// - Parameters:
    ///   - other: what happened.
    ///   - event: one of it.
    ///   - budget: events to do at most, of which what is done is taken off.
    ///   - pauses: asked behind every event, whether that is enough for now.
    /// - Returns: whether the run is there.
    /// - Throws: ``SessionError`` when the run cannot go on.
    mutating func follow(
        _ other: Timeline, upTo event: Int, _ budget: inout Int, pauses: () -> Bool = { false }
    ) throws(SessionError) -> Bool {
        while run.state.event < event {
            guard budget > 0 else { return false }
            budget -= 1
            if done < other.interventions.count, other.interventions[done].event == run.state.event + 1 {
                let next = other.interventions[done]
                _ = try run.perform(next.action, at: next.time)
                timeline?.interventions.append(next)
                done += 1
            } else {
                let hasEvent = try run.step()
                insist(hasEvent, "a run done again ended at event \(run.state.event) of \(event)")
            }
            timeline?.append(run)
            if pauses() { budget = 0 }
        }
        return true
    }

    /// Ends the run that was done for it.
    func close() { run.close() }
}

/// A world that is rebuilt, and the place that it is wanted for.
struct WorldUnderWay {
    let timeline: TimelineID
    let event: Int
    var rebuilding: Rebuilding
}

extension Run {
    /// A run that has not begun, and its timeline.
    static func begun(lab: LabDefinition, seed: UInt64, memory: LogMemory) -> (run: Run, timeline: Timeline) {
        var arranged = RecordLog(keeping: memory.keepsPast ? memory.whole(LogFile()) : .latest)
        let run = Run(lab: lab, seed: seed, arranged: &arranged)
        let timeline = Timeline(records: arranged, state: run.state, digest: run.digest, memory: memory)
        return (run, timeline)
    }
}
