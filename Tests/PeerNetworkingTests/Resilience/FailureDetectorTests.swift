import Testing

@testable import PeerNetworking

@Suite struct FailureDetectorTests {
    private func detector(
        _ config: PeerConfig.PhiAccrual = .init(), answersEvery intervals: [Int64]
    ) -> (detector: PhiAccrualDetector, last: Int64) {
        var detector = PhiAccrualDetector(config, expecting: .milliseconds(100), from: .zero)
        var time: Int64 = 0
        for interval in intervals {
            time += interval
            detector.heard(at: Instant(nanoseconds: time * 1_000_000))
        }
        return (detector, time)
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    @Test func anAnswerThatIsNotLateIsNotSuspicious() {
        let (detector, last) = detector(answersEvery: .init(repeating: 100, count: 50))
        for wait: Int64 in [0, 50, 99] { #expect(detector.suspicion(at: at(last + wait)) == 0) }
    }

    @Test func suspicionGrowsWithTheSilence() {
        let (detector, last) = detector(answersEvery: .init(repeating: 100, count: 50))
        let values = stride(from: Int64(100), through: 2_000, by: 50).map { detector.suspicion(at: at(last + $0)) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// φ of a normal distribution, −log10(1 − Φ(y)) for a silence y standard deviations above the mean: 2.87 at 3, 4.50
    /// at 4, 6.54 at 5, 9.01 at 6. The approximation is never below it, and a fifth above it at the last.
    @Test(arguments: [(3, 2.87), (4, 4.50), (5, 6.54), (6, 9.01)]) func itIsThePhiOfThePaper(
        _ deviations: Int64, _ phi: Double
    ) {
        // The mean is 100 ms, and the deviation the least one, 20 ms.
        let (detector, last) = detector(
            .init(window: 50, minimumDeviation: .milliseconds(20)), answersEvery: .init(repeating: 100, count: 50))
        let suspicion = detector.suspicion(at: at(last + 100 + 20 * deviations))
        #expect(suspicion >= phi * 0.99 && suspicion <= phi * 1.2, "\(suspicion)")
    }

    @Test func itLearnsHowIrregularANetworkIs() {
        let regular = detector(
            .init(minimumDeviation: .milliseconds(10)), answersEvery: .init(repeating: 100, count: 40))
        let jittery = detector(
            .init(minimumDeviation: .milliseconds(10)), answersEvery: (0..<40).map { $0 % 2 == 0 ? 20 : 180 })
        let silence: Int64 = 300
        #expect(regular.detector.suspects(at: at(regular.last + silence)))
        #expect(!jittery.detector.suspects(at: at(jittery.last + silence)))
        #expect(jittery.detector.suspects(at: at(jittery.last + 1_000)))
    }

    @Test func itForgetsWhatIsOlderThanItsWindow() {
        let (detector, last) = detector(
            .init(window: 10, minimumDeviation: .milliseconds(10)),
            answersEvery: .init(repeating: 2_000, count: 30) + .init(repeating: 100, count: 10))
        #expect(detector.suspects(at: at(last + 300)))
    }

    @Test func beforeTheFirstAnswerItReckonsWithTheInterval() {
        let (detector, _) = detector(.init(minimumDeviation: .milliseconds(10)), answersEvery: [])
        #expect(!detector.suspects(at: at(150)))
        #expect(detector.suspects(at: at(400)))
    }

    @Test func withoutALeastDeviationAPerfectClockIsNoError() {
        let (detector, last) = detector(
            .init(window: 2, minimumDeviation: .zero), answersEvery: .init(repeating: 100, count: 10))
        #expect(detector.suspicion(at: at(last + 100)) == 0)
        #expect(detector.suspects(at: at(last + 101)))
        #expect(detector.suspicion(at: at(1_000_000_000)).isFinite)
    }
}

@Suite struct ConnectionHealthTests {
    @Test func aNewConnectionIsWell() {
        let health = HealthMonitor().health
        #expect(health == ConnectionHealth(score: 1, roundTrip: nil, bestRoundTrip: nil, answered: 1))
    }

    /// Asks each second, and answers what is asked in a time of its own, or not.
    private struct Asking {
        var monitor = HealthMonitor()
        private var now = Instant.zero

        mutating func ask(answeredAfter roundTrip: Int64?) {
            now = now.advanced(by: .seconds(1))
            monitor.ask(at: now)
            if let roundTrip { monitor.answer(to: now, after: roundTrip) }
        }
    }

    @Test func theNewestQuestionMayStillBeAnswered() {
        var asking = Asking()
        asking.ask(answeredAfter: nil)
        #expect(asking.monitor.health.answered == 1)
        asking.ask(answeredAfter: nil)
        #expect(asking.monitor.health.answered == 0)
        asking.monitor.answer(to: Instant(nanoseconds: 1_000_000_000), after: 1_000)
        #expect(asking.monitor.health.answered == 1)
        asking.monitor.answer(to: Instant(nanoseconds: 77), after: 1_000)
        #expect(asking.monitor.health.answered == 1, "what was not asked changes nothing")
    }

    @Test func theShareIsOfTheLatestQuestions() {
        var asking = Asking()
        for number in 0..<16 { asking.ask(answeredAfter: number < 5 ? 1_000 : nil) }
        // 16 asked, the newest apart; 5 of 15.
        #expect(asking.monitor.health.answered == 5.0 / 15)
        for _ in 0..<16 { asking.ask(answeredAfter: 1_000) }
        #expect(asking.monitor.health.answered == 1)
        for _ in 0..<16 { asking.ask(answeredAfter: nil) }
        #expect(asking.monitor.health.answered == 0)
        #expect(asking.monitor.health.score == 0)
    }

    @Test func roundTripsFarAboveTheBestCount() {
        var asking = Asking()
        asking.ask(answeredAfter: 1_000)
        for _ in 0..<100 { asking.ask(answeredAfter: 4_000) }
        #expect(asking.monitor.health.score > 0.99, "four times the best is tolerated")
        for _ in 0..<100 { asking.ask(answeredAfter: 16_000) }
        #expect(asking.monitor.health.score < 0.26 && asking.monitor.health.score > 0.24)
        #expect(asking.monitor.health.bestRoundTrip == .nanoseconds(1_000))
        // RFC 6298: seven eighths of the old, one of the new.
        var fresh = Asking()
        fresh.ask(answeredAfter: 8_000)
        fresh.ask(answeredAfter: 16_000)
        #expect(fresh.monitor.health.roundTrip == .nanoseconds(9_000))
    }

    @Test func itJudgesAfterFourSettledQuestions() {
        var asking = Asking()
        for _ in 0..<4 {
            asking.ask(answeredAfter: nil)
            #expect(!asking.monitor.isJudged)
        }
        asking.ask(answeredAfter: nil)
        #expect(asking.monitor.isJudged)
    }
}
