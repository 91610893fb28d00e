import PeerNetworking
package import SimNetwork
import Workloads

extension PeerDefinition {
    /// What the peer's process runs: the same on the simulated network and on sockets.
    ///
    /// - Parameter groups: those of the lab.
    func program(in lab: LabDefinition, among groups: PeerGroups) -> @Sendable (Providers) async -> Void {
        let local = lab.endpoint(host, listen ?? 0)
        let (name, remote, config, workload) = (name, connect, config, workload.workload)
        let others = groups[self]
        return { providers in
            let context = PeerContext(
                name: name, local: local, remote: remote, others: others, config: config,
                providers: providers)
            do throws(NetworkError) {
                try await workload.run(context)
            } catch {
                // A server that cannot listen has failed, and the lab shows it so; a killed one says nothing.
                guard error.code != .cancelled else { return }
                let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
                providers.observer.note(.state(.failed, error.code), of: number)
            }
        }
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
        let groups = PeerGroups(lab)
        for peer in lab.peers {
            simulation.addProcess(peer.name, on: peer.host, program: peer.program(in: lab, among: groups))
        }
        for action in standing { simulation.establish(action) }
        for fault in faults { simulation.schedule(fault) }
        return simulation
    }
}
