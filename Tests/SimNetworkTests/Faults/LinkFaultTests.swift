import NIOCore
import PeerNetworking
import SimNetwork
import Testing

/// Faults of links, each alone: what the application sees of it, and that it was counted.
@Suite struct LinkFaultTests {
    private let ms = FaultWorld.millisecond

    @Test func withoutFaultsAPingTakesTwoMilliseconds() throws {
        let run = try FaultWorld().run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips == Array(repeating: 2 * ms, count: 50))
        #expect(run.state.faults.isEmpty && run.state.sites.isEmpty)
    }

    @Test func latencyMakesBytesLateInTheDirectionItIsIn() throws {
        let world = FaultWorld()
        world.at(200, .shape(world.link, .forward, .latency(.constant(40 * ms))), lasts: 300)
        let run = try world.run()
        #expect(Set(run.roundTrips) == [2 * ms, 41 * ms], "one direction is slow, for a while")
        #expect(run.fired(.latency) == 1 && run.fault(.latency)?.healed == 1)
        #expect(run.said == ["connected", "done"])
    }

    @Test func aSlowPairSlowsItsOwnDirectionAlone() throws {
        let world = FaultWorld()
        world.at(100, .slowPair(from: world.hosts.server, to: world.hosts.client, extra: 30 * ms))
        let run = try world.run()
        #expect(run.roundTrips.last == 32 * ms)
        #expect(run.effects(.slowPair) > 40 && run.fired(.slowPair) == 1)
    }

    @Test func bandwidthQueuesAndThenLoses() throws {
        let world = FaultWorld(pings: 5)
        // 1,040 bytes take 104 ms at 10,000 B/s.
        world.network.establish(.shape(world.link, .forward, .bandwidth(10_000, queue: 65_536)))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.allSatisfy { $0 == 106 * ms })
        #expect(
            run.changes.contains { if case .queue(_, .forward, bytes: 1_040, until: _) = $0 { true } else { false } })

        let tight = TwoHosts()
        let transcript = tight.transcript
        tight.serve { stream, _ in
            var total = 0
            while let part = try await stream.read(upTo: 65_536) { total += part.readableBytes }
            transcript.say("received \(total)")
            await stream.close()
        }
        tight.connect { stream, _ in
            try await stream.write(bytes(50_000))
            await stream.close()
        }
        tight.simulation.establish(.shape(tight.link, .forward, .bandwidth(100_000, queue: 5_000)))
        let flood = try FaultWorld.run(tight.simulation, until: 300, transcript)
        #expect(flood.lost(.queueFull) > 10, "a window of segments does not fit the queue")
        #expect(flood.said.contains("received 50000"), "and TCP brings them all the same")
        #expect(flood.effects(.bandwidth) == Int64(flood.lost(.queueFull)))
    }

    @Test func lossCostsTimeAndNotAByte() throws {
        let world = FaultWorld()
        world.network.establish(.shape(world.link, nil, .loss(.independent(Probability(0.1)))))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.contains { $0 > 200 * ms }, "a lost segment waits for the retransmission timeout")
        #expect(run.fault(.loss)!.drawn > 100)
        #expect(run.effects(.loss) == Int64(run.lost(.loss)) && run.lost(.loss) > 5)
    }

    @Test func burstsLoseSegmentsInARow() throws {
        let world = FaultWorld(pings: 400)
        let model = GilbertElliott(toBad: Probability(0.02), toGood: Probability(0.4))
        world.network.establish(.shape(world.link, nil, .loss(.burst(model))))
        let run = try world.run(seconds: 3_000)
        #expect(run.said == ["connected", "done"])
        let bursts = run.changes.count {
            guard case .draw(let draw) = $0 else { return false }
            return draw.site == .fault(.linkBurst) && draw.threshold == model.toBad && draw.fires
        }
        let mean = Double(run.lost(.loss)) / Double(bursts)
        #expect(
            bursts > 10 && mean > 1.7 && mean < 3.5, "bursts are 1 / 0.4 = 2.5 segments long on average; here \(mean)")
    }

    @Test func duplicatesReachTheHostAndNotTheStream() throws {
        let world = FaultWorld()
        world.network.establish(.shape(world.link, nil, .duplicate(Probability(0.5))))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(Set(run.roundTrips) == [2 * ms])
        #expect(run.effects(.duplicate) > 40 && run.fired(.duplicate) >= run.effects(.duplicate))
    }

    @Test func reorderedSegmentsAreOvertakenAndTheStreamIsInOrder() throws {
        let hosts = TwoHosts(latency: .constant(1_000_000))
        let transcript = hosts.transcript
        hosts.serve { stream, _ in
            var place = 0
            while let part = try await stream.read(upTo: 3_000) {
                if !part.readableBytesView.enumerated().allSatisfy({
                    UInt8(truncatingIfNeeded: (place + $0) / 97) == $1
                }) {
                    transcript.say("wrong bytes")
                }
                place += part.readableBytes
            }
            transcript.say("received \(place)")
            await stream.close()
        }
        hosts.connect { stream, _ in
            try await stream.write(.init(bytes: (0..<60_000).map { UInt8(truncatingIfNeeded: $0 / 97) }))
            await stream.close()
        }
        hosts.simulation.establish(.shape(hosts.link, .forward, .reorder(Reordering(Probability(0.3), by: 7_000_000))))
        let run = try FaultWorld.run(hosts.simulation, until: 60, transcript)
        #expect(run.said == ["connected", "received 60000"])
        var (highest, overtaken): (Int64, Int) = (0, 0)
        for case .arrived(let number) in run.changes {
            if number < highest { overtaken += 1 }
            highest = max(highest, number)
        }
        #expect(overtaken > 5, "some segments arrived after later ones")
        #expect(run.fired(.reorder) > 5 && run.effects(.reorder) == run.fired(.reorder))
    }

    @Test func corruptionThatTheChecksumFindsCostsTime() throws {
        let world = FaultWorld()
        world.network.establish(.shape(world.link, nil, .corrupt(Corruption(caught: Probability(0.1)))))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.lost(.damaged) > 5 && run.roundTrips.contains { $0 > 200 * ms })
    }

    @Test func corruptionThatTheChecksumMissesReachesTheApplication() throws {
        let world = FaultWorld()
        world.network.establish(.shape(world.link, nil, .corrupt(Corruption(uncaught: Probability(0.1)))))
        let run = try world.run()
        #expect(run.said.contains("wrong bytes") && run.said.last == "done")
        #expect(run.roundTrips == Array(repeating: 2 * ms, count: 50), "nothing is repeated: nobody knows")
        #expect(run.effects(.corrupt) > 5)
    }

    @Test func aCutLosesWhatIsOnTheLinkAndHeals() throws {
        let world = FaultWorld()
        world.at(200, .cut(world.link, nil), lasts: 800)
        let run = try world.run()
        #expect(run.said == ["connected", "done"], "Linux survives an outage of 800 ms, and so does this")
        #expect(run.roundTrips.max()! > 600 * ms && run.roundTrips.max()! < 2_000 * ms)
        #expect(run.lost(.cut) > 0 && run.fired(.cut) == 1)
    }

    @Test(arguments: [LinkDirection.forward, .backward])
    func aClogHoldsBytesBackAndAllArriveInOrder(direction: LinkDirection) throws {
        let world = FaultWorld()
        world.at(200, .clog(.link(world.link, direction)), lasts: 100)
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.roundTrips.max()! > 80 * ms && run.roundTrips.max()! < 200 * ms)
        #expect(run.effects(.clog) > 0)
        #expect(run.state.totals.segmentsLost == 0, "a clog loses nothing")
    }

    @Test func aClogOfAHostHoldsBothDirections() throws {
        let world = FaultWorld()
        world.at(200, .clog(.host(world.hosts.server, nil)), lasts: 100)
        let run = try world.run()
        #expect(run.roundTrips.max()! > 80 * ms)
        let host = world.hosts.server
        for bound in TrafficScope.Bound.allCases { #expect(run.changes.contains(.hostClogged(host, bound, true))) }
        #expect(run.state.totals.segmentsLost == 0)
    }

    @Test func aMTUBelowTheSegmentIsToldAndObeyed() throws {
        let world = FaultWorld()
        world.at(200, .shape(world.link, nil, .mtu(300)))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.lost(.tooBig) > 0 && run.effects(.mtu) == Int64(run.lost(.tooBig)))
        #expect(run.roundTrips.last == 2 * ms, "four small segments travel together")
    }

    @Test(arguments: ProtocolMoment.allCases)
    func dropsStrikeTheirProtocolMoment(moment: ProtocolMoment) throws {
        let world = FaultWorld(pings: 3)
        let drop = Action.dropDuring(moment, world.link, nil, .always)
        world.network.establish(drop)
        world.at(700, drop.inverse!)
        let run = try world.run()
        #expect(run.said == ["connected", "done"], "once it has passed, all goes on")
        #expect(run.lost(.moment) > 0 && run.fired(.drop) > 0)
        switch moment {
        case .syn, .synAck, .handshake, .firstData:
            #expect(run.state.time > 700 * ms)
        case .fin:
            #expect(run.roundTrips == [2 * ms, 2 * ms, 2 * ms], "only the end is late")
        }
    }

    @Test func anMTUThatWasRaisedForAWhileHoldsForConnectionsOfThatTime() throws {
        var topology = Topology()
        let client = topology.addHost("client")
        let server = topology.addHost("server")
        var narrow = LinkProperties()
        narrow.mtu = 576
        let link = topology.connect(client, server, narrow)
        let network = Simulation(topology: topology, seed: 1)
        let transcript = Transcript()
        network.addProcess("server", on: server) { providers in
            do {
                let listener = try await providers.network.listen(on: Endpoint(host: "server", port: 80))
                try await echo(listener.accept(), providers)
            } catch { transcript.say("server: \(code(error))") }
        }
        network.addProcess("client", on: client) { providers in
            do {
                let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                try await providers.time.sleep(for: .seconds(1))
                try await stream.write(bytes(1_400))
                var echoed = 0
                while echoed < 1_400, let part = try await stream.read(upTo: 1_400) { echoed += part.readableBytes }
                transcript.say("echoed \(echoed)")
            } catch { transcript.say(code(error)) }
        }
        network.establish(.shape(link, nil, .mtu(1_500)))
        network.schedule(.unshape(link, nil, .mtu), at: Instant(nanoseconds: 500 * FaultWorld.millisecond))
        let run = try FaultWorld.run(network, until: 100, transcript)
        #expect(run.said == ["echoed 1400"])
        #expect(run.lost(.tooBig) > 0, "the connection was made with 1,460 bytes a segment")
    }
}
