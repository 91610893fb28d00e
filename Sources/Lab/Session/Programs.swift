import PeerNetworking
package import SimNetwork
import Workloads

extension PeerDefinition {
    /// What the peer's process runs: the same on the simulated network and on sockets.
    func program(in lab: LabDefinition) -> @Sendable (Providers) async -> Void {
        let local = Endpoint(host: lab.topology.hosts[Int(host.index)].name, port: listen ?? 0)
        return { providers in
            do throws(NetworkError) {
                try await run(providers, local: local, in: lab)
            } catch {
                // A server that cannot listen has failed, and the lab shows it so; a killed one says nothing.
                guard error.code != .cancelled else { return }
                let number = providers.observer.register(name, queueCapacity: config.queueCapacity)
                providers.observer.note(.state(.failed, error.code), of: number)
            }
        }
    }

    private func run(
        _ providers: Providers, local: Endpoint, in lab: LabDefinition
    ) async throws(NetworkError) {
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
        case .answers, .broker, .jobs, .mesh:
            try await serve(providers, local: local, in: lab)
        case .requests, .publish, .subscribe, .worker:
            await use(providers, remote: remote)
        }
    }

    /// The side that listens of a workload of several parts.
    private func serve(
        _ providers: Providers, local: Endpoint, in lab: LabDefinition
    ) async throws(NetworkError) {
        switch workload {
        case .answers(let takes):
            let server = RequestResponseServer(name: name, local: local, config: config, takes: .nanoseconds(takes))
            try await server.run(providers)
        case .broker:
            try await Broker(name: name, local: local, config: config, providers: providers).run()
        case .jobs(let jobs, let lease):
            let queue = JobQueue(
                name: name, local: local, config: config, jobs: jobs, lease: .nanoseconds(lease), providers: providers)
            try await queue.run()
        case .mesh(let every, let suspectAfter):
            let node = HeartbeatMesh(
                name: name, local: local, others: lab.meshNodes(but: name), config: config,
                interval: .nanoseconds(every), suspectAfter: .nanoseconds(suspectAfter), providers: providers)
            try await node.run()
        default: preconditionFailure("\(workload.name) does not listen")
        }
    }

    /// The side that connects of a workload of several parts.
    private func use(_ providers: Providers, remote: Endpoint) async {
        switch workload {
        case .requests(let load):
            let client = RequestResponseClient(
                name: name, remote: remote, config: config, pool: load.pool, interval: .nanoseconds(load.every),
                size: load.size, count: load.count, parallel: load.parallel, timeout: .nanoseconds(load.timeout),
                retries: load.retries)
            await client.run(providers)
        case .publish(let topic, let load):
            let publisher = Publisher(
                name: name, remote: remote, config: config, topic: topic, interval: .nanoseconds(load.every),
                size: load.size, count: load.count, delivery: load.delivery)
            await publisher.run(providers)
        case .subscribe(let topics, let count):
            let subscriber = Subscriber(name: name, remote: remote, config: config, topics: topics, count: count)
            await subscriber.run(providers)
        case .worker(let takes):
            await Worker(name: name, remote: remote, config: config, takes: .nanoseconds(takes)).run(providers)
        default: preconditionFailure("\(workload.name) does not connect")
        }
    }
}

extension LabDefinition {
    /// The nodes of the lab's mesh without one of them, and where they listen.
    fileprivate func meshNodes(but name: String) -> [(name: String, remote: Endpoint)] {
        peers.compactMap { peer in
            guard case .mesh = peer.workload, peer.name != name, let port = peer.listen else { return nil }
            return (peer.name, Endpoint(host: topology.hosts[Int(peer.host.index)].name, port: port))
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
