import Testing

@testable import PeerNetworking

@Suite struct FailureDetectorTests {
    private func detector(
        _ config: PeerConfig.PhiAccrual = .init(), answersEvery intervals: [Int64]
    ) -> PhiAccrualDetector {
        var detector = PhiAccrualDetector(config)
        var time: Int64 = 0
        detector.heard(at: .zero)
        for interval in intervals {
            time += interval
            detector.heard(at: Instant(nanoseconds: time * 1_000_000))
        }
        return detector
    }

    @Test func anAnswerThatIsNotLateIsNotSuspicious() {
        let detector = detector(answersEvery: .init(repeating: 100, count: 50))
        for wait: Int64 in [0, 50, 99] { #expect(detector.suspicion(of: .milliseconds(wait)) == 0) }
    }

    @Test func suspicionGrowsWithTheSilence() {
        let detector = detector(answersEvery: .init(repeating: 100, count: 50))
        let values = stride(from: Int64(100), through: 2_000, by: 50).map { detector.suspicion(of: .milliseconds($0)) }
        #expect(zip(values, values.dropFirst()).allSatisfy { $0 < $1 })
    }

    /// φ of a normal distribution, −log10(1 − Φ(y)) for a silence y standard deviations above the mean: 2.87 at 3, 4.50
    /// at 4, 6.54 at 5, 9.01 at 6. The approximation is never below it, and a fifth above it at the last.
    @Test(arguments: [(3, 2.87), (4, 4.50), (5, 6.54), (6, 9.01)]) func itIsThePhiOfThePaper(
        _ deviations: Int64, _ phi: Double
    ) {
        // The mean is 100 ms, and the deviation the least one, 20 ms.
        let detector = detector(
            .init(window: 50, minimumDeviation: .milliseconds(20)), answersEvery: .init(repeating: 100, count: 50))
        let suspicion = detector.suspicion(of: .milliseconds(100 + 20 * deviations))
        #expect(suspicion >= phi * 0.99 && suspicion <= phi * 1.2, "\(suspicion)")
    }

    @Test func itLearnsHowIrregularANetworkIs() {
        let regular = detector(
            .init(minimumDeviation: .milliseconds(10)), answersEvery: .init(repeating: 100, count: 40))
        let jittery = detector(
            .init(minimumDeviation: .milliseconds(10)), answersEvery: (0..<40).map { $0 % 2 == 0 ? 20 : 180 })
        let silence: Int64 = 300
        #expect(regular.suspects(.milliseconds(silence)))
        #expect(!jittery.suspects(.milliseconds(silence)))
        #expect(jittery.suspects(.milliseconds(1_000)))
    }

    @Test func itForgetsWhatIsOlderThanItsWindow() {
        let detector = detector(
            .init(window: 10, minimumDeviation: .milliseconds(10)),
            answersEvery: .init(repeating: 2_000, count: 30) + .init(repeating: 100, count: 10))
        #expect(detector.suspects(.milliseconds(300)))
    }

    /// A long round trip is no silence: before answers have come, nobody knows how they come.
    @Test func beforeTheThirdAnswerNothingIsSuspected() {
        for answers in 0..<2 {
            let detector = detector(.init(minimumDeviation: .zero), answersEvery: .init(repeating: 100, count: answers))
            #expect(detector.suspicion(of: .seconds(3_600)) == 0)
        }
        let detector = detector(.init(minimumDeviation: .zero), answersEvery: [100, 100])
        #expect(detector.suspects(.milliseconds(101)))
    }

    @Test func withoutALeastDeviationAPerfectClockIsNoError() {
        let detector = detector(
            .init(window: 2, minimumDeviation: .zero), answersEvery: .init(repeating: 100, count: 10))
        #expect(detector.suspicion(of: .milliseconds(100)) == 0)
        #expect(detector.suspects(.milliseconds(101)))
        #expect(detector.suspicion(of: .milliseconds(1_000_000_000)).isFinite)
    }
}

@Suite struct ConnectionHealthTests {
    @Test func aNewConnectionIsWell() {
        let health = HealthMonitor(patience: .zero).health(at: .zero)
        #expect(health == ConnectionHealth(score: 1, roundTrip: nil, bestRoundTrip: nil, answered: 1))
    }

    /// Asks each second, and answers what is asked in a time of its own, or not.
    private struct Asking {
        var monitor = HealthMonitor(patience: .seconds(2))
        private(set) var now = Instant.zero

        var health: ConnectionHealth { monitor.health(at: now) }

        mutating func ask(answeredAfter roundTrip: Int64?) {
            now = now.advanced(by: .seconds(1))
            monitor.ask(at: now)
            if let roundTrip { monitor.answer(to: now, after: roundTrip) }
        }
    }

    @Test func questionsMayBeAnsweredForAWhile() {
        var asking = Asking()
        for _ in 0..<2 { asking.ask(answeredAfter: nil) }
        #expect(asking.health.answered == 1, "none has waited for two seconds")
        asking.ask(answeredAfter: nil)
        #expect(asking.health.answered == 0)
        asking.monitor.answer(to: Instant(nanoseconds: 1_000_000_000), after: 1_000)
        #expect(asking.health.answered == 1)
        asking.monitor.answer(to: Instant(nanoseconds: 77), after: 1_000)
        #expect(asking.health.answered == 1, "what was not asked changes nothing")
    }

    @Test func theShareIsOfTheLatestQuestions() {
        var asking = Asking()
        for number in 0..<16 { asking.ask(answeredAfter: number < 5 ? 1_000 : nil) }
        // 16 asked, the two newest apart; 5 of 14.
        #expect(asking.health.answered == 5.0 / 14)
        for _ in 0..<16 { asking.ask(answeredAfter: 1_000) }
        #expect(asking.health.answered == 1)
        for _ in 0..<16 { asking.ask(answeredAfter: nil) }
        #expect(asking.health.answered == 0)
        #expect(asking.health.score == 0)
    }

    @Test func roundTripsFarAboveTheBestCount() {
        var asking = Asking()
        asking.ask(answeredAfter: 1_000)
        for _ in 0..<100 { asking.ask(answeredAfter: 4_000) }
        #expect(asking.health.score > 0.99, "four times the best is tolerated")
        for _ in 0..<100 { asking.ask(answeredAfter: 16_000) }
        #expect(asking.health.score < 0.26 && asking.health.score > 0.24)
        #expect(asking.health.bestRoundTrip == .nanoseconds(1_000))
        // RFC 6298: seven eighths of the old, one of the new.
        var fresh = Asking()
        fresh.ask(answeredAfter: 8_000)
        fresh.ask(answeredAfter: 16_000)
        #expect(fresh.health.roundTrip == .nanoseconds(9_000))
    }

    @Test func itJudgesAfterFourSettledQuestions() {
        var asking = Asking()
        for _ in 0..<5 {
            asking.ask(answeredAfter: nil)
            #expect(!asking.monitor.isJudged(at: asking.now))
        }
        asking.ask(answeredAfter: nil)
        #expect(asking.monitor.isJudged(at: asking.now))
    }
}
