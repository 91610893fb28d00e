import NIOCore
import NIOPosix
import PeerNetworking
import SimNetwork
import SocketNetwork
import Synchronization
import Testing

/// The README's example: one program, in the simulation and on sockets.
@Suite struct ReadmeExampleTests {
    @Sendable static func greet(_ providers: Providers) async {
        let client = PeerClient(name: "ping", to: Endpoint(host: "server", port: 4500), providers: providers)
        _ = try? await client.send(ByteBuffer(string: "hello"))
        await client.close()
    }

    private final class Heard: Sendable {
        let words = Mutex<[String]>([])
    }

    @Test func inTheSimulation() throws {
        var topology = Topology()
        let (a, b) = (topology.addHost("client"), topology.addHost("server"))
        topology.connect(a, b)
        let simulation = Simulation(topology: topology, seed: 7)
        let heard = Heard()
        simulation.addProcess("ping", on: a, program: Self.greet)
        simulation.addProcess("pong", on: b) { providers in
            let here = Endpoint(host: "server", port: 4500)
            let server = PeerServer(name: "pong", on: here, providers: providers) { message, _ in
                heard.words.withLock { $0.append(String(buffer: message.payload)) }
            }
            try? await server.run()
        }
        try simulation.run(until: Instant(nanoseconds: 10_000_000_000))
        #expect(heard.words.withLock { $0 } == ["hello"])
    }

    @Test func onSockets() async throws {
        let process = SocketProcess(on: EventLoopExecutor(MultiThreadedEventLoopGroup.singleton.next()), seed: 7)
        let task = process.providers().tasks.start("ping") { await Self.greet(process.providers()) }
        // Nobody of that name is there; that it ends is all that can be said.
        task.cancel()
        await task.finished()
    }
}
