import NIOCore
import Testing

@testable import TCP

/// Inputs one by one, without a world.
@Suite struct EndpointTests {
    private func opened(_ change: (inout TCPOptions) -> Void = { _ in }) -> Pair {
        var options = TCPOptions()
        change(&options)
        var pair = Pair(options, options, delay: 10_000_000)
        pair.open()
        pair.run(until: pair.now + 100_000_000)
        return pair
    }

    /// A segment of the server's, by its offset.
    private func segment(
        _ pair: Pair, _ flags: TCPFlags, at offset: Int64, _ length: Int = 0, acknowledging acknowledged: Int64? = nil
    ) -> TCPSegment {
        let client = pair.client
        return TCPSegment(
            flags: flags, window: 1_000, sequence: SequenceNumber.wire(offset, from: client.receiver.initial),
            acknowledgement: SequenceNumber.wire(
                acknowledged ?? client.sender.unacknowledged, from: client.sender.initial),
            timestamps: .init(value: client.receiver.recent ?? 0, echo: 0),
            payload: ByteBuffer(repeating: 1, count: length))
    }

    /// An old SYN has made another socket of the server's, which the client is far ahead of: each is told where the other is, and
    /// is not answered for every answer.
    @Test func twoThatDoNotKnowOneAnotherDoNotAnswerForEver() {
        var pair = opened()
        _ = pair.transfer(200_000)
        var stranger = TCPEndpoint(options: TCPOptions(), initial: 77, clockOffset: 5)
        stranger.accept(
            syn: TCPSegment(
                flags: .syn, window: 1_000, sequence: pair.client.sender.initial, acknowledgement: 0,
                options: SegmentOptions(maximumSegmentSize: 1_460)), at: pair.now)
        pair.server = stranger
        let before = pair.sentAt.count
        pair.flush()
        pair.run(until: pair.now + 10_000_000_000)
        #expect((1...30).contains(pair.sentAt.count - before), "\(pair.sentAt.count - before) in ten seconds")
    }

    /// The receive buffer follows what the application takes; one that is set stays as it is.
    @Test func buffersGrowWithWhatIsTaken() {
        var pair = opened()
        _ = pair.transfer(4_000_000)
        #expect(pair.server.receiver.tuning.size > 1_000_000 && pair.server.receiver.tuning.size <= 3_145_728)
        #expect(pair.client.sender.room > 1_000_000 && pair.client.sender.room <= 4_194_304)
        var fixed = opened {
            $0.receiveBuffer = 65_536
            $0.sendBuffer = 65_536
        }
        _ = fixed.transfer(4_000_000)
        #expect(fixed.server.receiver.tuning.size == 65_536 && fixed.client.sender.room == 65_536)
        #expect(fixed.now > 2 * pair.now, "a window of 64 KiB a round trip")
        var still = opened { $0.moderatesReceiveBuffer = false }
        _ = still.transfer(1_000_000)
        #expect(still.server.receiver.tuning.size == 65_536)
    }

    /// The scale of windows is that of the largest buffer there may be: as Linux 6.18 has it with `SO_RCVBUF`, and without.
    @Test(arguments: [(Int32(8_192), UInt8(0)), (65_536, 1), (1_048_576, 5), (0, 7)])
    func theScaleIsThatOfTheBuffer(size: Int32, scale: UInt8) {
        let pair = opened { if size > 0 { $0.receiveBuffer = size } }
        #expect(pair.client.receiver.scale == scale)
    }

    /// `tcp_recovery` 4: three segments beyond a gap do not hurry it, the reordering timer does.
    @Test func lateSegmentsAreWaitedForWhereTheirCountSaysNothing() {
        func repeatedAt(_ lateness: TCPOptions.Lateness) -> Int64 {
            var pair = opened { $0.lateness = lateness }
            pair.losses = [3]
            let begun = pair.now
            _ = pair.transfer(14_000)
            return pair.now - begun
        }
        #expect(repeatedAt(.ignoresCount) > repeatedAt([]))
    }

    /// What Reno would have grows by 8 segments for 15 windows (RFC 9438, 4.3, as Linux reckons it).
    @Test func cubicIsAsFastAsRenoAndNoFaster() {
        var cubic = Cubic()
        _ = cubic.threshold(afterLossAt: 100)
        var every: Int32 = 0
        for step in 0..<5 {
            every = cubic.segments(beforeGrowing: 70, 2 * 131, 0, at: 1_000_000_000 + Int64(step) * 40_000_000)
        }
        #expect(every == 7, "after ten times 131 acknowledgements Reno has nine or ten more than 70")
    }

    @Test func anAcknowledgementWhoseTimerIsTakenAwayWaitsForMore() {
        var pair = opened { $0.acknowledging = .everySecond }
        pair.reads = false
        pair.toWrite = 100
        pair.pump()
        pair.flush()
        pair.run(until: pair.now + 15_000_000)
        #expect(pair.server.timers.next?.kind == .delayedAcknowledgement)
        pair.server.dropTimer()
        #expect(pair.server.nextSegment(at: pair.now) == nil && pair.server.timers.next == nil)
    }

    @Test func aKeepAliveTimerThatComesSoonerProbes() {
        var pair = opened { $0.keepAlive = true }
        let timer = pair.client.timers.next
        #expect(timer?.kind == .keepAlive)
        #expect(pair.client.timerFired(at: pair.now, asIf: timer?.due) == [])
        #expect(pair.client.nextSegment(at: pair.now)?.purpose == .keepAliveProbe)
    }

    /// A probe of the tail says nothing of a loss: an outage long after it is borne as long as any.
    @Test func aProbeBeginsNoOutage() {
        var pair = opened()
        pair.losses = [1]
        _ = pair.transfer(100)
        #expect(pair.client.repetitions == 1 && pair.client.recovery.repeatedSince == 0)
        #expect(pair.client.recovery.repeating == 0 && pair.client.recovery.state == .open)
        pair.run(until: pair.now + 2_000_000_000_000)
        pair.loses = { _, _ in true }
        let seconds = pair.transfer(100) / 1_000_000_000
        #expect((900...1_000).contains(seconds), "\(seconds) s")
    }

    /// A probe that was needless is told by a duplicate while nothing is under way: the window stays.
    @Test func aProbeThatWasNeedlessReducesNothing() {
        var pair = opened { $0.congestionControl = .reno }
        // The acknowledgement is late: the probe comes before it.
        pair.fate = { _ in [0] }
        var held = true
        pair.loses = { segment, toServer in !toServer && segment.length == 0 && held && segment.acknowledged > 1 }
        pair.toWrite = 100
        pair.pump()
        pair.flush()
        pair.run(until: pair.now + 50_000_000)
        held = false
        pair.loses = { _, _ in false }
        pair.run(until: pair.now + 3_000_000_000)
        #expect(pair.client.recovery.probeEnd == 0 && pair.client.congestion.window >= 10)
        _ = pair.transfer(20_000)
        #expect(pair.client.congestion.window >= 10)
    }

    @Test func whatComesBehindAFinIsNotTaken() {
        var pair = opened()
        _ = pair.client.receive(segment(pair, [.fin, .ack], at: 1), at: pair.now)
        #expect(pair.client.state == .closeWait && pair.client.receiver.isAtEnd)
        _ = pair.client.receive(segment(pair, .ack, at: 2, 100), at: pair.now)
        #expect(pair.client.read(upTo: 1_000, at: pair.now) == nil && pair.client.receiver.next == 2)
        var other = opened()
        _ = other.client.receive(segment(other, [.fin, .ack], at: 101), at: other.now)
        _ = other.client.receive(segment(other, .ack, at: 101, 100), at: other.now)
        _ = other.client.receive(segment(other, .ack, at: 1, 100), at: other.now)
        #expect(other.client.receiver.isAtEnd && other.client.read(upTo: 1_000, at: other.now)?.readableBytes == 100)
    }

    /// However it comes, no byte is held twice, and all come in order.
    @Test func piecesThatOverlap() {
        var pair = opened()
        let bytes = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        var dice = Dice(5)
        for start in (2...4_000).reversed() where dice.next() % 3 == 0 {
            var piece = segment(pair, .ack, at: Int64(start))
            let length = min(Int(dice.next() % 1_000) + 1, 5_000 - start)
            piece.payload = ByteBuffer(bytes: bytes[(start - 1)..<(start - 1 + length)])
            _ = pair.client.receive(piece, at: pair.now)
        }
        #expect(pair.client.receiver.next == 1)
        var first = segment(pair, .ack, at: 1)
        first.payload = ByteBuffer(bytes: bytes[0..<5_000])
        _ = pair.client.receive(first, at: pair.now)
        #expect(pair.client.receiver.next == 5_001)
        var read: [UInt8] = []
        while let part = pair.client.read(upTo: 700, at: pair.now) { read += part.readableBytesView }
        #expect(read == bytes)
    }

    @Test func aClockThatIsAheadMeasuresNothing() {
        var pair = opened()
        let before = pair.client.estimator.timeout(most: pair.client.shared.options.maximumRetransmissionTimeout)
        pair.losses = [1, 2]
        pair.toWrite = 100
        pair.pump()
        pair.flush()
        pair.run(until: pair.now + 1_000_000_000)
        var answer = segment(pair, .ack, at: 1, acknowledging: 101)
        answer.timestamps?.echo = pair.client.clock(at: pair.now) &+ 1
        _ = pair.client.receive(answer, at: pair.now)
        #expect(
            pair.client.estimator.timeout(most: pair.client.shared.options.maximumRetransmissionTimeout) < 10 * before)
    }

    @Test func aSmallerSegmentAfterAPartWasAcknowledged() {
        var pair = opened()
        pair.loses = { _, _ in true }
        pair.toWrite = 1_400
        pair.pump()
        pair.flush()
        _ = pair.client.receive(segment(pair, .ack, at: 1, acknowledging: 1_001), at: pair.now)
        pair.client.fragmentationNeeded(maximumSegmentSize: 500, at: pair.now)
        let repeated = pair.client.nextSegment(at: pair.now)
        #expect(repeated?.offset == 1_001 && repeated?.length == 400 && pair.client.problem == nil)
    }
}
