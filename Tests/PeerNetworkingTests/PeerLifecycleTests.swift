import Testing

@testable import PeerNetworking

@Suite struct PeerLifecycleTests {
    private let refused = NetworkError(.connectionRefused, during: .connect)
    private let reset = NetworkError(.connectionReset, during: .read)

    private func config(_ change: (inout PeerConfig) -> Void = { _ in }) -> PeerConfig {
        var config = PeerConfig()
        config.backoff.initial = .milliseconds(100)
        config.backoff.maximum = .seconds(1)
        config.backoff.jitter = 0
        config.backoff.resetAfter = .seconds(2)
        change(&config)
        return config
    }

    private func at(_ milliseconds: Int64) -> Instant { Instant(nanoseconds: milliseconds * 1_000_000) }

    @Test func aWholeLife() {
        var life = PeerLifecycle(config: config())
        #expect(life.state == .idle)
        #expect(life.admitsMessages)
        #expect(life.demand() == .attempt(1))
        #expect(life.state == .connecting)
        #expect(life.attemptFailed(refused, fraction: 0) == .backOff(attempt: 1, delay: .milliseconds(100)))
        #expect(life.state == .connecting)
        #expect(life.backedOff() == .attempt(2))
        life.connected(at: at(1_000))
        #expect(life.state == .connected)
        #expect(life.lost(reset, at: at(9_000), fraction: 0) == .backOff(attempt: 1, delay: .milliseconds(100)))
        #expect(life.state == .reconnecting)
        #expect(life.backedOff() == .attempt(2))
        #expect(life.state == .reconnecting)
        life.close()
        #expect(life.state == .closed)
        #expect(!life.admitsMessages)
        // What comes late does not bring it back.
        #expect(life.demand() == .stop)
        #expect(life.backedOff() == .stop)
        #expect(life.attemptFailed(refused, fraction: 0) == .stop)
        #expect(life.lost(reset, at: at(0), fraction: 0) == .stop)
        let isRevived = life.revive()
        #expect(!isRevived)
        #expect(life.state == .closed)
    }

    /// Trap 14: the first wait is the initial one.
    @Test func delaysDoubleUpToTheLongest() {
        var life = PeerLifecycle(config: config())
        _ = life.demand()
        var delays: [Duration] = []
        for _ in 0..<6 {
            if case .backOff(_, let delay) = life.attemptFailed(refused, fraction: 0) { delays.append(delay) }
            _ = life.backedOff()
        }
        #expect(delays == [100, 200, 400, 800, 1_000, 1_000].map { .milliseconds($0) })
    }

    /// Trap 14: a connection that lived 10 ms does not start the backoff anew.
    @Test func onlyAStableConnectionResetsTheBackoff() {
        var life = PeerLifecycle(config: config())
        _ = life.demand()
        for _ in 0..<3 {
            _ = life.attemptFailed(refused, fraction: 0)
            _ = life.backedOff()
        }
        life.connected(at: at(1_000))
        #expect(life.lost(reset, at: at(1_010), fraction: 0) == .backOff(attempt: 4, delay: .milliseconds(800)))
        _ = life.backedOff()
        life.connected(at: at(2_000))
        #expect(life.lost(reset, at: at(3_999), fraction: 0) == .backOff(attempt: 5, delay: .seconds(1)))
        _ = life.backedOff()
        life.connected(at: at(5_000))
        #expect(life.lost(reset, at: at(7_000), fraction: 0) == .backOff(attempt: 1, delay: .milliseconds(100)))
    }

    /// Trap 7: it ends with an error, and can be brought back.
    @Test func theLimitOfAttempts() {
        var life = PeerLifecycle(config: config { $0.backoff.attempts = 3 })
        _ = life.demand()
        for _ in 0..<2 {
            _ = life.attemptFailed(refused, fraction: 0)
            _ = life.backedOff()
        }
        #expect(life.failure == nil)
        #expect(life.attemptFailed(refused, fraction: 0) == .stop)
        #expect(life.state == .failed)
        #expect(!life.admitsMessages)
        #expect(life.failure?.code == .retriesExhausted)
        #expect(life.failure?.reason.contains("3 failures") == true)
        #expect(life.failure?.reason.contains("connectionRefused") == true)
        #expect(life.demand() == .stop)
        let isRevived = life.revive()
        #expect(isRevived)
        #expect(life.state == .idle)
        #expect(life.failures == 0)
        #expect(life.demand() == .attempt(1))
    }

    @Test func oneAttemptIsOneAttempt() {
        var life = PeerLifecycle(config: config { $0.backoff.attempts = 1 })
        _ = life.demand()
        #expect(life.attemptFailed(refused, fraction: 0) == .stop)
        #expect(life.state == .failed)
    }

    @Test func withoutReconnectingTheFirstLossIsTheLast() {
        var life = PeerLifecycle(config: config { $0.reconnects = false })
        _ = life.demand()
        life.connected(at: at(0))
        #expect(life.lost(reset, at: at(60_000), fraction: 0) == .stop)
        #expect(life.failure == reset)
        var other = PeerLifecycle(config: config { $0.reconnects = false })
        _ = other.demand()
        #expect(other.attemptFailed(refused, fraction: 0) == .stop)
        #expect(other.failure == refused)
    }

    /// Every input in every state that the shell may give it in: what follows, and where it leads.
    @Test func everyInputInEveryState() {
        let states: [(name: String, life: () -> PeerLifecycle)] = [
            ("idle", { PeerLifecycle(config: config()) }),
            (
                "attempting",
                {
                    var life = PeerLifecycle(config: config()); _ = life.demand(); return life
                }
            ),
            (
                "backing off",
                {
                    var life = PeerLifecycle(config: config())
                    _ = life.demand()
                    _ = life.attemptFailed(refused, fraction: 0)
                    return life
                }
            ),
            (
                "connected",
                {
                    var life = PeerLifecycle(config: config()); _ = life.demand(); life.connected(at: at(0));
                    return life
                }
            ),
            (
                "closed",
                {
                    var life = PeerLifecycle(config: config()); life.close(); return life
                }
            ),
            (
                "failed",
                {
                    var life = PeerLifecycle(config: config { $0.backoff.attempts = 1 })
                    _ = life.demand()
                    _ = life.attemptFailed(refused, fraction: 0)
                    return life
                }
            ),
        ]
        let inputs: [(name: String, give: (inout PeerLifecycle) -> PeerLifecycle.Directive)] = [
            ("demand", { $0.demand() }),
            ("attempt failed", { $0.attemptFailed(refused, fraction: 0) }),
            ("lost", { $0.lost(reset, at: at(10_000), fraction: 0) }),
            ("idled", { $0.idled(at: at(10_000)) }),
            ("backed off", { $0.backedOff() }),
        ]
        // What is not here is refused: nothing follows, and the state stays.
        let transitions: [String: (PeerLifecycle.Directive, PeerState)] = [
            "idle demand": (.attempt(1), .connecting),
            "attempting attempt failed": (.backOff(attempt: 1, delay: .milliseconds(100)), .connecting),
            "backing off backed off": (.attempt(2), .connecting),
            "connected lost": (.backOff(attempt: 1, delay: .milliseconds(100)), .reconnecting),
            "connected idled": (.awaitDemand, .idle),
        ]
        for state in states {
            for input in inputs {
                // The keeper asks for demand only where it waits for it; elsewhere it is a bug, and traps.
                if input.name == "demand", ["attempting", "backing off", "connected"].contains(state.name) { continue }
                var life = state.life()
                let before = life.state
                let directive = input.give(&life)
                let expected = transitions["\(state.name) \(input.name)"] ?? (.stop, before)
                #expect(directive == expected.0, "\(input.name) when \(state.name)")
                #expect(life.state == expected.1, "\(input.name) when \(state.name)")
            }
        }
    }

    /// A connection that was left because nobody used it is no failure, and the next one counts from where it was.
    @Test func anIdleConnectionIsNoFailure() {
        var life = PeerLifecycle(config: config())
        _ = life.demand()
        life.connected(at: at(0))
        #expect(life.idled(at: at(10)) == .awaitDemand)
        #expect(life.failures == 0)
        #expect(life.demand() == .attempt(1))
    }
}
