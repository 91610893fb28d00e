import Foundation
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// Runs are shrunk to the least that fails in the same way.
@Suite struct ShrinkTests {
    /// By what a run fails first.
    static func failure(_ lab: LabDefinition, seed: UInt64) -> RunFailure? {
        TrialRun(lab: lab, seed: seed).result().failure
    }

    /// Shrinks a run, and expects that what is left fails in the same way: as it is, as a lab's file, and as a recording.
    static func shrunk(
        _ run: FailingRun, workloads: WorkloadRegistry = .shipped
    ) throws -> ShrunkRun {
        let shrunk = try Shrinker(run, workloads: workloads).shrunk()
        let whole = FailureObservation(of: run)
        let signature = try #require(whole.failure?.signature)
        #expect(shrunk.failure.signature == signature)
        let again = try LabFile.read(text: shrunk.lab.source, name: "shrunk", workloads: workloads)
        #expect(failure(again, seed: again.seed)?.signature == signature, "\(shrunk.lab.source)")
        let recording = try Recording(try shrunk.recording(), name: "shrunk", workloads: workloads)
        let (session, divergence) = try Replay.run(recording)
        defer { session.close() }
        #expect(divergence == nil && session.outcome == .failed)
        return shrunk
    }

    // MARK: A planted bug

    /// A run in which the courier loses a note: the first from a seed on that is known to do so.
    private static let failing = Result {
        let lab = try LabFile.read(text: Courier.lab, name: "courier", workloads: Courier.workloads)
        let seed = (firstSeed..<(firstSeed + 600)).first { failure(lab, seed: $0) != nil }
        return FailingRun(lab: lab, seed: try #require(seed))
    }
    private static let firstSeed: UInt64 = 81

    /// What is left of it.
    private static let left = Result { try shrunk(try failing.get(), workloads: Courier.workloads) }

    @Test func aPlantedBugIsShrunkToItsCauses() throws {
        let (run, shrunk) = (try Self.failing.get(), try Self.left.get())
        #expect(shrunk.causes.count <= 3 && !shrunk.causes.isEmpty, "\(shrunk.causes)")
        #expect(shrunk.before.episodes > 5, "\(run.seed): \(shrunk.before)")
        // The pair that has nothing to do with it is gone, and so is the time behind the failure.
        #expect(shrunk.lab.topology.hosts.map(\.name) == ["office", "road"])
        #expect(shrunk.lab.peers.map(\.name) == ["post", "courier"])
        #expect(shrunk.isWhole && shrunk.lab.duration < run.lab.duration)
        // The story tells the causes.
        let told = shrunk.lab.story.map(\.text).joined(separator: " ")
        #expect(shrunk.causes.allSatisfy { told.contains($0) })
        #expect(told.contains("post has received 60 messages by"))
    }

    @Test func noCauseIsLeftThatIsNotNeeded() throws {
        let shrunk = try Self.left.get()
        for index in shrunk.lab.faults.indices {
            var lab = shrunk.lab
            guard !lab.faults[index].action.heals else { continue }
            lab.faults.remove(at: index)
            #expect(Self.failure(lab, seed: shrunk.seed)?.signature != shrunk.failure.signature)
        }
    }

    @Test func theResultDoesNotHangOnHowManyRunAtATime() throws {
        let (run, together) = (try Self.failing.get(), try Self.left.get())
        var limits = Shrinker.Limits()
        limits.jobs = 3
        let alone = try Shrinker(run, limits: limits, workloads: Courier.workloads).shrunk()
        #expect(alone.lab.source == together.lab.source && alone.runs == together.runs)
        #expect(alone.causes == together.causes)
    }

    @Test func itEndsWithWhatItHasWhereItsRunsAreSpent() throws {
        let run = try Self.failing.get()
        var limits = Shrinker.Limits()
        limits.runs = 6
        let shrunk = try Shrinker(run, limits: limits, workloads: Courier.workloads).shrunk()
        #expect(!shrunk.isWhole && shrunk.runs < 20)
        #expect(
            Self.failure(shrunk.lab, seed: shrunk.seed)?.signature == Self.failure(run.lab, seed: run.seed)?.signature)
    }

    @Test func whoeverInterruptsItGetsNothingOfARunThatWasNotSeenToFail() throws {
        var limits = Shrinker.Limits()
        limits.isAbandoned = { true }
        let run = try Self.failing.get()
        #expect(throws: ShrinkProblem.abandoned) {
            try Shrinker(run, limits: limits, workloads: Courier.workloads).shrunk()
        }
    }

    // MARK: Causes of other kinds

    @Test func whatWasDoneByHandIsACause() throws {
        let lab = try LabsOnDisk.lab(
            "hello", replacing: [("no message is delivered twice", "ping reconnects at most 0 times")])
        let session = SimSession(lab: lab, seed: 3)
        defer { session.close() }
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab")
        defer { try? FileManager.default.removeItem(at: file) }
        try session.record(to: file.path)
        for (time, line) in [
            (1_000_000_000, "latency client-server 9ms"), (2_000_000_000, "reset ping"), (2_500_000_000, "pause echo"),
        ] as [(Int64, String)] {
            _ = try session.seek(to: .time(time))
            try session.intervene(try ActionSyntax(lab: lab).action(line), at: time)
        }
        _ = try session.seek(to: .time(lab.duration))
        session.finishRecording()
        let shrunk = try Self.shrunk(FailingRun(try Recording(path: file.path)))
        #expect(shrunk.before.interventions == 3 && shrunk.after.interventions == 1)
        #expect(shrunk.causes.count == 1 && shrunk.causes.first?.contains("reset ping") == true, "\(shrunk.causes)")
    }

    @Test func aRunThatDoesNotFailIsNotShrunk() throws {
        let lab = try LabsOnDisk.lab("hello")
        #expect(throws: ShrinkProblem.doesNotFail) { try Shrinker(FailingRun(lab: lab, seed: 7)).shrunk() }
    }

    /// A peer that has lost its server is never connected: that is another failure, though it reads the same.
    @Test func whatFailsWithoutItsCausesIsAnotherFailure() throws {
        let lab = try LabsOnDisk.lab(
            "hello",
            replacing: [
                ("expect:", "faults:\n  - {at: 2s, cut: client-server, for: 6s}\nexpect:\n  - ping is connected by 5s")
            ])
        let shrunk = try Self.shrunk(FailingRun(lab: lab, seed: 7))
        #expect(shrunk.lab.peers.count == 2 && shrunk.lab.topology.links.count == 1)
        #expect(shrunk.causes.count == 1 && shrunk.lab.duration == 5_000_000_000)
    }

    /// It is the one that the peer had when it failed, and not one that it has had since.
    @Test func theErrorOfAFailureIsThatOfItsMoment() throws {
        let lab = try LabsOnDisk.lab(
            "hello",
            replacing: [
                ("expect:", "faults:\n  - {at: 2s, cut: client-server, for: 6s}\nexpect:\n  - ping is connected by 5s")
            ])
        let session = SimSession(lab: lab, seed: 7)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let whole = session.tree.current.end.firstFailure(in: lab)?.signature
        #expect(whole?.code == "timedOut" && whole == Self.failure(lab, seed: 7)?.signature)
    }

    @Test func whatFailsByItselfHasNoCauses() throws {
        let lab = try LabsOnDisk.lab(
            "hello",
            replacing: [
                (
                    "expect:",
                    "faults:\n  - {at: 2s, latency: client-server, to: 9ms}\nexpect:\n  - ping has received 1000 messages by 5s"
                )
            ])
        let shrunk = try Self.shrunk(FailingRun(lab: lab, seed: 7))
        #expect(shrunk.causes.isEmpty && shrunk.lab.faults.isEmpty)
        #expect(shrunk.lab.peers.map(\.name) == ["echo", "ping"] && shrunk.lab.duration == 5_000_000_000)
    }
}
