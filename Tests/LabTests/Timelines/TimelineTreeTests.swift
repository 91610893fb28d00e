import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Every timeline is kept: it is what it was when it was left, and can be gone on with.
@Suite struct TimelineTreeTests {
    private static let ms = SmallLab.millisecond

    /// main to its end, and a branch that cuts the link at 20 ms, to its end.
    private func forked(_ memory: LogMemory = .standard) throws -> SimSession {
        let session = try SmallLab.session(memory)
        try session.finish()
        _ = try session.seek(to: .time(20 * Self.ms))
        try session.intervene(SmallLab.cut)
        try session.finish()
        return session
    }

    @Test(arguments: [LogMemory.standard, .latest])
    func theTimelineLeftBehindIsWhatItWas(memory: LogMemory) throws {
        let alone = try SmallLab.session()
        defer { alone.close() }
        try alone.finish()
        let before = alone.snapshot
        let session = try forked(memory)
        defer { session.close() }
        let branch = session.snapshot
        #expect(branch.timeline == "branch-1" && branch.digest != before.digest)
        try session.go(to: "main")
        let after = session.snapshot
        #expect(after.timeline == "main" && after.event == before.event && after.reached == before.reached)
        #expect(after.world == before.world && after.digest == before.digest && after.isOver)
        #expect(after.story == before.story && after.expectations == before.expectations)
        #expect(after.outcome == before.outcome && after.interventions.isEmpty)
        #expect(after.timelines.all.map(\.events) == [before.records.count, branch.records.count])
        #expect(after.timelines.all[1].interventions == branch.interventions)
        for event in 0...before.event {
            _ = try session.seek(to: .event(event))
            _ = try alone.seek(to: .event(event))
            #expect(session.snapshot.world == alone.snapshot.world, "\(event)")
        }
        try session.go(to: "branch-1")
        try session.finish()
        #expect(session.snapshot.world == branch.world && session.snapshot.digest == branch.digest)
    }

    @Test func itIsGoneOnWith() throws {
        let alone = try SmallLab.session()
        defer { alone.close() }
        try alone.finish()
        let session = try SmallLab.session()
        defer { session.close() }
        _ = try session.seek(to: .time(45 * Self.ms))
        let left = session.snapshot.records.count
        _ = try session.seek(to: .event(5))
        try session.intervene(SmallLab.cut)
        try session.finish()
        try session.go(to: "main")
        #expect(session.snapshot.records.count == left && session.snapshot.isLive, "as far as it has come")
        #expect(session.snapshot.reached == 45 * Self.ms)
        #expect(session.rebuilding(for: .goingOn)?.events == left)
        var slices = 0
        while try !session.rebuild(for: .goingOn, budget: 3) { slices += 1 }
        #expect(slices > 2 && session.rebuilding(for: .goingOn) == nil)
        #expect(session.snapshot.records.count == left, "what is rebuilt is no new event")
        try session.step()
        try session.finish()
        #expect(session.snapshot.world == alone.snapshot.world && session.digest == alone.digest)
        #expect(session.timelines.all.count == 2)
    }

    @Test func whatIsDoneAtTheEndGoesOnWithItsTimeline() throws {
        let session = try forked()
        defer { session.close() }
        try session.go(to: "main")
        #expect(session.snapshot.isOver)
        try session.intervene(SmallLab.cut)
        #expect(session.snapshot.timeline == "main" && session.timelines.all.count == 2)
        #expect(session.snapshot.interventions.map(\.time) == [60 * Self.ms])
    }

    /// A world that was rebuilt for a place serves a later one too.
    @Test func aWorldForThePastIsRebuiltInSlices() throws {
        let (sliced, atOnce) = (try forked(), try forked())
        defer { for session in [sliced, atOnce] { session.close() } }
        for session in [sliced, atOnce] { _ = try session.seek(to: .event(14)) }
        #expect(sliced.rebuilding(for: .intervening)?.events == 14)
        while try !sliced.rebuild(for: .intervening, budget: 4) {}
        #expect(sliced.rebuilding(for: .intervening) == nil)
        for session in [sliced, atOnce] { _ = try session.seek(to: .event(16)) }
        #expect(sliced.rebuilding(for: .intervening)?.done == 14)
        for session in [sliced, atOnce] {
            try session.intervene(SmallLab.cut)
            try session.finish()
        }
        #expect(sliced.digest == atOnce.digest && sliced.snapshot.timeline == "branch-2")
        #expect(sliced.timelines.parting(.main, sliced.timelines.current) == 16)
    }

    @Test func whatCannotBeDoneInThePastChangesNothing() throws {
        let session = try forked()
        defer { session.close() }
        _ = try session.seek(to: .event(10))
        let before = session.snapshot
        #expect(throws: SessionError.self) { try session.intervene(.heal(LinkID(0), nil)) }
        #expect(session.snapshot.world == before.world && session.timelines == before.timelines)
        try session.intervene(SmallLab.cut)
        #expect(session.snapshot.event == 11)
    }

    @Test(arguments: [0, 9, nil] as [Int?])
    func aBranchChangesNothing(event: Int?) throws {
        let session = try SmallLab.session()
        defer { session.close() }
        try session.finish()
        let whole = session.snapshot
        if let event { _ = try session.seek(to: .event(event)) }
        let before = session.snapshot
        try session.branch(named: "other")
        let after = session.snapshot
        #expect(after.timeline == "other" && after.isLive && after.event == before.event)
        #expect(after.world == before.world && after.digest == before.digest && after.upcoming == before.upcoming)
        #expect(after.story == before.story && after.expectations == before.expectations)
        try session.finish()
        #expect(session.snapshot.world == whole.world && session.digest == whole.digest)
        #expect(session.snapshot.expectations == whole.expectations && session.snapshot.story == whole.story)
        #expect(throws: SessionError.self) { try session.branch(named: "main") }
        #expect(session.timelines.all.map(\.name) == ["main", "other"])
    }

    @Test func goingElsewhereKeepsTheMoment() throws {
        let session = try forked()
        defer { session.close() }
        let fork = session.timelines.all[1].fork
        // What both have is the very same event.
        _ = try session.seek(to: .event(fork - 3))
        try session.go(to: "main")
        #expect(session.snapshot.event == fork - 3)
        // What they do not is the same time.
        _ = try session.seek(to: .time(41 * Self.ms))
        try session.go(to: "branch-1")
        #expect(session.snapshot.reached == 41 * Self.ms && session.snapshot.world.time <= 41 * Self.ms)
        let glance = try #require(session.glance(at: .main))
        try session.go(to: "main")
        #expect(session.snapshot.reached == 41 * Self.ms)
        #expect(glance.world == session.snapshot.world && glance.digest == session.snapshot.digest)
        #expect(glance.reached == session.snapshot.reached && glance.timeline == "main")
        // To and fro is where it was, also where several events have one time.
        try session.go(to: "branch-1")
        _ = try session.seek(to: .event(fork + 1))
        for name in ["main", "branch-1"] { try session.go(to: name) }
        #expect(session.snapshot.event == fork + 1)
        try session.go(to: "main")
        // Where it has not come so far it is at its end.
        _ = try session.seek(to: .event(4))
        try session.branch(named: "short")
        try session.go(to: "main")
        try session.finish()
        try session.go(to: "short")
        #expect(session.snapshot.event == 4 && session.snapshot.isLive)
    }

    @Test func aForgottenTimelineLeavesTheOthersWhatTheyHaveOfIt() throws {
        let session = try forked()
        defer { session.close() }
        #expect(throws: SessionError.self) { try session.forget(session.timelines.current) }
        try session.branch(named: "child")
        let before = session.snapshot
        try session.forget(try session.timelines.named("branch-1").id)
        let after = session.snapshot
        #expect(after.world == before.world && after.digest == before.digest)
        #expect(after.interventions == before.interventions)
        let child = try session.timelines.named("child")
        #expect(child.parent == .main && child.interventions == before.interventions)
        try session.forget(.main)
        #expect(session.timelines.all.map(\.name) == ["child"])
        #expect(throws: SessionError("'child' is the only timeline: there would be none left")) {
            try session.forget(session.timelines.current)
        }
        _ = try session.seek(to: .event(12))
        try session.intervene(SmallLab.cut)
        #expect(session.timelines.all.map(\.name) == ["child", "branch-3"])
    }
}
