import Dispatch
import Drill
import Foundation
import Synchronization

/// A call that may wait, on a thread of its own in the namespace of the one that asked.
final class BlockedCall: Sendable {
    let call: ScriptCall
    private let outcome = Mutex<(outcome: CallOutcome, at: Int64)?>(nil)
    private let isBack = DispatchSemaphore(value: 0)

    /// Begins it.
    ///
    /// - Parameters:
    ///   - clock: the time when it is back.
    ///   - body: the call.
    init(_ call: ScriptCall, _ clock: @escaping @Sendable () -> Int64, _ body: @escaping @Sendable () -> CallOutcome) {
        self.call = call
        // A new thread has the namespaces of the one that starts it.
        Thread.detachNewThread { [self] in
            let outcome = body()
            let time = clock()
            self.outcome.withLock { $0 = (outcome, time) }
            isBack.signal()
        }
    }

    /// What it gave back, and when; nil while it waits.
    var result: (outcome: CallOutcome, at: Int64)? { outcome.withLock { $0 } }

    /// The same, after so many nanoseconds at most.
    func wait(for nanoseconds: Int) -> (outcome: CallOutcome, at: Int64)? {
        _ = isBack.wait(timeout: .now() + .nanoseconds(nanoseconds))
        return result
    }
}
