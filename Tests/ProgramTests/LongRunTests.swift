import Foundation
import Testing

/// However long a run without a screen is, it takes no more memory.
@Suite struct LongRunTests {
    /// Troubles of all kinds all day, with less to say between them than in `labs/bench-chaos.yaml`.
    private static let text = """
        lab: long
        duration: 4320m
        hosts: [server, left, right]
        links:
          - {between: [left, server], latency: {uniform: [1ms, 5ms]}}
          - {between: [right, server], latency: {exponential: 3ms}}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo, config: {heartbeat: off}}
          - {name: ping, on: left, connect: "server:4500", run: {ping-pong: {every: 8s}}, config: {heartbeat: off}}
          - {name: pong, on: right, connect: "server:4500", run: {ping-pong: {every: 10s, size: 300}}, config: {heartbeat: off}}
        buggify: {activation: 0.5, firing: 0.02}
        chaos: {mode: all, interval: 900s, length: 20s, except: [process-exit, corrupt]}
        """

    /// By the optimised program where it is built, for which the days are seconds.
    @Test func threeDaysTakeNoMoreThanTenHours() throws {
        try Program.withFile(Self.text) { file in
            var runs: [(events: Int, memory: Int)] = []
            // Within the first hours the allocator still finds what it will need.
            for end in ["600m", "4320m"] {
                let (run, memory) = try Program.measured(
                    ["run", file, "--until", end, "--format", "json", "--metrics", "/dev/null"],
                    executable: DeterminismTests.hasRelease ? DeterminismTests.release : Program.path)
                #expect(run.ended(with: 0), "\(run.errors)")
                runs.append((try Program.object(run.output)["events"] as? Int ?? 0, memory))
            }
            // A log would take some 100 bytes an event.
            #expect(runs[1].events - runs[0].events > 300_000, "\(runs)")
            #expect(runs[1].memory - runs[0].memory < 8_388_608, "\(runs)")
        }
    }
}

/// A month: `make soak` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct LongRunSoakTests {
    @Test(arguments: [true, false]) func thirtyDaysOfChaosStayWithin300MiB(heals: Bool) throws {
        let lab = Program.root.appendingPathComponent("labs/bench-chaos.yaml")
        let text = try String(contentsOf: lab, encoding: .utf8)
            .replacingOccurrences(of: "duration: 8s", with: "duration: 43200m")
            .replacingOccurrences(of: "heals-at: 6s, ", with: heals ? "heals-at: 6s, " : "")
            .replacingOccurrences(
                of: "expect:\n  - every peer recovers", with: heals ? "expect: [every peer recovers]" : "")
        try Program.withFile(text) { file in
            let (run, memory) = try Program.measured(["run", file, "--format", "json"])
            #expect([0, 1].contains(run.status) && !run.wasSignalled, "\(run.errors)")
            #expect(memory < 300 << 20, "\(memory >> 10) KiB")
        }
    }
}
