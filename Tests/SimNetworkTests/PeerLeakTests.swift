import NIOCore
import PeerNetworking
import SimNetwork
import Testing

/// What ten thousand connections leave behind: nothing.
@Suite struct PeerLeakTests {
    /// Connects again and again, each time for a message and its answer, and ends in one of four ways.
    private func connect(_ count: Int, _ registry: ConnectionRegistry, _ given: Providers) async throws {
        var providers = given
        providers.registry = registry
        let server = Endpoint(host: "server", port: 80)
        for number in 1...count {
            let peer = Peer(name: "peer", to: server, config: .test, providers: providers)
            try await peer.send(ByteBuffer(integer: number))
            _ = try await peer.receive()
            switch number % 4 {
            case 0: await peer.close()
            case 1: await peer.close(flushingFor: .zero)
            case 2:
                // It closes with an answer on the way.
                try await peer.send(ByteBuffer(integer: number))
                await peer.close(flushingFor: .zero)
            default:
                let client = PeerClient(name: "client", to: server, config: .test, providers: providers)
                let stream = try await client.openStream()
                try await stream.write(ByteBuffer(integer: number))
                await stream.close()
                await client.close()
                await peer.close()
            }
        }
    }

    @Test func tenThousandConnectionsLeaveNothing() throws {
        let world = TwoHosts()
        let (registry, transcript) = (ConnectionRegistry(), world.transcript)
        world.onServer { given in
            var providers = given
            providers.registry = registry
            let server = PeerServer(
                name: "server", on: Endpoint(host: "server", port: 80), config: .test, providers: providers,
                onStream: { stream in while (try? await stream.read(upTo: 100)) ?? nil != nil {} }
            ) { message, session in
                _ = try? await session.send(message.payload)
            }
            try? await server.run()
        }
        world.onClient { providers in
            do {
                for part in 1...4 {
                    try await self.connect(part == 1 ? 100 : 3_300, registry, providers)
                    // TIME_WAIT is a minute.
                    try await providers.time.sleep(for: .seconds(120))
                    transcript.say("part \(part)")
                    try await providers.time.sleep(for: .seconds(1))
                }
                try await providers.time.sleep(for: .seconds(3_600))
            } catch {
                transcript.say("\(error)")
            }
        }
        var counts: [[Int]] = []
        while counts.count < 4, try world.simulation.step() != nil {
            if transcript.all.count > counts.count {
                let simulation = world.simulation
                counts.append([
                    simulation.liveTasks, simulation.liveTimers, simulation.liveConnections,
                    registry.connections.count,
                ])
            }
        }
        #expect(transcript.all == (1...4).map { "part \($0)" })
        // After 100 connections, and after 10,000: as many tasks, timers, connections and entries.
        #expect(counts.count == 4 && Set(counts).count == 1, "\(counts)")
        #expect(counts.last?.suffix(2) == [0, 0])
        world.simulation.shutDown()
    }
}
