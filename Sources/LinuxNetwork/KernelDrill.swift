import Dispatch
package import Drill
import Foundation
import Synchronization

/// Runs scripts against the kernel, each on a thread of its own in a network namespace of its own.
package enum KernelDrill {
    /// Times that a script is run whose wire was late, at most.
    private static let attempts = 3
    /// Room for a thread: a script's events and the packets under way.
    private static let stackBytes = 4 << 20

    /// Runs a script, and again where nobody can say what came of it.
    ///
    /// - Parameter device: how the device before the kernel is made; nil for as it can be.
    package static func run(_ script: Script, device: HostDevice.Kind? = nil) -> Drill.Outcome {
        let steps = steps(script, device: device)
        return Drill.Outcome(steps.verdict, late: steps.late)
    }

    /// Goes through a script, and again where nobody can say what came of it.
    ///
    /// - Parameter device: how the device before the kernel is made; nil for as it can be.
    package static func steps(_ script: Script, device: HostDevice.Kind? = nil) -> DrillSteps {
        var steps = stepsOnce(script, device)
        for _ in 1..<attempts {
            guard steps.verdict.mayBeLateness, steps.late != nil else { break }
            steps = stepsOnce(script, device)
        }
        return steps
    }

    private static func stepsOnce(_ script: Script, _ device: HostDevice.Kind? = nil) -> DrillSteps {
        onThread {
            do throws(DrillFailure) {
                let stack = try KernelStack(settings: script.settings, device: device)
                let steps = DrillSteps(script, on: stack, isVirtual: false)
                guard stack.dropped > 0 else { return steps }
                return DrillSteps(
                    script, notBegun: .notJudged(why: "the wire has lost \(stack.dropped) packets itself"),
                    late: stack.lateness)
            } catch {
                return DrillSteps(script, notBegun: Drill.verdict(of: error))
            }
        } ?? DrillSteps(script, notBegun: .notJudged(why: "the thread has said nothing"))
    }

    /// Why this machine's kernel cannot be asked; nil where it can.
    package static let obstacle: String? = {
        let probe = Script(name: "")
        if case .notJudged(let why) = stepsOnce(probe).verdict { return why }
        return nil
    }()

    /// Sends bytes from the kernel over a line.
    ///
    /// - Returns: what came of it, and how late the wire was at worst, in nanoseconds; nil where the kernel cannot be asked, or
    ///   the wire has lost something itself.
    package static func transfer(
        _ bytes: Int, over line: Transfer.Line, congestion: String
    ) -> (report: Transfer.Report, late: Int64)? {
        let result: (Transfer.Report, Int64)?? = onThread {
            guard let stack = try? KernelStack(settings: [:]) else { return nil }
            guard let report = try? Transfer.run(bytes, over: line, congestion: congestion, on: stack) else {
                return nil
            }
            return stack.dropped > 0 ? nil : (report, stack.lateness)
        }
        return result ?? nil
    }

    /// Does something on a thread of its own, which may enter a namespace, and waits for it.
    private static func onThread<Value: Sendable>(_ body: @escaping @Sendable () -> Value) -> Value? {
        let result = Result<Value>()
        let thread = Thread { result.settle(body()) }
        thread.stackSize = stackBytes
        thread.start()
        return result.wait()
    }

    /// What a thread comes to, for the one that waits for it.
    private final class Result<Value: Sendable>: Sendable {
        private let outcome = Mutex<Value?>(nil)
        private let isThere = DispatchSemaphore(value: 0)

        func settle(_ outcome: Value) {
            self.outcome.withLock { $0 = outcome }
            isThere.signal()
        }

        func wait() -> Value? {
            isThere.wait()
            return outcome.withLock { $0 }
        }
    }
}

extension Verdict {
    /// Whether a run that was late may be all there is to it: nobody could judge, or something came at another time. On a busy
    /// machine the thread that looks may be late without knowing.
    fileprivate var mayBeLateness: Bool {
        switch self {
        case .notJudged: true
        case .fails(_, _, let seen): seen.hasPrefix("it at ")
        case .holds, .unsupported: false
        }
    }
}
