import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct PeerLeakTests {
    @Test func tenThousandConnectionsLeaveNothing() async throws {
        try await Lab.with { lab in
            let registry = ConnectionRegistry()
            var (client, server) = (lab.client.providers(), lab.server.providers())
            (client.registry, server.registry) = (registry, registry)
            let listener = PeerServer(name: "server", on: port4500, config: .test, providers: server) {
                message, session in
                _ = try? await session.send(message.payload)
            }
            server.tasks.start("server") { try? await listener.run() }
            await lab.until { lab.server.openSockets == 1 }
            for number in 1...10_000 {
                let peer = Peer(name: "peer", to: port4500, config: .test, providers: client)
                try await peer.send(ByteBuffer(integer: number))
                let answer = try await peer.receive()
                #expect(answer?.payload == ByteBuffer(integer: number))
                await peer.close(flushingFor: number.isMultiple(of: 2) ? .zero : nil)
            }
            // The server's task and its socket, and no more.
            await lab.until { lab.server.openSockets == 1 && lab.server.liveTasks == 1 }
            await lab.until { lab.client.openSockets == 0 && lab.client.liveTasks == 0 }
            #expect(registry.connections.isEmpty)
            #expect(await listener.sessionCount == 0)
        }
    }
}
