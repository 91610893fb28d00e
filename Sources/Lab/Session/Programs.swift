import PeerNetworking
package import SimNetwork
import Workloads

extension PeerDefinition {
    /// What the peer's process runs: the same on the simulated network and on sockets.
    func program(in lab: LabDefinition) -> @Sendable (Providers) async -> Void {
        let local = Endpoint(host: lab.topology.hosts[Int(host.index)].name, port: listen ?? 0)
        return { providers in
            do throws(NetworkError) {
                try await run(providers, local: local)
            } catch {
                // A server that cannot listen has failed, and the lab shows it so; a killed one says nothing.
                guard error.code != .cancelled else { return }
                let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
                providers.observer.note(.state(.failed, error.code), of: number)
            }
        }
    }

    private func run(_ providers: Providers, local: Endpoint) async throws(NetworkError) {
        let remote = connect ?? local
        switch workload {
        case .echo:
            try await Echo(name: name, local: local, config: config).run(providers)
        case .sink:
            try await Echo(name: name, local: local, config: config, answers: false).run(providers)
        case .pingPong(let load):
            await pingPong(load, to: remote, awaitsAnswers: true).run(providers)
        case .flood(let load):
            await pingPong(load, to: remote, awaitsAnswers: false).run(providers)
        case .bulkSend(let bytes):
            await BulkSender(name: name, remote: remote, bytes: bytes).run(providers)
        case .bulkReceive:
            try await BulkReceiver(name: name, local: local).run(providers)
        }
    }
}

extension PeerDefinition {
    private func pingPong(_ load: MessageLoad, to remote: Endpoint, awaitsAnswers: Bool) -> PingPong {
        PingPong(
            name: name, remote: remote, config: config, interval: .nanoseconds(load.every), size: load.size,
            count: load.count, delivery: load.delivery, awaitsAnswers: awaitsAnswers)
    }
}

extension LabDefinition {
    /// A simulation of the lab, with its processes and its faults, before its first event.
    package func makeSimulation(seed: UInt64, keepsRecords: Bool) -> Simulation {
        var options = SimulationOptions()
        options.keepsRecords = keepsRecords
        options.buggify = buggify
        options.chaos = chaos
        options.taskOrder = taskOrder
        options.checksInvariants = checksInvariants
        let lab = turnsKnobs ? withKnobsTurned(seed: seed) : self
        let simulation = Simulation(topology: lab.topology, seed: seed, options: options)
        for peer in lab.peers {
            simulation.addProcess(peer.name, on: peer.host, program: peer.program(in: lab))
        }
        for action in standing { simulation.establish(action) }
        for fault in faults { simulation.schedule(fault) }
        return simulation
    }
}
