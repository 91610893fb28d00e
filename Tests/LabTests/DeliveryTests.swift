import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// What each kind of delivery promises, with connections that are lost again and again.
@Suite struct DeliveryTests {
    /// What a server was given of a sender's messages, in order.
    private struct Given {
        var numbers: [UInt64] = []
        var suppressed = 0
        var reconnects: Int32 = 0
    }

    private func text(_ delivery: String) -> String {
        """
        lab: delivery
        duration: 20s
        hosts: [client, server]
        links: [{between: [client, server], latency: {uniform: [1ms, 20ms]}}]
        peers:
          - {name: take, on: server, listen: 4500, run: sink, config: {preset: test}}
          - name: give
            on: client
            connect: server:4500
            run: {flood: {every: 2ms, count: 2000, delivery: \(delivery)}}
            config: {preset: test}
        faults:
          - {at: 200ms, reset: give, every: 150ms, times: 30}

        """
    }

    private func run(_ delivery: String, seed: UInt64) throws -> Given {
        var lab = try LabFile.read(text: text(delivery), name: "x")
        lab.seed = seed
        let run = try LabRun(lab)
        var given = Given()
        for record in run.records {
            for change in record.changes {
                guard case .peer(_, let event, _) = change else { continue }
                switch event {
                case .delivered(let message, _, _): given.numbers.append(message)
                case .suppressed: given.suppressed += 1
                default: break
                }
            }
        }
        let view = try #require(run.view("give"))
        given.reconnects = view.reconnects
        return given
    }

    /// At each moment the ledger holds as many messages as the queue, and knows each that was admitted.
    @Test(arguments: ["unreliable", "reliable", "exactly-once"]) func noMessageIsWithoutAFate(_ delivery: String) throws
    {
        var lab = try LabFile.read(text: text(delivery), name: "x")
        lab.seed = 3
        let simulation = lab.makeSimulation(seed: lab.seed, keepsRecords: true)
        defer { simulation.shutDown() }
        var world = simulation.beginning()
        var ledger = MessageLedger(remembering: 10_000)
        let give = 1
        while let record = try simulation.step(until: Instant(nanoseconds: lab.duration)) {
            world.apply(record)
            for case .peer(let peer, let event, _) in record.changes where Int(peer.index) == give {
                ledger.apply(event)
            }
            guard world.peers.count > give else { continue }
            #expect(ledger.held.count == Int(world.peers[give].depth), "event \(record.number)")
            #expect(ledger.held == world.peers[give].ledger.held)
        }
        #expect(world.peers[give].admitted > 1_000)
        #expect((world.peers[give].requeued > 0) == (delivery != "unreliable"))
        #expect((1...2_000).allSatisfy { ledger[$0] != nil })
        #expect((1...2_000).contains { ledger[$0]?.wasRepeated == true } == (delivery != "unreliable"))
    }

    /// A process that is started anew numbers its messages from one.
    @Test func theLedgerOfAProcessThatIsStartedAnewIsNew() throws {
        let lab = try LabFile.read(
            text: text("reliable") + "  - {at: 1s, process-kill: give}\n  - {at: 2s, restart: give}\n", name: "x")
        let run = try LabRun(lab)
        let view = try #require(run.view("give"))
        #expect(view.ledger.held.count == Int(view.depth))
        #expect(view.ledger.held.map(\.number) == view.ledger.held.map(\.number).sorted())
        #expect(run.peerNames.firstIndex(of: "give") != nil && view.admitted > 2_000)
    }

    /// An answer that was lost with its connection is not made again: it does not wait for all of them.
    @Test func pingPongThatMustArriveOnceEnds() throws {
        let lab = text("exactly-once").replacing("run: sink", with: "run: echo")
            .replacing("flood: {every: 2ms, count: 2000", with: "ping-pong: {every: 2ms, count: 2000")
        let run = try LabRun(LabFile.read(text: lab, name: "x"))
        let view = try #require(run.view("give"))
        #expect(view.finished == true && view.reconnects > 5)
    }

    private static let seeds: ClosedRange<UInt64> = 1...10

    @Test func exactlyOnceIsOnceAndInOrderAcrossConnections() throws {
        var suppressed = 0
        for seed in Self.seeds {
            let given = try run("exactly-once", seed: seed)
            #expect(given.numbers == Array(1...2_000), "seed \(seed)")
            #expect(given.reconnects > 5)
            suppressed += given.suppressed
        }
        #expect(suppressed > 0, "something came twice, or the promise was not tested")
    }

    @Test func reliableIsAtLeastOnceAndSometimesTwice() throws {
        var repeated = 0
        for seed in Self.seeds {
            let given = try run("reliable", seed: seed)
            #expect(Set(given.numbers) == Set(1...2_000), "seed \(seed)")
            #expect(given.suppressed == 0)
            repeated += given.numbers.count - 2_000
        }
        #expect(repeated > 0, "what is not exactly once comes twice now and then")
    }

    @Test func unreliableIsAtMostOnceInOrder() throws {
        var lost = 0
        for seed in Self.seeds {
            let given = try run("unreliable", seed: seed)
            #expect(zip(given.numbers, given.numbers.dropFirst()).allSatisfy { $0 < $1 }, "seed \(seed)")
            lost += 2_000 - given.numbers.count
        }
        #expect(lost > 0)
    }
}
