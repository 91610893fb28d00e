import PeerNetworking
import SimNetwork
import Testing
import Workloads
import TCP

@testable import Lab

@Suite struct FullLabTests {
    private func propertiesOf(_ latency: Latency, loss: Double = 0) -> LinkProperties {
        LinkProperties(latency: latency, loss: .independent(Probability(loss)))
    }

    @Test func halfOpenIsExact() throws {
        let lab = try LabFile.read(text: LabText.halfOpen, name: "half-open.yaml")
        let topology = Topology(
            hosts: [.init(name: "client"), .init(name: "server")],
            links: [.init(HostID(0), HostID(1), propertiesOf(.uniform(1_000_000, 5_000_000)))])
        var config = PeerConfig()
        config.heartbeat = .init(interval: .seconds(1), timeout: .seconds(2))
        #expect(
            lab
                == LabDefinition(
                    name: "half-open", title: "The peer that died without saying goodbye", seed: 7,
                    duration: 20_000_000_000, topology: topology,
                    peers: [
                        PeerDefinition(
                            name: "echo", host: HostID(1), listen: 4500, workload: WorkloadDefinition(Echo())),
                        PeerDefinition(
                            name: "ping", host: HostID(0), connect: Endpoint(host: "server", port: 4500),
                            workload: WorkloadDefinition(PingPong()), config: config),
                    ],
                    faults: [
                        ScheduledAction(.powerLoss(HostID(1)), .at(5_000_000_000)),
                        ScheduledAction(.powerOn(HostID(1)), .at(12_000_000_000)),
                    ],
                    buggify: nil,
                    expectations: [
                        Expectation(
                            text: "ping is reconnecting by 9s", .peer(ProcessID(1), .state(.reconnecting)),
                            .by(9_000_000_000)),
                        Expectation(
                            text: "ping is connected by 15s", .peer(ProcessID(1), .state(.connected)),
                            .by(15_000_000_000)),
                        Expectation(text: "no message is delivered twice", .message(.deliveredTwice), .never),
                    ],
                    story: [
                        StoryLine(
                            when: .start,
                            text: "Two hosts, one connection. Step a few events and watch the handshake."),
                        StoryLine(
                            when: .when(.host(HostID(1), .losesPower)),
                            text: "The client's socket still says ESTABLISHED. Why?"),
                    ], source: LabText.halfOpen))
    }

    @Test func defaults() throws {
        let lab = try LabFile.read(text: "lab: a\nhosts: [b]", name: "a")
        #expect(lab.name == "a" && lab.title.isEmpty && lab.seed == 1 && lab.duration == 10_000_000_000)
        #expect(lab.topology == Topology(hosts: [.init(name: "b")]))
        #expect(lab.peers.isEmpty && lab.faults.isEmpty && lab.expectations.isEmpty && lab.story.isEmpty)
        #expect(lab.buggify == nil)
        let text = LabText.pair.replacing("{ping-pong: {count: 100}}", with: "ping-pong") + "buggify: on\n"
        let pair = try LabFile.read(text: text, name: "a")
        #expect(pair.topology.links == [.init(HostID(0), HostID(1), LinkProperties())])
        #expect(pair.peers[1].workload == WorkloadDefinition(PingPong()))
        #expect(pair.buggify == BuggifyOptions())
    }

    @Test func topologyOfEverything() throws {
        let lab = try LabFile.read(text: LabText.full, name: "full")
        #expect(lab.name == "everything-1" && lab.title == "All there is" && lab.seed == 0xDEAD_BEEF_CAFE_F00D)
        #expect(lab.duration == 90_000_000_000)
        var tcp = TCPOptions.sendingAtOnce
        tcp.backlog = 2
        tcp.sendBuffer = 8_192
        tcp.receiveBuffer = 1_048_576
        tcp.synRetries = 3
        tcp.retries = 7
        #expect(
            lab.topology.hosts == [
                .init(name: "server", tcp: tcp), .init(name: "client-1"), .init(name: "client-2"),
                .init(name: "client-3"), .init(name: "relay"),
            ])
        func link(_ first: Int, _ second: Int, _ forward: LinkProperties, _ backward: LinkProperties) -> Topology.Link {
            var link = Topology.Link(HostID(first), HostID(second), forward)
            link.backward = backward
            return link
        }
        let normal = propertiesOf(.normal(mean: 10_000_000, deviation: 2_000_000), loss: 0.25)
        let back = propertiesOf(.constant(500_000))
        #expect(
            lab.topology.links == [
                link(1, 0, normal, back), link(2, 0, normal, back), link(3, 0, normal, back),
                link(
                    4, 0, propertiesOf(.pareto(least: 1_000_000, shape: 1.5)),
                    propertiesOf(.bimodal(1_000_000, 50_000_000, second: Probability(0.5)))),
                link(4, 1, propertiesOf(.exponential(mean: 3_000_000)), propertiesOf(.constant(7))),
            ])
    }

    @Test func peersOfEverything() throws {
        let lab = try LabFile.read(text: LabText.full, name: "full")
        var ping = PeerConfig.wan
        ping.queueCapacity = 8
        ping.queueBytes = 1_048_576
        (ping.highWater, ping.lowWater) = (0.9, 0.1)
        (ping.inbox, ping.inboxBytes) = (16, 2_097_152)
        ping.handshakeTimeout = .seconds(1)
        (ping.readTimeout, ping.writeTimeout, ping.idleTimeout) = (.seconds(30), nil, .seconds(60))
        ping.closeTimeout = .seconds(3)
        (ping.batchBytes, ping.linger) = (1_024, .milliseconds(1))
        ping.maximumPayload = 2_048
        ping.connectTimeout = .seconds(2)
        ping.reconnects = false
        ping.batch = 4
        ping.heartbeat = nil
        ping.backoff.initial = .milliseconds(1)
        ping.backoff.maximum = .seconds(60)
        ping.backoff.jitter = 1
        ping.backoff.resetAfter = .zero
        ping.backoff.attempts = 5
        ping.backoff.growth = .adaptive
        ping.breaker = .init(failures: 3, openFor: .seconds(20), probes: 2)
        var rush = PeerConfig.test
        rush.heartbeat?.timeout = .seconds(1)
        rush.heartbeat?.phiAccrual = .init(threshold: 12, window: 50, minimumDeviation: .milliseconds(20))
        rush.heartbeat?.reconnectBelow = 0.25
        let pinging = PingPong(
            .with {
                $0.every = .seconds(1)
                $0.size = 1_024
                $0.count = 10
            })
        let pings = (1...3).map {
            PeerDefinition(
                name: "ping-\($0)", host: HostID($0), connect: Endpoint(host: "server", port: 1),
                workload: WorkloadDefinition(pinging), config: ping)
        }
        #expect(
            lab.peers == [
                PeerDefinition(name: "echo", host: HostID(0), listen: 1, workload: WorkloadDefinition(Echo())),
                PeerDefinition(name: "drain", host: HostID(0), listen: 65_535, workload: WorkloadDefinition(Sink())),
                PeerDefinition(
                    name: "store", host: HostID(4), listen: 80, workload: WorkloadDefinition(BulkReceiver())),
            ] + pings + [
                PeerDefinition(
                    name: "rush", host: HostID(4), connect: Endpoint(host: "server", port: 65_535),
                    workload: WorkloadDefinition(Flood()), config: rush),
                PeerDefinition(
                    name: "copy", host: HostID(0), connect: Endpoint(host: "relay", port: 80),
                    workload: WorkloadDefinition(BulkSender(bytes: 4_194_304))),
            ])
    }

    @Test func faultsOfEverything() throws {
        let lab = try LabFile.read(text: LabText.full, name: "full")
        let second: Int64 = 1_000_000_000
        let drain = ProcessID(1)
        #expect(
            lab.faults == [
                ScheduledAction(.cut(LinkID(1), nil), .at(second), lasts: 800_000_000),
                ScheduledAction(.cut(LinkID(3), .backward), .at(2 * second)),
                ScheduledAction(.heal(LinkID(3), .forward), .at(3 * second)),
                ScheduledAction(.powerLoss(HostID(3)), .at(4 * second), lasts: second),
                ScheduledAction(.powerOn(HostID(3)), .at(5 * second)),
                ScheduledAction(.kill(ProcessID(3)), .at(6 * second), lasts: 2 * second),
                ScheduledAction(.restart(ProcessID(0)), .at(7 * second)),
                ScheduledAction(.pause(drain), .at(8 * second), lasts: second),
                ScheduledAction(.resume(drain), .at(9 * second)),
                ScheduledAction(.slowReader(.process(drain), bytesPerSecond: 1_536), .at(90 * second)),
            ])
        #expect(lab.buggify == BuggifyOptions(activation: Probability(0.5), firing: Probability(1)))
    }

    @Test func sentencesOfEverything() throws {
        let lab = try LabFile.read(text: LabText.full, name: "full")
        let second: Int64 = 1_000_000_000
        let (ping1, ping2, rush, copy) = (ProcessID(3), ProcessID(4), ProcessID(6), ProcessID(7))
        #expect(
            lab.expectations.map(\.condition) == [
                .peer(ping1, .state(.failed)), .peer(ping2, .count(.sent, atLeast: 10)),
                .peer(ping2, .count(.received, atLeast: 1)), .peer(rush, .count(.requeued, atLeast: 3)),
                .peer(rush, .count(.reconnects, atLeast: 2)), .peer(rush, .count(.reconnects, atLeast: 2)),
                .peer(rush, .queue(atLeast: 64)), .peer(rush, .blocked), .peer(copy, .finished),
                .connection(nil, .halfOpen), .message(.deliveredTwice), .message(.dropped),
            ])
        #expect(
            lab.expectations.map(\.bound) == [
                .end, .by(30 * second), .end, .by(60 * second), .by(80 * second), .never, .by(5 * second),
                .by(5 * second), .by(8 * second), .by(6 * second), .never, .never,
            ])
        #expect(lab.expectations[5].text == "rush reconnects at most 1 time")
        #expect(
            lab.story == [
                StoryLine(when: .start, text: "Once"), StoryLine(when: .time(2_500_000_000), text: "then"),
                StoryLine(when: .when(.host(HostID(3), .losesPower)), text: "a"),
                StoryLine(when: .when(.host(HostID(3), .getsPower)), text: "b"),
                StoryLine(when: .when(.link(LinkID(1), .cut)), text: "c"),
                StoryLine(when: .when(.link(LinkID(3), .healed)), text: "d"),
                StoryLine(when: .when(.peer(ping1, .state(.reconnecting))), text: "e"),
                StoryLine(when: .when(.peer(rush, .blocked)), text: "f"),
                StoryLine(when: .when(.peer(copy, .finished)), text: "g"),
                StoryLine(when: .end, text: "and they lived\nhappily"),
            ])
    }

    @Test func tenThousandHosts() throws {
        let text = """
            lab: many
            hosts: {server: {}, client: {count: 10000}}
            links: [{between: ["client-*", server]}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: "client-*", connect: "server:4500", run: ping-pong}
            faults: [{at: 1s, cut: client-10000-server}, {at: 1s, pause: ping-10000}]
            """
        let lab = try LabFile.read(text: text, name: "many")
        #expect(lab.topology.hosts.count == 10_001 && lab.topology.links.count == 10_000 && lab.peers.count == 10_001)
        #expect(lab.peers[10_000].name == "ping-10000" && lab.peers[10_000].host == HostID(10_000))
        #expect(lab.faults.map(\.action) == [.cut(LinkID(9_999), nil), .pause(ProcessID(10_000))])
    }
}
