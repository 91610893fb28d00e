import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// What a step of one active pair costs beside 10,000 hosts, each connected and idle, over that beside 2.
    static let idleHosts = Benchmark("idle_hosts_step_ratio", .ratio) {
        let few = IdleWorld(idleHosts: 2)
        let many = IdleWorld(idleHosts: 10_000)
        try few.settle()
        try many.settle()
        var times: (few: [Double], many: [Double]) = ([], [])
        // Turn and turn about, so that both meet the same weather.
        for _ in 0..<20 {
            times.few += try few.timesOfSteps(batches: 50)
            times.many += try many.timesOfSteps(batches: 50)
        }
        return times.many.median / times.few.median
    }
}

/// A pair that is never done with its round trips, among idle hosts that are connected two by two.
private struct IdleWorld {
    let simulation: Simulation

    init(idleHosts: Int) {
        var topology = Topology()
        var pairs: [(HostID, HostID)] = []
        for number in 0...(idleHosts / 2) {
            let first = topology.addHost("a\(number)")
            let second = topology.addHost("b\(number)")
            topology.connect(first, second, LinkProperties(latency: .constant(1_000_000)))
            pairs.append((first, second))
        }
        var options = SimulationOptions()
        options.keepsRecords = false
        simulation = Simulation(topology: topology, seed: 1, options: options)
        // The active pair is the last: its place among the hosts must not matter.
        for (number, pair) in pairs.enumerated() {
            let endpoint = Endpoint(host: "b\(number)", port: 80)
            let isActive = number == pairs.count - 1
            simulation.addProcess("server", on: pair.1) { process in
                guard let stream = try? await process.network.listen(on: endpoint).accept() else { return }
                while let bytes = try? await stream.read(upTo: 65_536) { try? await stream.write(bytes) }
            }
            simulation.addProcess("client", on: pair.0) { process in
                guard let stream = try? await process.network.connect(to: endpoint) else { return }
                try? await process.time.sleep(for: .seconds(1))
                if isActive { try? await stream.write(ByteBuffer(repeating: 7, count: Star.message)) }
                while let bytes = try? await stream.read(upTo: 65_536) { try? await stream.write(bytes) }
            }
        }
    }

    /// Runs until all are connected and the pair is at work.
    func settle() throws {
        try simulation.run(until: Instant(nanoseconds: 2_000_000_000))
    }

    /// The seconds a step takes, in batches of 64: a clock read costs a good part of a step.
    func timesOfSteps(batches: Int) throws -> [Double] {
        try (0..<batches).map { _ in
            try seconds { for _ in 0..<64 { _ = try simulation.step() } } / 64
        }
    }
}
