import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

@Suite struct CircuitBreakerTests {
    private static let config = PeerConfig.Breaker(failures: 3, openFor: .seconds(10), probes: 2)

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    /// What can be told or asked, ten seconds after the circuit opened or nine; outcomes of the latest attempt, or of one
    /// that was let through before all others.
    enum Input: CaseIterable {
        case permitEarly, permitDue, connected, proved, failed, abandoned
        case connectedLate, provedLate, failedLate, abandonedLate
    }

    /// The states that a breaker can be in.
    enum Situation: CaseIterable {
        case closed, closedWithFailures, open, probing, halfOpen
    }

    private struct Case {
        var breaker = CircuitBreaker(CircuitBreakerTests.config)
        var early: CircuitBreaker.Permit?
        var latest: CircuitBreaker.Permit?

        mutating func permit(_ now: Instant) -> Bool {
            let permit = breaker.permit(at: now)
            if let permit { latest = permit }
            return permit != nil
        }
    }

    private func permits(_ made: inout Case, _ now: Instant) -> Bool { made.permit(now) }

    private func make(_ situation: Situation) throws -> Case {
        var made = Case()
        #expect(permits(&made, at(0)) == true)
        made.early = made.latest
        if situation == .closed { return made }
        for _ in 0..<(situation == .closedWithFailures ? 2 : 3) {
            #expect(permits(&made, at(0)) == true)
            made.breaker.failed(try #require(made.latest), at: at(0))
        }
        if situation == .closedWithFailures || situation == .open { return made }
        #expect(permits(&made, at(10)) == true)
        if situation == .halfOpen { made.breaker.connected(try #require(made.latest)) }
        return made
    }

    /// What comes of each input in each state: the state, and what was answered where something was asked.
    private static let table: [Situation: [Input: (CircuitState, Bool?)]] = [
        .closed: [
            .permitEarly: (.closed, true), .permitDue: (.closed, true), .connected: (.closed, nil),
            .proved: (.closed, nil), .failed: (.closed, nil), .abandoned: (.closed, nil),
            .connectedLate: (.closed, nil),
            .provedLate: (.closed, nil), .failedLate: (.closed, nil), .abandonedLate: (.closed, nil),
        ],
        .closedWithFailures: [
            .permitEarly: (.closed, true), .permitDue: (.closed, true), .connected: (.closed, nil),
            .proved: (.closed, nil), .failed: (.open, nil), .abandoned: (.closed, nil), .connectedLate: (.closed, nil),
            .provedLate: (.closed, nil), .failedLate: (.open, nil), .abandonedLate: (.closed, nil),
        ],
        .open: [
            .permitEarly: (.open, false), .permitDue: (.halfOpen, true), .connected: (.open, nil),
            .proved: (.open, nil),
            .failed: (.open, nil), .abandoned: (.open, nil), .connectedLate: (.open, nil), .provedLate: (.open, nil),
            .failedLate: (.open, nil), .abandonedLate: (.open, nil),
        ],
        .probing: [
            .permitEarly: (.halfOpen, false), .permitDue: (.halfOpen, false), .connected: (.halfOpen, nil),
            .proved: (.closed, nil), .failed: (.open, nil), .abandoned: (.halfOpen, nil),
            .connectedLate: (.halfOpen, nil), .provedLate: (.halfOpen, nil), .failedLate: (.halfOpen, nil),
            .abandonedLate: (.halfOpen, nil),
        ],
        .halfOpen: [
            .permitEarly: (.halfOpen, true), .permitDue: (.halfOpen, true), .connected: (.halfOpen, nil),
            .proved: (.closed, nil), .failed: (.open, nil), .abandoned: (.halfOpen, nil),
            .connectedLate: (.halfOpen, nil), .provedLate: (.halfOpen, nil), .failedLate: (.halfOpen, nil),
            .abandonedLate: (.halfOpen, nil),
        ],
    ]

    @Test(arguments: Situation.allCases, Input.allCases)
    func everyInputInEveryState(_ situation: Situation, _ input: Input) throws {
        var made = try make(situation)
        let expected = try #require(Self.table[situation]?[input])
        let (latest, early) = (try #require(made.latest), try #require(made.early))
        var answer: Bool?
        switch input {
        case .permitEarly: answer = made.permit(at(9))
        case .permitDue: answer = made.permit(at(10))
        case .connected: made.breaker.connected(latest)
        case .proved: made.breaker.proved(latest)
        case .failed: made.breaker.failed(latest, at: at(10))
        case .abandoned: made.breaker.abandoned(latest)
        case .connectedLate: made.breaker.connected(early)
        case .provedLate: made.breaker.proved(early)
        case .failedLate: made.breaker.failed(early, at: at(10))
        case .abandonedLate: made.breaker.abandoned(early)
        }
        #expect(made.breaker.state == expected.0)
        #expect(answer == expected.1)
        #expect((made.breaker.opensUntil != nil) == (made.breaker.state == .open))
    }

    @Test func aStableConnectionForgetsTheFailuresBeforeItAndOneThatIsNotYetDoesNot() throws {
        var fresh = try make(.closedWithFailures)
        let permit = try #require(fresh.latest)
        fresh.breaker.connected(permit)
        fresh.breaker.failed(permit, at: at(0))
        #expect(fresh.breaker.state == .open)
        var stable = try make(.closedWithFailures)
        stable.breaker.proved(permit)
        for _ in 0..<2 { stable.breaker.failed(permit, at: at(0)) }
        #expect(stable.breaker.state == .closed)
        stable.breaker.failed(permit, at: at(0))
        #expect(stable.breaker.opensUntil == at(10))
    }

    @Test func itClosesAfterSoManyProbesAndOneAtATime() throws {
        var made = try make(.probing)
        #expect(permits(&made, at(100)) == false, "one is under way")
        made.breaker.connected(try #require(made.latest))
        made.breaker.connected(try #require(made.latest))
        #expect(made.breaker.state == .halfOpen, "it was one probe")
        #expect(permits(&made, at(100)) == true)
        made.breaker.connected(try #require(made.latest))
        #expect(made.breaker.state == .closed)
    }

    @Test func aFailedProbeOpensItAgainForAsLong() throws {
        var made = try make(.halfOpen)
        #expect(permits(&made, at(50)) == true)
        made.breaker.failed(try #require(made.latest), at: at(51))
        #expect(made.breaker.opensUntil == at(61))
    }

    @Test func anAbandonedProbeLetsAnotherThrough() throws {
        var made = try make(.probing)
        made.breaker.abandoned(try #require(made.latest))
        #expect(permits(&made, at(10)) == true)
        #expect(permits(&made, at(10)) == false)
    }
}

/// What peers make of it.
@Suite struct PeerBreakerTests {
    private func config() -> PeerConfig {
        MockWorld.config {
            $0.breaker = PeerConfig.Breaker(failures: 2, openFor: .seconds(10))
            $0.backoff.maximum = .milliseconds(200)
        }
    }

    private func circuits(_ world: MockWorld) -> [CircuitState] {
        world.observer.events(of: "peer").compactMap { if case .circuit(let state) = $0 { state } else { nil } }
    }

    @Test func anEndpointThatFailsIsLeftAloneAndThenTriedOnce() {
        let world = MockWorld()
        let peer = world.peer(config())
        world.start { await peer.connect() }
        world.time.advance(by: .milliseconds(9_999))
        #expect(world.network.connectAttempts == 2)
        #expect(circuits(world) == [.closed, .open])
        // It opened at 100 ms, with the second failure; the third attempt is the probe, and fails.
        world.time.advance(by: .milliseconds(101))
        #expect(world.network.connectAttempts == 3)
        #expect(circuits(world) == [.closed, .open, .halfOpen, .open])
        world.serve(swallow)
        world.time.advance(by: .seconds(10))
        #expect(world.network.connectAttempts == 4)
        #expect(circuits(world) == [.closed, .open, .halfOpen, .open, .halfOpen, .closed])
        #expect(world.observer.states(of: "peer").last == .connected)
    }

    @Test func whileItIsOpenNothingIsAdmittedAndThoseThatWaitAreTold() {
        let world = MockWorld()
        let peer = world.peer(
            {
                var config = config(); config.queueCapacity = 1; return config
            }())
        world.start("first") { try await peer.send(ByteBuffer(string: "held")) }
        world.start("waits for room") { try await peer.send(ByteBuffer(string: "late")) }
        #expect(world.said.all == [])
        world.time.advance(by: .milliseconds(100))
        #expect(world.said.all == ["waits for room: circuitOpen"])
        world.start("after") { try await peer.send(ByteBuffer(string: "later")) }
        #expect(world.said.all == ["waits for room: circuitOpen", "after: circuitOpen"])
        // Each refusal is told, with the size of what was refused.
        let refused = world.observer.events(of: "peer").compactMap {
            if case .refused(let bytes) = $0 { bytes } else { nil }
        }
        #expect(refused == [4, 5])
        // What it held before is delivered once the endpoint is back.
        world.serve(swallow)
        world.time.advance(by: .seconds(10))
        #expect(world.observer.events(of: "peer").contains { if case .sent(1, _, 1) = $0 { true } else { false } })
    }

    @Test func connectionsThatDoNotLastOpenItToo() {
        let world = MockWorld()
        let time = world.time
        world.serve { stream in
            try await time.sleep(for: .milliseconds(10))
            await stream.reset()
        }
        let peer = world.peer(config())
        world.start { await peer.connect() }
        world.time.advance(by: .seconds(5))
        #expect(circuits(world).last == .open)
    }

    @Test func peersOfOneEndpointShareIt() {
        let world = MockWorld()
        let breaker = EndpointBreaker(PeerConfig.Breaker(failures: 2, openFor: .seconds(10)))
        let peers = ["one", "other"].map {
            Peer(
                name: $0, to: MockWorld.server, config: config(), providers: world.providers(for: "client"),
                breaker: breaker)
        }
        world.start { for peer in peers { await peer.connect() } }
        world.time.advance(by: .seconds(9))
        #expect(world.network.connectAttempts == 2, "one of each")
        #expect(breaker.state == .open)
        world.serve(swallow)
        // One probes, and the other follows when it has come through.
        world.time.advance(by: .seconds(5))
        #expect(breaker.state == .closed)
        #expect(["one", "other"].map { world.observer.states(of: $0).last } == [.connected, .connected])
    }

    /// Another peer's failures open the circuit while this one's attempt is under way, and it comes through.
    @Test func aConnectionGoesOnWhileTheCircuitIsOpen() {
        let world = MockWorld()
        let breaker = EndpointBreaker(PeerConfig.Breaker(failures: 1, openFor: .seconds(1_000)))
        world.serve(swallow)
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: config(), providers: world.providers(for: "client"),
            breaker: breaker)
        world.start { await peer.connect() }
        if let permit = breaker.permit(at: .zero) { breaker.failed(permit, at: .zero) }
        #expect(breaker.state == .open)
        world.start("send") { try await peer.send(ByteBuffer(string: "x")) }
        #expect(world.said.all == [])
        #expect(world.observer.events(of: "peer").contains { if case .sent(1, _, 1) = $0 { true } else { false } })
    }

    @Test func aProbeThatIsClosedLetsAnotherThrough() {
        let world = MockWorld()
        let breaker = EndpointBreaker(PeerConfig.Breaker(failures: 1, openFor: .seconds(1)))
        if let permit = breaker.permit(at: .zero) { breaker.failed(permit, at: .zero) }
        let silent = world.start("silent") {
            let listener = try await world.network.provider(for: "server").listen(on: MockWorld.server)
            _ = try await listener.accept()
            try await world.time.sleep(for: .seconds(1_000))
        }
        let peer = Peer(
            name: "peer", to: MockWorld.server, config: config(), providers: world.providers(for: "client"),
            breaker: breaker)
        world.start { await peer.connect() }
        world.time.advance(by: .seconds(1))
        #expect(breaker.state == .halfOpen)
        world.start { await peer.close(flushingFor: .zero) }
        let next = breaker.permit(at: world.time.now)
        #expect(next != nil)
        silent.cancel()
    }
}
