import Foundation
import Lab
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// What a session keeps of its past changes what it takes, and nothing of what it shows.
@Suite struct LogMemoryTests {
    /// 32,000 events.
    private static func lab() throws -> LabDefinition {
        try LabsOnDisk.lab(
            "full-queue", replacing: [("duration: 20s", "duration: 90s"), ("count: 1200", "count: 11000")])
    }

    private func lab() throws -> LabDefinition { try Self.lab() }

    /// What a session that keeps everything shows of that: made once, for it takes seconds.
    private struct Whole {
        var end: Snapshot
        /// States and digests after some events.
        var states: [Int: (world: WorldState, digest: Digest?)] = [:]
        /// The digest at 10 s where the server loses its power at 3 s, and at the end where it does so after event 12,345.
        var afterEarlyLoss: Digest?
        var afterLateLoss: Digest?
        var interventions: [Intervention] = []

        init() throws {
            let lab = try LogMemoryTests.lab()
            let session = SimSession(lab: lab, memory: LogMemoryTests.everything)
            defer { session.close() }
            _ = try session.seek(to: .time(lab.duration))
            end = session.snapshot
            for event in LogMemoryTests.looked + [end.event, end.event - 1] {
                _ = try session.seek(to: .event(event))
                states[event] = (session.snapshot.world, session.snapshot.digest)
            }
            let loss = try ActionSyntax(lab: lab).action("power-loss server")
            _ = try session.seek(to: .event(12_345))
            try session.intervene(loss)
            _ = try session.seek(to: .time(lab.duration))
            afterLateLoss = session.digest
            try session.go(to: try session.timelines.named("main").id)
            _ = try session.seek(to: .time(3_000_000_000))
            try session.intervene(loss)
            _ = try session.seek(to: .time(10_000_000_000))
            (afterEarlyLoss, interventions) = (session.digest, session.snapshot.interventions)
        }
    }

    private static let looked = [0, 3, 5, 9_999, 10_000, 15_000, 20_001, 29_999]
    private static let whole = Result { try Whole() }

    private func expect(_ session: SimSession, at event: Int, like whole: Whole) throws {
        _ = try session.seek(to: .event(event))
        let expected = try #require(whole.states[event])
        #expect(session.snapshot.world == expected.world, "event \(event)")
        #expect(session.snapshot.digest == expected.digest, "event \(event)")
    }

    private func finished(_ lab: LabDefinition, _ memory: LogMemory) throws -> SimSession {
        let session = SimSession(lab: lab, memory: memory)
        _ = try session.seek(to: .time(lab.duration))
        return session
    }

    private static let everything = LogMemory(keepsPast: true, budget: .max)

    @Test func aRunThatKeepsNoPastReportsTheSame() throws {
        let lab = try lab()
        let session = SimSession(lab: lab, memory: .latest)
        defer { session.close() }
        let (trace, measures) = (Lines(), PeerMeasures())
        session.follow(with: trace)
        session.follow(with: measures)
        _ = try session.seek(to: .time(lab.duration))
        let (left, right) = (session.snapshot, try Self.whole.get().end)
        #expect(left.event > 3 * RecordLog.chunkSize)
        #expect(left.records.first > RecordLog.chunkSize && left.records.count == right.records.count)
        #expect(left.log.memory * 2 < right.log.memory, "\(left.log), \(right.log)")
        #expect(left.digest == right.digest && left.world == right.world)
        #expect(RunReport(left) == RunReport(right))
        #expect(MetricsReport(left, measures).text == MetricsReport(right).text)
        #expect(trace.lines.elementsEqual(TraceLines(right)))
    }

    @Test func whoGoesBackFurtherThanIsKeptFindsItAll() throws {
        let lab = try lab()
        let whole = try Self.whole.get()
        let session = try finished(lab, .latest)
        defer { session.close() }
        let events = session.snapshot.event
        // Near by nothing is done again.
        #expect(session.stepBack())
        #expect(session.snapshot.event == events - 1 && session.snapshot.records.first > 1)
        var slices = 0
        while try !session.seek(to: .event(5), budget: 7_000) { slices += 1 }
        #expect(slices > 2, "it can be interrupted")
        for event in [5, 0, 9_999, 10_000, 20_001, events] { try expect(session, at: event, like: whole) }
        _ = try session.seek(to: .time(3_000_000_000))
        try session.intervene(try ActionSyntax(lab: lab).action("power-loss server"))
        _ = try session.seek(to: .time(10_000_000_000))
        #expect(session.digest == whole.afterEarlyLoss)
        #expect(session.snapshot.interventions == whole.interventions)
    }

    @Test func whatIsDoneIsDoneAgainForWhoGoesBack() throws {
        let lab = try lab()
        var digests: [Digest?] = []
        for memory in [Self.everything, .latest] {
            let session = SimSession(lab: lab, memory: memory)
            defer { session.close() }
            for second in [3, 7] as [Int64] {
                _ = try session.seek(to: .time(second * 1_000_000_000))
                try session.intervene(
                    try ActionSyntax(lab: lab).action(second == 3 ? "power-loss server" : "power-on server"))
            }
            _ = try session.seek(to: .time(lab.duration))
            _ = try session.seek(to: .time(5_000_000_000))
            #expect(session.snapshot.interventions.count == 1)
            digests.append(session.snapshot.digest)
        }
        #expect(digests[0] != nil && digests[0] == digests[1])
    }

    @Test func whatLeavesMemoryCanBeGoneBackTo() throws {
        let lab = try lab()
        let whole = try Self.whole.get()
        // Three quarters of it are less than a chunk, and the rest less than two states.
        let session = try finished(lab, LogMemory(keepsPast: true, budget: 16_384))
        defer { session.close() }
        let use = session.snapshot.log
        #expect(use.disk > 2 * use.memory && !use.isDiskFull, "\(use)")
        let events = session.snapshot.event
        for event in [events - 1, 15_000, 3, 10_000, 29_999, 0] { try expect(session, at: event, like: whole) }
        _ = try session.seek(to: .event(12_345))
        try session.intervene(try ActionSyntax(lab: lab).action("power-loss server"))
        _ = try session.seek(to: .time(lab.duration))
        #expect(session.digest == whole.afterLateLoss)
        #expect(session.snapshot.log.disk > 0)
    }

    /// The budget is the session's, and not each timeline's: what was left leaves memory, and can be gone back to.
    @Test func timelinesThatWereLeftLeaveMemoryToo() throws {
        let lab = try lab()
        let (budget, count) = (1 << 20, 2)
        let sessions = try [LogMemory(keepsPast: true, budget: budget), Self.everything].map { try finished(lab, $0) }
        defer { for session in sessions { session.close() } }
        for session in sessions {
            for number in 1...count {
                _ = try session.seek(to: .event(1_000 + number))
                try session.branch(named: "b\(number)")
                try session.intervene(try ActionSyntax(lab: lab).action("restart flood"))
                _ = try session.seek(to: .time(lab.duration))
            }
        }
        let (small, large) = (sessions[0].snapshot.log, sessions[1].snapshot.log)
        #expect(small.memory < large.memory / 2 && small.disk > budget && large.disk == 0, "\(small) \(large)")
        // What a budget leaves for those that were left, and for each what a chunk is that is not closed.
        #expect(small.memory < budget + budget / 4 + count << 20, "\(small)")
        for name in ["main", "b1"] {
            for session in sessions { try session.go(to: try session.timelines.named(name).id) }
            for event in [5_000, 20_000] {
                for session in sessions { _ = try session.seek(to: .event(event)) }
                #expect(sessions[0].snapshot.world == sessions[1].snapshot.world, "\(name) \(event)")
                #expect(sessions[0].snapshot.digest == sessions[1].snapshot.digest, "\(name) \(event)")
            }
        }
    }

    @Test func whereNothingCanBeWrittenItStaysInMemory() throws {
        let lab = try LabsOnDisk.lab("cut")
        let other = SimSession(lab: lab)
        defer { other.close() }
        _ = try other.seek(to: .time(lab.duration))
        var log = RecordLog(keeping: .stored(LogFile(in: { "/nowhere/at/all" }), beyond: 0))
        let records = other.snapshot.records
        while log.count < RecordLog.chunkSize + 5 {
            var record = records[event: log.count % records.count + 1]
            record.number = log.count + 1
            log.append(record)
        }
        #expect(log.isStoreFull && log.storedBytes == 0)
        #expect(log[event: 7].changes == records[event: 7].changes)
    }

    /// Events of a lab of 100,000 hosts may have a megabyte each.
    @Test func fewLargeRecordsAreLetGoOfAsManySmallOnesAre() {
        var state = WorldState(hosts: 0, links: 0)
        var timeline = Timeline(
            records: RecordLog(keeping: .latest), state: state, digest: Digest(seed: 0), memory: .latest)
        let events = 5 * RecordLog.chunkBytes >> 20
        for number in 1...events {
            let name = String(repeating: "x", count: 1 << 20)
            let record = EventRecord(
                number: number, time: Int64(number), kind: .timer, changes: [.name(.subject, Int32(number) - 1, name)])
            timeline.append(record, to: &state, showing: []) { _, _, _ in }
        }
        #expect(timeline.count == events && timeline.records.first > events / 2)
        #expect(timeline.use.memory < 3 * RecordLog.chunkBytes, "\(timeline.use)")
        for event in timeline.records.first...events {
            #expect(timeline.records.time(ofEvent: event) == Int64(event))
            #expect(timeline.state(after: event).names.subjects.count == event)
        }
        let branch = timeline.prefix(events - 3)
        #expect(branch.count == events - 3 && branch.state(after: events - 3) == timeline.state(after: events - 3))
    }

    @Test func theHeaderOfMemoryHasItsUnits() {
        #expect(NumberText.memory(512) == "0.5 KiB")
        #expect(NumberText.memory(300 << 20) == "300 MiB")
        #expect(NumberText.memory(21 << 30) == "21.0 GiB")
    }

    private final class Lines: RunFollower {
        private let line = TraceLine()
        var lines: [Data] = []
        func takes(_ record: EventRecord, _ names: Names) { lines.append(line.data(record, names)) }
    }
}
