import Testing

@testable import Lab

/// Which timeline left which other.
@Suite struct LineageTests {
    /// main ── a (at 10) ── b (at 20), and c, which left main at 5.
    private func lineage() throws -> (lineage: Lineage, a: TimelineID, b: TimelineID, c: TimelineID) {
        var lineage = Lineage()
        let a = try lineage.begin(named: "a", leaving: .main, after: 10)
        let b = try lineage.begin(named: "b", leaving: a, after: 20)
        let c = try lineage.begin(named: "c", leaving: .main, after: 5)
        return (lineage, a, b, c)
    }

    @Test func twoTimelinesShareWhatTheyHaveOfTheNearestThatBothComeFrom() throws {
        let (lineage, a, b, c) = try lineage()
        #expect(lineage.parting(a, b) == 20 && lineage.parting(b, a) == 20)
        #expect(lineage.parting(.main, b) == 10)
        #expect(lineage.parting(b, c) == 5 && lineage.parting(c, a) == 5)
        #expect(lineage.parting(b, b) == .max)
    }

    @Test func whoLeavesAtASharedEventLeavesTheTimelineThatHadItFirst() throws {
        var (lineage, a, b, _) = try lineage()
        for (event, owner) in [(21, b), (20, a), (11, a), (10, .main), (3, .main)] {
            let new = try lineage.begin(leaving: b, after: event)
            #expect(lineage[new].parent == owner, "\(event)")
            #expect(lineage.parting(new, b) == event)
        }
    }

    @Test func whoLeftAForgottenTimelineKeepsWhatItHasOfIt() throws {
        var (lineage, a, b, c) = try lineage()
        let d = try lineage.begin(named: "d", leaving: a, after: 15)
        let before = [
            lineage.parting(b, d), lineage.parting(b, c), lineage.parting(.main, d), lineage.parting(.main, b),
        ]
        lineage.forget(a)
        #expect(
            before == [
                lineage.parting(b, d), lineage.parting(b, c), lineage.parting(.main, d), lineage.parting(.main, b),
            ])
        #expect(lineage[b].parent == .main && lineage[d].parent == b)
        lineage.forget(.main)
        #expect(lineage[b].parent == nil && lineage.parting(c, b) == 5 && lineage.parting(d, b) == 15)
        #expect(lineage.inOrder.map(\.member.name) == ["b", "c", "d"])
        #expect(lineage.inOrder.map(\.depth) == [0, 1, 1])
    }

    @Test func aNameIsHadOnce() throws {
        var (lineage, a, _, _) = try lineage()
        #expect(throws: SessionError.self) { try lineage.rename(a, to: "main") }
        for wrong in ["", "1st", "two words", "a:b", "ä", String(repeating: "x", count: 33)] {
            #expect(throws: SessionError.self, "\(wrong)") { try lineage.rename(a, to: wrong) }
        }
        try lineage.rename(a, to: "a")
        try lineage.rename(a, to: "branch-4")
        let next = try lineage.begin(leaving: .main, after: 1)
        #expect(lineage[next].name == "branch-5", "the usual name was taken")
        #expect(throws: SessionError("there is no timeline 'mian'; did you mean 'main'?")) { try lineage.named("mian") }
    }

    @Test func thereIsABound() throws {
        var lineage = Lineage()
        for _ in 1..<Lineage.most { _ = try lineage.begin(leaving: .main, after: 1) }
        #expect(throws: SessionError.self) { try lineage.begin(leaving: .main, after: 1) }
    }
}
