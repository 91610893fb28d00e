import CoreMetrics
import InMemoryLogging
import InMemoryTracing
import Logging
import MetricsTestKit
import PeerNetworking
import PeerNetworkingMocks
import PeerObservation
import Synchronization
import Testing
import Tracing

/// A run of a peer as it tells it: two attempts, a message sent at once and one that waits, a loss, and the end.
enum Story {
    static let peer = PeerNumber(0)

    static let events: [(milliseconds: Int64, event: PeerEvent)] = [
        (0, .state(.connecting, nil)),
        (10, .backoff(attempt: 1, delayNanoseconds: 5_000_000)),
        (20, .queued(message: 1, bytes: 100, delivery: .reliable, depth: 1)),
        (30, .attached(ConnectionID(7))),
        (30, .state(.connected, nil)),
        (30, .sent(message: 1, through: 0, depth: 1)),
        (35, .queued(message: 2, bytes: 50, delivery: .unreliable, depth: 2)),
        (35, .sent(message: 2, through: 0, depth: 1)),
        (40, .delivered(message: 1, origin: 9, bytes: 30)),
        (45, .roundTrip(nanoseconds: 2_000_000)),
        (50, .state(.reconnecting, .connectionReset)),
        (50, .requeued(message: 1, depth: 1)),
        (60, .attached(ConnectionID(8))),
        (60, .state(.connected, nil)),
        (60, .sent(message: 1, through: 0, depth: 1)),
        (70, .acknowledged(message: 1, depth: 0)),
        (75, .asked(request: 1, attempt: 1)),
        (80, .asked(request: 1, attempt: 2)),
        (85, .answered(request: 1, .answered, nanoseconds: 10_000_000)),
        (88, .job(41, .begun)),
        (90, .queued(message: 3, bytes: 10, delivery: .reliable, depth: 1)),
        (95, .dropped(message: 3, reason: .peerClosed, depth: 0)),
        (99, .state(.failed, .retriesExhausted)),
    ]

    static func tell(_ hear: (PeerEvent, Instant) -> Void) {
        for (milliseconds, event) in events { hear(event, Instant(nanoseconds: milliseconds * 1_000_000)) }
    }
}

@Suite struct PeerMeterTests {
    @Test func whatIsToldIsCounted() throws {
        let metrics = TestMetrics()
        var meter = PeerMeter(factory: metrics)
        Story.tell { meter.note($0, of: Story.peer, named: "ping", at: $1) }
        func counter(_ label: String, _ dimension: (String, String)? = nil) throws -> Int64 {
            try metrics.expectCounter(label, [("peer", "ping")] + (dimension.map { [$0] } ?? [])).totalValue
        }
        #expect(try counter("peer_messages", ("event", "queued")) == 3)
        #expect(try counter("peer_messages", ("event", "sent")) == 3)
        #expect(try counter("peer_messages", ("event", "requeued")) == 1)
        #expect(try counter("peer_messages", ("event", "dropped")) == 1)
        #expect(try counter("peer_jobs", ("event", "begun")) == 1)
        #expect(PeerMeter.descriptions.contains { $0.name == "peer_jobs" })
        #expect(try counter("peer_message_bytes", ("direction", "out")) == 160)
        #expect(try counter("peer_message_bytes", ("direction", "in")) == 30)
        #expect(try counter("peer_connections") == 2)
        #expect(try counter("peer_connect_attempts_failed") == 1)
        #expect(try counter("peer_connection_losses", ("reason", "connectionReset")) == 1)
        let dimensions = [("peer", "ping")]
        #expect(try metrics.expectMeter("peer_connected", dimensions).values == [0, 1, 0, 1, 0])
        #expect(try metrics.expectMeter("peer_queue_depth", dimensions).lastValue == 0)
        #expect(try metrics.expectTimer("peer_queue_time_seconds", dimensions).values == [10_000_000, 0, 40_000_000])
        #expect(try metrics.expectTimer("peer_confirmation_time_seconds", dimensions).values == [50_000_000])
        #expect(try metrics.expectTimer("peer_round_trip_seconds", dimensions).values == [2_000_000])
        #expect(
            try metrics.expectTimer("peer_request_seconds", dimensions + [("outcome", "answered")]).values
                == [10_000_000])
    }

    /// However many there were, and though nobody confirms them.
    @Test func everyUnreliableMessageIsMeasured() throws {
        let metrics = TestMetrics()
        var meter = PeerMeter(factory: metrics)
        for number in 1...20_000 as ClosedRange<UInt64> {
            for event in [
                PeerEvent.queued(message: number, bytes: 1, delivery: .unreliable, depth: 1),
                .sent(message: number, through: 0, depth: 0),
            ] { meter.note(event, of: Story.peer, named: "ping", at: Instant(nanoseconds: 0)) }
        }
        #expect(try metrics.expectTimer("peer_queue_time_seconds", [("peer", "ping")]).values.count == 20_000)
    }

    /// A peer that was started anew numbers its messages from 1 again.
    @Test func anotherLifeIsMeasuredAnew() throws {
        let metrics = TestMetrics()
        var meter = PeerMeter(factory: metrics)
        for start in [Int64(0), 100] {
            for (at, event) in [
                (start, PeerEvent.queued(message: 1, bytes: 1, delivery: .reliable, depth: 1)),
                (start + 3, .acknowledged(message: 1, depth: 0)),
            ] { meter.note(event, of: Story.peer, named: "ping", at: Instant(nanoseconds: at)) }
        }
        #expect(try metrics.expectTimer("peer_confirmation_time_seconds", [("peer", "ping")]).values == [3, 3])
    }
}

@Suite struct PeerLogTests {
    @Test func linesHaveTheirLevelAndTheConnection() {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = .notice
        var log = PeerLog(logger)
        Story.tell { event, _ in log.note(event, of: Story.peer, named: "ping") }
        let lines = handler.entries.map {
            "\($0.level) \($0.message) \($0.metadata["connection"].map { "\($0)" } ?? "-")"
        }
        #expect(
            lines == [
                "notice waits before another attempt -", "warning reconnecting c7", "notice message requeued c7",
                "warning message dropped c8", "error failed c8",
            ])
        #expect(handler.entries.allSatisfy { $0.metadata["peer"] == "ping" })
        #expect(handler.entries.last?.metadata["reason"] == "retriesExhausted")
    }
}

@Suite struct PeerTracerTests {
    @Test func whatBeginsAndEndsIsASpan() throws {
        let tracer = InMemoryTracer()
        var spans = try #require(PeerTracer(tracer, epoch: 1_000_000_000))
        Story.tell { spans.note($0, of: Story.peer, named: "ping", at: $1) }
        let finished = tracer.finishedSpans
        let outline = finished.map { span in
            let length = (span.endInstant.nanosecondsSinceEpoch - span.startInstant.nanosecondsSinceEpoch) / 1_000_000
            return
                "\(span.operationName) \(length) ms\(span.status == nil ? "" : ", error")\(span.events.map { ", \($0.name)" }.joined())"
        }
        #expect(
            outline == [
                "peer.connect 30 ms, backoff 1", "peer.connect 10 ms", "peer.send 50 ms, requeued",
                "peer.request 10 ms, attempt 2", "peer.send 5 ms, error",
            ])
        #expect(finished.first?.startInstant.nanosecondsSinceEpoch == 1_000_000_000)
        #expect(finished.allSatisfy { $0.attributes.get("peer") == SpanAttribute.string("ping") })
        #expect(tracer.activeSpans.isEmpty)
    }

    @Test func withoutATracerThereIsNone() {
        #expect(PeerTracer(NoOpTracer()) == nil)
    }
}

@Suite struct OpenMetricsTests {
    @Test func everyKindIsWritten() {
        let metrics = OpenMetrics(descriptions: [("things", "A \"thing\"\nand more")])
        Counter(label: "things", dimensions: [("of", "a\"b\\c\nd")], factory: metrics).increment(by: 3)
        Counter(label: "things", dimensions: [("of", "a\"b\\c\nd")], factory: metrics).increment()
        Gauge(label: "level-now", factory: metrics).record(1.5)
        let timer = Timer(label: "wait_seconds", factory: metrics)
        for milliseconds in 1...100 { timer.recordMilliseconds(milliseconds) }
        let lines = metrics.text.split(separator: "\n").map(String.init)
        #expect(lines.prefix(3) == ["# TYPE level_now gauge", "level_now 1.5", "# TYPE things counter"])
        #expect(lines.contains(#"# HELP things A \"thing\"\nand more"#))
        #expect(lines.contains(#"things_total{of="a\"b\\c\nd"} 4"#))
        #expect(lines.contains("# UNIT wait_seconds seconds"))
        #expect(lines.contains { $0.hasPrefix("wait_seconds{quantile=\"0.5\"} 0.05") })
        #expect(lines.contains("wait_seconds_count 100"))
        #expect(lines.contains { $0.hasPrefix("wait_seconds_sum 5.05") || $0.hasPrefix("wait_seconds_sum 5.04999") })
        #expect(lines.last == "# EOF")
    }
}

@Suite struct PeerInstrumentsTests {
    @Test func itDoesAllOfItAndPassesItOn() throws {
        let (metrics, tracer, next) = (TestMetrics(), InMemoryTracer(), MockObserver())
        let handler = InMemoryLogHandler()
        let clock = MockTimeProvider(on: ManualExecutor())
        let instruments = PeerInstruments(
            clock: clock, metrics: metrics, logger: Logger(label: "test") { _ in handler }, tracer: tracer, next: next)
        let number = instruments.register("ping", queueCapacity: 4)
        for (_, event) in Story.events { instruments.note(event, of: number) }
        #expect(next.events(of: "ping") == Story.events.map(\.event))
        #expect(try metrics.expectCounter("peer_connections", [("peer", "ping")]).totalValue == 2)
        #expect(tracer.finishedSpans.count == 5)
        #expect(handler.entries.contains { $0.level == .error })
    }

    @Test func whatHappensInASessionIsPassedOnAsTheSessions() throws {
        final class Sessions: PeerObserver {
            let heard = Mutex<[PeerSession]>([])
            func register(_ name: String, queueCapacity: Int) -> PeerNumber { PeerNumber(0) }
            func note(_ event: PeerEvent, of peer: PeerNumber) {}
            func note(_ event: PeerEvent, of peer: PeerNumber, in session: PeerSession) {
                heard.withLock { $0.append(session) }
            }
        }
        let (metrics, next) = (TestMetrics(), Sessions())
        let clock = MockTimeProvider(on: ManualExecutor())
        let instruments = PeerInstruments(clock: clock, metrics: metrics, next: next)
        let session = PeerSession(connection: ConnectionID(3), depth: 2)
        let number = instruments.register("desk", queueCapacity: 4)
        instruments.note(.queued(message: 1, bytes: 8, delivery: .reliable, depth: 5), of: number, in: session)
        #expect(next.heard.withLock { $0 } == [session])
        #expect(try metrics.expectMeter("peer_queue_depth", [("peer", "desk")]).lastValue == 5)
    }
}
