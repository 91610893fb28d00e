import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

/// Those that wait for room in a peer's queue of two messages, one of which its server takes each time it is told to.
@Suite struct PeerRoomTests {
    private let world = MockWorld()
    private let peer: Peer
    private let gate: any Signal

    init() {
        let gate = world.tasks.makeSignal()
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { _, _ in try? await gate.wait() }
        world.start("server") { try await server.run() }
        self.gate = gate
        peer = world.peer(MockWorld.config { $0.queueCapacity = 2 })
    }

    /// Has a task send a message that says its number.
    @discardableResult
    private func send(_ number: Int, until deadline: Instant? = nil) -> any TaskHandle {
        let (peer, said) = (peer, world.said)
        return world.start("\(number)") {
            try await peer.send(ByteBuffer(integer: number), until: deadline)
            said.say("\(number)")
        }
    }

    @Test func eachGetsItsTurnInItsOrder() {
        for number in 1...9 { send(number) }
        #expect(world.said.all == ["1", "2"])
        for _ in 1...7 {
            gate.notify()
            world.tasks.run()
        }
        #expect(world.said.all == (1...9).map(String.init))
    }

    @Test func noMoreAreWokenThanThereIsRoomFor() {
        /// How many jobs it takes to admit one of so many.
        func jobs(among waiting: Int) -> Int {
            let tests = PeerRoomTests()
            for number in 1...2 + waiting { tests.send(number) }
            tests.gate.notify()
            let jobs = tests.world.tasks.run()
            #expect(tests.world.said.all == ["1", "2", "3"])
            return jobs
        }
        #expect(jobs(among: 300) == jobs(among: 3))
    }

    @Test func whoLeavesWhenItsTurnComesPassesItOn() {
        for number in 1...2 { send(number) }
        let third = send(3)
        send(4, until: Instant(nanoseconds: 5_000_000))
        send(5)
        gate.notify()
        third.cancel()
        world.tasks.run()
        #expect(world.said.all.suffix(2) == ["3: cancelled", "4"])
        send(6, until: Instant(nanoseconds: 5_000_000))
        world.time.advance(by: .milliseconds(5))
        #expect(world.said.all.last == "6: timedOut")
        gate.notify()
        world.tasks.run()
        #expect(world.said.all.last == "5")
    }

    @Test func theCloseEndsAllWaits() {
        for number in 1...5 { send(number) }
        let peer = peer
        world.start("close") { await peer.close(flushingFor: .zero) }
        #expect(world.said.all.sorted() == ["1", "2", "3: closed", "4: closed", "5: closed"])
    }

    @Test func theLargeIsNotPassedByTheSmallBehindIt() {
        let peer = world.peer(
            MockWorld.config { ($0.maximumPayload, $0.queueBytes) = (1_000, 1_500) }, name: "bytes")
        let said = world.said
        for (number, size) in [(1, 700), (2, 700), (3, 1_000), (4, 200)] {
            world.start("\(number)") {
                try await peer.send(ByteBuffer(repeating: 0, count: size))
                said.say("\(number)")
            }
        }
        gate.notify()
        world.tasks.run()
        // The small one has room now; were it to take that, the large one might never have any.
        #expect(world.said.all == ["1", "2"])
        gate.notify()
        world.tasks.run()
        #expect(world.said.all == ["1", "2", "3", "4"])
    }
}
