import PeerNetworking
import Testing

@testable import SimNetwork

/// What a condition says of a state, and when it comes true.
@Suite struct ConditionTests {
    private static let ms = FaultWorld.millisecond

    /// When a condition comes true in a world, in milliseconds: by a watch over the records.
    private func moments(of condition: Condition, in network: Simulation, until seconds: Int64 = 5) throws -> [Int64] {
        var state = WorldState(hosts: network.topology.hosts.count, links: network.topology.links.count)
        var watch = ConditionWatch(condition, in: state)
        var moments: [Int64] = []
        while let record = try network.step(until: Instant(nanoseconds: seconds * FaultWorld.second)) {
            var comes = false
            state.apply(record, showing: watch.interests) { change, kinds, world in
                if watch.sees(change, kinds, in: world) { comes = true }
            }
            if watch.seesEnd(in: state) { comes = true }
            if comes { moments.append(record.time / Self.ms) }
        }
        return moments
    }

    /// A world in which a link is cut twice, a server dies and starts again, and loses its power in the end.
    private func eventful() -> FaultWorld {
        let world = FaultWorld(pings: 10_000)
        world.at(500, .cut(world.link, .forward))
        world.at(600, .cut(world.link, .backward))
        world.at(700, .heal(world.link, .forward))
        world.at(800, .heal(world.link, .backward))
        world.at(1_000, .cut(world.link, nil), lasts: 100)
        world.at(2_000, .kill(world.server))
        world.at(2_500, .restart(world.server))
        world.at(3_000, .powerLoss(world.hosts.server))
        world.at(4_000, .powerOn(world.hosts.server))
        return world
    }

    @Test func whatIsSoForAWhileComesTrueEachTimeAnew() throws {
        let (link, server) = (FaultWorld().link, FaultWorld().server)
        #expect(try moments(of: .link(link, .cut), in: eventful().network) == [500, 1_000])
        #expect(try moments(of: .link(link, .healed), in: eventful().network) == [800, 1_100], "whole both ways")
        #expect(try moments(of: .peer(server, .process(.killed)), in: eventful().network) == [2_000])
        #expect(try moments(of: .peer(server, .process(.running)), in: eventful().network) == [0, 2_500, 4_000])
        let host = FaultWorld().hosts.server
        #expect(try moments(of: .host(host, .losesPower), in: eventful().network) == [3_000])
        #expect(try moments(of: .host(host, .getsPower), in: eventful().network) == [4_000])
        #expect(try moments(of: .fault(.cut), in: eventful().network) == [500, 600, 1_000])
        let all = try moments(of: .fault(nil), in: eventful().network)
        #expect(all == [500, 600, 700, 800, 1_000, 1_100, 2_000, 2_500, 3_000, 4_000])
    }

    /// A reset of both ends makes no half-open connection, even if one end is gone before the other; a lost machine does.
    @Test func aConnectionIsHalfOpenWhenTheEventIsOver() throws {
        let reset = FaultWorld(pings: 10_000)
        reset.at(500, .reset(.process(reset.client)))
        #expect(try moments(of: .connection(nil, .halfOpen), in: reset.network) == [])
        let lost = FaultWorld(pings: 10_000)
        lost.at(500, .powerLoss(lost.hosts.server))
        #expect(try moments(of: .connection(nil, .halfOpen), in: lost.network) == [500])
        let other = FaultWorld(pings: 10_000)
        other.at(500, .powerLoss(other.hosts.server))
        #expect(try moments(of: .connection(ConnectionID(2), .halfOpen), in: other.network) == [])
    }

    // MARK: Peers

    /// A process whose peers tell what happens to them, one thing every 10 ms.
    private func peers(_ events: [(peer: Int, event: PeerEvent)], names: [String] = ["one"]) -> (TwoHosts, ProcessID) {
        let hosts = TwoHosts()
        let process = hosts.onClient { providers in
            let numbers = names.map { providers.observer.register($0, queueCapacity: 8) }
            for (peer, event) in events {
                try? await providers.time.sleep(for: .milliseconds(10))
                providers.observer.note(event, of: numbers[peer])
            }
        }
        return (hosts, process)
    }

    private func moments(
        _ what: Condition.OfPeer, of events: [(peer: Int, event: PeerEvent)], names: [String] = ["one"]
    ) throws
        -> [Int64]
    {
        let (hosts, process) = peers(events, names: names)
        return try moments(of: .peer(process, what), in: hosts.simulation)
    }

    @Test func aPeerComesToItsStates() throws {
        let events: [(Int, PeerEvent)] = [
            (0, .state(.connecting, nil)), (0, .state(.connected, nil)), (0, .state(.reconnecting, .connectionReset)),
            (0, .state(.reconnecting, .timedOut)), (0, .state(.connected, nil)), (0, .state(.closed, nil)),
        ]
        #expect(try moments(.state(.connected), of: events) == [20, 50])
        #expect(try moments(.state(.reconnecting), of: events) == [30], "it goes on to be so")
        #expect(try moments(.state(.idle), of: events) == [], "it is so from the beginning")
        #expect(try moments(.count(.reconnects, atLeast: 1), of: events) == [50])
    }

    @Test func whatIsReachedStaysSo() throws {
        func queued(_ depth: Int32) -> PeerEvent { .queued(message: 1, bytes: 1, delivery: .reliable, depth: depth) }
        let queue: [(Int, PeerEvent)] = [
            (0, queued(3)), (0, queued(5)), (0, .acknowledged(message: 1, depth: 1)), (0, queued(6)),
        ]
        #expect(try moments(.queue(atLeast: 5), of: queue) == [20])
        let blocked: [(Int, PeerEvent)] = [(0, .blocked(true)), (0, .blocked(false)), (0, .blocked(true))]
        #expect(try moments(.blocked, of: blocked) == [10, 30])
        let progress: [(Int, PeerEvent)] = [1, 2, 3, 2].map { (0, .progress(done: $0, of: 3)) }
        #expect(try moments(.progress(2), of: progress) == [20, 40])
        #expect(try moments(.progress(0), of: progress) == [])
        #expect(try moments(.finished, of: [(0, .finished(correct: false)), (0, .finished(correct: true))]) == [20])
    }

    /// A client with several connections is connected where one of them is, and has sent what all of them have.
    @Test func severalPeersOfAProcessStandForItTogether() throws {
        let events: [(Int, PeerEvent)] = [
            (0, .state(.connected, nil)), (1, .state(.connected, nil)), (0, .state(.reconnecting, nil)),
            (0, .sent(message: 1, through: 0, depth: 0)), (1, .sent(message: 1, through: 0, depth: 0)),
            (1, .sent(message: 2, through: 0, depth: 0)),
        ]
        let names = ["one", "one/2"]
        #expect(try moments(.state(.connected), of: events, names: names) == [10])
        #expect(try moments(.state(.reconnecting), of: events, names: names) == [30])
        #expect(try moments(.count(.sent, atLeast: 3), of: events, names: names) == [60])
    }

    @Test func messagesComeToTheirFates() throws {
        let events: [(Int, PeerEvent)] = [
            (0, .delivered(message: 1, origin: 7, bytes: 1)), (0, .delivered(message: 2, origin: 7, bytes: 1)),
            (0, .delivered(message: 2, origin: 7, bytes: 1)), (0, .delivered(message: 3, origin: 7, bytes: 1)),
            (0, .delivered(message: 1, origin: 7, bytes: 1)), (0, .dropped(message: 4, reason: .queueFull, depth: 0)),
            (0, .discarded(message: 5, origin: 7, reason: .inboxFull)),
        ]
        func moments(_ what: Condition.OfMessage) throws -> [Int64] {
            try self.moments(of: .message(what), in: peers(events).0.simulation)
        }
        #expect(try moments(.delivered) == [10, 20, 30, 40, 50])
        #expect(try moments(.deliveredTwice) == [30, 50])
        #expect(try moments(.dropped) == [60, 70])
    }

    @Test func everyPeerRecoversWhenTheLastDoes() throws {
        let events: [(Int, PeerEvent)] = [
            (0, .state(.connected, nil)), (0, .state(.reconnecting, nil)), (0, .state(.connected, nil)),
            (0, .state(.closed, nil)), (0, .finished(correct: true)),
        ]
        let (hosts, process) = peers(events)
        #expect(try moments(of: .everyPeer([process]), in: hosts.simulation) == [10, 30, 50])
        let (alone, other) = peers(events)
        let absent = alone.onServer { _ in }
        #expect(try moments(of: .everyPeer([other, absent]), in: alone.simulation) == [])
    }

    // MARK: The world's own watch

    /// The world notices, as it runs, what a watch over its records does.
    @Test(arguments: [
        Condition.link(LinkID(0), .cut), .link(LinkID(0), .healed), .peer(ProcessID(0), .process(.killed)),
        .host(HostID(1), .losesPower), .host(HostID(1), .getsPower), .fault(.powerLoss), .fault(nil),
    ])
    func theWorldFollowsTheSameMoments(condition: Condition) throws {
        let first = try #require(try moments(of: condition, in: eventful().network).first)
        #expect(try strikes(when: condition, in: eventful()) == [first + 7], "once")
    }

    /// When a fault strikes that follows a condition by 7 ms.
    private func strikes(when condition: Condition, in world: FaultWorld) throws -> [Int64] {
        world.network.schedule(
            ScheduledAction(.shape(world.link, nil, .duplicate(.always)), .when(condition, after: 7 * Self.ms)))
        var strikes: [Int64] = []
        while let record = try world.network.step(until: Instant(nanoseconds: 5 * FaultWorld.second)) {
            if record.changes.contains(.fault(.duplicate, .set)) { strikes.append(record.time / Self.ms) }
        }
        return strikes
    }

    @Test func theWorldLooksAtBothEndsWhenTheEventIsOver() throws {
        let lost = FaultWorld(pings: 10_000)
        lost.at(500, .powerLoss(lost.hosts.server))
        #expect(try strikes(when: .connection(nil, .halfOpen), in: lost) == [507])
        let reset = FaultWorld(pings: 10_000)
        reset.at(500, .reset(.process(reset.client)))
        #expect(try strikes(when: .connection(nil, .halfOpen), in: reset) == [])
    }
}
