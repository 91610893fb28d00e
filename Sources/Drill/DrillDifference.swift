/// The first thing that two stacks do differently under one script.
package struct DrillDifference: Hashable, Sendable {
    /// The line of the script, from 1.
    package var line: Int
    /// The event of the script, from 1.
    package var event: Int
    /// What the first stack does, and the second.
    package var first: String
    package var second: String

    /// Finds it.
    ///
    /// Windows and blocks are compared by the script, where a line asks for them, and times with the script's tolerance and the grain of each
    /// stack's timers.
    ///
    /// - Returns: nil where they do the same as far as both have come.
    package static func between(_ first: DrillSteps, _ second: DrillSteps) -> DrillDifference? {
        // Of what nobody can judge nothing is said.
        for steps in [first, second] { if case .notJudged = steps.verdict { return nil } }
        let (events, tolerance) = (first.script.events, first.script.tolerance)
        // What comes late puts off all behind it: of each thing it is compared how long after the one before it is.
        var before: (Int64, Int64) = (0, 0)
        for (index, event) in events.enumerated() {
            let step = index + 1
            let (left, right) = (first.told(in: step), second.told(in: step))
            if let found = zip(left, right).first(where: { $0.bare != $1.bare }) {
                return DrillDifference(line: event.line, event: step, first: found.0.text, second: found.1.text)
            }
            if left.count != right.count {
                let rest = min(left.count, right.count)
                return DrillDifference(
                    line: event.line, event: step, first: left.dropFirst(rest).first?.text ?? "nothing",
                    second: right.dropFirst(rest).first?.text ?? "nothing")
            }
            for (one, other) in zip(left, right) {
                let (wait, otherWait) = (one.at - before.0, other.at - before.1)
                before = (one.at, other.at)
                guard one.kind == .outgoing else { continue }
                if otherWait < wait - tolerance - one.grain || otherWait > wait + tolerance + other.grain {
                    return DrillDifference(
                        line: event.line, event: step, first: "\(one.text) at \(DrillRun.seconds(one.at)) s",
                        second: "at \(DrillRun.seconds(other.at)) s")
                }
            }
            let ends = (first.reached < step, second.reached < step)
            if ends.0 != ends.1 {
                return DrillDifference(
                    line: event.line, event: step, first: first.told(isOver: ends.0),
                    second: second.told(isOver: ends.1))
            }
            if ends.0 { return nil }
        }
        return nil
    }
}

extension DrillSteps {
    /// What has happened in an event.
    fileprivate func told(in step: Int) -> [Entry] {
        log.filter { $0.step == step }
    }

    /// What is told of an event after which the script is over, or is not.
    fileprivate func told(isOver: Bool) -> String {
        guard isOver else { return "does what the line says" }
        return switch verdict {
        case .holds: "does what the line says"
        case .fails(_, _, let seen): seen
        case .unsupported(_, let why), .notJudged(let why): why
        }
    }
}
