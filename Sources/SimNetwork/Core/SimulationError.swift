/// Why a simulation cannot go on.
public enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A process ran more jobs in one event than the budget allows: a task spins.
    case jobBudgetExceeded(process: String, tasks: [String], budget: Int)
    /// A killed process left tasks behind: they wait for something that no provider gave them.
    case tasksOutlivedKill(process: String, tasks: [String])
    /// Event followed event, and none took any time: such a run never ends.
    case timeStandsStill(at: Int64, budget: Int)
    /// What must hold of every run did not.
    case invariantBroken(InvariantViolation)

    /// The error as a sentence.
    public var description: String {
        switch self {
        case .jobBudgetExceeded(let process, let tasks, let budget):
            "\(process) ran more than \(budget) jobs in one event; its tasks: \(tasks.joined(separator: ", "))"
        case .tasksOutlivedKill(let process, let tasks):
            "\(process) was killed and its tasks did not end: \(tasks.joined(separator: ", "))"
        case .timeStandsStill(let time, let budget):
            "more than \(budget) events at one time, \(time) ns: time stands still where a link takes none and a peer waits for none"
        case .invariantBroken(let violation): violation.description
        }
    }
}
