import Dispatch
import Drill
import Foundation
import Synchronization

/// A call that may wait, on a thread of its own in the namespace of the one that asked.
final class BlockedCall: Sendable {
    let call: ScriptCall
    private let outcome = Mutex<(outcome: CallOutcome, at: Int64)?>(nil)
    private let isBack = DispatchSemaphore(value: 0)
    /// Where the kernel tells of the thread; nil until it runs.
    private let place = Mutex<String?>(nil)

    /// How long a thread that the machine gives no time to is waited for, in looks of half a millisecond.
    private static let looks = 1_000
    private static let look = 500_000

    /// Begins it.
    ///
    /// - Parameters:
    ///   - clock: the time when it is back.
    ///   - body: the call.
    init(_ call: ScriptCall, _ clock: @escaping @Sendable () -> Int64, _ body: @escaping @Sendable () -> CallOutcome) {
        self.call = call
        // A new thread has the namespaces of the one that starts it.
        Thread.detachNewThread { [self] in
            let name = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/thread-self")
            place.withLock { $0 = name.map { "/proc/\($0)/stat" } }
            let outcome = body()
            let time = clock()
            self.outcome.withLock { $0 = (outcome, time) }
            isBack.signal()
        }
    }

    /// What it gave back, and when; nil while it waits.
    var result: (outcome: CallOutcome, at: Int64)? { outcome.withLock { $0 } }

    /// Goes on when it is back, or waits in the kernel: a thread that has had no time yet does not say which.
    func settle() {
        for _ in 0..<Self.looks {
            if isBack.wait(timeout: .now() + .nanoseconds(Self.look)) == .success || isAsleep { return }
        }
    }

    /// Whether the kernel says that its thread waits (proc_pid_stat(5): the letter behind the name in parentheses).
    private var isAsleep: Bool {
        guard let place = place.withLock({ $0 }), let stat = try? String(contentsOfFile: place, encoding: .utf8),
            let name = stat.lastIndex(of: ")")
        else { return false }
        return stat[name...].dropFirst(2).first == "S"
    }
}
