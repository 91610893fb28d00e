import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

/// Labs with all that hosts, links and runs may have of the fault catalogue.
@Suite struct FaultyNetworkTests {
    private let ms: Int64 = 1_000_000

    private func read(_ text: String) throws -> LabDefinition { try LabFile.read(text: text, name: "x") }

    @Test func linksHaveEveryPropertyInEachDirection() throws {
        let lab = try read(
            """
            lab: links
            hosts: [a, b]
            links:
              - between: [a, b]
                loss: {burst: [0.25, 0.5, 0, 0.75]}
                duplicate: 0.125
                reorder: [0.25, 7ms]
                corrupt: {caught: 0.5, uncaught: 0.125}
                bandwidth: 64 KiB/s
                queue: 16 KiB
                mtu: 576
                backward: {loss: 0.5, reorder: {probability: 0.5, by: 1ms}, corrupt: 0.25, mtu: 9000 B}
            """)
        let link = try #require(lab.topology.links.first)
        var forward = LinkProperties(
            loss: .burst(
                GilbertElliott(toBad: Probability(0.25), toGood: Probability(0.5), lossWhenBad: Probability(0.75))))
        forward.duplicate = Probability(0.125)
        forward.reorder = Reordering(Probability(0.25), by: 7 * ms)
        forward.corrupt = Corruption(caught: Probability(0.5), uncaught: Probability(0.125))
        (forward.bandwidth, forward.queue, forward.mtu) = (65_536, 16_384, 576)
        #expect(link.forward == forward)
        var backward = forward
        backward.loss = .independent(Probability(0.5))
        backward.reorder = Reordering(Probability(0.5), by: ms)
        backward.corrupt = Corruption(caught: Probability(0.25))
        backward.mtu = 9_000
        #expect(link.backward == backward)
    }

    @Test func hostsAreRoutersHaveLimitsClocksAndLinuxsOptions() throws {
        let lab = try read(
            """
            lab: hosts
            hosts:
              r: {router: true}
              a:
                count: 2
                sockets: 9
                memory: 64 KiB
                ports: 100
                clock: {offset: -3s, drift: 2ms}
                slow-timers: {probability: 0.5, most: 20ms}
              b: {tcp_syn_retries: 2, tcp_synack_retries: 3, tcp_retries2: 5, tcp_fin_timeout: 10s,
                  SO_KEEPALIVE: true, tcp_keepalive_time: 5s, tcp_keepalive_intvl: 1s, tcp_keepalive_probes: 3,
                  TCP_USER_TIMEOUT: 30s, somaxconn: 7}
              c: {tcp: textbook, initcwnd: 2, tcp_sack: true, TCP_NODELAY: false, TCP_CORK: true}
              d: {tcp_congestion_control: reno, tcp_timestamps: false, tcp_window_scaling: false, tcp_frto: false,
                  tcp_slow_start_after_idle: false, tcp_early_retrans: 0, tcp_reordering: 5,
                  tcp_syn_linear_timeouts: 0, tcp_orphan_retries: 3}
            """)
        let hosts = lab.topology.hosts
        #expect(hosts.map(\.name) == ["r", "a-1", "a-2", "b", "c", "d"])
        #expect(hosts.map(\.isRouter) == [true, false, false, false, false, false])
        var limits = HostLimits()
        (limits.sockets, limits.memory, limits.ports) = (9, 65_536, 100)
        #expect(hosts[1].limits == limits && hosts[2].limits == limits && hosts[3].limits == HostLimits())
        #expect(
            lab.standing
                == [HostID(1), HostID(2)].flatMap { host in
                    [
                        Action.clockSkew(host, offset: -3_000 * ms, drift: 2 * ms),
                        .slowTimers(host, Probability(0.5), most: 20 * ms),
                    ]
                })
        var tcp = TCPOptions.sendingAtOnce
        (tcp.synRetries, tcp.synAckRetries, tcp.retries, tcp.backlog) = (2, 3, 5, 7)
        (tcp.keepAlive, tcp.keepAliveTime, tcp.keepAliveInterval, tcp.keepAliveProbes) = (
            true, 5_000 * ms, 1_000 * ms, 3
        )
        (tcp.finTimeout, tcp.userTimeout) = (10_000 * ms, 30_000 * ms)
        #expect(hosts[3].tcp == tcp)
        var textbook = TCPOptions.textbook
        (textbook.initialWindow, textbook.sack, textbook.cork) = (2, true, true)
        #expect(hosts[4].tcp == textbook)
        var bare = TCPOptions.sendingAtOnce
        (bare.congestionControl, bare.timestamps, bare.windowScaling, bare.forwardRecovery) = (
            .reno, false, false, false
        )
        (bare.slowStartAfterIdle, bare.tailLossProbe, bare.reordering) = (false, false, 5)
        (bare.synLinearTimeouts, bare.orphanRetries) = (0, 3)
        #expect(hosts[5].tcp == bare)
    }

    @Test func operandsStandBesideTheNameOrInAMappingInAnyOrder() throws {
        let lab = try read(
            Actions.lab + """
                faults:
                  - {at: 1s, drop: {link: client-server, during: syn}}
                  - {at: 1s, drop: client-server, during: syn}
                  - {at: 1s, failure: slow, delay: 3s, name-error: server}
                  - {at: 1s, name-error: {host: server, delay: 3s, failure: slow}}
                """)
        let drop = Action.dropDuring(.syn, LinkID(0), nil, .always)
        let slow = Action.nameError(HostID(1), .slow(3_000 * ms), .always)
        #expect(lab.faults.map(\.action) == [drop, drop, slow, slow])
    }

    @Test func faultsWaitForTimesAndConditionsAndComeAgain() throws {
        let lab = try read(
            Actions.lab + """
                faults:
                  - {loss: client-server, probability: 0.25}
                  - {at: 1s, cut: client-server, for: 100ms, every: 2s, times: 3}
                  - {when: ping has sent 10 messages, kill: echo, after: 50ms, for: 1s}
                  - {when: ping has received 1 message, clog: server, for: 1s}
                  - {when: ping is reconnecting, heal-all: true}
                  - {when: echo is killed, pause: ping}
                  - {when: server loses power, power-on: server, after: 3s}
                  - {when: server gets power, reset: ping}
                  - {when: client-server is cut, slow-pair: client->server, by: 5ms}
                  - {when: partition strikes, unpartition: , after: 1s}
                """)
        let (client, server, link) = (HostID(0), HostID(1), LinkID(0))
        let (echo, ping) = (ProcessID(0), ProcessID(1))
        #expect(lab.standing == [.shape(link, nil, .loss(.independent(Probability(0.25))))])
        #expect(
            lab.faults == [
                ScheduledAction(.cut(link, nil), .at(1_000 * ms), lasts: 100 * ms, every: 2_000 * ms, times: 3),
                ScheduledAction(
                    .kill(echo), .when(.peer(ping, .count(.sent, atLeast: 10)), after: 50 * ms), lasts: 1_000 * ms),
                ScheduledAction(
                    .clog(.host(server, nil)), .when(.peer(ping, .count(.received, atLeast: 1)), after: 0),
                    lasts: 1_000 * ms),
                ScheduledAction(.healAll, .when(.peer(ping, .state(.reconnecting)), after: 0)),
                ScheduledAction(.pause(ping), .when(.peer(echo, .process(.killed)), after: 0)),
                ScheduledAction(.powerOn(server), .when(.host(server, .losesPower), after: 3_000 * ms)),
                ScheduledAction(.reset(.process(ping)), .when(.host(server, .getsPower), after: 0)),
                ScheduledAction(
                    .slowPair(from: client, to: server, extra: 5 * ms), .when(.link(link, .cut), after: 0)),
                ScheduledAction(.unpartition(nil), .when(.fault(.partition), after: 1_000 * ms)),
            ])
    }

    @Test func whatTheSeedDrawsIsSaid() throws {
        func lab(_ lines: String) throws -> LabDefinition { try read("lab: a\nhosts: [a, b]\n" + lines) }
        #expect(try lab("chaos: off\n").chaos == nil)
        #expect(try lab("chaos: pairwise\n").chaos == ChaosProfile(.pairwise))
        let chaos = try #require(
            try lab("chaos: {mode: swarm, only: [cut, loss], interval: 3s, length: 200ms, heals-at: 8s}\n").chaos)
        #expect(chaos.mode == .swarm && chaos.families == [.cut, .loss] && chaos.interval == 3_000 * ms)
        #expect(chaos.length == 200 * ms && chaos.healsAt == 8_000 * ms)
        let without = try #require(try lab("chaos: {except: [corrupt]}\n").chaos)
        #expect(without.families.count == ChaosProfile.drawable.count - 1 && !without.families.contains(.corrupt))
        let swarm = try lab("buggify: swarm\n")
        #expect(swarm.buggify == BuggifyOptions() && swarm.chaos == ChaosProfile(.swarm) && swarm.turnsKnobs)
        let knobs = try lab("buggify: {firing: 0.5, knobs: true}\n")
        #expect(knobs.turnsKnobs && knobs.chaos == nil && knobs.buggify?.firing == Probability(0.5))
        #expect(try lab("schedule: shuffled\n").taskOrder == .shuffled && lab("").taskOrder == .fifo)
        #expect(try lab("invariants: on\n").checksInvariants && !lab("").checksInvariants)
    }

    // MARK: Knobs

    private static let knobs = """
        lab: knobs
        hosts: [client, server]
        links: [{between: [client, server]}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 50ms, count: 40}}}
        buggify: {activation: 0.5, firing: 0, knobs: true}
        expect: [ping finishes]
        """

    @Test func knobsTakeExtremeValuesThatPeersCanLiveWith() throws {
        let lab = try read(Self.knobs)
        var turned: Set<String> = []
        for seed in 1...60 as ClosedRange<UInt64> {
            let knobs = lab.turnedKnobs(seed: seed)
            turned.formUnion(knobs.map(\.knob))
            // As a lab file writes them.
            #expect(knobs.allSatisfy { !$0.value.contains("Optional") && !$0.value.contains("seconds") })
            #expect(lab.turnedKnobs(seed: seed) == knobs)
            for peer in lab.withKnobsTurned(seed: seed).peers { #expect(peer.config.validate() == [], "seed \(seed)") }
            let session = SimSession(lab: lab, seed: seed)
            defer { session.close() }
            _ = try session.seek(to: .time(lab.duration))
            #expect(session.snapshot.expectations.map(\.verdict) == [.held], "seed \(seed): \(knobs)")
        }
        let all: Set<String> = [
            "queue", "inbox", "batch", "batch-bytes", "connect-timeout", "backoff.initial", "backoff.jitter",
            "backoff.reset-after",
            "heartbeat",
            "send-buffer", "receive-buffer", "backlog", "initcwnd", "maximum-segment-size",
        ]
        #expect(turned == all)
    }

    @Test func aKnobChangesWhatThePeerDoes() throws {
        let lab = try read(Self.knobs)
        let seed = try #require(
            (1...200).map(UInt64.init).first { seed in
                lab.turnedKnobs(seed: seed).contains { $0.subject == "ping" && $0.knob == "queue" && $0.value == "1" }
            })
        let session = SimSession(lab: lab, seed: seed)
        defer { session.close() }
        _ = try session.seek(to: .time(1_000 * ms))
        let ping = try #require(session.snapshot.peerNames.firstIndex(of: "ping"))
        #expect(session.snapshot.world.peers[ping].capacity == 1)
    }

    // MARK: Recovery

    private func recovery(_ lines: String) throws -> ExpectationStatus? {
        let lab = try read(
            """
            lab: recovery
            duration: 40s
            hosts: [client, server]
            links: [{between: [client, server]}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 50ms}}}
            expect: [every peer recovers]

            """ + lines)
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        return session.snapshot.expectations.first
    }

    @Test func everyPeerRecoversAfterAllIsHealedAndNotBefore() throws {
        let faults = "faults: [{at: 2s, power-loss: server}, {at: 3s, cut: client-server}, {at: 9s, heal-all: true}"
        #expect(try recovery(faults + "]")?.verdict == .held)
        // The bound is 5 s of backoff, 3 s to connect and 4 s of silence; what strikes again by then shows.
        #expect(try recovery(faults + ", {at: 20s, cut: client-server}]")?.verdict == .held)
        let failed = try recovery(faults + ", {at: 10s, process-kill: echo}]")
        #expect(failed?.verdict == .failed)
        #expect(failed?.reason == "ping was reconnecting at 21s", "it says who, and when")
    }

    /// A listener whose host has no socket for it tries again, as one that cannot accept does.
    @Test func aServerThatFindsNoSocketListensWhenThereIsOne() throws {
        let faults =
            "faults: [{at: 1s, exhaust: server, sockets: 0}, {at: 2s, restart: echo}, {at: 9s, heal-all: true}]"
        #expect(try recovery(faults)?.verdict == .held)
    }

    @Test func withoutATimeOfHealingNobodyCanBeExpectedToRecover() {
        #expect(throws: LabDiagnostics.self) { try recovery("chaos: swarm") }
        #expect(throws: LabDiagnostics.self) { try recovery("faults: [{at: 39s, heal-all: true}]") }
    }

    // MARK: Reports

    @Test func theReportSaysWhatWasArmedDrawnFiredAndDone() throws {
        let lab = try read(
            Actions.lab + """
                faults:
                  - {loss: client-server, probability: 0.25}
                  - {at: 1s, cut: client-server, for: 100ms, every: 2s, times: 3}
                invariants: on
                """)
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        let report = RunReport(session.snapshot)
        let loss = try #require(report.faults["loss"])
        #expect(loss.armed == 1 && loss.drawn > 50 && loss.fired > 5 && loss.effects == loss.fired)
        #expect(loss.set == 1 && report.text().contains("loss: set 1, struck \(loss.fired) of \(loss.drawn) drawn"))
        let cut = try #require(report.faults["cut"])
        #expect(cut.armed == 1 && cut.fired == 3 && cut.healed == 3 && cut.effects > 0)
        #expect(report.invariants.count == Invariant.allCases.count && report.invariants.allSatisfy(\.held))
    }
}
