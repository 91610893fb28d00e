import NIOCore
import PeerNetworkingMocks
import Testing

@testable import PeerNetworking

@Suite struct MessageLedgerTests {
    /// How a message comes to each fate that is not settled.
    enum Situation: CaseIterable {
        case unknown, queued, onTheWire, requeued

        var events: [PeerEvent] {
            switch self {
            case .unknown: []
            case .queued: [queuedFirst]
            case .onTheWire: [queuedFirst, .sent(message: 1, through: 0, depth: 1)]
            case .requeued: [queuedFirst, .sent(message: 1, through: 0, depth: 1), .requeued(message: 1, depth: 1)]
            }
        }

        private var queuedFirst: PeerEvent { .queued(message: 1, bytes: 8, delivery: .reliable, depth: 1) }
    }

    private static let inputs: [PeerEvent] = [
        .sent(message: 1, through: 0, depth: 1), .requeued(message: 1, depth: 1), .acknowledged(message: 1, depth: 0),
        .dropped(message: 1, reason: .peerClosed, depth: 0),
    ]

    /// What comes of each input in each situation; nil where nothing is known of the message.
    private static let table: [Situation: [MessageFate?]] = [
        .unknown: [nil, nil, nil, .dropped(.peerClosed)],
        .queued: [.onTheWire, .requeued, .queued, .dropped(.peerClosed)],
        .onTheWire: [.onTheWire, .requeued, .delivered, .dropped(.peerClosed)],
        .requeued: [.onTheWire, .requeued, .requeued, .dropped(.peerClosed)],
    ]

    @Test(arguments: Situation.allCases, 0..<4) func everyInputInEverySituation(_ situation: Situation, _ input: Int)
        throws
    {
        var ledger = MessageLedger()
        for event in situation.events { ledger.apply(event) }
        ledger.apply(Self.inputs[input])
        let expected = try #require(Self.table[situation])[input]
        #expect(ledger[1]?.fate == expected)
        #expect(ledger.held.count + ledger.settled.count == (expected == nil ? 0 : 1))
        #expect(ledger.settled.isEmpty == !(expected?.isSettled ?? false))
    }

    @Test func whatWasOnTwoConnectionsMayArriveTwice() {
        var ledger = MessageLedger()
        for event in Situation.requeued.events { ledger.apply(event) }
        ledger.apply(.sent(message: 1, through: 0, depth: 1))
        ledger.apply(.acknowledged(message: 1, depth: 0))
        #expect(ledger[1] == MessageRecord(number: 1, delivery: .reliable, fate: .delivered, wasRepeated: true))
    }

    @Test func aConfirmationIsOfAllBeforeItAndOfNoneThatIsNotOnTheWire() {
        var ledger = MessageLedger()
        for number: UInt64 in 1...4 {
            ledger.apply(.queued(message: number, bytes: 1, delivery: .exactlyOnce, depth: 1))
            if number < 4 { ledger.apply(.sent(message: number, through: 0, depth: 1)) }
        }
        ledger.apply(.acknowledged(message: 2, depth: 0))
        #expect((1...4).map { ledger[$0]?.fate } == [.delivered, .delivered, .onTheWire, .queued])
        ledger.apply(.acknowledged(message: .max, depth: 0))
        #expect((1...4).map { ledger[$0]?.fate } == [.delivered, .delivered, .delivered, .queued])
    }

    @Test func anUnreliableMessageIsSettledOnceItIsSent() {
        var ledger = MessageLedger()
        ledger.apply(.queued(message: 1, bytes: 1, delivery: .unreliable, depth: 1))
        #expect(ledger[1]?.fate == .queued)
        ledger.apply(.sent(message: 1, through: 0, depth: 0))
        #expect(ledger[1]?.fate == .sent)
        ledger.apply(.acknowledged(message: 1, depth: 0))
        #expect(ledger[1]?.fate == .sent)
    }

    @Test func itForgetsWhatWasSettledLongAgo() {
        var ledger = MessageLedger(remembering: 2)
        for number: UInt64 in 1...3 { ledger.apply(.dropped(message: number, reason: .queueFull, depth: 0)) }
        #expect(ledger[1] == nil && ledger[2] != nil && ledger[3] != nil)
    }

    @Test func whatArrivesIsNotItsOwn() {
        var ledger = MessageLedger()
        for event in Situation.onTheWire.events { ledger.apply(event) }
        let before = ledger
        for event: PeerEvent in [
            .delivered(message: 1, origin: 9, bytes: 1), .discarded(message: 1, origin: 9, reason: .inboxFull),
            .suppressed(message: 1, origin: 9),
        ] { ledger.apply(event) }
        #expect(ledger == before)
    }

    // MARK: A peer's

    @Test func aPeerKnowsTheFateOfEachMessage() {
        let world = MockWorld()
        let said = world.said
        let peer = world.peer(MockWorld.config { ($0.ledger, $0.queueCapacity) = (10, 3) })
        world.start {
            try await peer.send(ByteBuffer(string: "held"))
            try await peer.send(ByteBuffer(string: "lost"), delivery: .unreliable)
            try await peer.send(ByteBuffer(string: "once"), delivery: .exactlyOnce)
            _ = try? await peer.send(ByteBuffer(string: "no room"), delivery: .unreliable)
        }
        func tell() {
            world.start {
                let ledger = await peer.ledger
                said.say((1...4).map { ledger?[$0]?.fate.description ?? "unknown" }.joined(separator: ", "))
            }
        }
        tell()
        let server = PeerServer(
            name: "server", on: MockWorld.server, config: MockWorld.config(), providers: world.providers(for: "server")
        ) { _, _ in }
        let serving = world.start("server") { try await server.run() }
        world.time.advance(by: .seconds(1))
        tell()
        serving.cancel()
        #expect(
            said.all == [
                "queued, queued, queued, dropped: queue full", "delivered, sent, delivered, dropped: queue full",
            ])
    }

    @Test func withoutOneNothingIsKept() {
        let world = MockWorld()
        let peer = world.peer()
        world.start { world.said.say(await peer.ledger == nil ? "none" : "one") }
        #expect(world.said.all == ["none"])
    }
}
