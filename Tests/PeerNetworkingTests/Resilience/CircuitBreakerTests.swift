import NIOCore
import Testing

@testable import PeerNetworking

@Suite struct CircuitBreakerTests {
    private static let config = PeerConfig.Breaker(failures: 3, openFor: .seconds(10), probes: 2)

    private func at(_ seconds: Int64) -> Instant { Instant(nanoseconds: seconds * 1_000_000_000) }

    private func permits(_ breaker: inout CircuitBreaker, _ now: Instant) -> Bool { breaker.permits(at: now) }

    /// What can be told or asked; the time is ten seconds after the circuit opened, or one before.
    enum Input: CaseIterable {
        case permitEarly, permitDue, connected, proved, failed, abandoned
    }

    /// The states that a breaker can be in, and how it comes there.
    enum Situation: CaseIterable {
        case closed, closedWithFailures, open, probing, halfOpen
    }

    private func breaker(_ situation: Situation) -> CircuitBreaker {
        var breaker = CircuitBreaker(Self.config)
        if situation == .closed { return breaker }
        for _ in 0..<(situation == .closedWithFailures ? 2 : 3) {
            _ = breaker.permits(at: at(0))
            breaker.failed(at: at(0))
        }
        if situation == .closedWithFailures || situation == .open { return breaker }
        #expect(permits(&breaker, at(10)) == true)
        if situation == .halfOpen { breaker.connected() }
        return breaker
    }

    /// What comes of each input in each state: the state, and what was answered where something was asked.
    private static let table: [Situation: [Input: (CircuitState, Bool?)]] = [
        .closed: [
            .permitEarly: (.closed, true), .permitDue: (.closed, true), .connected: (.closed, nil),
            .proved: (.closed, nil),
            .failed: (.closed, nil), .abandoned: (.closed, nil),
        ],
        .closedWithFailures: [
            .permitEarly: (.closed, true), .permitDue: (.closed, true), .connected: (.closed, nil),
            .proved: (.closed, nil),
            .failed: (.open, nil), .abandoned: (.closed, nil),
        ],
        .open: [
            .permitEarly: (.open, false), .permitDue: (.halfOpen, true), .connected: (.open, nil),
            .proved: (.open, nil),
            .failed: (.open, nil), .abandoned: (.open, nil),
        ],
        .probing: [
            .permitEarly: (.halfOpen, false), .permitDue: (.halfOpen, false), .connected: (.halfOpen, nil),
            .proved: (.halfOpen, nil),
            .failed: (.open, nil), .abandoned: (.halfOpen, nil),
        ],
        .halfOpen: [
            .permitEarly: (.halfOpen, true), .permitDue: (.halfOpen, true), .connected: (.halfOpen, nil),
            .proved: (.halfOpen, nil),
            .failed: (.open, nil), .abandoned: (.halfOpen, nil),
        ],
    ]

    @Test(arguments: Situation.allCases, Input.allCases) func everyInputInEveryState(
        _ situation: Situation, _ input: Input
    ) throws {
        var breaker = breaker(situation)
        let expected = try #require(Self.table[situation]?[input])
        var answer: Bool?
        switch input {
        case .permitEarly: answer = breaker.permits(at: at(9))
        case .permitDue: answer = breaker.permits(at: at(10))
        case .connected: breaker.connected()
        case .proved: breaker.proved()
        case .failed: breaker.failed(at: at(10))
        case .abandoned: breaker.abandoned()
        }
        #expect(breaker.state == expected.0)
        #expect(answer == expected.1)
        #expect((breaker.opensUntil != nil) == (breaker.state == .open))
    }

    @Test func aStableConnectionForgetsTheFailuresBeforeItAndOneThatIsNotYetDoesNot() {
        var fresh = breaker(.closedWithFailures)
        fresh.connected()
        fresh.failed(at: at(0))
        #expect(fresh.state == .open)
        var breaker = breaker(.closedWithFailures)
        breaker.proved()
        for _ in 0..<2 { breaker.failed(at: at(0)) }
        #expect(breaker.state == .closed)
        breaker.failed(at: at(0))
        #expect(breaker.opensUntil == at(10))
    }

    @Test func itClosesAfterSoManyProbesAndOneAtATime() {
        var breaker = breaker(.probing)
        #expect(permits(&breaker, at(100)) == false, "one is under way")
        breaker.connected()
        #expect(breaker.state == .halfOpen)
        breaker.connected()
        #expect(breaker.state == .halfOpen, "none was under way")
        #expect(permits(&breaker, at(100)) == true)
        breaker.connected()
        #expect(breaker.state == .closed)
    }

    @Test func aFailedProbeOpensItAgainForAsLong() {
        var breaker = breaker(.halfOpen)
        #expect(permits(&breaker, at(50)) == true)
        breaker.failed(at: at(51))
        #expect(breaker.opensUntil == at(61))
    }

    @Test func anAbandonedProbeLetsAnotherThrough() {
        var breaker = breaker(.probing)
        breaker.abandoned()
        #expect(permits(&breaker, at(10)) == true)
        #expect(permits(&breaker, at(10)) == false)
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
        // What it held before is delivered once the endpoint is back.
        world.serve(swallow)
        world.time.advance(by: .seconds(10))
        #expect(world.observer.events(of: "peer").contains(.sent(message: 1, depth: 1)))
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

    @Test func aProbeThatIsClosedLetsAnotherThrough() {
        let world = MockWorld()
        let breaker = EndpointBreaker(PeerConfig.Breaker(failures: 1, openFor: .seconds(1)))
        breaker.failed(at: .zero)
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
        #expect(breaker.permits(at: world.time.now))
        silent.cancel()
    }
}
