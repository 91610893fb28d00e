import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Recordings of real runs that no run has written, with sums that are right: they are refused with their line, or show what
/// they say, and never trap.
@Suite("Forged recordings")
struct ForgedRecordingTests {
    /// The bytes of records with something done to them.
    private static func damaged(_ records: Data, _ dice: inout MutationTests.Generator) -> Data {
        var bytes = [UInt8](records)
        for _ in 0...Int.random(in: 0..<3, using: &dice) where !bytes.isEmpty {
            let place = Int.random(in: 0..<bytes.count, using: &dice)
            let end = min(place + Int.random(in: 1..<10, using: &dice), bytes.count)
            switch Int.random(in: 0..<6, using: &dice) {
            case 0: bytes[place] = UInt8.random(in: 0...255, using: &dice)
            case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &dice)
            // The first byte of a number of several, and those of the largest.
            case 2: bytes[place] = UInt8.random(in: 0xF8...0xFF, using: &dice)
            case 3: bytes.replaceSubrange(place..<end, with: repeatElement(0xFF, count: end - place))
            case 4: bytes.removeSubrange(place..<end)
            default: bytes.insert(contentsOf: bytes[place..<end], at: place)
            }
        }
        return Data(bytes)
    }

    /// A recording one line of which has other bytes, with the sum of those.
    private static func forged(_ lines: [String], seed: UInt64) -> [String] {
        var dice = MutationTests.Generator(state: seed)
        let places = lines.indices.filter { lines[$0].contains("\"records\"") }
        var lines = lines
        let place = places.randomElement(using: &dice) ?? 0
        guard case .events(let first, let count, let bytes) = RecordingLine(Data(lines[place].utf8)) else {
            return lines
        }
        let line = RecordingLine.events(first: first, count: count, damaged(bytes, &dice))
        lines[place] = String(decoding: line.encoded().dropLast(), as: UTF8.self)
        return lines
    }

    /// Which records are damaged.
    enum Source: CaseIterable {
        /// Those of a run on loopback.
        case loopback
        /// Those of a simulated run with many faults, as if it had been on Linux: they have all that records of a wire have.
        case wire

        /// How many are made: what a wire carries takes long to show.
        var damages: Int {
            switch self {
            case .loopback: 1_000
            case .wire: 200
            }
        }

        func lines() throws -> [String] {
            switch self {
            case .loopback: try ForgedRecordingTests.recorded.get()
            case .wire: try ForgedRecordingTests.simulated()
            }
        }
    }

    private static let recorded = Result { try RealRecordingTests.recorded().lines }

    private static func simulated() throws -> [String] {
        let lab = try LabFile.read(
            text: """
                lab: wire
                duration: 900ms
                hosts: {client: {}, hub: {router: true}, server: {}}
                links:
                  - {between: [client, hub], latency: 2ms}
                  - {between: [hub, server], latency: {normal: [2ms, 1ms]}}
                peers:
                  - {name: echo, on: server, listen: 80, run: echo}
                  - {name: ping, on: client, connect: "server:80", run: {ping-pong: {every: 20ms, size: 3000}}}
                faults:
                  - {at: 100ms, loss: client-hub, probability: 0.2, for: 100ms}
                  - {at: 150ms, duplicate: client-hub, probability: 0.2, for: 50ms}
                  - {at: 200ms, partition: [[client], [server]], for: 40ms}
                  - {at: 300ms, clog: client-hub, for: 40ms}
                  - {at: 400ms, pause: echo, for: 40ms}
                  - {at: 450ms, bandwidth: client-hub, rate: 200KiB/s, queue: 9KiB}
                  - {at: 460ms, queue: client-hub, discipline: codel, target: 5ms, interval: 50ms}
                  - {at: 500ms, mtu: hub-server, bytes: 600}
                  - {at: 550ms, corrupt: client-hub, caught: 0.3, for: 50ms}
                  - {at: 600ms, reset: ping}
                  - {at: 650ms, cut: client-hub, for: 20ms}
                  - {at: 700ms, process-kill: echo, for: 30ms}
                  - {at: 800ms, power-loss: server, for: 30ms}
                """, name: "wire.yaml")
        let session = ProviderKind.sim.open(lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration), budget: .max)
        let records = session.snapshot.records
        var lines = [
            RecordingLine.header(
                RecordingLine.Header(
                    format: RealRecorder.format, engine: Recorder.engine, lab: lab.name, seed: 1, source: lab.source,
                    sum: ContentSum.name, network: ProviderKind.linux.rawValue)),
            .events(first: 0, count: 1, Data(records.recorded(0...0))),
        ]
        for first in stride(from: 1, through: records.count, by: 20) {
            let last = min(first + 19, records.count)
            lines.append(.events(first: first, count: last - first + 1, Data(records.recorded(first...last))))
        }
        return lines.map { String(decoding: $0.encoded().dropLast(), as: UTF8.self) }
    }

    /// Looks at all that a recording can show.
    private static func show(_ session: RecordedSession) throws {
        let snapshot = session.snapshot
        var bytes = RunReport(snapshot).text().utf8.count
        for line in TraceLines(snapshot) { bytes += line.count }
        let text = EventText(snapshot)
        for event in 0..<snapshot.event {
            bytes += text.lines(of: snapshot.records[event: event + 1]).reduce(0) { $0 + $1.text.utf8.count }
        }
        _ = Comparison.Side(snapshot, before: .max)
        for event in [0, snapshot.event / 2, snapshot.event] {
            _ = try session.seek(to: .event(event))
            for next in session.snapshot.world.upcoming(limit: 100) { bytes += text.line(of: next).text.utf8.count }
        }
        #expect(bytes > 0)
    }

    @Test(
        "Damages with sums made anew are refused or shown, and none traps", arguments: Source.allCases)
    func damages(of source: Source) async throws {
        let lines = try source.lines()
        // As they are they are none that is refused.
        try RealRecordingTests.read(lines) { try Self.show(try RealRecordingTests.session($0)) }
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            [lines = lines as [String], damages = source.damages as Int] in
            var (refused, shown) = (0, 0)
            for seed in 0..<UInt64(damages) {
                // Where it ends early this is the last thing that it has said.
                print("seed \(seed)")
                do {
                    try RealRecordingTests.read(ForgedRecordingTests.forged(lines, seed: seed)) { run in
                        try ForgedRecordingTests.show(try RealRecordingTests.session(run))
                    }
                    shown += 1
                } catch let problem as LabDiagnostic {
                    guard problem.line > 1 else { throw problem }
                    refused += 1
                }
            }
            print("refused \(refused), shown \(shown)")
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        let last = output.split(separator: "\n").last { $0.hasPrefix("refused") || $0.hasPrefix("seed") } ?? ""
        print(last)
        // Most of them are none that a run has written, and some are another run's.
        let counts = last.split(whereSeparator: { !$0.isNumber }).compactMap { Int($0) }
        #expect(counts.count == 2 && counts.reduce(0, +) == source.damages && counts.allSatisfy { $0 > 10 }, "\(last)")
    }

    /// What records say that is read but cannot be.
    @Test(
        "What cannot be is refused with the line and what it is",
        arguments: [
            (Change.cut(LinkID(7), .forward, true), "a link that is none"),
            (.power(HostID(9), on: false), "a host that is none"),
            (.process(ProcessID(9), .paused), "a process that is none"),
            (.peer(PeerNumber(9), .heartbeatMissed), "a peer that is none"),
            (.name(.peer, 9, "who"), "named out of turn"),
            (.timerSet(ProcessID(0), task: 900, due: 5), "a task without a name"),
            (.action(.pause(ProcessID(9))), "a process that is none"),
            (.shaped(LinkID(0), .forward, .latency(.constant(-5))), "cannot be done"),
            (.peer(PeerNumber(0), .roundTrip(nanoseconds: .max)), "a round trip of"),
        ] as [(Change, String)])
    func impossible(_ change: Change, _ words: String) throws {
        var lines = try Self.recorded.get()
        let place = try #require(lines.lastIndex { $0.contains("\"records\"") })
        guard case .events(let first, let count, let bytes) = RecordingLine(Data(lines[place].utf8)) else { return }
        var log = RecordLog()
        // A record that comes first is written as any other: the number stands beside it.
        let record = EventRecord(number: 1, time: 600_000_000, kind: .observed, changes: [change])
        log.append(record)
        let line = RecordingLine.events(first: first, count: count + 1, bytes + Data(log.recorded(1...1)))
        lines[place] = String(decoding: line.encoded().dropLast(), as: UTF8.self)
        let error = #expect(throws: LabDiagnostic.self) { try RealRecordingTests.read(lines) { _ in } }
        #expect(error?.line == place + 1 && error?.message.contains(words) == true, "\(error?.description ?? "")")
    }
}
