import NIOCore
import PeerNetworking
import SimNetwork

extension Benchmark {
    /// 64 bytes there and back over simulated TCP, set-up included, as a sweep runs: digest on, records not kept.
    static let simRoundTrips: [Benchmark] = [
        (1, 300_000), (100, 300_000), (10_000, 500_000),
    ].map { clients, total in
        Benchmark("sim_round_trips_\(clients)", .roundTripsPerSecond) {
            let count = Tally()
            let time = try seconds {
                let star = Star(clients: clients)
                star.runEchoServer()
                star.runClients(roundTrips: total / clients, counting: count)
                try star.simulation.run(until: Star.end)
            }
            return try count.rate(of: total, in: time)
        }
    }
}

extension Star {
    /// A server that sends back what it reads, a task for each connection.
    func runEchoServer() {
        simulation.addProcess("echo", on: server) { process in
            guard let listener = try? await process.network.listen(on: Star.endpoint) else { return }
            while let stream = try? await listener.accept() {
                process.tasks.start("serve") {
                    while let bytes = try? await stream.read(upTo: 65_536) {
                        if !stream.offer(bytes) { try? await stream.write(bytes) }
                    }
                    await stream.close()
                }
            }
        }
    }

    /// A process on each client host that makes round trips, one after the other.
    func runClients(roundTrips: Int, counting count: Tally) {
        for client in clients {
            simulation.addProcess("client", on: client) { process in
                guard let stream = try? await process.network.connect(to: Star.endpoint) else { return }
                let message = ByteBuffer(repeating: 7, count: Star.message)
                for _ in 0..<roundTrips {
                    guard stream.offer(message) else { return }
                    var received = 0
                    while received < Star.message {
                        guard let bytes = try? await stream.read(upTo: 65_536) else { return }
                        received += bytes.readableBytes
                    }
                }
                count.add(roundTrips)
                await stream.close()
            }
        }
    }
}
