import NIOCore
import PeerNetworking
import SimNetwork
import Synchronization
import Testing

@testable import Lab

/// What existing simulators fell into, a test a trap: peers and labs, run as a user runs them.
@Suite struct KnownTrapTests {
    private static let second: Int64 = 1_000_000_000

    /// Runs a lab to its end, or to a time.
    private func run(_ lines: String, until seconds: Int64? = nil) throws -> LabRun {
        try LabRun(LabFile.read(text: "lab: trap\n" + lines, name: "x"), until: seconds.map { $0 * Self.second })
    }

    /// Two hosts, an echo and a ping, with these sections beside.
    private func pair(_ lines: String = "", ping: String = "run: {ping-pong: {every: 50ms}}") throws -> LabRun {
        try run(
            """
            hosts: [client, server]
            links: [{between: [client, server]}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4500", \(ping)}

            """ + lines)
    }

    // MARK: 1 to 5: connections and streams

    @Test func trap1APartitionHoldsForConnectionsThatConnectHasMade() throws {
        let run = try pair("faults: [{at: 2s, partition: client, for: 500ms}]")
        let during = run.records.filter { (2_010_000_000...2_490_000_000).contains($0.time) }
        #expect(during.count { $0.changes.contains { if case .lost(_, .partition) = $0 { true } else { false } } } > 0)
        #expect(!during.contains { $0.changes.contains { if case .arrived = $0 { true } else { false } } })
        #expect(run.world.peers.allSatisfy { $0.duplicates == 0 } && run.view("ping")?.state == .connected)
    }

    @Test func trap2WhatIsLostIsNotMissingFromTheMiddleOfAStream() throws {
        let run = try run(
            """
            duration: 120s
            hosts: [client, server]
            links: [{between: [client, server], loss: 0.05}]
            peers:
              - {name: take, on: server, listen: 4500, run: bulk}
              - {name: give, on: client, connect: "server:4500", run: {bulk: {bytes: 4 MiB}}}
            faults:
              - {at: 100ms, partition: client, for: 900ms}
              - {at: 2s, cut: client-server, for: 700ms}
            """)
        #expect(run.view("give")?.finished == true && run.view("take")?.finished == true, "the checksum is right")
        #expect(run.lost(.loss) > 0 && run.lost(.partition) > 0)
    }

    @Test func trap3NobodyConnectsWhereNobodyListensNorListensTwice() throws {
        let run = try run(
            """
            hosts: [client, server]
            links: [{between: [client, server]}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: client, connect: "server:4501", run: ping-pong, config: {backoff: {attempts: 1}}}
            """)
        let states = run.records.flatMap(\.changes).compactMap { change -> PeerState? in
            if case .peer(let peer, .state(let state, _), _) = change, run.peerNames[Int(peer.index)] == "ping" {
                state
            } else {
                nil
            }
        }
        #expect(states.contains(.failed) && !states.contains(.connected))
        #expect(run.world.totals.established == 0 && run.world.totals.refused == 1)
        // What was never established is not closed.
        #expect(run.world.totals.attempted == 1 && run.world.totals.closed == 0)

        let said = Mutex<[String]>([])
        let network = Simulation(topology: Topology(mesh: ["server"]), seed: 1)
        network.addProcess("main", on: HostID(0)) { providers in
            let endpoint = Endpoint(host: "server", port: 80)
            let first = try? await providers.network.listen(on: endpoint)
            do {
                _ = try await providers.network.listen(on: endpoint)
            } catch { said.withLock { $0.append("\((error as? NetworkError)?.code.rawValue ?? "")") } }
            await first?.close()
            if (try? await providers.network.listen(on: endpoint)) != nil { said.withLock { $0.append("again") } }
        }
        try network.run()
        #expect(said.withLock { $0 } == ["addressInUse", "again"])
    }

    @Test func trap4ABacklogOfOneSurvivesAHundredConnections() throws {
        let run = try run(
            """
            duration: 600s
            hosts: {server: {backlog: 1}, client: {count: 100}}
            links: [{between: ["client-*", server]}]
            peers:
              - {name: echo, on: server, listen: 4500, run: echo}
              - {name: ping, on: "client-*", connect: "server:4500", run: {ping-pong: {count: 1}}, config: {connect-timeout: 60s, heartbeat: off}}
            faults: [{at: 0s, pause: echo, for: 5s}]
            """)
        #expect(run.lost(.backlogFull) > 64)
        let served = run.peerNames.indices.count { run.world.peers[$0].finished == true }
        #expect(served == 100, "\(served) were served")
    }

    @Test func trap5AnOutageOf800MillisecondsIsSurvived() throws {
        let run = try pair("faults: [{at: 2s, cut: client-server, for: 800ms}]")
        let ping = try #require(run.view("ping"))
        #expect(ping.state == .connected && ping.reconnects == 0 && ping.dropped == 0)
        #expect(run.view("echo")?.delivered ?? 0 > 150)
    }

    // MARK: 6 and 7: ends

    /// Runs a peer against a host where nobody listens, or only from a time on.
    private func refused(
        listensAt time: Int64? = nil, attempts: Int?, _ body: @escaping @Sendable (Peer, Providers) async -> [String]
    ) throws -> [String] {
        let said = Mutex<[String]>([])
        let network = Simulation(topology: Topology(mesh: ["client", "server"]), seed: 1)
        if let time {
            network.addProcess("server", on: HostID(1)) { providers in
                try? await providers.time.sleep(until: Instant(nanoseconds: time))
                let endpoint = Endpoint(host: "server", port: 80)
                try? await PeerServer(name: "server", on: endpoint, config: .test, providers: providers) { _, _ in }
                    .run()
            }
        }
        network.addProcess("client", on: HostID(0)) { providers in
            var config = PeerConfig.test
            config.backoff.attempts = attempts
            let peer = Peer(
                name: "peer", to: Endpoint(host: "server", port: 80), config: config, providers: providers)
            let lines = await body(peer, providers)
            said.withLock { $0 += lines }
        }
        try network.run(until: Instant(nanoseconds: 60 * Self.second))
        return said.withLock { $0 }
    }

    @Test func trap6CloseReturnsWhileThePeerIsRefused() throws {
        let said = try refused(attempts: nil) { peer, providers in
            _ = try? await peer.send(ByteBuffer(string: "never"))
            try? await providers.time.sleep(for: .seconds(2))
            let begun = providers.time.now
            let lost = await peer.close(flushingFor: .milliseconds(500))
            return ["lost \(lost)", begun.duration(to: providers.time.now) <= .milliseconds(500) ? "in time" : "late"]
        }
        #expect(said == ["lost 1", "in time"])
    }

    @Test func trap7AfterTheLastFailureThePeerHasFailedAndReconnectWorks() throws {
        let said = try refused(listensAt: 10 * Self.second, attempts: 3) { peer, providers in
            await peer.connect()
            try? await providers.time.sleep(for: .seconds(5))
            var lines = ["\(await peer.state)"]
            do {
                _ = try await peer.send(ByteBuffer(string: "now"))
            } catch { lines.append((error as? NetworkError)?.code.rawValue ?? "") }
            try? await providers.time.sleep(for: .seconds(10))
            await peer.reconnect()
            try? await providers.time.sleep(for: .seconds(5))
            lines.append("\(await peer.state)")
            await peer.close()
            return lines
        }
        #expect(said == ["failed", "retriesExhausted", "connected"])
    }

    // MARK: 8: frames

    @Test func trap8AFlippedBitInALengthIsAnErrorAndNotAWait() {
        let frame = Frame.ping(7).encoded()
        for bit in 0..<32 {
            var bytes = frame
            let place = bytes.readerIndex + bit / 8
            bytes.setInteger((bytes.getInteger(at: place, as: UInt8.self) ?? 0) ^ (1 << UInt8(bit % 8)), at: place)
            var decoder = FrameDecoder(maximumPayload: 1_000)
            decoder.append(bytes)
            // What claims to be longer than it is waits for what may come, and never for more than a frame may have.
            var fed = 0
            var isRefused = false
            while fed <= 2_000, !isRefused {
                do {
                    if try decoder.next() != nil { break }
                    decoder.append(ByteBuffer(repeating: 0, count: 100))
                    fed += 100
                } catch { isRefused = true }
            }
            #expect(isRefused, "bit \(bit) of the length")
        }
    }

    // MARK: 9 to 11: draws and faults

    @Test func trap9TheSameSeedGivesTheSameRun() throws {
        let text = """
            lab: trap
            hosts: [a, b, c]
            links: [{between: [a, b]}, {between: [b, c]}]
            peers:
              - {name: echo, on: b, listen: 4500, run: echo}
              - {name: p1, on: a, connect: "b:4500", run: {ping-pong: {every: 30ms}}}
              - {name: p2, on: c, connect: "b:4500", run: {ping-pong: {every: 40ms}}}
            buggify: swarm
            """
        let lab = try LabFile.read(text: text, name: "x")
        for seed in 1...20 as ClosedRange<UInt64> {
            let runs = try (0..<2).map { _ in
                let simulation = lab.makeSimulation(seed: seed, keepsRecords: false)
                defer { simulation.shutDown() }
                try simulation.run(until: Instant(nanoseconds: 5 * Self.second))
                return simulation.digest
            }
            #expect(runs[0] == runs[1], "seed \(seed)")
        }
    }

    @Test func trap10NothingIsDrawnWhereChaosWasNotAskedFor() throws {
        let run = try pair()
        #expect(run.world.faults.isEmpty && run.world.sites.isEmpty && run.world.standing.actions.isEmpty)
        #expect(run.world.totals.segmentsLost == 0 && run.world.totals.retransmitted == 0)
    }

    @Test(arguments: ChaosProfile.drawable)
    func trap11NoFaultIsLoggedWithoutEffect(family: FaultFamily) throws {
        let calm = try chaos("chaos: off", of: family)
        var differed = 0
        var fired: Int64 = 0
        for seed in 1...3 as ClosedRange<UInt64> {
            let run = try chaos(
                "chaos: {only: [\(family)], interval: 500ms, length: 300ms}\nseed: \(seed)", of: family)
            let counts = run.world.faults.first { $0.family == family }
            fired += counts?.fired ?? 0
            // Something that a peer or the wire shows is other than without the fault; or a read gave less than there was,
            // which the next one makes up for at once.
            if run.outline != calm.outline || (family == .shortRead && counts?.effects ?? 0 > 0) { differed += 1 }
        }
        #expect(fired > 0, "\(family) never struck")
        #expect(differed > 0, "\(family) struck \(fired) times and nothing was other than without it")
    }

    private func chaos(_ lines: String, of family: FaultFamily) throws -> LabRun {
        let isOfWay = [FaultFamily.icmpDrop, .nat, .queue].contains(family)
        return try run((isOfWay ? Self.overARouter : Self.overALink) + lines)
    }

    private static let overALink = """
        duration: 4s
        hosts: [client, server]
        links: [{between: [client, server]}]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo, config: {preset: test}}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 50ms, size: 3000}}, config: {preset: test}}
        faults: [{at: 300ms, reset: ping, every: 400ms}]

        """

    /// What is of the way between needs a router, a queue, and something that the network says.
    private static let overARouter = """
        duration: 6s
        hosts: {client: {}, hub: {router: yes}, server: {}}
        links:
          - {between: [client, hub]}
          - {between: [hub, server], bandwidth: 60KiB/s, queue: 20KiB}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo, config: {preset: test}}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 130ms, size: 3000}}, config: {preset: test}}
        faults: [{at: 300ms, reset: ping, every: 400ms}, {at: 100ms, unreachable: server, for: 40ms, every: 150ms}]

        """

    // MARK: 12 to 15: what grows

    @Test func trap12ClosedConnectionsAreForgotten() throws {
        let network = Simulation(topology: Topology(mesh: ["client", "server"]), seed: 1)
        let endpoint = Endpoint(host: "server", port: 80)
        network.addProcess("server", on: HostID(1)) { providers in
            guard let listener = try? await providers.network.listen(on: endpoint) else { return }
            while let stream = try? await listener.accept() {
                _ = try? await stream.read(upTo: 10)
                await stream.close()
            }
        }
        network.addProcess("client", on: HostID(0)) { providers in
            for _ in 0..<2_000 {
                guard let stream = try? await providers.network.connect(to: endpoint) else { return }
                await stream.close()
                try? await providers.time.sleep(for: .milliseconds(50))
            }
        }
        try network.run(until: Instant(nanoseconds: 90 * Self.second))
        let during = network.liveConnections
        try network.run(until: Instant(nanoseconds: 400 * Self.second))
        #expect(during > 1_000, "TIME-WAIT takes a minute")
        #expect(network.liveConnections == 0 && network.liveTimers == 0 && network.newestConnection == 2_000)
    }

    @Test func trap13IdleHostsCostNoEvents() throws {
        func events(idle: Int) throws -> Int {
            try run(
                """
                hosts: {client: {}, server: {}, idle: {count: \(idle)}}
                links: [{between: [client, server]}, {between: ["idle-*", server]}]
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 50ms}}}
                """
            ).records.count
        }
        #expect(try events(idle: 2) == events(idle: 2_000))
    }

    @Test func trap14TheFirstDelayIsTheFirstAndAShortLifeResetsNothing() throws {
        // The server is killed again and again, each time 300 ms after it came back.
        let run = try pair(
            "duration: 60s\nfaults: [{at: 2s, process-kill: echo, for: 700ms, every: 1s, times: 20}]",
            ping:
                "run: {ping-pong: {every: 50ms}}, "
                + "config: {backoff: {initial: 100ms, maximum: 20s, jitter: 0, reset-after: 5s}}")
        let delays = run.records.flatMap(\.changes).compactMap { change -> Int64? in
            if case .peer(_, .backoff(_, let delay), _) = change { delay } else { nil }
        }
        #expect(delays.first == 100_000_000)
        #expect(delays.count > 5 && zip(delays, delays.dropFirst()).prefix(5).allSatisfy { $0 <= $1 }, "\(delays)")
    }

    @Test func trap15QueuesAreBoundedAndNothingIsDroppedUntold() throws {
        let run = try pair(
            "faults: [{at: 1s, pause: echo, for: 5s}]",
            ping: "run: {flood: {every: 10ms, size: 8 KiB}}, config: {queue: 16, heartbeat: off}")
        let ping = try #require(run.view("ping"))
        #expect(ping.highWater == 16 && ping.dropped == 0)
        #expect(
            run.records.contains {
                $0.changes.contains { if case .peer(_, .blocked(true), _) = $0 { true } else { false } }
            })
        // All that was admitted has been delivered, or is still held.
        let delivered = try #require(run.view("echo")).delivered
        #expect(ping.admitted - delivered <= 2 * 16 && delivered > 100)
    }
}

/// A lab run to its end, with its records.
struct LabRun {
    let world: WorldState
    let records: [EventRecord]
    let peerNames: [String]

    init(_ lab: LabDefinition, until end: Int64? = nil) throws {
        let simulation = lab.makeSimulation(seed: lab.seed, keepsRecords: true)
        defer { simulation.shutDown() }
        var world = simulation.beginning()
        var records: [EventRecord] = []
        while let record = try simulation.step(until: Instant(nanoseconds: end ?? lab.duration)) {
            world.apply(record)
            records.append(record)
        }
        (self.world, self.records, peerNames) = (world, records, simulation.peerNames)
    }

    func view(_ peer: String) -> PeerView? {
        peerNames.firstIndex(of: peer).map { world.peers[$0] }
    }

    func lost(_ reason: LossReason) -> Int {
        records.reduce(0) { sum, record in
            sum + record.changes.count { if case .lost(_, reason) = $0 { true } else { false } }
        }
    }

    /// What a peer or the wire shows: when segments were sent and arrived, and what peers told.
    var outline: [String] {
        records.flatMap { record in
            record.changes.compactMap { change -> String? in
                switch change {
                case .sent(let segment): "\(record.time) sent \(segment.length) \(segment.flags)"
                case .arrived(let number): "\(record.time) arrived \(number)"
                case .peer(let peer, .delivered(let message, _, _), _): "\(record.time) \(peer.index) \(message)"
                default: nil
                }
            }
        }
    }
}
