import Foundation
import Testing

/// What the labs that teach TCP expect, with the kernel's own TCP.
enum LinuxLabs {
    /// Those that take no longer than a test may wait.
    static let short = ["nagle", "incast", "sack", "fast-retransmit", "silly-window", "backlog"]
    /// The others, half a minute and more of them.
    static let long = [
        "cubic", "saw-tooth", "bottleneck", "bufferbloat", "black-hole", "full-queue", "nat", "slow-start", "time-wait",
        "orphan",
    ]

    /// Times that a run is made that was late, at most.
    private static let attempts = 3
    /// So many run beside one another: they wait most of it.
    private static let together = 3

    private struct Report: Decodable {
        struct Verdict: Decodable {
            let text: String
            let held: Bool?
            let message: String?
        }
        struct Late: Decodable {
            let p99: Int64
            let stall: Int64
        }
        let expectations: [Verdict]
        let unavailable: [String]
        let wire_late_ns: Late?

        /// What comes of it says nothing: packets were later, or threads stood still for longer, than a lab's claims leave room for.
        var isLate: Bool { wire_late_ns.map { $0.p99 > 5_000_000 || $0.stall > 40_000_000 } ?? true }
        var failed: [Verdict] { expectations.filter { $0.held == false } }
    }

    /// Runs labs, and looks that what they expect holds, as far as their runs were in time.
    static func hold(_ labs: [String]) throws {
        var rest = labs
        for attempt in 1...attempts where !rest.isEmpty {
            var late: [String] = []
            for start in stride(from: 0, to: rest.count, by: together) {
                for (lab, report) in try run(Array(rest[start..<min(start + together, rest.count)])) {
                    guard let report else {
                        Issue.record("\(lab): no report")
                        continue
                    }
                    #expect(!report.expectations.isEmpty, "\(lab)")
                    if report.failed.isEmpty { continue }
                    guard report.isLate else {
                        Issue.record("\(lab): \(report.failed)")
                        continue
                    }
                    late.append(lab)
                }
            }
            if attempt == attempts, !late.isEmpty { print("not judged, for their runs were late: \(late)") }
            rest = late
        }
    }

    private static func run(_ labs: [String]) throws -> [(String, Report?)] {
        let running = try labs.map { lab in
            let output = Program.temporaryFile("json")
            let child = try Child(
                [Program.released("peerlab"), "run", lab, "--on", "linux", "--format", "json"],
                environment: Program.variables(), in: Program.root, output: output.path)
            return (lab, output, child)
        }
        return running.map { lab, output, child in
            defer { try? FileManager.default.removeItem(at: output) }
            _ = child.wait()
            return (lab, try? JSONDecoder().decode(Report.self, from: Data(contentsOf: output)))
        }
    }
}

@Suite("Labs of TCP on Linux", .serialized, .enabled(if: Machine.withoutHosts == nil, "\(Machine.withoutHosts ?? "")"))
struct LinuxLabTests {
    @Test("What they expect holds with the kernel's own TCP")
    func theyHold() throws { try LinuxLabs.hold(LinuxLabs.short) }
}

@Suite(
    "Labs of TCP on Linux, long", .serialized,
    .enabled(if: Machine.withoutHosts == nil, "\(Machine.withoutHosts ?? "")"),
    .enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil, "make soak"))
struct LinuxLabSoakTests {
    @Test("What those expect that last long holds with the kernel's own TCP")
    func theyHold() throws { try LinuxLabs.hold(LinuxLabs.long) }
}
