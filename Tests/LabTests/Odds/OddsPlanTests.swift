import Testing

@testable import Lab

/// Which moments are asked, and what their futures say.
@Suite struct OddsPlanTests {
    /// Answers for a run that fails with a certain share of its futures up to an event, and always from there on.
    private func answer(_ plan: inout OddsPlan, certainFrom event: Int, before share: Int) {
        for moment in plan.moments where moment.known == 0 {
            for future in 0..<plan.futures {
                plan.take(moment.event >= event || future < share ? .failed : .went, at: moment.event)
            }
        }
    }

    @Test(arguments: [2, 17, 388, 999, 1_000])
    func theJumpIsFoundToTheEvent(_ event: Int) {
        var plan = OddsPlan(last: 1_000, moments: 24, futures: 10)
        answer(&plan, certainFrom: event, before: 2)
        while plan.refine() != nil { answer(&plan, certainFrom: event, before: 2) }
        #expect(plan.moments.count <= 24)
        #expect(plan.certain == event)
        #expect(plan.jump.map { plan.moments[$0].event } == event)
        #expect(plan.jump.map { plan.moments[$0 - 1].event } == event - 1)
        #expect(plan.moments.map(\.event) == plan.moments.map(\.event).sorted())
    }

    @Test func aRunThatIsAsLikelyToFailAllAlongHasNoJump() {
        var plan = OddsPlan(last: 50, moments: 8, futures: 4)
        answer(&plan, certainFrom: 1, before: 4)
        #expect(plan.jump == nil && plan.refine() == nil && plan.certain == 1)
        let short = OddsPlan(last: 1, moments: 8, futures: 4)
        #expect(short.moments.map(\.event) == [1])
    }

    /// As SciPy has them: `binomtest(count, trials).proportion_ci(method='wilson')`.
    @Test(arguments: [(0, 10, 0.0, 0.277_533), (10, 10, 0.722_467, 1.0), (37, 100, 0.281_824, 0.467_795)])
    func wilsonsInterval(_ count: Int, _ trials: Int, _ low: Double, _ high: Double) {
        let interval = WilsonInterval(count, of: trials)
        #expect(abs(interval.low - low) < 1e-5 && abs(interval.high - high) < 1e-5, "\(interval)")
    }
}
