import PeerNetworking
import Testing
import TCP

@testable import SimNetwork

/// Records in bytes: what is written is what is read.
@Suite struct RecordBytesTests {
    private static let link = LinkID(3)
    private static let host = HostID(70_000)
    private static let process = ProcessID(9)
    private static let connection = ConnectionID(4_000_000_000)
    private static let partition = Partition([HostID(0), HostID(2)], [HostID(1)], isOneWay: true)
    private static let shapes: [LinkShape] = [
        .latency(.constant(1)), .latency(.uniform(0, 5)), .latency(.normal(mean: 3, deviation: 1)),
        .latency(.exponential(mean: 9)), .latency(.bimodal(1, 2, second: Probability(0.3))),
        .latency(.pareto(least: 4, shape: 1.25)), .loss(.independent(Probability(0.1))),
        .loss(.burst(GilbertElliott(toBad: Probability(0.1), toGood: .always))), .duplicate(.always),
        .reorder(Reordering(Probability(0.5), by: 7)), .corrupt(Corruption(caught: .always, uncaught: .never)),
        .bandwidth(1_000_000_000_000, queue: 5), .mtu(576),
    ]

    private static let actions: [Action] =
        shapes.map { .shape(link, nil, $0) } + [
            .cut(link, .backward), .heal(link, nil), .unshape(link, .forward, .mtu), .clog(.link(link, .forward)),
            .unclog(.host(host, .inbound)), .partition(.groups(partition)), .partition(.random(oneWay: true)),
            .partition(.uniformSize(oneWay: false)), .partition(.isolateOne(oneWay: true)), .unpartition(nil),
            .unpartition(partition), .swizzle([HostID(1), HostID(2)], over: 1_000_000_000),
            .slowPair(from: HostID(1), to: HostID(0), extra: 5), .unreachable(.host(host, nil), .network),
            .unreachable(.link(link, .backward), nil), .refuse(ServiceScope(host, port: 65_535), .always),
            .connectHang(ServiceScope(host), .never), .backlogFull(ServiceScope(host, port: 0), true),
            .nameError(host, .slow(6), .always), .nameError(host, nil, .never), .nameError(host, .temporary, .always),
            .close(.process(process), RandomClose(.always, learns: .other, manner: .end, onNextUse: true)),
            .close(.connection(connection), nil), .reset(.process(process)),
            .halfClose(.connection(connection, .server)),
            .halfOpen(.connection(connection, nil)), .shortRead(.host(host), ShortIO(largest: 3)),
            .shortWrite(.process(process), nil), .slowReader(.host(host), bytesPerSecond: 0), .exit(process),
            .kill(process), .restart(process), .pause(process), .resume(process), .powerLoss(host), .powerOn(host),
            .clockSkew(host, offset: -5, drift: 7), .slowTimers(host, .always, most: 9), .exhaust(host, .memory, 0),
            .exhaust(host, .ports, nil), .drop(connection, from: .server, ordinal: 12),
            .delay(connection, from: .client, ordinal: 1, by: 5), .dropDuring(.synAck, link, nil, Probability(0.2)),
            .override(DrawOverride(site: "link.loss", subject: "a→b", number: 4, fires: true)),
            .unoverride(DrawOverride(site: "task.order", fires: false)), .healAll, .reseed(.max),
        ]

    private static let segment = SegmentSummary(
        number: 1 << 40, connection: connection, from: .server, flags: [.syn, .ack], purpose: .repetition,
        length: 1_460,
        sequence: -1, acknowledgement: 1 << 33, window: 65_535, maximumSegmentSize: 1_460, ordinal: 8, arrives: .max,
        link: link, direction: .backward, notice: .fragmentationNeeded)

    private static var timerless: EndChange {
        var levels = EndLevels()
        for (place, level) in EndLevel.all.enumerated() { levels[level] = [1, 300, 70_000][place % 3] }
        var change = EndChange(levels, since: EndLevels())
        change.fields.insert(.timer)
        return change
    }

    private static var timed: EndChange {
        var change = EndChange()
        change.fields = [.timer, .level(.received)]
        change.levels.received = 12
        change.timer = EndTimer(kind: .timeWait, due: 60_000_000_000)
        return change
    }

    private static var timedThrice: EndChange {
        var change = timed
        change.fields.formUnion([.laterTimers, .level(.pipe)])
        change.laterTimers.start(.delayedAcknowledgement, at: 61_000_000_000)
        change.laterTimers.start(.persist, at: 62_000_000_000)
        return change
    }

    private static func draw(_ site: DrawSite, _ subject: DrawSubject) -> Change {
        .draw(
            DrawRecord(
                site: site, subject: subject, number: 1 << 50, value: .max, threshold: .always, fires: true,
                isForced: false))
    }

    private static let draws: [Change] =
        DrawSite.all.map { draw($0, .network) } + [
            draw(.fault(.linkLoss), .lane(link, .backward)), draw(.fault(.ioClose), .end(connection, .server)),
            draw(.fault(.connectHang), .connection(connection)), draw(.fault(.nameError), .lookup(host, of: HostID(0))),
            draw(.fault(.timerSlow), .process(process)), draw(.buggify(.peerReadShort), .named(5)),
            draw(
                .fault(.linkLoss),
                .segment(
                    SegmentDraw(
                        link: link, direction: .backward, connection: connection, side: .server, isData: true,
                        transmission: 3))),
        ]

    private static let events: [PeerEvent] = [
        .state(.failed, .retriesExhausted), .state(.connected, nil), .attached(connection),
        .backoff(attempt: 3, delayNanoseconds: 1_000_000_000),
        .queued(message: .max, bytes: .max, delivery: .exactlyOnce, depth: 64), .sent(message: 3, through: 0, depth: 2),
        .requeued(message: 1, depth: 1), .dropped(message: 2, reason: .overtaken, depth: 0),
        .acknowledged(message: 4, depth: 9), .delivered(message: 5, origin: .max, bytes: 64),
        .discarded(message: 5, origin: 1, reason: .inboxFull), .suppressed(message: 1, origin: 7), .refused(bytes: 64),
        .blocked(true),
        .pressure(false), .roundTrip(nanoseconds: 5), .heartbeatMissed, .circuit(.halfOpen), .degraded(score: 900),
        .asked(request: 3, attempt: 1), .answered(request: 3, .unsent, nanoseconds: 8), .progress(done: 1, of: 0),
        .finished(correct: true), .job(.max, .givenAgain),
    ]

    private static let others: [Change] = [
        .name(.task, 3, "ping heartbeat →"), .timerSet(process, task: 4, due: 5), .taken(1 << 60),
        .scheduled(.healAll, due: 1 << 50), .episode(.partition, due: 7), .power(host, on: true),
        .process(process, .off), .readRate(process, bytesPerSecond: 7), .cut(link, .forward, true),
        .listening(host, port: 65_535, false), .backlog(host, port: 1, waiting: 128),
        .opened(connection, from: host, fromPort: 32_768, to: HostID(0), toPort: 80, by: nil),
        .opened(
            connection, from: host, fromPort: 0, to: HostID(0), toPort: 80,
            by: Opener(process: process, attempt: 3)),
        .tcp(connection, .server, nil), .tcp(connection, .client, .timeWait), .end(connection, .server, timerless),
        .end(connection, .client, timedThrice),
        .end(connection, .client, timed), .unasked(process, port: 80, .nameNotFound, reason: "no host 'x'"),
        .failed(connection, .client, .timedOut), .forgotten(connection), .sent(segment), .arrived(1 << 41),
        .lost(5, .noMemory), .delayed(6, until: 1), .peerRegistered(PeerNumber(3), process, capacity: 64),
        .forwarded(7, nil, .forward, arrives: 9), .forwarded(7, link, .backward, arrives: .max),
        .duplicated(segment, of: 2), .corrupted(8), .held(9), .queue(link, .backward, bytes: 1 << 40, until: 3),
        .clogged(link, .forward, false), .hostClogged(host, .outbound, true), .partition(partition, false),
        .struck(.shortWrite, host),
        .fault(.healAll, .healed),
    ]

    private static let all: [Change] =
        others + actions.map { .action($0) } + actions.map { .standing($0) } + draws
        + shapes.map { .shaped(link, .backward, $0) } + events.map { .peer(PeerNumber(200), $0) }
        + events.map { .peer(PeerNumber(200), $0, in: PeerSession(connection: connection, depth: .max)) }

    @Test func everySiteHasItsPlace() {
        #expect(DrawSite.all.map(\.place) == DrawSite.all.indices.map(UInt64.init))
        #expect(DrawSite.all.map { DrawSite(place: $0.place) } == DrawSite.all)
    }

    @Test func whatIsWrittenIsRead() {
        var log = RecordLog()
        let record = EventRecord(
            number: 1, time: 123_456_789_012, kind: .fault, host: Self.host, connection: Self.connection,
            process: Self.process, cause: 1, place: 99, changes: Self.all)
        log.append(record)
        let read = log[event: 1]
        #expect(read.changes.count == Self.all.count)
        for (left, right) in zip(read.changes, Self.all) { #expect(left == right) }
        #expect(read == record)
    }

    @Test func everyCaseOfEveryEnumIsReadAsItIsWritten() {
        func check<Choice: CaseIterable & Equatable>(_ type: Choice.Type) {
            var writer = RecordWriter()
            defer { writer.free() }
            for choice in Choice.allCases { writer.choice(choice) }
            var reader = RecordReader(writer.bytes)
            for choice in Choice.allCases { #expect(reader.choice(Choice.self) == choice) }
        }
        check(FaultFamily.self)
        check(LossReason.self)
        check(NetworkError.Code.self)
        check(DropReason.self)
        check(RequestOutcome.self)
        check(JobTurn.self)
        check(PeerState.self)
        check(ProcessState.self)
        check(CircuitState.self)
        check(LinkShape.Kind.self)
        check(ProtocolMoment.self)
    }

    @Test func numbersOfEverySizeAreRead() {
        var values: [UInt64] = [0, .max]
        for shift in 0..<64 as Range<UInt64> { values += [1 << shift, (1 << shift) - 1, (1 << shift) + 1] }
        values += [UInt64(RecordWriter.counted), UInt64(RecordWriter.counted) - 1]
        var writer = RecordWriter()
        defer { writer.free() }
        for value in values {
            writer.reserve(32)
            writer.number(value)
            writer.signed(Int64(bitPattern: value))
        }
        var reader = RecordReader(writer.bytes)
        for value in values {
            #expect(reader.number() == value)
            #expect(reader.signed() == Int64(bitPattern: value))
        }
        #expect(reader.isAtEnd)
    }

    /// What a record says is in the digest: not only that a link loses, but how much.
    @Test func whatDiffersInARecordDiffersInTheDigestAtOnce() throws {
        func digest(_ action: Action?, loss: Double = 0) throws -> Digest {
            var topology = Topology()
            let (first, second) = (topology.addHost("a"), topology.addHost("b"))
            topology.connect(first, second, LinkProperties(loss: .independent(Probability(loss))))
            let simulation = Simulation(topology: topology, seed: 1)
            if let action { simulation.schedule(action, at: Instant(nanoseconds: 1_000_000_000)) }
            _ = try simulation.step()
            return simulation.digest
        }
        func lossy(_ loss: Double) -> Action { .shape(LinkID(0), nil, .loss(.independent(Probability(loss)))) }
        #expect(try digest(lossy(0.1)) != digest(lossy(0.2)), "scheduled, and not done yet")
        #expect(try digest(nil, loss: 0.1) != digest(nil, loss: 0.2), "and no segment sent yet")
        #expect(try digest(lossy(0.1)) == digest(lossy(0.1)))
    }
}
