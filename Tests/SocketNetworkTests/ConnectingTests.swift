import NIOCore
import PeerNetworking
import Testing

@testable import SocketNetwork

@Suite struct ConnectingTests {
    @Test func echoBetweenTwoAddresses() async throws {
        try await Lab.with { lab in
            let (client, server) = try await lab.connect()
            #expect(lab.directory.address(of: "server") == "127.0.0.2")
            #expect(lab.directory.address(of: "client") == "127.0.0.3")
            #expect(client.remote == port4500)
            #expect(client.local.host == "client")
            #expect(server.local == port4500)
            #expect(server.remote == client.local)
            #expect(server.connection == client.connection)

            try await client.write(contentsOf: [ByteBuffer(string: "hel"), ByteBuffer(string: "lo")])
            let heard = try await server.read(exactly: 5)
            #expect(String(buffer: heard) == "hello")
            try await server.write(heard)
            try await server.flush()
            let value1 = try await client.read(upTo: 2)
            #expect(value1 == ByteBuffer(string: "he"))
            let value2 = try await client.read(exactly: 3)
            #expect(value2 == ByteBuffer(string: "llo"))
            #expect(client.kernelState()?.state == .established)
            #expect(lab.run.kernelState(of: client.connection, side: .server)?.state == .established)
            await client.close()
            let value3 = try await server.read(upTo: 1)
            #expect(value3 == nil)
            #expect(server.kernelState()?.state == .closeWait)
            #expect(client.kernelState() == nil)
        }
    }

    @Test func refusedBeforeAndAfterAListener() async throws {
        let hearing = Hearing()
        try await Lab.with(observer: hearing) { lab in
            let network = lab.clientNetwork
            await expect(.connectionRefused) { _ = try await network.connect(to: port4500) }
            let (_, _) = try await lab.connect()
            await expect(.connectionRefused) { _ = try await network.connect(to: port4500) }
            #expect(hearing.events.contains(.failed(ConnectionID(1), .connectionRefused)))
        }
    }

    @Test func addressInUse() async throws {
        try await Lab.with { lab in
            let network = lab.serverNetwork
            let first = try await network.listen(on: port4500)
            await expect(.addressInUse) { _ = try await network.listen(on: port4500) }
            let elsewhere = try await lab.clientNetwork.listen(on: Endpoint(host: "client", port: 4500))
            #expect(elsewhere.local == Endpoint(host: "client", port: 4500))
            await first.close()
            _ = try await network.listen(on: port4500)
            await expect(.addressNotAvailable) {
                _ = try await network.listen(on: Endpoint(host: "client", port: 4501))
            }
        }
    }

    @Test func portZeroIsChosen() async throws {
        try await Lab.with { lab in
            let listener = try await lab.serverNetwork.listen(on: Endpoint(host: "server", port: 0))
            #expect(listener.local.host == "server")
            #expect(listener.local.port != 0)
            let client = try await lab.clientNetwork.connect(to: listener.local)
            let server = try await listener.accept()
            #expect(server.connection == client.connection)
            #expect(server.local == listener.local)
        }
    }

    @Test func unknownNames() async throws {
        try await Lab.with { lab in
            let network = lab.clientNetwork
            await expect(.nameNotFound) {
                _ = try await network.connect(to: Endpoint(host: "nobody", port: 1))
            }
            await expect(.nameNotFound) { _ = try await network.resolve("nobody") }
            let value4 = try await network.resolve("server")
            #expect(value4 == "127.0.0.2")
            let value5 = try await network.resolve("127.0.0.2")
            #expect(value5 == "127.0.0.2")
        }
    }

    @Test func productionNamesAndAddresses() async throws {
        try await Lab.with { lab in
            let process = SocketProcess(on: lab.executor, seed: 1)
            let network = SocketNetworkProvider(process)
            await expect(.nameNotFound) { _ = try await network.resolve("no-such-name.invalid") }
            let value6 = try await network.resolve("127.0.0.1")
            #expect(value6 == "127.0.0.1")
            let listener = try await network.listen(on: Endpoint(host: "127.0.0.1", port: 0))
            let client = try await network.connect(to: listener.local)
            let server = try await listener.accept()
            #expect(client.connection == server.connection)
            #expect(client.local == server.remote)
            await process.shutdown()
            #expect(process.openSockets == 0)
        }
    }

    @Test func bothEndsShareTheirNumber() async throws {
        let hearing = Hearing()
        try await Lab.with(observer: hearing) { lab in
            let listener = try await lab.serverNetwork.listen(on: port4500)
            var clients: [SocketStream] = []
            for _ in 0..<20 { clients.append(try await lab.clientNetwork.connect(to: port4500)) }
            // A connection that is gone before it is accepted keeps its number.
            await clients[3].close()
            for client in clients {
                let server = try await listener.accept()
                #expect(server.connection == client.connection)
                #expect(server.remote == client.local)
            }
            for number in 1...20 {
                #expect(hearing.events.contains(.established(ConnectionID(UInt32(number)), .client)))
                #expect(hearing.events.contains(.established(ConnectionID(UInt32(number)), .server)))
            }
        }
    }

    @Test func acceptEndsWhenTheListenerCloses() async throws {
        try await Lab.with { lab in
            let listener = try await lab.serverNetwork.listen(on: port4500)
            let waiting = SocketTaskProvider(lab.server).start("accept") {
                let outcome = await code { _ = try await listener.accept() }
                #expect(outcome == .closed)
            }
            await Task.yield()
            await listener.close()
            await waiting.finished()
        }
    }

    @Test func fiveHundredConnectionsLeaveNothing() async throws {
        try await Lab.with { lab in
            let listener = try await lab.serverNetwork.listen(on: port4500)
            let echo = SocketTaskProvider(lab.server).start("echo") {
                while let stream = try? await listener.accept() {
                    SocketTaskProvider(lab.server).start("echo \(stream.connection)") {
                        while let bytes = try? await stream.read(upTo: 100) { try? await stream.write(bytes) }
                        await stream.close()
                    }
                }
            }
            for number in 0..<500 {
                let stream = try await lab.clientNetwork.connect(to: port4500)
                try await stream.write(ByteBuffer(integer: number))
                let value7 = try await stream.read(exactly: 8).getInteger(at: 0, as: Int.self)
                #expect(value7 == number)
                await stream.close()
            }
            await listener.close()
            await echo.finished()
            await lab.server.drained()
            await lab.client.drained()
            #expect(lab.server.liveTasks == 0 && lab.server.openSockets == 0)
            #expect(lab.client.liveTasks == 0 && lab.client.openSockets == 0)
        }
    }
}
