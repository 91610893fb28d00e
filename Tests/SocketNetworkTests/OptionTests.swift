import Foundation
import NIOConcurrencyHelpers
import NIOCore
import NIOPosix
import PeerNetworking
import Testing

@testable import SocketNetwork

/// What an application may set of its sockets.
@Suite struct OptionTests {
    private static let local = Endpoint(host: "127.0.0.1", port: 0)

    @Test("What is set for connections is set at both ends, the accepted one too")
    func ofConnections() async throws {
        let options = SocketOptions(
            kernelReceiveBufferBytes: 20_000, kernelSendBufferBytes: 30_000, sendsAtOnce: true,
            keepAlive: KeepAlive(idle: .seconds(11), interval: .seconds(3), probes: 4),
            userTimeout: .milliseconds(1_500))
        try await Production.with(options: options) { here in
            let listener = try await here.serverNetwork.listen(on: Self.local)
            _ = try await here.clientNetwork.connect(to: listener.local)
            _ = try await listener.accept()
            for process in [here.client, here.server] {
                let descriptor = try #require(here.descriptors(of: process).first)
                let tcp = CInt(IPPROTO_TCP)
                #expect(Descriptor.get(SOL_SOCKET, SO_KEEPALIVE, descriptor) == 1)
                #expect(Descriptor.get(tcp, TCP_KEEPIDLE, descriptor) == 11)
                #expect(Descriptor.get(tcp, TCP_KEEPINTVL, descriptor) == 3)
                #expect(Descriptor.get(tcp, TCP_KEEPCNT, descriptor) == 4)
                #expect(Descriptor.get(tcp, TCP_USER_TIMEOUT, descriptor) == 1_500)
                #expect(Descriptor.get(tcp, TCP_NODELAY, descriptor) == 1)
                // Linux keeps twice what it is told, for its own bookkeeping.
                #expect(Descriptor.get(SOL_SOCKET, SO_RCVBUF, descriptor) == 40_000)
                #expect(Descriptor.get(SOL_SOCKET, SO_SNDBUF, descriptor) == 60_000)
            }
        }
        try await Production.with(options: SocketOptions(sendsAtOnce: false)) { here in
            let listener = try await here.serverNetwork.listen(on: Self.local)
            _ = try await here.clientNetwork.connect(to: listener.local)
            _ = try await listener.accept()
            for process in [here.client, here.server] {
                let descriptor = try #require(here.descriptors(of: process).first)
                #expect(Descriptor.get(CInt(IPPROTO_TCP), TCP_NODELAY, descriptor) == 0)
                #expect(Descriptor.get(SOL_SOCKET, SO_KEEPALIVE, descriptor) == 0)
                #expect(Descriptor.get(CInt(IPPROTO_TCP), TCP_USER_TIMEOUT, descriptor) == 0)
            }
        }
    }

    @Test("The backlog holds as many as it is told, and one more")
    func backlog() async throws {
        try await Production.with(options: SocketOptions(backlog: 3)) { here in
            let listener = try await here.serverNetwork.listen(on: Self.local)
            let connected = NIOLockedValueBox(0)
            for _ in 0..<6 {
                SocketTaskProvider(here.client).start("connect") {
                    guard (try? await here.clientNetwork.connect(to: listener.local)) != nil else { return }
                    connected.withLockedValue { $0 += 1 }
                }
            }
            try await here.until { connected.withLockedValue { $0 } == 4 && here.client.openSockets == 6 }
            // What is accepted makes room; the kernel sends the SYN again after a second.
            for _ in 0..<6 { _ = try await listener.accept() }
            try await here.until { connected.withLockedValue { $0 } == 6 }
        }
    }

    @Test("A port that connections are left of can be listened on again at once, unless that is not wanted")
    func reusesAddress() async throws {
        for reuses in [true, false] {
            try await Production.with(options: SocketOptions(reusesAddress: reuses)) { here in
                let listener = try await here.serverNetwork.listen(on: Self.local)
                let client = try await here.clientNetwork.connect(to: listener.local)
                let accepted = try await listener.accept()
                await listener.close()
                // The side that closes first keeps the port for a while: TIME-WAIT.
                await accepted.close()
                _ = try await client.read(upTo: 1)
                await client.close()
                try await here.until { here.client.openSockets == 0 && here.server.openSockets == 0 }
                let outcome = await code { _ = try await here.serverNetwork.listen(on: listener.local) }
                #expect(outcome == (reuses ? nil : .addressInUse))
            }
        }
    }

    @Test("Listeners on several event loops share a port, and the kernel divides what comes")
    func severalLoops() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 3)
        let options = SocketOptions(reusesPort: true)
        let processes = (0..<3).map {
            SocketProcess(on: EventLoopExecutor(group.next()), seed: UInt64($0), options: options)
        }
        let servers = Array(processes.prefix(2))
        let first = try await SocketNetworkProvider(servers[0]).listen(on: Self.local)
        let second = try await SocketNetworkProvider(servers[1]).listen(on: first.local)
        let taken = NIOLockedValueBox([0, 0])
        for (index, listener) in [first, second].enumerated() {
            SocketTaskProvider(servers[index]).start("echo") {
                while let stream = try? await listener.accept() {
                    #expect(servers[index].executor.isOnLoop)
                    taken.withLockedValue { $0[index] += 1 }
                    if let bytes = try? await stream.read(upTo: 10) { try? await stream.write(bytes) }
                    await stream.close()
                }
            }
        }
        let network = SocketNetworkProvider(processes[2])
        for _ in 0..<60 {
            let stream = try await network.connect(to: first.local)
            try await stream.write(ByteBuffer(string: "x"))
            let answer = try await stream.read(upTo: 1)
            #expect(text(answer) == "x")
            await stream.close()
        }
        let counts = taken.withLockedValue { $0 }
        #expect(counts.reduce(0, +) == 60 && counts.allSatisfy { $0 > 0 }, "\(counts)")
        // Who does not share a port cannot have it.
        let alone = SocketProcess(on: EventLoopExecutor(group.next()), seed: 9)
        await expect(.addressInUse) { _ = try await SocketNetworkProvider(alone).listen(on: first.local) }
        for process in processes + [alone] { await process.shutdown() }
        try await group.shutdownGracefully()
    }

    @Test("A process has so many sockets and no more: connect, listen and accept say so, and go on when there is room")
    func mostSockets() async throws {
        try await Production.with(options: SocketOptions(mostSockets: 3)) { here in
            let listener = try await here.serverNetwork.listen(on: Self.local)
            var clients: [SocketStream] = []
            for _ in 0..<3 { clients.append(try await here.clientNetwork.connect(to: listener.local)) }
            await expect(.tooManyOpenFiles) { _ = try await here.clientNetwork.connect(to: listener.local) }
            await expect(.tooManyOpenFiles) { _ = try await here.clientNetwork.listen(on: Self.local) }
            let first = try await listener.accept()
            _ = try await listener.accept()
            await expect(.tooManyOpenFiles) { _ = try await listener.accept() }
            await expect(.tooManyOpenFiles) { _ = try await listener.accept() }
            await first.reset()
            try await here.until { here.server.life.value.openSockets == 2 }
            let third = try await listener.accept()
            #expect(third.remote == clients[2].local)
        }
    }
}
