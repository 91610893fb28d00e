import SimNetwork
import Testing

@testable import Lab

/// Where two timelines differ: what was done is told apart from what follows from it.
@Suite struct TimelineDifferenceTests {
    private func difference(after action: String, at time: Int64 = 20_500_000) throws -> TimelineDifference {
        let session = try SmallLab.session()
        defer { session.close() }
        try session.finish()
        _ = try session.seek(to: .time(time))
        try session.intervene(try ActionSyntax(lab: session.lab).action(action))
        try session.finish()
        return try session.difference(to: .main)
    }

    @Test func whatFollowsIsNotWhatWasDone() throws {
        let difference = try difference(after: "cut a-b")
        let deed = difference.shared + 1
        let lines = difference.sentences
        #expect(lines[1].hasPrefix("branch-1: #\(deed)  ") && lines[1].contains("hand cut a-b"), "\(lines)")
        #expect(lines[2].hasPrefix("first that follows on branch-1: #") && lines[2].contains("lost"), "\(lines)")
        #expect(lines[3].hasPrefix("first that follows on main: #"), "\(lines)")
        #expect(difference.isMarked(left: deed, right: nil) && !difference.isMarked(left: deed - 1, right: deed - 1))
    }

    /// All that comes after it has other numbers, and is the same.
    @Test func nothingMayFollow() throws {
        let difference = try difference(after: "latency a-b 1ms")
        let lines = difference.sentences
        #expect(lines.contains { $0.hasPrefix("nothing follows from it: ") }, "\(lines)")
        #expect(!lines.contains { $0.hasPrefix("first that follows") })
    }

    /// A branch that was not gone on with says nothing of what would follow.
    @Test func whatWasJustDoneHasNoConsequenceYet() throws {
        let session = try SmallLab.session()
        defer { session.close() }
        try session.finish()
        _ = try session.seek(to: .time(20_500_000))
        try session.intervene(SmallLab.cut)
        let lines = try session.difference(to: .main).sentences
        #expect(lines.contains("what follows from it is not known yet: it was not gone on with"), "\(lines)")
        #expect(!lines.contains { $0.contains(" goes to ") || $0.hasPrefix("nothing follows") }, "\(lines)")
    }

    /// One that was left early says nothing of what is behind its end.
    @Test func whatHasNotComeYetIsNoDifference() throws {
        let session = try SmallLab.session()
        defer { session.close() }
        try session.finish()
        _ = try session.seek(to: .time(20_500_000))
        try session.branch()
        _ = try session.seek(to: .time(30_000_000))
        let lines = try session.difference(to: .main).sentences
        #expect(lines.contains("main alone goes on from there"), "\(lines)")
    }
}
