import Foundation
import Testing

/// Seeds of a chaotic lab, each run in two processes whose surroundings differ: one digest, whether records are kept and
/// folded or not.
@Suite struct ChaosDeterminismTests {
    /// In a build with optimisation, which `make test` makes too; without, they would take minutes.
    @Test(.enabled(if: ChaoticLab.hasReleaseBench), arguments: [false, true])
    func twoHundredSeedsGiveOneDigestEach(shuffled: Bool) throws {
        try ChaoticLab.expectOneDigestEach(1...200, shuffled: shuffled, executable: ChaoticLab.releaseBench)
    }

    @Test(.enabled(if: ChaoticLab.hasReleaseBench), arguments: [false, true])
    func buildsWithAndWithoutOptimisationGiveOneDigest(shuffled: Bool) throws {
        let debug = try ChaoticLab.digests(1...10, shuffled: shuffled)
        #expect(try ChaoticLab.digests(1...10, shuffled: shuffled, executable: ChaoticLab.releaseBench) == debug)
        #expect(debug.count == 10)
    }

    @Test func theOrderOfTasksIsDrawnFromTheSeed() throws {
        let (fifo, shuffled) = try (
            ChaoticLab.digests(1...5, shuffled: false), ChaoticLab.digests(1...5, shuffled: true)
        )
        #expect(zip(fifo, shuffled).allSatisfy { $0 != $1 })
    }
}

/// The search of minutes: `make soak` runs it.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct ChaosSoakTests {
    @Test(arguments: [false, true])
    func tenThousandSeedsGiveOneDigestEach(shuffled: Bool) throws {
        try ChaoticLab.expectOneDigestEach(
            1...10_000, shuffled: shuffled, executable: ChaoticLab.releaseBench)
    }
}

/// Five hosts and a router, all families of faults, buggify with its knobs.
enum ChaoticLab {
    static let text = """
        lab: chaotic
        duration: 6s
        invariants: on
        hosts: {a: {}, b: {tcp_synack_retries: 2}, c: {memory: 256 KiB}, d: {SO_KEEPALIVE: true, tcp_keepalive_time: 1s}, r: {router: true}}
        links:
          - {between: [a, b], latency: {pareto: [1ms, 1.5]}}
          - {between: [b, c], latency: {exponential: 2ms}, loss: {burst: [0.02, 0.4]}}
          - {between: [a, r], latency: {normal: [2ms, 1ms]}, bandwidth: 256 KiB/s}
          - {between: [r, d], latency: {bimodal: [1ms, 20ms, 0.1]}, reorder: [0.05, 5ms]}
        peers:
          - {name: echo, on: b, listen: 4500, run: echo, config: {preset: test}}
          - {name: sink, on: d, listen: 4500, run: sink, config: {preset: test}}
          - {name: bulk-in, on: b, listen: 4501, run: bulk}
          - {name: ping, on: a, connect: "b:4500", run: {ping-pong: {every: 40ms}}, config: {preset: test}}
          - {name: pong, on: c, connect: "b:4500", run: {ping-pong: {every: 60ms, size: 900}}, config: {preset: test}}
          - {name: flood, on: a, connect: "d:4500", run: {flood: {every: 20ms, size: 2 KiB}}, config: {preset: test}}
          - {name: bulk-out, on: c, connect: "b:4501", run: {bulk: {bytes: 100 KiB}}}
        faults:
          - {when: ping has sent 20 messages, partition: isolate-one, for: 300ms, every: 1s}
          - {when: pong is reconnecting, slow-pair: a->d, by: 20ms, for: 1s}
        buggify: {activation: 0.4, firing: 0.1, knobs: true}
        chaos: {mode: swarm, interval: 1500ms, length: 300ms}
        """

    static let bench = URL(fileURLWithPath: Program.path).deletingLastPathComponent()
        .appendingPathComponent("peerlab-bench").path
    static let releaseBench = Program.released("peerlab-bench")
    static var hasReleaseBench: Bool { FileManager.default.isExecutableFile(atPath: releaseBench) }

    static func digests(
        _ seeds: ClosedRange<Int>, shuffled: Bool, folds: Bool = false, executable: String = bench,
        environment: [String: String] = [:], through launcher: [String] = []
    ) throws -> [String] {
        try Program.withFile(text) { file in
            let result = try Program.run(
                ["digests", file, "\(seeds.lowerBound)", "\(seeds.upperBound)"] + (shuffled ? ["--shuffled"] : [])
                    + (folds ? ["--fold"] : []), environment: environment, through: launcher, executable: executable)
            #expect(result.ended(with: 0), "\(result.errors)")
            return result.output.split(separator: "\n").map(String.init)
        }
    }

    static func expectOneDigestEach(_ seeds: ClosedRange<Int>, shuffled: Bool, executable: String) throws {
        let plain = try digests(seeds, shuffled: shuffled, executable: executable)
        let launcher = FileManager.default.isExecutableFile(atPath: "/usr/bin/setarch") ? ["setarch", "-R"] : []
        let folded = try digests(
            seeds, shuffled: shuffled, folds: true, executable: executable,
            environment: [
                "LC_ALL": "C.UTF-8", "TZ": "Asia/Tokyo", "GLIBC_TUNABLES": "glibc.cpu.hwcaps=-FMA,-AVX2",
                "PAD": String(repeating: "x", count: 5_000),
            ], through: launcher)
        #expect(plain.count == seeds.count)
        for (first, second) in zip(plain, folded) { #expect(first == second) }
        #expect(plain.allSatisfy { !$0.contains("not") }, "\(plain.filter { $0.contains("not") })")
        let events = plain.compactMap { Int($0.split(separator: " ").dropFirst().first ?? "") }.sorted()
        #expect(events.count == seeds.count && events[events.count / 2] > 1_000, "the runs are too short to tell")
    }
}
