import NIOCore
import PeerNetworking
import SimNetwork
import Testing

@Suite struct ConfigTests {
    /// A network made from code alone behaves as its configuration says.
    @Test func aMeshHasTheLatencyAndTheBuffersOfItsConfiguration() throws {
        var config = NetworkConfig.test
        config.latency = .milliseconds(7)...(.milliseconds(7))
        let simulation = Simulation(topology: Topology(mesh: ["a", "b", "c"], config: config), seed: 1)
        let transcript = Transcript()
        for host in 1...2 {
            simulation.addProcess("server", on: HostID(host)) { providers in
                let name = host == 1 ? "b" : "c"
                guard let listener = try? await providers.network.listen(on: Endpoint(host: name, port: 80)) else {
                    return
                }
                _ = try? await listener.accept() as any ByteStream
                try? await providers.time.sleep(for: .seconds(5))
            }
        }
        simulation.addProcess("client", on: HostID(0)) { providers in
            for name in ["b", "c"] {
                let begin = providers.time.now
                guard let stream = try? await providers.network.connect(to: Endpoint(host: name, port: 80)) else {
                    return
                }
                transcript.say("\(begin.duration(to: providers.time.now))")
                transcript.say("\(stream.offer(bytes(8_192))) \(stream.offer(bytes(1)))")
            }
        }
        try simulation.run(until: Instant(nanoseconds: 1_000_000_000))
        #expect(transcript.all == ["0.014 seconds", "true false", "0.014 seconds", "true false"])
    }
}
