import Foundation
import LinuxNetwork
import Testing

@testable import Drill

/// A transfer as a whole, with losses that are always the same.
struct TransferCase: Sendable, CustomStringConvertible {
    var description: String
    var bytes: Int
    var line: Transfer.Line
    var congestion: String

    static let all: [TransferCase] = ["reno", "cubic"].flatMap { congestion in
        [
            ("nothing is lost", 200_000, Transfer.Line(delay: 25_000_000)),
            ("the 20th is lost", 200_000, Transfer.Line(delay: 25_000_000, losses: [20])),
            ("a burst is lost", 200_000, Transfer.Line(delay: 25_000_000, losses: [30, 31, 32, 33])),
            ("a repeat is lost", 200_000, Transfer.Line(delay: 25_000_000, losses: [20, 41])),
            ("the last are lost", 60_000, Transfer.Line(delay: 25_000_000, losses: [41, 42])),
            ("the first are lost", 100_000, Transfer.Line(delay: 25_000_000, losses: Set(1...10))),
            ("a queue overflows", 500_000, Transfer.Line(delay: 20_000_000, rate: 250_000, queue: 30_000)),
        ].map { TransferCase(description: "\($0.0), \(congestion)", bytes: $0.1, line: $0.2, congestion: congestion) }
    }

    func simulated() throws -> Transfer.Report {
        try Transfer.run(bytes, over: line, congestion: congestion, on: SimulatedStack(settings: [:]))
    }
}

/// What a simulated transfer does.
@Suite struct SimulatedTransferTests {
    @Test(arguments: TransferCase.all) func itEnds(transfer: TransferCase) throws {
        let report = try transfer.simulated()
        #expect(report.segments - report.lost >= transfer.bytes / 1_448)
        #expect((report.repeats == 0) == (report.lost == 0))
        #expect(try report == transfer.simulated(), "twice the same")
    }

    /// Two hundred KiB over a round trip of 50 ms: one lost segment costs some round trips and no timeout.
    @Test func oneLossCostsNoTimeout() throws {
        func duration(_ losses: Set<Int>) throws -> Transfer.Report {
            try Transfer.run(
                204_800, over: Transfer.Line(delay: 25_000_000, losses: losses), congestion: "cubic",
                on: SimulatedStack(settings: [:]))
        }
        let (calm, lossy) = (try duration([]), try duration([20]))
        #expect(lossy.firstRecovery == 3 && lossy.repeats == 1)
        #expect(lossy.duration - calm.duration <= 150_000_000, "\(lossy.duration - calm.duration) ns more")
    }
}

/// What the kernel of this machine does over the same line. Its suite is named as the scripts' is: both run when nothing else does.
extension KernelDrillTests {
    /// Times that a transfer is tried whose wire was late, or whose times were others, at most.
    private static let attempts = 3
    /// A packet so late says nothing of the transfer's times.
    private static let late: Int64 = 4_000_000

    @Test(
        .enabled(if: KernelDrill.obstacle == nil, "the kernel cannot be asked: \(KernelDrill.obstacle ?? "")"),
        arguments: TransferCase.all)
    func aTransferIsTheSame(transfer: TransferCase) throws {
        let expected = try transfer.simulated()
        var problems: [String] = ["it was not judged: the wire was late"]
        for _ in 0..<Self.attempts {
            guard
                let (seen, late) = KernelDrill.transfer(
                    transfer.bytes, over: transfer.line, congestion: transfer.congestion)
            else { continue }
            problems = Self.differences(expected, seen, slack: transfer.line.rate > 0 ? 1 : 0)
            if problems.isEmpty { return }
            print("once more: \(transfer): \(problems), the wire was \(late / 1_000) us late")
            for (name, report) in [("simulated", expected), ("kernel", seen)] {
                let windows = report.windows.map { "\($0.time / 1_000_000)ms:\($0.segments)" }.joined(separator: " ")
                print("  \(name): segments \(report.segments), states \(report.states), cwnd \(windows)")
            }
            if late > Self.late { problems = [] }
        }
        #expect(problems.isEmpty, "\(transfer): \(problems)")
    }

    /// - Parameter slack: by how many repeats they may differ. What a queue drops hangs on microseconds, which are the machine's.
    private static func differences(_ sim: Transfer.Report, _ kernel: Transfer.Report, slack: Int) -> [String] {
        var found: [String] = []
        // A granule of the kernel's clock and 2 %; of the whole 5 %.
        if abs(sim.stall - kernel.stall) > 8_000_000 + sim.stall / 50 {
            found.append("a stall of \(kernel.stall / 1_000_000) ms, and \(sim.stall / 1_000_000) simulated")
        }
        if abs(sim.duration - kernel.duration) > 8_000_000 + sim.duration / 20 {
            found.append("it took \(kernel.duration / 1_000_000) ms, and \(sim.duration / 1_000_000) simulated")
        }
        if abs(sim.repeats - kernel.repeats) > slack {
            found.append("\(kernel.repeats) repeats, and \(sim.repeats) simulated")
        }
        if sim.firstRecovery != kernel.firstRecovery {
            found.append("recovery by \(kernel.firstRecovery ?? 0), and \(sim.firstRecovery ?? 0) simulated")
        }
        return found
    }
}
