import NIOCore
import Testing

@testable import TCP

/// Whole transfers over a wire that loses what it is told to: figures of Linux 6.18 between two namespaces beside them.
@Suite struct TransferTests {
    private static func options(_ base: TCPOptions = TCPOptions()) -> TCPOptions {
        var options = base
        options.sendBuffer = 4 << 20
        options.receiveBuffer = 4 << 20
        return options
    }

    /// A round trip takes 50 ms: four flights of 10, 20, 40 and the rest are 175 ms.
    @Test(
        arguments: [
            ([], 175, 0), ([20], 325, 1), ([20, 22, 24], 375, 3), ([20, 21, 22, 23, 24, 25, 26, 27], 400, 8),
            ([138], 275, 1),
        ] as [([Int], Int64, Int32)])
    func lostSegmentsCostRoundTripsAndNoTimeout(losses: [Int], most: Int64, repeats: Int32) {
        var pair = Pair(Self.options(), Self.options())
        pair.open()
        pair.losses = Set(losses)
        let time = pair.transfer(200 << 10) / 1_000_000
        #expect(pair.received == 200 << 10 && pair.client.repetitions == repeats)
        #expect(time <= most, "\(time) ms")
        pair.run(until: pair.now + 1_000_000_000)
        #expect(pair.client.recovery.state == .open && pair.client.underWay == 0)
    }

    @Test(arguments: [[], [20], [20, 22, 24], [138]]) func textbook(losses: [Int]) {
        var pair = Pair(Self.options(.textbook), Self.options(.textbook))
        pair.open()
        pair.losses = Set(losses)
        let time = pair.transfer(200 << 10) / 1_000_000
        #expect(pair.received == 200 << 10 && Int(pair.client.repetitions) == losses.count)
        // Without a probe of the tail what is lost there is found by a timeout alone, which takes a second.
        #expect((time < 1_000) == (losses != [138]), "\(time) ms")
        if losses == [20] { #expect(pair.client.congestion.threshold < 20) }
    }

    /// 47 s and some fifty segments dropped on Linux with CUBIC.
    @Test func aNarrowLineIsFilledAndNotFlooded() {
        var pair = Pair(Self.options(), Self.options(), delay: 10_000_000)
        pair.open()
        pair.rate = 20 << 10
        pair.queue = 64 << 10
        let seconds = pair.transfer(900 << 10) / 1_000_000_000
        #expect((45...49).contains(seconds), "\(seconds) s")
        #expect((30...80).contains(pair.dropped), "\(pair.dropped)")
    }

    /// Some 40 ms more without TCP_NODELAY, once the receiver answers what it gets.
    @Test(arguments: [(false, 42_000), (true, 1_000)] as [(Bool, Int64)])
    func twoSmallWritesAndARead(noDelay: Bool, microseconds: Int64) {
        var client = Self.options()
        client.noDelay = noDelay
        var pair = Pair(client, Self.options(), delay: 500_000)
        pair.open()
        var last: Int64 = 0
        for _ in 0..<10 {
            let start = pair.now
            let goal = pair.received + 1_600
            for _ in 0..<2 {
                pair.client.write(ByteBuffer(repeating: 1, count: 800), at: pair.now)
                pair.flush()
            }
            pair.run { $0.received >= goal }
            let next = pair.client.receiver.next + 10
            pair.server.write(ByteBuffer(repeating: 1, count: 10), at: pair.now)
            pair.flush()
            pair.run { $0.client.receiver.next >= next }
            last = (pair.now - start) / 1_000
        }
        #expect(last == microseconds)
    }

    /// 0 1 2 3 4 5 7 11 19 35 67 s, and given up at 131 s.
    @Test func aSYNIntoSilence() {
        var pair = Pair()
        pair.loses = { _, _ in true }
        pair.client.connect()
        pair.flush()
        pair.run { $0.client.failure != nil }
        #expect(pair.client.failure == .timedOut && pair.now == 131_000_000_000)
        #expect(pair.sentAt.map { $0 / 1_000_000_000 } == [0, 1, 2, 3, 4, 5, 7, 11, 19, 35, 67])
    }

    /// 952 s on Linux at a round trip of 600 ms: the number of repeats stands for a time.
    @Test func dataIntoSilence() {
        var pair = Pair(delay: 300_000_000)
        pair.open()
        _ = pair.transfer(1_000)
        pair.loses = { _, _ in true }
        let seconds = pair.transfer(1_000) / 1_000_000_000
        #expect(pair.client.failure == .timedOut && (940...960).contains(seconds), "\(seconds) s")
    }

    /// 107 s on Linux.
    @Test func anOrphanIsForgotten() {
        var pair = Pair(delay: 5_000_000)
        pair.open()
        _ = pair.transfer(1_000)
        pair.loses = { _, _ in true }
        pair.client.write(ByteBuffer(repeating: 1, count: 100), at: pair.now)
        pair.flush()
        let start = pair.now
        let isReset = pair.client.close(at: pair.now)
        #expect(!isReset)
        pair.flush()
        pair.run { $0.client.state == .closed }
        #expect((pair.now - start) / 1_000_000_000 == 107)
    }

    /// 5.5 s on Linux, whether probes are answered or not.
    @Test func theUserTimeoutEndsAClosedWindow() {
        var small = Self.options()
        small.userTimeout = 5_000_000_000
        small.receiveBuffer = 8_192
        var pair = Pair(small, small, delay: 5_000_000)
        pair.reads = false
        pair.open()
        pair.toWrite = 100_000
        pair.pump()
        pair.flush()
        let start = pair.now
        pair.run { $0.client.failure != nil }
        #expect(pair.client.failure == .timedOut)
        #expect((5_000...5_600).contains((pair.now - start) / 1_000_000))
    }

    @Test func bothSidesClose() {
        var pair = Pair(delay: 5_000_000)
        pair.open()
        _ = pair.transfer(5_000)
        _ = pair.client.close(at: pair.now)
        pair.flush()
        pair.run(until: pair.now + 100_000_000)
        #expect(pair.client.state == .finWait2 && pair.server.state == .closeWait)
        _ = pair.server.close(at: pair.now)
        pair.flush()
        pair.run(until: pair.now + 100_000_000)
        #expect(pair.client.state == .timeWait && pair.server.state == .closed)
        pair.run()
        #expect(pair.client.state == .closed)
    }

    /// Segments are lost, overtaken and doubled at random, numbers wrap: every byte arrives, in order.
    @Test(arguments: 1...60 as ClosedRange<UInt64>) func randomWires(seed: UInt64) {
        var dice = Dice(seed)
        var client = Self.options(seed % 3 == 0 ? .textbook : TCPOptions())
        client.sack = seed % 2 == 0
        client.timestamps = seed % 5 != 0
        client.congestionControl = CongestionAlgorithm.allCases[Int(seed % 3)]
        client.receiveBuffer = [4_096, 65_536, 1 << 20][Int(seed % 3)]
        var pair = Pair(client, client, delay: 5_000_000)
        pair.open()
        let loss = dice.next() % 200
        pair.fate = { dice in
            if dice.next() % 1_000 < loss { return [] }
            let late = Int64(dice.next() % 8) * 2_000_000 * (dice.next() % 10 == 0 ? 1 : 0)
            return dice.next() % 50 == 0 ? [late, 7_000_000] : [late]
        }
        pair.dice = dice
        pair.isChecked = true
        _ = pair.transfer(300_000)
        #expect(pair.received == 300_000 && pair.problems == [], "\(pair.problems.prefix(3))")
    }

    /// Whatever comes, nothing traps, and the ends stay in order.
    @Test(arguments: 1...20 as ClosedRange<UInt64>) func randomSegments(seed: UInt64) {
        var dice = Dice(seed)
        var pair = Pair(Self.options(), Self.options(), delay: 1_000_000)
        pair.open()
        _ = pair.transfer(20_000)
        for _ in 0..<2_000 {
            if pair.client.state == .closed { break }
            let flags = TCPFlags(
                rawValue: UInt8(truncatingIfNeeded: dice.next()) & (dice.next() % 20 == 0 ? 0xFF : 0x18))
            func near(_ number: UInt32) -> UInt32 { number &+ UInt32(truncatingIfNeeded: dice.next() % 4_000) &- 2_000 }
            let sequence = near(SequenceNumber.wire(pair.client.receiver.next, from: pair.client.receiver.initial))
            let blocks = (0..<dice.next() % 4).map { _ in
                let start = near(
                    SequenceNumber.wire(pair.client.sender.unacknowledged, from: pair.client.sender.initial))
                return SegmentOptions.Block(start: start, end: near(start))
            }
            let segment = TCPSegment(
                flags: flags, window: UInt16(truncatingIfNeeded: dice.next()), sequence: sequence,
                acknowledgement: near(SequenceNumber.wire(pair.client.sender.next, from: pair.client.sender.initial)),
                timestamps: .init(value: UInt32(truncatingIfNeeded: dice.next()), echo: 0),
                options: blocks.isEmpty ? nil : SegmentOptions(blocks: blocks),
                payload: ByteBuffer(repeating: 0, count: Int(dice.next() % 3_000)))
            _ = pair.client.receive(segment, at: pair.now)
            if pair.client.writable > 5_000 { pair.client.write(ByteBuffer(repeating: 1, count: 5_000), at: pair.now) }
            while pair.client.nextSegment(at: pair.now) != nil {}
            pair.now += Int64(dice.next() % 50_000_000)
            while let due = pair.client.timers.next?.due, due <= pair.now { _ = pair.client.timerFired(at: pair.now) }
            #expect(pair.client.problem == nil, "\(pair.client.problem ?? "")")
        }
    }
}
