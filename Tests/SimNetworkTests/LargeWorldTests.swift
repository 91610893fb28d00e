import NIOCore
import PeerNetworking
import TCP
import Testing

@testable import SimNetwork

/// A world of many connections: what each takes, and that what is asked for ahead is there.
@Suite struct LargeWorldTests {
    /// What an object of a class takes, as the class's own description says it (Swift's ABI, "Class Metadata").
    private static func bytes(of type: AnyClass) -> Int {
        Int(unsafeBitCast(type, to: UnsafeRawPointer.self).load(fromByteOffset: 24, as: UInt32.self))
    }

    /// A large lab has a hundred thousand, and what an event looks at is asked for ahead as a whole.
    @Test func aConnectionAndItsEndsStaySmall() {
        #expect(Self.bytes(of: Socket.self) == ForeseenBytes.socket)
        #expect((ForeseenBytes.connection - 7...ForeseenBytes.connection).contains(Self.bytes(of: Connection.self)))
        #expect(2 * ForeseenBytes.socket + ForeseenBytes.connection <= 1_880)
    }

    /// So many that what is next is asked for ahead: their answers come, and each as soon as in a world of its own.
    @Test func manyConnectionsAtOnceAreServedLikeOne() throws {
        var topology = Topology()
        var tcp = TCPOptions.sendingAtOnce
        tcp.backlog = 1_000
        let server = topology.addHost("server", tcp: tcp)
        let clients = (0..<700).map { topology.addHost("client-\($0)") }
        for client in clients {
            topology.connect(client, server, LinkProperties(latency: .constant(1_000_000)))
        }
        let simulation = Simulation(topology: topology, seed: 1)
        let transcript = Transcript()
        simulation.addProcess("server", on: server) { providers in
            guard let listener = try? await providers.network.listen(on: Endpoint(host: "server", port: 80)) else {
                return
            }
            while let stream = try? await listener.accept() {
                providers.tasks.start("session") {
                    while let bytes = try? await stream.read(upTo: 100) { try? await stream.write(bytes) }
                }
            }
        }
        for client in clients {
            simulation.addProcess("client", on: client) { providers in
                guard let stream = try? await providers.network.connect(to: Endpoint(host: "server", port: 80)) else {
                    return
                }
                for _ in 0..<3 {
                    try? await stream.write(ByteBuffer(string: "ping"))
                    guard let answer = try? await stream.read(upTo: 100) else { return }
                    transcript.say(String(buffer: answer))
                }
                transcript.say("\(providers.time.now.nanoseconds)")
            }
        }
        try simulation.run(until: Instant(nanoseconds: 7_000_000))
        #expect(simulation.world.isLarge)
        try simulation.run(until: Instant(nanoseconds: 1_000_000_000))
        // A handshake and three round trips.
        #expect(transcript.all.filter { $0 == "ping" }.count == 3 * clients.count)
        #expect(transcript.all.filter { $0 == "8000000" }.count == clients.count)
    }
}
