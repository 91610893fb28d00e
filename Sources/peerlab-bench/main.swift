import Glibc

import NIOCore
import PeerNetworking
import SimNetwork

func roundTrips(clients: Int, total: Int) -> Double {
    var clock = timespec()
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let begin = Double(clock.tv_sec) + Double(clock.tv_nsec) * 1e-9
    var topology = Topology()
    let server = topology.addHost("server")
    var options = SimulationOptions()
    options.keepsRecords = false
    var hosts: [HostID] = []
    for i in 0..<clients {
        let c = topology.addHost("client-\(i)")
        topology.connect(c, server, LinkProperties(latency: .constant(1_000_000)))
        hosts.append(c)
    }
    let sim = Simulation(topology: topology, seed: 1, options: options)
    sim.addProcess("echo", on: server) { p in
        guard let listener = try? await p.network.listen(on: Endpoint(host: "server", port: 80)) else { return }
        while let stream = try? await listener.accept() {
            p.tasks.start("serve") {
                while let bytes = try? await stream.read(upTo: 65536) {
                    try? await stream.write(bytes)
                }
                await stream.close()
            }
        }
    }
    for (i, h) in hosts.enumerated() {
        sim.addProcess("client-\(i)", on: h) { p in
            guard let stream = try? await p.network.connect(to: Endpoint(host: "server", port: 80)) else { return }
            var message = ByteBuffer()
            message.writeRepeatingByte(7, count: 64)
            for _ in 0..<(total / clients) {
                try? await stream.write(message)
                var got = 0
                while got < 64, let b = try? await stream.read(upTo: 65536) { got += b.readableBytes }
            }
            await stream.close()
        }
    }
    let n = try! sim.run(until: Instant(nanoseconds: 100_000_000_000_000))
    clock_gettime(CLOCK_MONOTONIC, &clock)
    let end = Double(clock.tv_sec) + Double(clock.tv_nsec) * 1e-9
    print(clients, n, sim.digest, Double(total) / (end - begin))
    return Double(total) / (end - begin)
}
for _ in 0..<3 { _ = roundTrips(clients: 1, total: 1_000_000) }

