/// Runs scripts.
package enum Drill {
    /// What came of a script, and how late the wire was, in nanoseconds; nil where time is virtual.
    package struct Outcome: Hashable, Sendable {
        package var verdict: Verdict
        package var late: Int64?

        package init(_ verdict: Verdict, late: Int64? = nil) { (self.verdict, self.late) = (verdict, late) }
    }

    /// Runs a script against the simulated stack.
    package static func simulated(_ script: Script) -> Outcome {
        do throws(DrillFailure) {
            return Outcome(DrillRun.run(script, on: try SimulatedStack(settings: script.settings)))
        } catch {
            return Outcome(verdict(of: error))
        }
    }

    /// What a failure before the first line comes to.
    package static func verdict(of failure: DrillFailure) -> Verdict {
        switch failure {
        case .unsupported(let what): .unsupported(line: 1, why: "\(what) is not modelled")
        case .machine(let why): .notJudged(why: why)
        }
    }
}
