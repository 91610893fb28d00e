import NIOCore
import PeerNetworking
import SimNetwork
import TCP

/// A random network on which random things are done: hosts and routers, links of all kinds, senders and receivers that
/// check every byte, and interventions of every kind, all drawn from a seed.
final class FuzzWorld {
    let simulation: Simulation
    let transcript = Transcript()
    let topology: Topology
    private var processes: [ProcessID] = []
    private var dice: Dice
    private var untilAction = 30
    /// Actions that were carried out, by family.
    private(set) var done: [FaultFamily: Int] = [:]

    init(seed: UInt64, keepsRecords: Bool = true, shuffled: Bool? = nil) {
        var dice = Dice(seed: seed)
        let topology = FuzzWorld.topology(&dice)
        self.topology = topology
        var options = SimulationOptions()
        options.keepsRecords = keepsRecords
        options.taskOrder = shuffled ?? (dice.below(3) == 0) ? .shuffled : .fifo
        if dice.below(2) == 0 { options.buggify = BuggifyOptions() }
        if dice.below(3) == 0 {
            options.chaos = ChaosProfile(.swarm, families: ChaosProfile.drawable.filter { $0 != .corrupt })
        }
        simulation = Simulation(topology: topology, seed: seed, options: options)
        let ends = topology.hosts.indices.filter { !topology.hosts[$0].isRouter }
        let transcript = transcript
        for index in ends {
            let name = topology.hosts[index].name
            processes.append(
                simulation.addProcess("server-\(name)", on: HostID(index)) { providers in
                    await StreamCheck.receive(providers, host: name, transcript)
                })
        }
        for index in ends {
            let target = topology.hosts[ends[dice.below(ends.count)]].name
            processes.append(
                simulation.addProcess("client-\(index)", on: HostID(index)) { providers in
                    await StreamCheck.send(providers, to: target, as: "client-\(index)")
                })
        }
        self.dice = dice
    }

    private static func topology(_ dice: inout Dice) -> Topology {
        var topology = Topology()
        var hosts: [HostID] = []
        for index in 0..<(2 + dice.below(4)) {
            var tcp = TCPOptions()
            tcp.backlog = Int32(1 + dice.below(8))
            tcp.receiveBuffer = Int32(2_048 << dice.below(5))
            tcp.sendBuffer = Int32(2_048 << dice.below(5))
            tcp.ecn = TCPOptions.Marking.allCases[dice.below(3)]
            tcp.mtuProbing = TCPOptions.MTUProbing.allCases[dice.below(3)]
            tcp.baseSegment = Int32(48 + dice.below(1_400))
            hosts.append(topology.addHost("h\(index)", tcp: tcp))
        }
        for index in 0..<dice.below(3) { hosts.append(topology.addRouter("r\(index)")) }
        for index in hosts.indices.dropFirst() {
            topology.connect(hosts[index], hosts[dice.below(index)], properties(&dice))
        }
        for _ in 0..<dice.below(4) {
            let (first, second) = (dice.below(hosts.count), dice.below(hosts.count))
            guard first != second else { continue }
            let link = topology.connect(hosts[first], hosts[second], properties(&dice))
            topology.links[Int(link.index)].backward = properties(&dice)
        }
        return topology
    }

    private static func properties(_ dice: inout Dice) -> LinkProperties {
        let latencies: [Latency] = [
            .constant(1_000_000), .uniform(0, 9_000_000), .normal(mean: 3_000_000, deviation: 2_000_000),
            .exponential(mean: 2_000_000), .bimodal(1_000_000, 30_000_000, second: Probability(0.1)),
            .pareto(least: 500_000, shape: 1.5),
        ]
        var properties = LinkProperties(latency: latencies[dice.below(latencies.count)])
        if dice.below(3) == 0 { properties.apply(shape(&dice)) }
        return properties
    }

    private static func red(_ dice: inout Dice) -> RandomEarlyDetection {
        var red = RandomEarlyDetection()
        red.marks = dice.below(2) == 0
        red.weight = Probability(Double(dice.below(5)) / 4)
        if dice.below(3) == 0 { (red.least, red.most) = (Int64(dice.below(4_000)), Int64(dice.below(8_000))) }
        return red
    }

    private static func codel(_ dice: inout Dice) -> ControlledDelay {
        var codel = ControlledDelay()
        codel.marks = dice.below(2) == 0
        if dice.below(2) == 0 { (codel.target, codel.interval) = (Int64(1_000 + dice.below(1_000_000)), 1_100_000) }
        return codel
    }

    private static func shape(_ dice: inout Dice) -> LinkShape {
        switch dice.below(9) {
        case 0: .latency(.uniform(0, Int64(1 + dice.below(50_000_000))))
        case 1: .loss(.independent(Probability(Double(dice.below(20)) / 100)))
        case 2:
            .loss(
                .burst(
                    GilbertElliott(
                        toBad: Probability(0.02), toGood: Probability(0.3), lossWhenBad: Probability(0.8))))
        case 3: .duplicate(Probability(Double(dice.below(30)) / 100))
        case 4: .reorder(Reordering(Probability(Double(dice.below(30)) / 100), by: Int64(1 + dice.below(20_000_000))))
        case 5: .corrupt(Corruption(caught: Probability(Double(dice.below(10)) / 100)))
        case 6: .bandwidth(Int64(2_000 + dice.below(1_000_000)), queue: Int64(1_500 + dice.below(60_000)))
        case 7: .queue([.dropTail, .red(red(&dice)), .red(red(&dice)), .codel(codel(&dice))][dice.below(4)])
        default: .mtu(Int32(128 + dice.below(1_400)), tells: dice.below(3) > 0)
        }
    }

    /// The next event: now and then an intervention, otherwise the world's own.
    func next() throws -> EventRecord? {
        untilAction -= 1
        if untilAction <= 0 {
            untilAction = 10 + dice.below(80)
            let action = action()
            if let record = try? simulation.perform(action) {
                done[action.family, default: 0] += 1
                return record
            }
        }
        if let record = try simulation.step() { return record }
        return try? simulation.perform(.healAll)
    }

    // MARK: Actions

    private var anyHost: HostID { HostID(dice.below(topology.hosts.count)) }
    private var anyLink: LinkID { LinkID(dice.below(topology.links.count)) }
    private var anyProcess: ProcessID { processes[dice.below(processes.count)] }
    private var anyDirection: LinkDirection? { [.forward, .backward, nil][dice.below(3)] }
    private var anyTraffic: TrafficScope {
        dice.below(2) == 0 ? .link(anyLink, anyDirection) : .host(anyHost, [.inbound, .outbound, nil][dice.below(3)])
    }
    private var anyService: ServiceScope { ServiceScope(anyHost, port: dice.below(2) == 0 ? 80 : nil) }
    private var anyConnection: ConnectionID { ConnectionID(simulation.newestConnection &- UInt32(dice.below(6))) }
    private var anyConnections: ConnectionScope {
        dice.below(2) == 0 ? .process(anyProcess) : .connection(anyConnection, [.client, .server, nil][dice.below(3)])
    }
    private var anyIO: IOScope {
        switch dice.below(3) {
        case 0: .process(anyProcess)
        case 1: .host(anyHost)
        default: .connection(anyConnection)
        }
    }
    private var anyProbability: Probability { Probability(Double(dice.below(5)) / 8) }

    /// Something for a segment that is on the wire.
    private func ofSegment(_ make: (ConnectionID, Side, Int64) -> Action) -> Action {
        guard let latest = simulation.newestSegment else { return .healAll }
        return make(latest.connection, latest.from, latest.ordinal)
    }

    private func action() -> Action {
        switch dice.below(52) {
        case 0: return .cut(anyLink, anyDirection)
        case 1, 2: return .heal(anyLink, nil)
        case 3, 4, 5: return .shape(anyLink, anyDirection, FuzzWorld.shape(&dice))
        case 6: return .unshape(anyLink, anyDirection, LinkShape.Kind.allCases[dice.below(8)])
        case 7, 8: return .clog(anyTraffic)
        case 9, 10, 11: return .unclog(anyTraffic)
        case 12: return .partition(.random(oneWay: dice.below(2) == 0))
        case 13: return .partition(dice.below(2) == 0 ? .uniformSize(oneWay: false) : .isolateOne(oneWay: true))
        case 14, 15: return .unpartition(nil)
        case 16: return .swizzle(topology.hosts.indices.map { HostID($0) }, over: 300_000_000)
        case 17: return .slowPair(from: anyHost, to: anyHost, extra: Int64(dice.below(3)) * 20_000_000)
        case 18: return .unreachable(anyTraffic, [.host, .network, nil, nil][dice.below(4)])
        case 19: return .refuse(anyService, anyProbability)
        case 20: return .connectHang(anyService, anyProbability)
        case 21: return .backlogFull(anyService, dice.below(3) == 0)
        case 22:
            return .nameError(
                anyHost, [.notFound, .temporary, .slow(2_000_000_000), nil][dice.below(4)], anyProbability)
        case 23:
            let close = RandomClose(
                Probability(0.05), learns: RandomClose.Learns.allCases[dice.below(3)],
                manner: RandomClose.Manner.allCases[dice.below(2)], onNextUse: dice.below(2) == 0)
            return .close(anyIO, dice.below(2) == 0 ? close : nil)
        case 24: return .reset(anyConnections)
        case 25: return .halfClose(anyConnections)
        case 26: return .halfOpen(anyConnections)
        case 27:
            return .shortRead(
                anyIO,
                dice.below(2) == 0 ? ShortIO(largest: Int32(1 + dice.below(9)), probability: anyProbability) : nil)
        case 28:
            return .shortWrite(
                anyIO,
                dice.below(2) == 0 ? ShortIO(largest: Int32(1 + dice.below(99)), probability: anyProbability) : nil)
        case 29: return .slowReader(anyIO, bytesPerSecond: Int64(dice.below(3)) * 20_000)
        case 30: return .exit(anyProcess)
        case 31: return .kill(anyProcess)
        case 32, 33, 34: return .restart(anyProcess)
        case 35: return .pause(anyProcess)
        case 36, 37: return .resume(anyProcess)
        case 38: return .powerLoss(anyHost)
        case 39, 40: return .powerOn(anyHost)
        case 41:
            return .clockSkew(
                anyHost, offset: Int64(dice.below(3)) * 100_000_000, drift: Int64(dice.below(3)) * 1_000_000)
        case 42: return .slowTimers(anyHost, anyProbability, most: 50_000_000)
        case 43:
            return .exhaust(
                anyHost, HostLimits.Resource.allCases[dice.below(3)], dice.below(2) == 0 ? Int64(dice.below(4)) : nil)
        case 44:
            return ofSegment([Action.drop, Action.damage, Action.copy, Action.deliver][dice.below(4)])
        case 45: return ofSegment { .delay($0, from: $1, ordinal: $2, by: 50_000_000) }
        case 46:
            return .dropDuring(ProtocolMoment.allCases[dice.below(5)], anyLink, anyDirection, anyProbability)
        case 50, 51:
            let knob = TCPKnob.all[dice.below(TCPKnob.all.count)]
            let value = [knob.values.lowerBound, knob.values.upperBound][dice.below(2)]
            guard dice.below(2) == 0 || !knob.isOfSocket else {
                return .setsockopt(anyConnection, [.client, .server, nil][dice.below(3)], knob.name, value)
            }
            return .sysctl(anyHost, knob.name, dice.below(3) == 0 ? nil : value)
        case 47: return .icmpDrop(anyTraffic, anyProbability)
        case 48:
            let rules = Middlebox.Rules(
                idle: Int64(1 + dice.below(2_000)) * 1_000_000, forgets: Middlebox.Forgetting.allCases[dice.below(2)],
                mostHalfOpen: dice.below(2) == 0 ? Int32(1 + dice.below(4)) : nil)
            return .nat(anyHost, dice.below(4) == 0 ? nil : rules)
        default:
            if dice.below(4) == 0 { return dice.below(2) == 0 ? .healAll : .reseed(Int64(dice.below(9))) }
            let override = DrawOverride(
                site: DrawSite.names[dice.below(DrawSite.names.count)], number: UInt64(1 + dice.below(9)),
                fires: dice.below(2) == 0)
            return .override(override)
        }
    }
}
