import NIOCore
import PeerNetworking
import SimNetwork
import Testing

/// The records are the complete change of the visible state: folding them gives the world's own.
@Suite struct FoldTests {
    @Test(arguments: 1...12)
    func foldingTheRecordsGivesTheWorldsOwnState(seed: UInt64) throws {
        let world = ChaoticWorld(seed: seed)
        var state = world.simulation.beginning()
        var events = 0
        while events < 3_000, let record = try world.next() {
            state.apply(record)
            events += 1
            try comparePending(state, world.simulation)
            if events % 211 == 0 { compare(state, world.simulation.structure, events) }
        }
        compare(state, world.simulation.structure, events)
        #expect(events > 1_000)
        #expect(state.totals.segmentsLost > 0)
    }

    @Test(arguments: 1...40)
    func foldingARandomWorldGivesItsOwnState(seed: UInt64) throws {
        let world = FuzzWorld(seed: seed)
        var state = world.simulation.beginning()
        var events = 0
        while events < 2_000, let record = try world.next() {
            state.apply(record)
            events += 1
            try comparePending(state, world.simulation)
            if events % 97 == 0 { compare(state, world.simulation.structure, events) }
        }
        compare(state, world.simulation.structure, events)
    }

    /// What is pending is a fold like all else: the same events, at the same times, in the same order.
    private func comparePending(_ folded: WorldState, _ simulation: Simulation) throws {
        let (left, right) = (folded.upcoming(limit: .max), simulation.upcoming(limit: .max))
        guard left != right else { return }
        let place = zip(left, right).enumerated().first { $0.element.0 != $0.element.1 }
        let text =
            place.map { "\($0.offset): \($0.element.0)\nand not \($0.element.1)" } ?? "\(left.count), \(right.count)"
        Issue.record("what is pending after \(folded.event) differs at \(text)")
        throw PendingDiffers()
    }

    private struct PendingDiffers: Error {}

    private func compare(_ folded: WorldState, _ own: WorldState, _ event: Int) {
        #expect(folded.hosts == own.hosts, "hosts at \(event)")
        #expect(folded.links == own.links, "links at \(event)")
        #expect(folded.partitions == own.partitions, "partitions at \(event)")
        #expect(folded.standing == own.standing, "what stands at \(event)")
        #expect(folded.processes == own.processes, "processes at \(event)")
        #expect(folded.listeners == own.listeners, "listeners at \(event)")
        #expect(folded.segments == own.segments, "segments at \(event)")
        #expect(folded.connections.map(\.id) == own.connections.map(\.id), "connections at \(event)")
        for (left, right) in zip(folded.connections, own.connections) {
            for side in Side.allCases {
                #expect(left.end(side).state == right.end(side).state, "\(left.id) \(side) at \(event)")
                #expect(left.end(side).timers == right.end(side).timers, "\(left.id) \(side) at \(event)")
                #expect(left.end(side).timer == right.end(side).timer, "\(left.id) \(side) at \(event)")
                if right.end(side).state != nil {
                    #expect(left.end(side).levels == right.end(side).levels, "\(left.id) \(side) at \(event)")
                }
            }
        }
    }
}

/// Streams are prefixes: whatever happens, the bytes received are the first of the bytes sent.
@Suite struct PrefixTests {
    @Test(arguments: 1...20)
    func theBytesReceivedAreAPrefixOfTheBytesSent(seed: UInt64) throws {
        let world = ChaoticWorld(seed: seed &+ 1_000)
        var events = 0
        while events < 3_000, try world.next() != nil { events += 1 }
        #expect(world.transcript.all.filter { $0.hasPrefix("wrong") } == [])
        #expect(world.transcript.all.contains { $0.hasPrefix("bytes") }, "the run moved no bytes")
    }

    @Test(arguments: 1...10)
    func theSameSeedGivesTheSameDigest(seed: UInt64) throws {
        func digest(_ seed: UInt64, keepsRecords: Bool) throws -> Digest {
            let world = ChaoticWorld(seed: seed, keepsRecords: keepsRecords)
            var events = 0
            while events < 2_000, try world.next() != nil { events += 1 }
            return world.simulation.digest
        }
        let first = try digest(seed, keepsRecords: true)
        #expect(try digest(seed, keepsRecords: true) == first)
        #expect(try digest(seed, keepsRecords: false) == first, "the digest does not depend on records being kept")
        #expect(try digest(seed + 500, keepsRecords: true) != first)
    }

    @Test(arguments: 1...40)
    func aRandomWorldRepeatsAndGarblesNoByte(seed: UInt64) throws {
        func run(keepsRecords: Bool) throws -> (Digest, [String]) {
            let world = FuzzWorld(seed: seed &+ 10_000, keepsRecords: keepsRecords)
            var events = 0
            while events < 2_000, try world.next() != nil { events += 1 }
            return (world.simulation.digest, world.transcript.all)
        }
        let first = try run(keepsRecords: true)
        #expect(first.1.filter { $0.hasPrefix("wrong") } == [])
        let second = try run(keepsRecords: false)
        #expect(second == first)
    }
}
