import Dispatch
import Foundation
import Synchronization

/// Has work done by processes, from a command that waits for it.
enum Workers {
    /// How often it is looked whether somebody wants to stop.
    private static let look = Duration.milliseconds(20)

    /// Has all of it done, or as much as is done when somebody stops it.
    ///
    /// - Returns: whether somebody did.
    /// - Throws: ``Failure`` where no process can be started.
    static func run(_ pool: WorkerPool, _ orders: some WorkerOrders) throws -> Bool {
        try Interruption.watching {
            try wait {
                let working = Task { try await pool.run(orders) }
                let watching = Task {
                    while !Task.isCancelled {
                        if Interruption.wanted {
                            await orders.stop()
                            // What is under way is left.
                            working.cancel()
                            return
                        }
                        try? await Task.sleep(for: look)
                    }
                }
                defer { watching.cancel() }
                do {
                    try await working.value
                } catch {
                    guard Interruption.wanted else {
                        throw Failure(status: .unusable, message: "error: no process could be started: \(error)")
                    }
                }
                await orders.finish()
            }
        }
    }

    /// Waits for something.
    static func wait<Value: Sendable>(_ body: @escaping @Sendable () async throws -> Value) throws -> Value {
        let outcome = Mutex<Result<Value, any Error>?>(nil)
        let done = DispatchSemaphore(value: 0)
        Task {
            let result: Result<Value, any Error>
            do { result = .success(try await body()) } catch { result = .failure(error) }
            outcome.withLock { $0 = result }
            done.signal()
        }
        done.wait()
        guard let result = outcome.withLock({ $0 }) else { throw CancellationError() }
        return try result.get()
    }
}
