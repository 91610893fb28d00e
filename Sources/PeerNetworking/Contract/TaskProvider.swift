/// Starts the tasks of a process, all on its one executor.
///
/// Code under simulation starts tasks here and nowhere else: a plain `Task` would leave the simulation's thread at its
/// first suspension.
public protocol TaskProvider: Sendable {
    /// The executor of the process's actors: its tasks run on it too, so that calls among them do not hop.
    var executor: any SerialExecutor { get }

    /// Starts a task.
    ///
    /// - Parameters:
    ///   - name: what the task is for, in a few words; shown when a run is stuck.
    ///   - operation: what it does. It ends soon after it is cancelled: every wait of the providers then throws.
    @discardableResult
    func start(_ name: String, _ operation: @escaping @Sendable () async -> Void) -> any TaskHandle

    /// Makes a condition for the tasks of this process.
    func makeSignal() -> any Signal
}

/// A task that a ``TaskProvider`` started.
public protocol TaskHandle: Sendable {
    /// Asks the task to end: what it waits for throws `cancelled`.
    func cancel()

    /// Waits until the task has ended.
    func finished() async
}
