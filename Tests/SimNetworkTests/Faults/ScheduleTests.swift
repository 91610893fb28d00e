import PeerNetworking
import SimNetwork
import Testing

/// When scheduled actions strike: at times, for a while, again and again, and when conditions hold.
@Suite struct ScheduleTests {
    private let ms = FaultWorld.millisecond

    private func times(of change: Change, in world: FaultWorld, until seconds: Double = 10) throws -> [Int64] {
        var times: [Int64] = []
        while let record = try world.network.step(until: Instant(nanoseconds: Int64(seconds * 1e9))) {
            if record.changes.contains(change) { times.append(record.time / ms) }
        }
        return times
    }

    @Test func aRepeatedFaultStrikesAsOftenAsItSays() throws {
        let world = FaultWorld(pings: 1_000)
        world.network.schedule(
            ScheduledAction(.cut(world.link, .forward), .at(100 * ms), lasts: 50 * ms, every: 200 * ms, times: 3))
        #expect(try times(of: .cut(world.link, .forward, true), in: world) == [100, 300, 500])
        let again = FaultWorld(pings: 1_000)
        again.network.schedule(
            ScheduledAction(.cut(again.link, .forward), .at(100 * ms), lasts: 50 * ms, every: 200 * ms, times: 3))
        #expect(try times(of: .cut(again.link, .forward, false), in: again) == [150, 350, 550])
    }

    @Test func aRepeatedFaultWithoutACountGoesOn() throws {
        let world = FaultWorld(pings: 1_000)
        world.network.schedule(
            ScheduledAction(.clog(.link(world.link, nil)), .at(0), lasts: 10 * ms, every: 1_000 * ms))
        #expect(try times(of: .fault(.clog, .struck), in: world, until: 9.5).count == 10)
    }

    /// The values that a link's loss takes, in order, in thousandths.
    private func losses(in world: FaultWorld) throws -> [Int] {
        var losses: [Int] = []
        while let record = try world.network.step(until: Instant(nanoseconds: 10 * FaultWorld.second)) {
            for case .shaped(_, .forward, .loss(let model)) in record.changes {
                losses.append(Int((model.mean * 1_000).rounded()))
            }
        }
        return losses
    }

    private func loss(_ probability: Double, on world: FaultWorld) -> Action {
        .shape(world.link, nil, .loss(.independent(Probability(probability))))
    }

    @Test func theEndOfAFaultWithinAnotherGivesThatBack() throws {
        let world = FaultWorld(pings: 1_000)
        world.network.establish(loss(0.01, on: world))
        world.at(1_000, loss(0.2, on: world), lasts: 4_000)
        world.at(2_000, loss(0.5, on: world), lasts: 1_000)
        #expect(try losses(in: world) == [10, 200, 500, 200, 10])
    }

    @Test func theEndOfACoveredFaultChangesNothing() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(1_000, loss(0.2, on: world), lasts: 2_000)
        world.at(2_000, loss(0.5, on: world), lasts: 3_000)
        #expect(try losses(in: world) == [200, 500, 0])
    }

    @Test func whatWasLiftedByHandDoesNotComeBack() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(1_000, loss(0.2, on: world), lasts: 4_000)
        world.at(2_000, loss(0.5, on: world), lasts: 1_000)
        world.at(2_500, .unshape(world.link, nil, .loss))
        #expect(try losses(in: world) == [200, 500, 0])
    }

    /// Counted as ended, not as struck again.
    @Test func whatComesBackIsNoFurtherStrike() throws {
        func run(seconds: Double) throws -> (FaultRun, Action) {
            let world = FaultWorld(pings: 1_000)
            func slow(to rate: Int64) -> Action { .slowReader(.process(world.server), bytesPerSecond: rate) }
            world.at(1_000, slow(to: 2_000), lasts: 4_000)
            world.at(2_000, slow(to: 1_000), lasts: 1_000)
            return (try world.run(seconds: seconds), slow(to: 2_000))
        }
        let (inside, outer) = try run(seconds: 4)
        #expect(inside.fired(.slowReader) == 2 && inside.fault(.slowReader)?.healed == 1)
        #expect(inside.state.standing.actions == [outer])
        #expect(try run(seconds: 10).0.state.standing.actions.isEmpty)
    }

    @Test func aClockGoesBackToWhatTheLabHasIt() throws {
        let world = FaultWorld(pings: 1_000)
        let host = world.hosts.client
        let own = Action.clockSkew(host, offset: 1_000_000_000, drift: 1_000_000)
        world.network.establish(own)
        world.at(1_000, .clockSkew(host, offset: 5_000_000_000, drift: 0), lasts: 1_000)
        #expect(try world.run(seconds: 4).state.standing.actions == [own])
    }

    /// What was sent the long way is overtaken by what is sent when the way is short again.
    @Test(arguments: [true, false])
    func whatIsSentAfterALatencyNeedNotWaitForWhatWasSentUnderIt(healsAll: Bool) throws {
        let world = FaultWorld(pings: 50)
        world.at(100, .slowPair(from: world.hosts.client, to: world.hosts.server, extra: 60 * FaultWorld.second))
        world.at(130, healsAll ? .healAll : .slowPair(from: world.hosts.client, to: world.hosts.server, extra: 0))
        let run = try world.run()
        #expect(run.said.last == "done")
        // One of them went the long way, and was sent again after a second at most.
        #expect(run.roundTrips.allSatisfy { $0 < 2 * FaultWorld.second })
    }

    @Test func aConditionOnTheNetworkTriggersWhatFollowsIt() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(500, .powerLoss(world.hosts.server))
        world.network.schedule(
            ScheduledAction(.cut(world.link, nil), .when(.host(world.hosts.server, .losesPower), after: 25 * ms)))
        #expect(try times(of: .cut(world.link, .forward, true), in: world) == [525])
    }

    @Test func aConditionOnAProcessTriggersOnce() throws {
        let world = FaultWorld(pings: 1_000)
        world.at(300, .kill(world.server))
        world.at(600, .restart(world.server))
        world.at(900, .kill(world.server))
        world.network.schedule(
            ScheduledAction(
                .cut(world.link, nil), .when(.peer(world.server, .process(.killed)), after: 0), lasts: 10 * ms))
        #expect(try times(of: .cut(world.link, .forward, true), in: world) == [300])
    }

    @Test func aConditionOnAFaultTriggers() throws {
        let world = FaultWorld(pings: 1_000)
        world.network.establish(.shape(world.link, nil, .loss(.independent(Probability(0.05)))))
        world.network.schedule(ScheduledAction(.cut(world.link, nil), .when(.fault(.partition), after: 0)))
        world.at(700, .partition(.groups(Partition([world.hosts.client], [world.hosts.server]))))
        #expect(try times(of: .cut(world.link, .forward, true), in: world) == [700])
    }

    @Test func messagesOfAPeerAreCounted() throws {
        let hosts = TwoHosts()
        let client = hosts.onClient { providers in
            let peer = providers.observer.register("client", queueCapacity: 8)
            for number in 1...50 as ClosedRange<UInt64> {
                providers.observer.note(.sent(message: number, through: 0, depth: 0), of: peer)
                try? await providers.time.sleep(for: .milliseconds(10))
            }
        }
        hosts.simulation.schedule(
            ScheduledAction(.cut(hosts.link, nil), .when(.peer(client, .count(.sent, atLeast: 10)), after: 0)))
        var sent = 0
        while let record = try hosts.simulation.step(until: Instant(nanoseconds: 1_000_000_000)) {
            if record.changes.contains(.cut(hosts.link, .forward, true)) { break }
            for case .peer(_, .sent, _) in record.changes { sent += 1 }
        }
        #expect(sent == 10)
    }

    // MARK: Healing

    @Test func healingAllLiftsWhateverStands() throws {
        let world = FaultWorld(pings: 400)
        let (server, client, link) = (world.hosts.server, world.hosts.client, world.link)
        let actions: [Action] = [
            .shape(link, .forward, .latency(.constant(9 * ms))),
            .shape(link, nil, .loss(.independent(Probability(0.2)))),
            .shape(link, nil, .bandwidth(10_000, queue: 5_000)), .slowPair(from: client, to: server, extra: ms),
            .clog(.host(server, nil)), .partition(.groups(Partition([client], [server]))), .cut(link, .backward),
            .unreachable(.host(server, nil), .host), .refuse(ServiceScope(server), .always),
            .connectHang(ServiceScope(server), .always), .backlogFull(ServiceScope(server), true),
            .nameError(server, .notFound, .always), .close(.host(client), RandomClose(Probability(0.5))),
            .shortRead(.host(client), ShortIO(largest: 1)), .shortWrite(.host(client), ShortIO(largest: 1)),
            .slowReader(.host(server), bytesPerSecond: 10), .clockSkew(server, offset: 5, drift: 5),
            .slowTimers(client, .always, most: ms), .exhaust(client, .sockets, 1), .exhaust(server, .memory, 1),
            .dropDuring(.fin, link, nil, .always), .override(DrawOverride(site: "link.loss", fires: true)),
            .pause(world.server),
        ]
        for action in actions { world.at(100, action) }
        world.at(400, .healAll)
        let run = try world.run(seconds: 100)
        #expect(run.state.standing.actions == [] && run.state.partitions == [])
        let state = try #require(run.state.links.first)
        #expect(!state.forwardCut && !state.backwardCut && !state.forwardClogged && !state.backwardClogged)
        #expect(run.state.hosts.allSatisfy { !$0.isClogged })
        for direction in LinkDirection.allCases {
            #expect(state.properties(LinkProperties(), direction) == LinkProperties())
        }
        #expect(run.state.processes.allSatisfy { $0.state == .running || $0.state == .exited })
        // And it can be lived in: a client that comes later is served.
        let later = FaultWorld(pings: 3)
        for action in actions { later.network.establish(action) }
        later.at(100, .healAll)
        let transcript = later.hosts.transcript
        later.hosts.onClient("later") { providers in
            try? await providers.time.sleep(for: .seconds(1))
            do {
                let stream = try await providers.network.connect(to: Endpoint(host: "server", port: 80))
                try await stream.write(bytes(100))
                _ = try await stream.read(upTo: 100)
                transcript.say("served")
            } catch { transcript.say("later: \(code(error))") }
        }
        #expect(try later.run().said.contains("served"))
    }

    // MARK: What is still to come of a fault

    private func deaths(_ run: FaultRun, of process: ProcessID) -> Int {
        run.changes.count { $0 == .process(process, .killed) }
    }

    @Test func theEndOfAKillLeavesAProcessAloneThatRunsAgain() throws {
        let world = FaultWorld(pings: 1)
        world.at(100, .kill(world.server), lasts: 500)
        world.at(300, .restart(world.server))
        let run = try world.run(seconds: 2)
        #expect(deaths(run, of: world.server) == 1 && run.state.processes[0].state == .running)
        let alone = FaultWorld(pings: 1)
        alone.at(100, .kill(alone.server), lasts: 500)
        #expect(try alone.run(seconds: 2).state.processes[0].state == .running, "and starts one that does not")
    }

    @Test func whatIsHealedHasNoEndToCome() throws {
        let world = FaultWorld(pings: 1)
        world.at(100, .kill(world.server), lasts: 500)
        world.at(100, .cut(world.link, nil), lasts: 500)
        world.at(100, .swizzle([world.hosts.client, world.hosts.server], over: 1_000 * FaultWorld.millisecond))
        world.at(200, .healAll)
        // By hand, later: it stands, whatever ends an earlier one would have had.
        world.at(400, .cut(world.link, nil))
        let run = try world.run(seconds: 3)
        #expect(deaths(run, of: world.server) == 1)
        #expect(run.state.links[0].forwardCut && run.state.links[0].backwardCut)
        #expect(run.state.hosts.allSatisfy { !$0.isClogged })
        let clogs = run.changes.filter { if case .hostClogged(_, _, true) = $0 { true } else { false } }
        #expect(clogs.count <= 2, "the second half of the swizzle does not come")
    }

    @Test func noFaultOfChaosStrikesAfterItIsHealed() throws {
        for seed in 1...40 as ClosedRange<UInt64> {
            var options = SimulationOptions()
            options.chaos = ChaosProfile(families: [.processKill, .powerLoss, .clog, .swizzle, .cut])
            options.chaos?.interval = 200 * FaultWorld.millisecond
            options.chaos?.length = 2_000 * FaultWorld.millisecond
            options.chaos?.healsAt = 3 * FaultWorld.second
            let world = FaultWorld(seed: seed, pings: 1, options: options)
            let network = world.network
            try network.run(until: Instant(nanoseconds: 3 * FaultWorld.second))
            while let record = try network.step(until: Instant(nanoseconds: 20 * FaultWorld.second)) {
                #expect(record.kind != .fault, "seed \(seed): \(record)")
            }
        }
    }

    /// The handshakes are over when it is set: only what comes after them is dropped.
    @Test(arguments: [(ProtocolMoment.syn, false), (.fin, true)])
    func aDropOfAMomentStrikesWithItsDrawsAndNotWhenItIsSet(moment: ProtocolMoment, strikes: Bool) throws {
        let world = FaultWorld()
        let drop = Action.dropDuring(moment, world.link, nil, .always)
        world.network.schedule(ScheduledAction(drop, .at(50 * ms)))
        world.network.schedule(
            ScheduledAction(.clog(.link(world.link, nil)), .when(.fault(.drop), after: 50 * FaultWorld.millisecond)))
        let run = try world.run()
        let counts = try #require(run.fault(.drop))
        #expect(counts.set == 1 && counts.fired == counts.effects)
        #expect((counts.fired > 0) == strikes)
        #expect((run.fired(.clog) == 1) == strikes, "what waits for it waits for a strike")
    }

    @Test func aBurstThatEndsIsNoLoss() throws {
        let world = FaultWorld()
        let model = GilbertElliott(toBad: .always, toGood: .always, lossWhenGood: .never, lossWhenBad: .never)
        world.network.establish(.shape(world.link, nil, .loss(.burst(model))))
        world.network.schedule(
            ScheduledAction(.cut(world.link, nil), .when(.fault(.loss), after: 50 * FaultWorld.millisecond)))
        let run = try world.run()
        #expect(run.fired(.cut) == 0 && run.said == ["connected", "done"])
    }

    /// What was refused has not been done: who waits for a fault goes on waiting.
    @Test func anActionByHandThatIsRefusedMeetsNoCondition() throws {
        let world = FaultWorld(pings: 3)
        world.network.schedule(ScheduledAction(.cut(world.link, nil), .when(.fault(nil), after: 0)))
        _ = try world.network.step()
        #expect(throws: ActionError.self) { try world.network.perform(.heal(world.link, nil)) }
        try world.network.run(until: Instant(nanoseconds: 300 * FaultWorld.second))
        #expect(world.hosts.transcript.all.last == "done")
        // What is done is seen: now it is cut.
        try world.network.perform(.shape(world.link, nil, .duplicate(.always)))
        try world.network.run(until: Instant(nanoseconds: 400 * FaultWorld.second))
        #expect(world.network.structure.links[0].forwardCut)
    }

    /// A scheduled action that finds nothing to act on is no fault that strikes.
    @Test func aScheduledActionWithoutEffectMeetsNoCondition() throws {
        let world = FaultWorld(pings: 3)
        world.network.schedule(ScheduledAction(.cut(world.link, nil), .when(.fault(nil), after: 0)))
        world.at(5, .heal(world.link, nil))
        let run = try world.run()
        #expect(run.fired(.cut) == 0 && run.said.last == "done")
    }

    /// After an action that was refused the latest record is that of the latest event still.
    @Test func theLatestRecordOutlivesARefusedAction() throws {
        let world = FaultWorld(pings: 3)
        for _ in 0..<10 { _ = try world.network.step() }
        let (record, digest) = (world.network.record, world.network.digest)
        #expect(throws: ActionError.self) { try world.network.perform(.heal(world.link, nil)) }
        #expect(world.network.record == record && world.network.digest == digest)
    }
}
