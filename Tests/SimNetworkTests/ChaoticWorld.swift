import PeerNetworking
import SimNetwork
import TCP

/// A small network in which everything happens that can: loss, cuts, kills, power losses, slow readers, dropped and
/// delayed segments, drawn from a seed of its own.
final class ChaoticWorld {
    let simulation: Simulation
    let transcript = Transcript()
    let hosts: [HostID]
    let links: [LinkID]
    private var processes: [ProcessID] = []
    private var dice: Dice
    private var untilAction = 20

    /// - Parameter tcp: of all hosts; without one, the seed decides between what Linux does and what courses draw.
    init(seed: UInt64, keepsRecords: Bool = true, tcp: TCPOptions? = nil) {
        dice = Dice(seed: seed)
        var topology = Topology()
        let names = ["a", "b", "c"]
        let tcp = tcp ?? (seed % 3 == 0 ? .textbook : TCPOptions())
        let hosts = names.map { topology.addHost($0, tcp: tcp) }
        self.hosts = hosts
        var links: [LinkID] = []
        let latencies: [Latency] = [.uniform(1_000_000, 9_000_000), .exponential(mean: 3_000_000), .constant(500_000)]
        for index in 0..<3 {
            links.append(
                topology.connect(
                    hosts[index], hosts[(index + 1) % 3],
                    LinkProperties(latency: latencies[index], loss: .independent(Probability(0.03)))))
        }
        self.links = links
        var options = SimulationOptions()
        options.keepsRecords = keepsRecords
        options.checksInvariants = true
        simulation = Simulation(topology: topology, seed: seed, options: options)
        let transcript = transcript
        for (index, name) in names.enumerated() {
            processes.append(
                simulation.addProcess("server-\(name)", on: hosts[index]) { providers in
                    await StreamCheck.receive(providers, host: name, transcript)
                })
            let target = names[(index + 1) % 3]
            processes.append(
                simulation.addProcess("client-\(name)", on: hosts[index]) { providers in
                    await StreamCheck.send(providers, to: target, as: name)
                })
        }
    }

    private func draw(_ bound: Int) -> Int { dice.below(bound) }

    /// The next event: now and then an intervention, otherwise the world's own.
    func next() throws -> EventRecord? {
        untilAction -= 1
        if untilAction <= 0 {
            untilAction = 10 + draw(120)
            if let record = try? simulation.perform(action()) { return record }
        }
        if let record = try simulation.step() { return record }
        for host in hosts { if let record = try? simulation.perform(.powerOn(host)) { return record } }
        return nil
    }

    private func action() -> Action {
        let link = links[draw(3)]
        let process = processes[draw(6)]
        let timers = simulation.upcoming(limit: 20).filter { if case .arrival = $0.what { false } else { true } }
        if !timers.isEmpty, draw(4) == 0 {
            let place = timers[draw(timers.count)].place
            return [.deliver(pending: place), .delay(pending: place, by: 70_000_000), .drop(pending: place)][draw(3)]
        }
        switch draw(14) {
        case 0: return .cut(link, nil)
        case 1: return .cut(link, draw(2) == 0 ? .forward : .backward)
        case 2, 3: return .heal(link, nil)
        case 4: return .kill(process)
        case 5, 6: return .restart(process)
        case 7: return .powerLoss(hosts[draw(3)])
        case 8: return .powerOn(hosts[draw(3)])
        case 9: return .pause(process)
        case 10: return .resume(process)
        case 11: return .slowReader(.process(process), bytesPerSecond: Int64(draw(3)) * 20_000)
        case 12: return .drop(ConnectionID(UInt32(1 + draw(20))), from: .client, ordinal: Int64(1 + draw(50)))
        default:
            return .delay(
                ConnectionID(UInt32(1 + draw(20))), from: .client, ordinal: Int64(1 + draw(50)), by: 50_000_000)
        }
    }
}
