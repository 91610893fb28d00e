import Bug
import SimNetwork

/// A timeline of a run, done once more from its beginning because only the latest of it was kept.
struct Rebuilding {
    private let run: Run
    private(set) var timeline: Timeline
    /// How many interventions are done.
    private var done = 0

    /// Begins before the first event.
    init(lab: LabDefinition, seed: UInt64, named name: String, memory: LogMemory) {
        (run, timeline) = Run.begun(lab: lab, seed: seed, named: name, memory: memory)
    }

    /// Goes on towards the end of what happened.
    ///
    /// - Parameters:
    ///   - other: what happened.
    ///   - budget: events to do at most, of which what is done is taken off.
    /// - Returns: whether all of it is done.
    /// - Throws: ``SessionError`` when the run cannot go on.
    mutating func follow(_ other: Timeline, _ budget: inout Int) throws(SessionError) -> Bool {
        while timeline.count < other.count {
            guard budget > 0 else { return false }
            budget -= 1
            if done < other.interventions.count, other.interventions[done].event == timeline.count + 1 {
                _ = try run.perform(other.interventions[done].action, at: other.interventions[done].time)
                done += 1
            } else {
                let hasEvent = try run.step()
                insist(hasEvent, "a run done again ended at event \(timeline.count) of \(other.count)")
            }
            timeline.append(run)
        }
        timeline.interventions = other.interventions
        return true
    }

    /// Ends the run that was done for it.
    func close() { run.close() }
}

extension Run {
    /// A run that has not begun, and its timeline.
    static func begun(
        lab: LabDefinition, seed: UInt64, named name: String, memory: LogMemory
    ) -> (run: Run, timeline: Timeline) {
        var arranged = RecordLog(keeping: memory.keepsPast ? memory.whole(LogFile()) : .latest)
        let run = Run(lab: lab, seed: seed, arranged: &arranged)
        let timeline = Timeline(name: name, records: arranged, state: run.state, digest: run.digest, memory: memory)
        return (run, timeline)
    }
}
