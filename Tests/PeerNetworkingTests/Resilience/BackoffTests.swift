import Testing

@testable import PeerNetworking

@Suite struct BackoffTests {
    private func schedule(_ change: (inout PeerConfig.Backoff) -> Void = { _ in }) -> BackoffSchedule {
        var config = PeerConfig.Backoff()
        config.initial = .milliseconds(100)
        config.maximum = .seconds(1)
        config.jitter = 0
        config.resetAfter = .seconds(2)
        change(&config)
        return BackoffSchedule(config)
    }

    /// The waits after so many failures, in milliseconds.
    private func waits(_ count: Int, of schedule: inout BackoffSchedule, fraction: Double = 0) -> [Duration] {
        (0..<count).map { _ in
            schedule.fail()
            return schedule.next(fraction: fraction)
        }
    }

    private func milliseconds(_ values: [Int64]) -> [Duration] { values.map { .milliseconds($0) } }

    @Test(arguments: [PeerConfig.Backoff.Growth.exponential, .adaptive])
    func doublesUpToTheLongest(_ growth: PeerConfig.Backoff.Growth) {
        var schedule = schedule { $0.growth = growth }
        #expect(waits(6, of: &schedule) == milliseconds([100, 200, 400, 800, 1_000, 1_000]))
        #expect(schedule.failures == 6)
    }

    @Test(arguments: PeerConfig.Backoff.Growth.allCases)
    func staysWithinItsBoundsForEver(_ growth: PeerConfig.Backoff.Growth) {
        for (initial, maximum) in [(1, 1), (1, 3_600_000), (3_600_000, 3_600_000)] as [(Int64, Int64)] {
            for fraction in [0, 0.5, 1 - 1e-16] {
                var schedule = schedule {
                    ($0.growth, $0.initial, $0.maximum) = (growth, .milliseconds(initial), .milliseconds(maximum))
                }
                for wait in waits(1_000, of: &schedule, fraction: fraction) {
                    #expect(wait >= .milliseconds(initial) && wait <= .milliseconds(maximum))
                }
            }
        }
    }

    @Test(arguments: [0, 0.25, PeerConfig.Backoff.equalJitter, PeerConfig.Backoff.fullJitter])
    func jitterTakesItsPartOfTheWait(_ jitter: Double) {
        func wait(_ fraction: Double) -> Duration {
            var schedule = schedule { ($0.initial, $0.jitter) = (.milliseconds(800), jitter) }
            return waits(1, of: &schedule, fraction: fraction)[0]
        }
        let (least, middle, most) = (wait(0), wait(0.5), wait(1 - 1e-12))
        #expect(least == .milliseconds(800) - .milliseconds(Int64(800 * jitter)))
        #expect(most <= .milliseconds(800) && most >= .milliseconds(800) - .microseconds(1))
        #expect(middle >= least && middle <= most)
    }

    /// Brooker's: sleep = min(cap, random_between(base, sleep × 3)).
    @Test func decorrelatedWaitsAreDrawnUpToThreeTimesTheOneBefore() {
        var least = schedule { ($0.growth, $0.maximum) = (.decorrelated, .seconds(5)) }
        #expect(waits(3, of: &least, fraction: 0) == milliseconds([100, 100, 100]))
        var middle = schedule { ($0.growth, $0.maximum) = (.decorrelated, .seconds(5)) }
        var before = Duration.milliseconds(100)
        for _ in 0..<8 {
            let wait = waits(1, of: &middle, fraction: 0.5)[0]
            let expected = Duration.nanoseconds((100_000_000 + 3 * before.inNanoseconds) / 2)
            #expect(wait == min(expected, .seconds(5)))
            before = wait
        }
        #expect(before == .seconds(5))
    }

    @Test(arguments: [PeerConfig.Backoff.Growth.exponential, .decorrelated])
    func aStableConnectionStartsAnewAndAShortOneDoesNot(_ growth: PeerConfig.Backoff.Growth) {
        var schedule = schedule { $0.growth = growth }
        let first = waits(4, of: &schedule, fraction: 0.5)
        schedule.connectionEnded(after: .milliseconds(1_999))
        #expect(schedule.failures == 4)
        #expect(waits(1, of: &schedule, fraction: 0.5)[0] > first[0])
        schedule.connectionEnded(after: .seconds(2))
        #expect(schedule.failures == 0)
        #expect(waits(4, of: &schedule, fraction: 0.5) == first)
    }

    @Test func anAdaptiveOneTakesBackADoublingForEachStableTime() {
        var schedule = schedule { ($0.growth, $0.maximum) = (.adaptive, .seconds(60)) }
        #expect(waits(5, of: &schedule).last == .milliseconds(1_600))
        schedule.connectionEnded(after: .milliseconds(1_999))
        #expect(waits(1, of: &schedule) == milliseconds([3_200]))
        // Six doublings; two stable times take back two.
        schedule.connectionEnded(after: .milliseconds(5_999))
        #expect(schedule.failures == 0, "the limit of attempts counts failures in a row")
        #expect(waits(1, of: &schedule) == milliseconds([1_600]))
        schedule.connectionEnded(after: .seconds(3_600))
        #expect(waits(2, of: &schedule) == milliseconds([100, 200]))
    }

    @Test func withoutAStableTimeEachConnectionStartsAnew() {
        for growth in PeerConfig.Backoff.Growth.allCases {
            var schedule = schedule { ($0.growth, $0.resetAfter) = (growth, .zero) }
            let first = waits(3, of: &schedule)
            schedule.connectionEnded(after: .zero)
            #expect(waits(3, of: &schedule) == first)
        }
    }

    @Test func resettingForgetsAll() {
        for growth in PeerConfig.Backoff.Growth.allCases {
            var schedule = schedule { $0.growth = growth }
            let first = waits(5, of: &schedule, fraction: 0.9)
            schedule.reset()
            #expect(schedule.failures == 0)
            #expect(waits(5, of: &schedule, fraction: 0.9) == first)
        }
    }
}
