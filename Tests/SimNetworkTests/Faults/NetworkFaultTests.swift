import NIOCore
import PeerNetworking
import SimNetwork
import Testing

/// Partitions, swizzles, paths over routers, and what the network says of places that cannot be reached.
@Suite struct NetworkFaultTests {
    private let ms = FaultWorld.millisecond

    // MARK: Partitions

    @Test func aPartitionStopsAConnectionThatWasMadeByConnect() throws {
        let world = FaultWorld()
        world.at(200, .partition(.groups(Partition([world.hosts.client], [world.hosts.server]))), lasts: 700)
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.max()! > 600 * ms)
        #expect(run.lost(.partition) > 0 && run.fired(.partition) == 1 && run.fault(.partition)?.healed == 1)
        #expect(run.state.partitions.isEmpty)
    }

    @Test func aPartitionOneWayLetsTheOtherPass() throws {
        let world = FaultWorld()
        world.at(200, .partition(.groups(Partition([world.hosts.client], [world.hosts.server], isOneWay: true))))
        let run = try world.run(seconds: 2_000)
        // The last answer was not acknowledged any more: the server waits for that, too.
        #expect(run.said == ["connected", "timedOut", "server: timedOut"])
        for case .lost(let number, .partition) in run.changes {
            let sent = run.changes.compactMap { change in
                if case .sent(let segment) = change, segment.number == number { segment.from } else { nil }
            }
            #expect(sent == [.client])
        }
    }

    /// Found by halving: what is asked must not depend on the order in which a lab names its hosts.
    @Test(arguments: [false, true])
    func aPartitionBlocksWhatItSays(isOneWay: Bool) {
        let hosts = (0..<40).map { HostID($0) }
        let first = [7, 3, 31, 0, 12].map { HostID($0) }
        let second = [39, 5, 4, 20].map { HostID($0) }
        let partition = Partition(first, second, isOneWay: isOneWay)
        for source in hosts {
            for target in hosts {
                let there = first.contains(source) && second.contains(target)
                let back = second.contains(source) && first.contains(target)
                #expect(partition.blocks(source, target) == (there || (back && !isOneWay)))
            }
        }
        #expect(partition == Partition(first, second, isOneWay: isOneWay))
        #expect(partition != Partition(first.sorted(), second, isOneWay: isOneWay))
    }

    /// Those of a host with many links are looked through at once, those of one with few one by one.
    @Test(arguments: [2, 40])
    func aHostsClogHoldsBackWhatIsOnEachOfItsLinks(clients: Int) throws {
        var topology = Topology()
        let server = topology.addHost("server")
        let others = (0..<clients).map { topology.addHost("c\($0)") }
        for host in others { topology.connect(host, server, LinkProperties(latency: .constant(5_000_000))) }
        let network = Simulation(topology: topology, seed: 1)
        network.addProcess("server", on: server) { providers in
            _ = try? await providers.network.listen(on: Endpoint(host: "server", port: 80)).accept()
            try? await providers.time.sleep(for: .seconds(10))
        }
        for (index, host) in others.enumerated() {
            network.addProcess("c\(index)", on: host) { providers in
                _ = try? await providers.network.connect(to: Endpoint(host: "server", port: 80))
                try? await providers.time.sleep(for: .seconds(10))
            }
        }
        network.schedule(ScheduledAction(.clog(.host(server, nil)), .at(2 * ms), lasts: 10 * ms))
        let run = try FaultWorld.run(network, until: 1, Transcript())
        #expect(run.effects(.clog) == Int64(clients))
        let late = run.changes.compactMap { change in
            if case .delayed(_, let until) = change { until } else { nil }
        }
        #expect(late == Array(repeating: 12 * ms, count: clients))
        #expect(run.state.totals.established == Int64(clients))
        // One change each way, however many links there are.
        let told = run.changes.filter { if case .hostClogged(server, _, true) = $0 { true } else { false } }
        #expect(told.count == 2)
        #expect(!run.changes.contains { if case .clogged = $0 { true } else { false } })
    }

    /// A link may be clogged itself, and for either of its hosts: what it holds goes on when nothing holds it any more.
    @Test func whatSeveralClogsHoldGoesOnWithTheLastOfThem() throws {
        let world = FaultWorld(pings: 20)
        world.at(100, .clog(.host(world.hosts.server, .inbound)), lasts: 100)
        world.at(110, .clog(.link(world.link, .forward)), lasts: 200)
        world.at(120, .clog(.host(world.hosts.client, .outbound)), lasts: 300)
        world.at(130, .clog(.host(world.hosts.client, .inbound)), lasts: 20)
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.max()! > 300 * ms && run.roundTrips.max()! < 330 * ms)
        #expect(run.state.hosts.allSatisfy { !$0.isClogged } && !run.state.links[0].isClogged(.forward))
        #expect(run.state.totals.segmentsLost == 0, "a clog loses nothing")
    }

    @Test(arguments: 1...20)
    func drawnPartitionsPartAllHostsInTwoGroups(seed: UInt64) throws {
        var topology = Topology()
        let hosts = (0..<6).map { topology.addHost("h\($0)") }
        for host in hosts.dropFirst() { topology.connect(hosts[0], host) }
        for plan in [PartitionPlan.random(oneWay: false), .uniformSize(oneWay: true), .isolateOne(oneWay: false)] {
            let network = Simulation(topology: topology, seed: seed)
            network.schedule(.partition(plan), at: Instant(nanoseconds: 1))
            let run = try FaultWorld.run(network, until: 1, Transcript())
            let partition = try #require(run.state.partitions.first)
            #expect(!partition.first.isEmpty && !partition.second.isEmpty)
            #expect((partition.first + partition.second).sorted() == hosts)
            if case .isolateOne = plan { #expect(partition.first.count == 1) }
        }
    }

    @Test func theSizesOfDrawnGroupsAreUniform() throws {
        var topology = Topology()
        let hosts = (0..<6).map { topology.addHost("h\($0)") }
        for host in hosts.dropFirst() { topology.connect(hosts[0], host) }
        let network = Simulation(topology: topology, seed: 3)
        network.schedule(
            ScheduledAction(
                .partition(.uniformSize(oneWay: false)), .at(0), lasts: 500, every: 1_000, times: 2_000))
        let run = try FaultWorld.run(network, until: 1, Transcript())
        var sizes = [Int](repeating: 0, count: 6)
        for case .partition(let partition, true) in run.changes { sizes[partition.first.count] += 1 }
        #expect(sizes[0] == 0 && sizes[1...5].allSatisfy { (320...480).contains($0) }, "\(sizes)")
        #expect(run.fired(.partition) == 2_000 && run.fault(.partition)?.healed == 2_000)
    }

    @Test func aSwizzleClogsEachHostAndReleasesThemInAnotherOrder() throws {
        var topology = Topology()
        let hosts = (0..<5).map { topology.addHost("h\($0)") }
        for first in 0..<5 { for second in (first + 1)..<5 { topology.connect(hosts[first], hosts[second]) } }
        let network = Simulation(topology: topology, seed: 5)
        let transcript = Transcript()
        for (index, name) in ["h0", "h1", "h2", "h3", "h4"].enumerated() {
            let target = "h\((index + 1) % 5)"
            network.addProcess("server \(name)", on: hosts[index]) {
                await StreamCheck.receive($0, host: name, transcript)
            }
            network.addProcess("client \(name)", on: hosts[index]) { await StreamCheck.send($0, to: target, as: name) }
        }
        network.schedule(.swizzle(hosts, over: 400 * ms), at: Instant(nanoseconds: 100 * ms))
        var order: (clogged: [Int64], released: [Int64]) = ([], [])
        while let record = try network.step(until: Instant(nanoseconds: 1_000 * ms)) {
            if record.changes.contains(.fault(.clog, .struck)) { order.clogged.append(record.time) }
            if record.changes.contains(.fault(.clog, .healed)) { order.released.append(record.time) }
        }
        #expect(order.clogged.count == 5 && order.released.count == 5)
        #expect(order.clogged.max()! < order.released.min()!, "all are clogged before the first is released")
        #expect(network.structure.hosts.allSatisfy { !$0.isClogged })
        #expect(transcript.all.count > 20 && transcript.all.allSatisfy { $0.hasPrefix("bytes") })
    }

    // MARK: Reachability

    @Test(arguments: Unreachability.allCases)
    func anUnreachableHostFailsConnectAtOnceAndLeavesConnectionsOpen(answer: Unreachability) throws {
        let world = FaultWorld()
        world.network.establish(.unreachable(.host(world.hosts.server, nil), answer))
        let run = try world.run()
        #expect(run.said == [answer.code.rawValue])
        #expect(run.state.time < 10 * ms, "nobody waits for a timeout")
        #expect(run.effects(.unreachable) > 0)

        let later = FaultWorld()
        later.at(200, .unreachable(.host(later.hosts.server, nil), answer), lasts: 700)
        #expect(try later.run().said == ["connected", "done"], "a soft error does not end a connection")

        let forGood = FaultWorld()
        forGood.at(200, .unreachable(.link(forGood.link, nil), answer))
        let said = try forGood.run(seconds: 2_000).said
        #expect(said.prefix(2) == ["connected", answer.code.rawValue], "told when it is given up")
    }

    // MARK: Paths

    /// Clients behind one router, servers behind another, and one link between the routers.
    private func dumbbell(_ middle: LinkProperties, pairs: Int = 2) -> (Simulation, Transcript, LinkID) {
        var topology = Topology()
        let left = topology.addRouter("left")
        let right = topology.addRouter("right")
        let bottleneck = topology.connect(left, right, middle)
        var ends: [(HostID, HostID)] = []
        for index in 0..<pairs {
            let client = topology.addHost("client-\(index)")
            let server = topology.addHost("server-\(index)")
            topology.connect(client, left)
            topology.connect(right, server)
            ends.append((client, server))
        }
        let network = Simulation(topology: topology, seed: 1)
        let transcript = Transcript()
        for (index, end) in ends.enumerated() {
            network.addProcess("server-\(index)", on: end.1) { providers in
                guard
                    let listener = try? await providers.network.listen(on: Endpoint(host: "server-\(index)", port: 80)),
                    let stream = try? await listener.accept()
                else { return }
                var total = 0
                while let part = try? await stream.read(upTo: 65_536) { total += part.readableBytes }
                transcript.say("\(index) received \(total) by \(providers.time.now.nanoseconds / 1_000_000)")
                await stream.close()
            }
            network.addProcess("client-\(index)", on: end.0) { providers in
                do {
                    let stream = try await providers.network.connect(to: Endpoint(host: "server-\(index)", port: 80))
                    transcript.say("\(index) connected at \(providers.time.now.nanoseconds / 1_000_000)")
                    try await stream.write(bytes(50_000))
                    await stream.close()
                } catch { transcript.say("\(index) \(code(error))") }
            }
        }
        return (network, transcript, bottleneck)
    }

    @Test func aPathOverTwoRoutersTakesTheSumOfItsLinks() throws {
        let (network, transcript, bottleneck) = dumbbell(LinkProperties(latency: .constant(5 * ms)))
        let run = try FaultWorld.run(network, until: 10, transcript)
        #expect(transcript.contains("0 connected at 14"), "1 + 5 + 1 ms each way")
        #expect(transcript.all.count { $0.contains("received 50000") } == 2)
        let hops = run.changes.count { if case .forwarded(_, bottleneck, _, _) = $0 { true } else { false } }
        #expect(hops > 100, "every segment crosses the middle")
    }

    @Test func aSharedBottleneckIsShared() throws {
        func lastByte(pairs: Int) throws -> Int {
            var middle = LinkProperties(latency: .constant(ms))
            middle.bandwidth = 100_000
            middle.queue = 1_000_000
            let (network, transcript, _) = dumbbell(middle, pairs: pairs)
            _ = try FaultWorld.run(network, until: 100, transcript)
            let times = transcript.all.compactMap { line in
                line.contains("received 50000") ? Int(line.split(separator: " ").last ?? "") : nil
            }
            #expect(times.count == pairs)
            return times.max() ?? 0
        }
        let alone = try lastByte(pairs: 1)
        let together = try lastByte(pairs: 3)
        #expect(alone > 500 && together > 2 * alone, "\(alone) ms alone, \(together) ms for three")
    }

    @Test func aRouterWithoutPowerPassesNothingOn() throws {
        let (network, transcript, _) = dumbbell(LinkProperties(latency: .constant(ms)))
        network.schedule(.powerLoss(HostID(0)), at: Instant(nanoseconds: 3 * ms))
        let run = try FaultWorld.run(network, until: 400, transcript)
        #expect(transcript.all == ["0 timedOut", "1 timedOut"])
        #expect(run.lost(.noPower) > 0)
    }

    @Test func hostsDoNotForward() throws {
        var topology = Topology()
        let hosts = ["a", "b", "c"].map { topology.addHost($0) }
        topology.connect(hosts[0], hosts[1])
        topology.connect(hosts[1], hosts[2])
        let network = Simulation(topology: topology, seed: 1)
        let transcript = Transcript()
        network.addProcess("client", on: hosts[0]) { providers in
            do { _ = try await providers.network.connect(to: Endpoint(host: "c", port: 80)) } catch {
                transcript.say(code(error))
            }
        }
        try network.run()
        #expect(transcript.all == ["networkUnreachable"])
    }
}
