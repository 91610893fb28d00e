import Foundation
import Testing

@testable import Lab

/// Runs of labs that ship, made to fail by faults that their seeds draw, shrink to few causes, each to its own failure.
@Suite struct ShrinkManyTests {
    /// A lab of which more is expected than it can do under faults, and what draws these.
    struct Strained: Sendable, CustomTestStringConvertible {
        var name: String
        var draws: String
        var expects: [String]

        var testDescription: String { name }

        /// - Parameter isQuiet: whether nothing is drawn.
        func lab(isQuiet: Bool = false) throws -> LabDefinition {
            let text = try LabsOnDisk.text(name)
            let head = try #require(text.range(of: "expect:")).lowerBound
            var lines = String(text[..<head]).split(separator: "\n", omittingEmptySubsequences: false)
                .filter { !$0.hasPrefix("buggify:") && !$0.hasPrefix("chaos:") }.joined(separator: "\n")
            if !isQuiet { lines += draws + "\n" }
            return try LabFile.read(
                text: lines + "expect:\n" + expects.map { "  - \($0)\n" }.joined(), name: name)
        }

        /// Its first failing runs.
        func failing(_ count: Int) throws -> [FailingRun] {
            let lab = try lab()
            return Array(
                (1...400 as ClosedRange<UInt64>).lazy.filter { ShrinkTests.failure(lab, seed: $0) != nil }
                    .prefix(count).map { FailingRun(lab: lab, seed: $0) })
        }
    }

    static let labs = [
        Strained(
            name: "bench-chaos", draws: "buggify: on\nchaos: {mode: swarm, interval: 1s, length: 200ms, heals-at: 6s}",
            expects: ["ping reconnects at most 1 time", "pong is connected by 8s", "no message is delivered twice"]),
        Strained(
            name: "hello", draws: "chaos: swarm",
            expects: ["ping is connected by 4s", "ping reconnects at most 0 times"]),
        Strained(
            name: "half-open", draws: "buggify: swarm",
            expects: ["ping is connected by 4s", "ping is reconnecting by 9s", "ping is connected by 16s"]),
        Strained(
            name: "requests", draws: "chaos: {only: [cut, partition, reset, power-loss, pause], interval: 5s}",
            expects: ["asks finishes by 13s"]),
        Strained(
            name: "partition",
            draws: "chaos: {only: [cut, partition, reset, power-loss, pause, loss, process-kill], interval: 5s}",
            expects: ["bob-to-carol is connected by 14s"]),
    ]

    /// Shrinks some failing runs of a lab.
    ///
    /// - Returns: how many causes are left of each.
    static func causes(of strained: Strained, _ count: Int) throws -> [Int] {
        let quiet = try strained.lab(isQuiet: true)
        return try strained.failing(count).map { run in
            #expect(ShrinkTests.failure(quiet, seed: run.seed) == nil, "\(strained.name) fails without faults")
            let shrunk = try ShrinkTests.shrunk(run)
            #expect(shrunk.isWhole, "\(strained.name)@\(run.seed)")
            #expect(!shrunk.causes.isEmpty)
            return shrunk.causes.count
        }
    }

    /// Those of which the first seeds fail: of the others a debug build is long at the runs that pass.
    @Test(arguments: labs[..<3])
    func aFailingRunShrinksToItsOwnFailure(_ strained: Strained) throws {
        #expect(try Self.causes(of: strained, 1).count == 1)
    }
}

/// Ten failing runs of each lab.
@Suite(.enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil))
struct ShrinkManySoakTests {
    @Test func theMedianOfFiftyRunsHasFewCauses() throws {
        let counts = try ShrinkManyTests.labs.map { try ShrinkManyTests.causes(of: $0, 10) }
        #expect(counts.allSatisfy { $0.count == 10 })
        let all = counts.joined().sorted()
        print("causes left of fifty runs: \(counts)")
        #expect(all.count == 50 && all[24] <= 4, "\(counts)")
    }
}
