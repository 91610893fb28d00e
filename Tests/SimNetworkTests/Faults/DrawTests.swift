import PeerNetworking
import SimNetwork
import Testing
import TCP

/// The ledger of draws: rates, forcing and vetoing, and that no draw moves another.
@Suite struct DrawTests {
    /// A probability that each site is tried with, and a world in which it is drawn for.
    private static let rate = Probability(0.2)

    private func draws(of site: FaultSite, in run: FaultRun) -> [DrawRecord] {
        run.changes.compactMap { if case .draw(let draw) = $0, draw.site == .fault(site) { draw } else { nil } }
    }

    /// Expects the share of draws that fired in the 99.9 % interval of a binomial distribution.
    private func expectRate(_ draws: [DrawRecord], _ probability: Probability, _ site: FaultSite) {
        let count = Double(draws.count)
        let fired = Double(draws.count { $0.fires })
        let mean = count * probability.fraction
        // 3.29 standard deviations either side hold 99.9 % of a normal distribution, as which 10,000 draws pass.
        let spread = 3.29 * (count * probability.fraction * (1 - probability.fraction)).squareRoot()
        #expect(draws.count >= 10_000, "\(site): \(draws.count) draws")
        #expect(abs(fired - mean) <= spread, "\(site): \(fired) of \(count) fired, \(mean) ± \(spread) expected")
        #expect(
            draws.allSatisfy { $0.threshold == probability && $0.fires == (UInt64($0.value) < probability.threshold) })
    }

    private func shape(_ site: FaultSite) -> LinkShape? {
        switch site {
        case .linkLoss: .loss(.independent(Self.rate))
        case .linkBurst: .loss(.burst(GilbertElliott(toBad: Self.rate, toGood: Self.rate, lossWhenBad: Self.rate)))
        case .linkDuplicate: .duplicate(Self.rate)
        case .linkReorder: .reorder(Reordering(Self.rate, by: 1_000))
        case .linkCorrupt: .corrupt(Corruption(caught: Self.rate))
        case .linkCorruptUncaught: .corrupt(Corruption(uncaught: Self.rate))
        default: nil
        }
    }

    @Test(arguments: [FaultSite.linkLoss, .linkBurst, .linkDuplicate, .linkReorder, .linkCorrupt, .linkCorruptUncaught])
    func sitesOfLinksFireAsOftenAsTheyShould(site: FaultSite) throws {
        let world = FaultWorld(pings: 6_500)
        world.network.establish(.shape(world.link, nil, try #require(shape(site))))
        expectRate(draws(of: site, in: try world.run(seconds: 20_000)), Self.rate, site)
    }

    @Test(arguments: [FaultSite.readShort, .writeShort, .timerSlow])
    func sitesOfCallsFireAsOftenAsTheyShould(site: FaultSite) throws {
        let world = FaultWorld(pings: 10_100)
        switch site {
        case .readShort:
            world.network.establish(.shortRead(.process(world.client), ShortIO(largest: 999, probability: Self.rate)))
        case .writeShort:
            world.network.establish(.shortWrite(.process(world.client), ShortIO(largest: 999, probability: Self.rate)))
        default: world.network.establish(.slowTimers(world.hosts.client, Self.rate, most: 1_000))
        }
        expectRate(draws(of: site, in: try world.run(seconds: 20_000)), Self.rate, site)
    }

    @Test(arguments: [FaultSite.connectRefuse, .connectHang, .nameError, .ioClose, .momentDrop])
    func sitesOfConnectionsFireAsOftenAsTheyShould(site: FaultSite) throws {
        var tcp = TCPOptions()
        tcp.synRetries = 0
        tcp.timeWait = 1
        let hosts = TwoHosts(clientTCP: tcp)
        hosts.serve { stream, _ in
            _ = try? await stream.read(upTo: 10)
            await stream.close()
        }
        hosts.onClient { providers in
            for _ in 0..<10_100 {
                guard let stream = try? await providers.network.connect(to: Endpoint(host: "server", port: 80)) else {
                    continue
                }
                try? await stream.write(bytes(1))
                await stream.close()
                try? await providers.time.sleep(for: .milliseconds(5))
            }
        }
        switch site {
        case .connectRefuse: hosts.simulation.establish(.refuse(ServiceScope(hosts.server), Self.rate))
        case .connectHang: hosts.simulation.establish(.connectHang(ServiceScope(hosts.server), Self.rate))
        case .nameError: hosts.simulation.establish(.nameError(hosts.server, .notFound, Self.rate))
        case .ioClose: hosts.simulation.establish(.close(.host(hosts.client), RandomClose(Self.rate)))
        default: hosts.simulation.establish(.dropDuring(.syn, hosts.link, nil, Self.rate))
        }
        let run = try FaultWorld.run(hosts.simulation, until: 100_000, hosts.transcript)
        expectRate(draws(of: site, in: run), Self.rate, site)
    }

    // MARK: Nothing without a probability

    @Test func aFaultOfProbabilityZeroChangesNothing() throws {
        let plain = try FaultWorld().run()
        let neutral: [(FaultWorld) -> Action] = [
            { .shape($0.link, nil, .loss(.independent(.never))) },
            { .shape($0.link, nil, .loss(.burst(GilbertElliott(toBad: .never, toGood: .always)))) },
            { .shape($0.link, nil, .duplicate(.never)) },
            { .shape($0.link, nil, .reorder(Reordering(.never, by: 1_000_000_000))) },
            { .shape($0.link, nil, .corrupt(Corruption(caught: .never, uncaught: .never))) },
            { .refuse(ServiceScope($0.hosts.server), .never) },
            { .connectHang(ServiceScope($0.hosts.server), .never) },
            { .nameError($0.hosts.server, .notFound, .never) },
            { .close(.host($0.hosts.client), RandomClose(.never)) },
            { .shortRead(.host($0.hosts.client), ShortIO(largest: 1, probability: .never)) },
            { .shortWrite(.host($0.hosts.client), ShortIO(largest: 1, probability: .never)) },
            { .slowTimers($0.hosts.client, .never, most: 1_000_000_000) },
            { .dropDuring(.firstData, $0.link, nil, .never) },
        ]
        for (index, action) in neutral.enumerated() {
            let world = FaultWorld()
            world.network.establish(action(world))
            let run = try world.run()
            #expect(run.said == plain.said && run.roundTrips == plain.roundTrips, "fault \(index)")
            #expect(run.state.sites.isEmpty, "fault \(index) was drawn for")
            #expect(run.state.totals == plain.state.totals, "fault \(index)")
        }
    }

    @Test func withoutChaosAndBuggifyNothingIsDrawn() throws {
        let run = try FaultWorld().run()
        #expect(!run.changes.contains { if case .draw = $0 { true } else { false } })
        #expect(run.state.faults.isEmpty && run.state.standing.actions.isEmpty)
    }

    // MARK: Force and veto

    /// A lossy world with two clients and a third host, whose draws are independent.
    private func lossy(_ override: DrawOverride?) throws -> FaultRun {
        var topology = Topology()
        let server = topology.addHost("server")
        var links: [LinkID] = []
        for name in ["a", "b"] {
            let client = topology.addHost(name)
            links.append(
                topology.connect(client, server, LinkProperties(loss: .independent(Probability(0.1)))))
        }
        let network = Simulation(topology: topology, seed: 11)
        let transcript = Transcript()
        network.addProcess("server", on: server) { await StreamCheck.receive($0, host: "server", transcript) }
        for (index, name) in ["a", "b"].enumerated() {
            network.addProcess("client-\(name)", on: HostID(index + 1)) {
                await StreamCheck.send($0, to: "server", as: name)
            }
        }
        if let override { network.establish(.override(override)) }
        return try FaultWorld.run(network, until: 20, transcript)
    }

    private func draws(_ run: FaultRun, of link: Int, _ direction: LinkDirection) -> [DrawRecord] {
        draws(of: .linkLoss, in: run).filter {
            if case .segment(let segment) = $0.subject {
                segment.link == LinkID(link) && segment.direction == direction
            } else {
                false
            }
        }
    }

    @Test func aVetoOnOneConnectionChangesNoDrawOfAnother() throws {
        let free = try lossy(nil)
        let lost = try #require(draws(free, of: 0, .forward).first { $0.fires })
        guard case .segment(let segment) = lost.subject else { return #expect(Bool(false), "\(lost.subject)") }
        let vetoed = try lossy(
            DrawOverride(
                site: "link.loss", subject: "a→server,a/client-a→server:80/1,\(segment)", number: lost.number,
                fires: false))
        let decided = try #require(draws(vetoed, of: 0, .forward).first { $0.number == lost.number })
        #expect(!decided.fires && decided.isForced && decided.value == lost.value, "the value is what it was")
        #expect(draws(free, of: 1, .forward) == draws(vetoed, of: 1, .forward))
        #expect(draws(free, of: 1, .backward) == draws(vetoed, of: 1, .backward))
        // Its own later draws have the same values too, whenever it sends what they are for.
        let before = Dictionary(
            draws(of: .linkLoss, in: free).map { (DrawName($0), $0.value) }, uniquingKeysWith: { first, _ in first })
        let again = draws(of: .linkLoss, in: vetoed).filter { before[DrawName($0)] != nil }
        #expect(again.count > 100)
        #expect(again.allSatisfy { before[DrawName($0)] == $0.value })
    }

    /// What a draw is keyed by.
    private struct DrawName: Hashable {
        var site: DrawSite
        var subject: DrawSubject
        var number: UInt64

        init(_ draw: DrawRecord) { (site, subject, number) = (draw.site, draw.subject, draw.number) }
    }

    /// What a force and a veto of one connection set is the same by its number and by its stable name.
    @Test func anOverrideLiftedByItsStableNameDoesNotComeBack() throws {
        let world = FaultWorld(pings: 400)
        world.at(100, .override(DrawOverride(site: "moment.drop", subject: "c1", fires: false)))
        world.at(200, .unoverride(DrawOverride(site: "moment.drop", subject: Self.connection, fires: false)))
        world.at(300, .override(DrawOverride(site: "moment.drop", subject: "c1", fires: true)), lasts: 100)
        let run = try world.run()
        #expect(run.state.standing.actions.isEmpty)
    }

    /// The lateness of a timer is that of the draw that struck: a veto of one moves no other.
    @Test func aVetoOfALateTimerMovesTheLatenessOfNoOther() throws {
        func lateness(_ veto: UInt64?) throws -> [Int64] {
            let world = FaultWorld(pings: 30)
            world.network.establish(.slowTimers(world.hosts.client, .always, most: 50 * FaultWorld.millisecond))
            if let veto {
                world.network.establish(
                    .override(DrawOverride(site: "timer.slow", subject: "client", number: veto, fires: false)))
            }
            var waits: [Int64] = []
            while let record = try world.network.step(until: Instant(nanoseconds: 10 * FaultWorld.second)) {
                for case .timerSet(_, _, let due) in record.changes { waits.append(due - record.time) }
            }
            return waits
        }
        let (free, vetoed) = (try lateness(nil), try lateness(3))
        #expect(free.count == vetoed.count && free.count > 20)
        #expect(free.indices.filter { free[$0] != vetoed[$0] } == [2], "the third alone is otherwise")
    }

    @Test func aSiteCanBeForcedOrVetoedAltogether() throws {
        let vetoed = try lossy(DrawOverride(site: "link.loss", fires: false))
        #expect(vetoed.lost(.loss) == 0 && draws(of: .linkLoss, in: vetoed).count > 100)
        let forced = FaultWorld()
        forced.network.establish(.override(DrawOverride(site: "connect.refuse", number: 1, fires: true)))
        #expect(try forced.run().said == ["connectionRefused"])
    }

    @Test func oneDrawIsForcedWithEverythingElseStayingAsItWas() throws {
        let world = FaultWorld()
        world.network.establish(
            .override(DrawOverride(site: "link.loss", subject: Self.pings, number: 9_001, fires: true)))
        let run = try world.run()
        #expect(run.said == ["connected", "done"])
        #expect(run.lost(.loss) == 1, "the tenth ping, on a link that loses none")
        #expect(run.roundTrips.count { $0 > 2 * FaultWorld.millisecond } == 1)
    }

    /// The connection of a ``FaultWorld``, and its segments with payload on their link, by their stable names.
    private static let connection = "client/client→server:80/1"
    private static let pings = "client→server,\(connection),client,data"
    private static let echoes = "server→client,\(connection),server,data"

    /// Every site with what a draw of it that is forced does to a network without a fault.
    @Test(arguments: [
        ("link.loss", pings, 9_001), ("link.duplicate", echoes, 8_001), ("link.reorder", pings, 9_001),
        ("link.corrupt", pings, 9_001), ("link.corrupt-uncaught", echoes, 3_001), ("connect.refuse", connection, 1),
        ("connect.hang", connection, 1), ("name.error", "client?server", 1),
        ("io.read.short", "\(connection)/client", 3), ("io.write.short", "\(connection)/server", 3),
        ("io.close", "\(connection)/server", 5), ("timer.slow", "client", 7), ("timer.slow", "client/client", 7),
        ("moment.drop", "client→server,\(connection),client,control", 1),
    ])
    func aForcedDrawHasItsEffectWithoutAnyFault(_ site: String, _ subject: String, _ number: Int) throws {
        let plain = try FaultWorld().run()
        let world = FaultWorld()
        world.network.establish(
            .override(DrawOverride(site: site, subject: subject, number: UInt64(number), fires: true)))
        let run = try world.run()
        let forced = run.changes.filter { if case .draw(let draw) = $0 { draw.isForced && draw.fires } else { false } }
        #expect(forced.count == 1)
        // A duplicate is no news to an application, and a short write none to the other side.
        let isUnseen = site == "link.duplicate" || site == "io.write.short" || site == "io.read.short"
        #expect(
            isUnseen || run.said != plain.said || run.roundTrips != plain.roundTrips
                || run.state.time > plain.state.time)
        #expect(!isUnseen || run.changes.count > plain.changes.count)
    }

    @Test(arguments: [("io.read.short", "c1/client"), ("moment.drop", "c1"), ("io.close", "c1/server")])
    func anOverrideFindsItsConnectionByNumber(_ site: String, _ subject: String) throws {
        let world = FaultWorld()
        let override = DrawOverride(site: site, subject: subject, fires: true)
        world.at(100, .override(override), lasts: 3_000)
        let run = try world.run()
        #expect(run.changes.contains { if case .draw(let draw) = $0 { draw.isForced } else { false } })
        #expect(run.state.standing.actions.isEmpty, "what was forced by its number is lifted by it")
    }

    @Test(
        arguments: [
            ("link.loss", "nobody"), ("link.loss", "c1"), ("link.loss", "client→server,c1,middle,data"),
            ("link.loss", "client→server,c1"), ("chaos.cut", "client"),
            ("link.loss", "client→server,c1,client,control,2"),
            ("link.loss", "client→server,c1,client,data,twice"), ("timer.slow", "nobody"),
            ("name.error", "client"),
            ("moment.drop", "c7"), ("io.close", "c1"), ("connect.refuse", "server"), ("link.burst", nil),
            ("no.site", nil),
        ] as [(String, String?)])
    func anOverrideThatCanNeverMatchIsRefused(_ site: String, _ subject: String?) throws {
        let world = FaultWorld()
        _ = try world.network.run(until: Instant(nanoseconds: 100 * FaultWorld.millisecond))
        #expect(throws: ActionError.self) {
            try world.network.perform(.override(DrawOverride(site: site, subject: subject, fires: true)))
        }
    }

    @Test func anActionThatFailsMovesNoDraw() throws {
        func digest(failures: Int) throws -> Digest {
            let world = FaultWorld()
            let network = world.network
            try network.run(until: Instant(nanoseconds: 100 * FaultWorld.millisecond))
            let (client, server) = ([world.hosts.client], [world.hosts.server])
            _ = try network.perform(.partition(.groups(Partition(client, server))))
            _ = try network.perform(.partition(.groups(Partition(server, client))))
            for _ in 0..<failures {
                #expect(throws: ActionError.self) { try network.perform(.partition(.isolateOne(oneWay: false))) }
            }
            _ = try network.perform(.unpartition(nil))
            for _ in 0..<8 {
                _ = try network.perform(.partition(.isolateOne(oneWay: false)))
                _ = try network.perform(.unpartition(nil))
            }
            return network.digest
        }
        #expect(try digest(failures: 0) == digest(failures: 5))
    }

    @Test func buggifySitesAreArmedByTheSeedAndFireAtTheirRate() throws {
        var armed = 0
        for seed in 1...400 as ClosedRange<UInt64> {
            var options = SimulationOptions()
            options.buggify = BuggifyOptions()
            let world = FaultWorld(seed: seed, pings: 3, options: options)
            let run = try world.run()
            let site = run.state.sites.first { $0.site == .buggify(.simSegmentDelay) }
            // At one that is not armed nothing is drawn.
            #expect(site == nil || site?.isArmed == true && site?.draws == run.state.totals.segmentsSent)
            #expect(
                options.buggify?.sites(seed: seed).contains { $0.site == .buggify(.simSegmentDelay) && $0.isArmed }
                    == (site != nil))
            if site != nil { armed += 1 }
        }
        // 400 × ¼ ± 3.29 standard deviations
        #expect((72...128).contains(armed), "\(armed) of 400 runs armed it")
    }

    @Test func aBuggifySiteCanBeForced() throws {
        var options = SimulationOptions()
        options.buggify = BuggifyOptions(activation: .never)
        let world = FaultWorld(options: options)
        world.network.establish(
            .override(DrawOverride(site: "sim.segment.delay", subject: Self.pings, number: 6_001, fires: true)))
        let run = try world.run()
        #expect(run.roundTrips.max()! == 11 * FaultWorld.millisecond, "one segment takes ten times its latency")
    }
}
