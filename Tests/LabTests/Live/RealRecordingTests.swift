import Foundation
import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// What is recorded of a run on real sockets: what has happened, which opens again and does not replay.
@Suite("Recordings of real runs", .serialized)
struct RealRecordingTests {
    private static let lab = """
        lab: real
        duration: 600ms
        hosts: [client, server]
        links:
          - between: [client, server]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 20ms}}, config: {heartbeat: off}}
        faults:
          - {at: 300ms, pause: echo, for: 100ms}
        expect:
          - ping has received 10 messages
        """

    /// Records a run to its end.
    ///
    /// - Returns: the recording's lines, and all that was shown at the end.
    static func recorded() throws -> (lines: [String], snapshot: Snapshot) {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = LiveSession(lab: try LabFile.read(text: lab, name: "real.yaml"))
        defer { session.close() }
        try session.record(to: path)
        var isDone = false
        while !session.snapshot.isOver {
            if !isDone, session.snapshot.world.peers.count == 2 {
                try session.intervene(.pause(ProcessID(1)))
                try session.intervene(.resume(ProcessID(1)))
                isDone = true
            }
            usleep(2_000)
        }
        session.finishRecording()
        #expect(session.recordingProblem == nil)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        return (text.split(separator: "\n").map(String.init), session.snapshot)
    }

    static func read(_ lines: [String], _ body: (RecordedRun) throws -> Void) throws {
        try reading(lines.joined(separator: "\n") + "\n") { try body(try RecordedRun(path: $0)) }
    }

    private static func reading(_ text: String, _ body: (String) throws -> Void) throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID().uuidString).peerlab").path
        try Data(text.utf8).write(to: URL(filePath: path))
        defer { try? FileManager.default.removeItem(atPath: path) }
        try body(path)
    }

    static func session(_ run: RecordedRun) throws -> RecordedSession {
        guard case .real(let recording) = run else { throw SessionError("a recording that replays") }
        return try RecordedSession(recording)
    }

    @Test("What was recorded shows what the run has shown, event by event, and cannot be changed")
    func opens() throws {
        let (lines, live) = try Self.recorded()
        try Self.read(lines) { run in
            #expect(run.warnings.isEmpty)
            let session = try Self.session(run)
            let shown = session.snapshot
            #expect(shown.world == live.world && shown.records.count == live.records.count && shown.isOver)
            #expect(shown.expectations == live.expectations && shown.outcome == live.outcome)
            #expect(shown.interventions == live.interventions && shown.interventions.count == 2)
            #expect(RunReport(shown) == RunReport(live))
            for event in 0...live.records.count { #expect(live.records.isSame(event, in: shown.records)) }
            #expect(session.stepBack() && session.snapshot.event == live.event - 1)
            #expect(try session.step())
            #expect(try !session.step())
            #expect(throws: SessionError.self) { try session.intervene(.pause(ProcessID(0))) }
            #expect(try session.seek(to: .time(350_000_000)))
            #expect(session.snapshot.world.processes[0].state == .paused)
        }
    }

    @Test("One that is cut off has what had happened by then; a torn last line costs itself alone")
    func cutOff() throws {
        let (lines, live) = try Self.recorded()
        try Self.reading(lines.dropLast().joined(separator: "\n").dropLast(20).description) { path in
            let run = try RecordedRun(path: path)
            #expect(run.warnings.count == 2 && run.warnings[0].contains("torn"), "\(run.warnings)")
            let shown = try Self.session(run).snapshot
            #expect((1..<live.records.count).contains(shown.records.count) && !shown.isOver)
            for event in 0...shown.records.count { #expect(live.records.isSame(event, in: shown.records)) }
        }
    }

    @Test("A damaged one is refused with the line, and one that is edited says so")
    func damaged() throws {
        let (lines, _) = try Self.recorded()
        let place = try #require(lines.indices.dropFirst(2).first { lines[$0].contains("\"records\"") })
        func refusal(_ change: (inout [String]) -> Void) throws -> LabDiagnostic? {
            var changed = lines
            change(&changed)
            do {
                try Self.read(changed) { _ in }
                return nil
            } catch let diagnostic as LabDiagnostic {
                return diagnostic
            }
        }
        // Each place of the bytes in turn, as far apart as a test has time for.
        let start = try #require(lines[place].range(of: "\"records\":\"")).upperBound
        for offset in stride(from: 0, to: 400, by: 7) {
            let refusal = try refusal { lines in
                guard let index = lines[place].index(start, offsetBy: offset, limitedBy: lines[place].endIndex),
                    index < lines[place].endIndex
                else { return }
                lines[place].replaceSubrange(index...index, with: lines[place][index] == "B" ? "C" : "B")
            }
            if let refusal { #expect(refusal.line == place + 1) }
        }
        #expect(try refusal { $0.remove(at: place) }?.line == place + 1, "a line is missing")
        #expect(try refusal { $0.insert($0[place], at: place) }?.line == place + 2, "a line is there twice")
        #expect(try refusal { $0.append("{\"forget\":\"main\"}") }?.line == lines.count + 1)
        #expect(try refusal { $0[0] = $0[0].replacing("\"loopback\"", with: "\"sim\"") }?.line == 1)
        #expect(try refusal { $0 = [$0[0]] }?.message.contains("nothing to show") == true)
        var edited = lines
        edited[0] = edited[0].replacing("lab: real\\n", with: "# a remark\\nlab: real\\n")
        #expect(edited[0] != lines[0])
        try Self.read(edited) { run in
            #expect(run.warnings.contains { $0.contains("damaged or edited") }, "\(run.warnings)")
        }
    }

    @Test("It does not replay, and says what can be done with it")
    func refuses() throws {
        let (lines, _) = try Self.recorded()
        try Self.reading(lines.joined(separator: "\n") + "\n") { path in
            let error = #expect(throws: LabDiagnostic.self) { try Recording(path: path) }
            #expect(error?.message.contains("loopback") == true && error?.message.contains("--open") == true)
        }
    }
}
