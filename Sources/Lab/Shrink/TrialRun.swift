import SimNetwork

/// One run of a lab, as far as its first failure.
struct TrialRun {
    let lab: LabDefinition
    let seed: UInt64
    /// What is done by hand, each as the event of its number.
    var interventions: [Intervention] = []
    /// Events that it may take: one that does not come to its end in so many is given up.
    var mostEvents = Int.max
    /// Asked now and then, whether it is to be left as it is.
    var isAbandoned: @Sendable () -> Bool = { false }

    /// How it went.
    struct Result {
        /// By what it failed first; nil where it did not.
        var failure: RunFailure?
        /// Events that it took.
        var events: Int
        /// How often it could not do what was done by hand.
        var refusals = 0
    }

    /// Runs it.
    ///
    /// - Parameter sees: is shown the run after each event.
    func result(_ sees: (Run) -> Void = { _ in }) -> Result {
        var arranged = RecordLog(keeping: .latest)
        let run = Run(lab: lab, seed: seed, arranged: &arranged)
        defer { run.close() }
        var rest = interventions[...]
        var result = Result(failure: nil, events: 0)
        var turns = run.judge.turns
        // Another expectation may be decided at the very time of the one that failed.
        var failedAt = Int64.max
        while run.state.event < mostEvents {
            if run.state.event & 0x3FF == 0x3FF, isAbandoned() { break }
            do throws(SessionError) {
                if let next = rest.first, next.event <= run.state.event + 1 {
                    rest.removeFirst()
                    do throws(SessionError) {
                        _ = try run.perform(next.action, at: next.time)
                    } catch {
                        result.refusals += 1
                        continue
                    }
                } else {
                    guard try run.step() else { break }
                }
            } catch {
                break
            }
            sees(run)
            if run.state.time > failedAt { break }
            guard run.judge.turns != turns else { continue }
            turns = run.judge.turns
            let failed = run.judge.statuses.filter { $0.verdict == .failed }.compactMap(\.decidedAt).min()
            failedAt = failed ?? .max
            if run.state.time > failedAt { break }
        }
        result.events = run.state.event
        result.failure = run.end.firstFailure(in: lab)
        return result
    }
}
