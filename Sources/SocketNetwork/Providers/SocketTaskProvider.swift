public import PeerNetworking

/// The tasks of a process, all on the executor of its event loop.
public struct SocketTaskProvider: TaskProvider {
    private let process: SocketProcess

    /// The tasks of a process.
    public init(_ process: SocketProcess) {
        self.process = process
    }

    /// The executor of the process's actors, an ``EventLoopExecutor``: its tasks run on it too.
    public var executor: any SerialExecutor { process.executor }

    /// Starts a task, from any thread. On a process that was killed it ends without having run.
    ///
    /// A wait in the task itself costs no cancellation handler; one in a child of it, as in a task group, costs one
    /// each.
    @discardableResult
    public func start(_ name: String, _ operation: @escaping @Sendable () async -> Void) -> any TaskHandle {
        let record = Confined(TaskRecord(name: name), to: process.executor)
        let life = process.life
        process.executor.onLoop { life.value.start(record.value, operation) }
        return SocketTaskHandle(record: record, executor: process.executor)
    }

    /// Makes a condition for the tasks of this process; it may be announced from any thread.
    public func makeSignal() -> any Signal { SocketSignal(process) }
}

/// A task of a process on sockets.
struct SocketTaskHandle: TaskHandle {
    let record: Confined<TaskRecord>
    let executor: EventLoopExecutor

    func cancel() {
        let record = record
        executor.onLoop { record.value.cancel() }
    }

    func finished() async {
        let record = record
        let executor = executor
        guard executor.isOnLoop else {
            return await LoopGate(executor).run { await record.value.finished(on: executor) }
        }
        await record.value.finished(on: executor)
    }
}
