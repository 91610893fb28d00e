public import PeerNetworking
import Synchronization

/// Tasks on a ``ManualExecutor``: they go on when a test calls ``run()``, and not before.
public final class MockTaskProvider: TaskProvider {
    /// What the tasks run on.
    public let manual: ManualExecutor
    private let actor: ManualActor
    private let live = Mutex<[String]>([])

    private let clock: MockTimeProvider

    /// Makes a provider without tasks, whose waits for a time are by a clock.
    public init(on executor: ManualExecutor, clock: MockTimeProvider) {
        manual = executor
        self.clock = clock
        actor = ManualActor(executor)
    }

    /// The manual executor.
    public var executor: any SerialExecutor { manual }

    /// The names of the tasks that have not ended, oldest first.
    public var liveTasks: [String] { live.withLock { $0 } }

    /// Runs what is ready until all tasks wait or have ended.
    ///
    /// - Returns: how many jobs there were.
    @discardableResult
    public func run() -> Int { manual.run() }

    /// Starts a task, which runs with the next ``run()``.
    @discardableResult
    public func start(_ name: String, _ operation: @escaping @Sendable () async -> Void) -> any TaskHandle {
        live.withLock { $0.append(name) }
        let ended = MockTaskEnd()
        let actor = actor
        let task = Task(executorPreference: manual.tasks) {
            await actor.run(operation)
            self.end(name)
            ended.set()
        }
        return MockTaskHandle(task: task, ended: ended)
    }

    /// Makes a condition for these tasks.
    public func makeSignal() -> any Signal { MockSignal(clock) }

    private func end(_ name: String) {
        live.withLock { live in
            if let index = live.firstIndex(of: name) { live.remove(at: index) }
        }
    }
}

/// Whether a task has ended.
final class MockTaskEnd: Sendable {
    private let hasEnded = Mutex(false)
    private let waits = MockWaits()

    func set() {
        hasEnded.withLock { $0 = true }
        waits.wakeAll()
    }

    /// Waits for the end, or until the waiting task is cancelled.
    func wait() async {
        while !hasEnded.withLock({ $0 }) {
            guard await waits.wait() else { return }
        }
    }
}

struct MockTaskHandle: TaskHandle {
    let task: Task<Void, Never>
    let ended: MockTaskEnd

    func cancel() { task.cancel() }
    func finished() async { await ended.wait() }
}
