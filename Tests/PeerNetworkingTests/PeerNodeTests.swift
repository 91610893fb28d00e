import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// Two nodes that may connect to each other, and have one connection.
@Suite struct PeerNodeTests {
    private let world = MockWorld()

    private func endpoint(_ name: String) -> Endpoint { Endpoint(host: name, port: 80) }

    private func node(_ name: String) -> PeerNode {
        let said = world.said
        _ = world.network.provider(for: name)
        let node = PeerNode(
            name: name, on: endpoint(name), config: MockWorld.config(), providers: world.providers(for: name)
        ) { message, session in
            said.say("\(name) got \(String(buffer: message.payload)) of \(session.remoteName ?? "?")")
        }
        world.start(name) { try await node.run() }
        return node
    }

    private func count(_ node: PeerNode) -> Int? {
        let said = world.said
        world.start("count") { said.say("\(await node.connectionCount)") }
        return said.all.last.flatMap { Int($0) }
    }

    @Test func whoeverConnectsBothHaveOneConnection() {
        let (a, b) = (node("a"), node("b"))
        let (ab, ba) = (endpoint("b"), endpoint("a"))
        world.start {
            try await a.link(with: "b", at: ab).send(ByteBuffer(string: "1"))
            try await b.link(with: "a", at: ba).send(ByteBuffer(string: "2"))
        }
        world.time.advance(by: .seconds(1))
        #expect(Set(world.said.all) == ["b got 1 of a", "a got 2 of b"])
        #expect(count(a) == 1)
        #expect(count(b) == 1)
    }

    /// Both connect before either hears of the other, in either order: the connection that "a" opened is kept.
    @Test(arguments: [true, false]) func simultaneousConnectsEndWithOneConnection(aFirst: Bool) {
        let (a, b) = (node("a"), node("b"))
        let (ab, ba) = (endpoint("b"), endpoint("a"))
        world.start("both") {
            let (first, second) = (await a.link(with: "b", at: ab), await b.link(with: "a", at: ba))
            // No other task runs between the two.
            await (aFirst ? first : second).connect()
            await (aFirst ? second : first).connect()
            try await first.send(ByteBuffer(string: "1"))
            try await second.send(ByteBuffer(string: "2"))
        }
        world.time.advance(by: .seconds(1))
        #expect(world.network.connectAttempts == 2, "both did connect")
        #expect(Set(world.said.all) == ["b got 1 of a", "a got 2 of b"])
        #expect(count(a) == 1)
        #expect(count(b) == 1)
        #expect(world.observer.states(of: "a-b").last == .connected)
        #expect(world.observer.states(of: "b-a").last == .connected)
        world.time.advance(by: .seconds(60))
        #expect(world.network.connectAttempts == 2, "and neither again")
    }

    @Test func aLostConnectionIsOpenedAgainAndNothingIsLost() {
        let (a, b) = (node("a"), node("b"))
        let (ab, ba) = (endpoint("b"), endpoint("a"))
        let said = world.said
        world.start {
            let (first, second) = (await a.link(with: "b", at: ab), await b.link(with: "a", at: ba))
            try await first.send(ByteBuffer(string: "before"))
            await first.stream?.reset()
            try await first.send(ByteBuffer(string: "after"), delivery: .exactlyOnce)
            try await second.send(ByteBuffer(string: "back"), delivery: .exactlyOnce)
        }
        world.time.advance(by: .seconds(10))
        #expect(said.all.filter { $0 == "b got after of a" }.count == 1)
        #expect(said.all.filter { $0 == "a got back of b" }.count == 1)
        #expect(count(a) == 1)
        #expect(count(b) == 1)
    }

    @Test func aStrangerIsServedAsAnyOther() {
        let (a, b) = (node("a"), node("b"))
        let ab = endpoint("b")
        world.start { try await a.link(with: "b", at: ab).send(ByteBuffer(string: "1")) }
        world.time.advance(by: .seconds(1))
        #expect(world.said.all == ["b got 1 of a"])
        #expect(count(b) == 1)
    }
}

@Suite struct ConnectionRegistryTests {
    @Test func everyConnectionComesAndGoes() {
        let world = MockWorld()
        let said = world.said
        let registry = ConnectionRegistry()
        var providers = world.providers(for: "server")
        providers.registry = registry
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: providers
        ) { _, _ in }
        world.start("server") { try await server.run() }
        world.start("listen") {
            for await notification in registry.notifications() {
                switch notification {
                case .opened(let entry): said.say("\(entry.number) opened by \(entry.remoteName)")
                case .closed(let entry, let error): said.say("\(entry.number) closed: \(error?.code.rawValue ?? "-")")
                }
            }
        }
        let (first, second) = (world.peer(name: "first"), world.peer(name: "second"))
        world.start {
            await first.connect()
            await second.connect()
        }
        #expect(registry.connections.map(\.remoteName) == ["first", "second"])
        #expect(registry.connections.allSatisfy { $0.isAccepted && $0.peer == "server" })
        world.start { await first.close() }
        #expect(registry.connections.map(\.remoteName) == ["second"])
        world.start { await second.stream?.reset() }
        world.start { await server.close() }
        #expect(registry.connections.isEmpty)
        #expect(said.all.prefix(3) == ["1 opened by first", "2 opened by second", "1 closed: closed"])
        #expect(said.all.contains("2 closed: connectionReset"))
    }
}
