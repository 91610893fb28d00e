/// Why a simulation cannot go on.
public enum SimulationError: Error, Hashable, Sendable, CustomStringConvertible {
    /// A process ran more jobs in one event than the budget allows: a task spins.
    case jobBudgetExceeded(process: String, tasks: [String], budget: Int)
    /// A process did more within one event than its record may take: a task goes on and on without waiting for anything.
    case recordBudgetExceeded(process: String, task: String, latest: String, budget: Int)
    /// A process changed more within one event than its budget allows: a task goes on and on without waiting for anything.
    case changeBudgetExceeded(process: String, task: String, latest: String, budget: Int)
    /// A task waited again and again, within one event, for times that had passed.
    case waitsForNothing(process: String, task: String, budget: Int)
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
        case .recordBudgetExceeded(let process, let task, let latest, let budget):
            "\(process) did more in one event than \(budget / 1_048_576) MiB of records hold: its task '\(task)' goes on without waiting; the latest of it is '\(latest)'"
        case .changeBudgetExceeded(let process, let task, let latest, let budget):
            "\(process) changed more than \(budget) things in one event: its task '\(task)' goes on without waiting; the latest of it is '\(latest)'"
        case .waitsForNothing(let process, let task, let budget):
            "\(process) waited more than \(budget) times in one event for times that had passed: its task '\(task)' goes on without waiting"
        case .tasksOutlivedKill(let process, let tasks):
            "\(process) was killed and its tasks did not end: \(tasks.joined(separator: ", "))"
        case .timeStandsStill(let time, let budget):
            "more than \(budget) events at one time, \(time) ns: time stands still where a link takes none and a peer waits for none"
        case .invariantBroken(let violation): violation.description
        }
    }
}
