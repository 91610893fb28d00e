import Foundation
import SimNetwork
import Testing

@testable import Lab

@Suite struct RecordingTests {
    private func recording(of name: String, _ commands: [(Int64, String)] = []) throws -> (text: String, digest: String)
    {
        let lab = try LabsOnDisk.lab(name)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: lab)
        defer { session.close() }
        try session.record(to: path)
        for (time, command) in commands {
            _ = try session.seek(to: .time(time))
            try session.intervene(try ActionSyntax(lab: lab).action(command))
        }
        _ = try session.seek(to: .time(lab.duration))
        session.finishRecording()
        return (try String(contentsOfFile: path, encoding: .utf8), session.digest.description)
    }

    private func read(_ text: String) throws -> Recording { try Recording(Data(text.utf8), name: "r.peerlab") }

    @Test func aRecordingTakesNoOthersName() throws {
        let directory = FileManager.default.temporaryDirectory.appending(
            path: "names-\(UInt64.random(in: 0 ... .max))")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let expected = ["cut-11.peerlab", "cut-11-2.peerlab", "cut-11-3.peerlab"]
        for name in expected {
            #expect(RecordingName.free(after: "cut-11", in: directory.path()) == name)
            try Data().write(to: directory.appending(path: name))
        }
    }

    @Test(arguments: LabsOnDisk.pairs)
    func aRecordingReplaysToTheSameDigest(name: String) throws {
        let (text, digest) = try recording(
            of: name, [(1_000_000_000, "cut client-server"), (2_000_000_000, "heal client-server")])
        let (session, divergence) = try Replay.run(try read(text))
        #expect(divergence == nil)
        #expect(session.digest.description == digest)
        session.close()
    }

    @Test func aBranchIsRecordedAndReplays() throws {
        let lab = try LabsOnDisk.lab("hello")
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: lab)
        defer { session.close() }
        try session.record(to: path)
        let syntax = ActionSyntax(lab: lab)
        _ = try session.seek(to: .time(1_000_000_000))
        try session.intervene(try syntax.action("cut client-server"))
        _ = try session.seek(to: .time(4_000_000_000))
        try session.intervene(try syntax.action("kill ping"))
        _ = try session.seek(to: .time(2_000_000_000))
        try session.intervene(try syntax.action("heal client-server"))
        _ = try session.seek(to: .time(lab.duration))
        session.finishRecording()
        let recording = try read(try String(contentsOfFile: path, encoding: .utf8))
        #expect(
            recording.interventions.map { syntax.text(of: $0.action) } == ["cut client-server", "heal client-server"])
        let (replayed, divergence) = try Replay.run(recording)
        #expect(divergence == nil)
        #expect(replayed.digest == session.digest)
        replayed.close()
    }

    /// What was to hold by a time that passed before something was done is decided before that, in a replay as in the run.
    @Test func aReplayJudgesWhatWasDecidedBeforeAnIntervention() throws {
        let lab = try LabFile.read(
            text: """
                lab: late
                duration: 10s
                hosts: [client, server]
                links: [{between: [client, server], latency: 1ms}]
                peers:
                  - {name: echo, on: server, listen: 80, run: echo, config: {heartbeat: off}}
                  - {name: ping, on: client, connect: "server:80", run: {ping-pong: {every: 2s}}, config: {heartbeat: off}}
                expect: [client-server is cut by 3s]
                """, name: "late.yaml")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(3_500_000_000))
        try session.intervene(.cut(LinkID(0), nil))
        _ = try session.seek(to: .time(lab.duration))
        #expect(session.snapshot.expectations.map(\.verdict) == [.failed])
        var past = Timeline(
            records: RecordLog(), state: session.snapshot.world, digest: session.digest, memory: .standard)
        past.interventions = session.snapshot.interventions
        var rebuilding = Rebuilding(lab: lab, seed: lab.seed)
        var budget = Int.max
        #expect(try rebuilding.follow(past, upTo: session.snapshot.interventions[0].event, &budget))
        let replayed = rebuilding.run
        defer { replayed.close() }
        #expect(replayed.judge.statuses.map(\.verdict) == [.failed])
    }

    /// A run may end at an event with others of the same time to come: those are not of it.
    @Test func aReplayEndsAtTheEventAtWhichTheRunEnded() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("event-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: try LabsOnDisk.lab("half-open"))
        defer { session.close() }
        try session.record(to: path)
        while session.current?.kind != .fault, try session.step() {}
        let end = session.snapshot
        #expect(end.upcoming.first?.time == end.world.time, "something is to come at the same time")
        session.finishRecording()
        let (replayed, divergence) = try Replay.run(
            try Recording(Data(contentsOf: URL(fileURLWithPath: path)), name: "x"))
        defer { replayed.close() }
        #expect(divergence == nil)
        #expect(replayed.snapshot.event == end.event && replayed.snapshot.digest == end.digest)
    }

    @Test func aTornLastLineIsAWarningAndTheRestReplays() throws {
        let (text, _) = try recording(of: "cut", [(1_000_000_000, "drop c1 client 1")].filter { _ in false })
        let torn = String(text.dropLast(15))
        let recording = try read(torn)
        #expect(recording.warnings.contains { $0.contains("torn") })
        #expect(try Replay.run(recording).divergence == nil)
    }

    /// Cut off right behind an intervention: it is carried out, though no checkpoint proves it.
    @Test func anInterventionBehindTheLastCheckpointIsCarriedOut() throws {
        let (text, _) = try recording(of: "hello", [(1_000_000_000, "kill ping")])
        let lines = text.split(separator: "\n").map(String.init)
        let index = try #require(lines.firstIndex { $0.contains("kill ping") })
        let recording = try read(lines[...index].joined(separator: "\n") + "\n")
        let (session, divergence) = try Replay.run(recording)
        #expect(divergence == nil)
        #expect(session.snapshot.interventions.count == 1)
        session.close()
        // Beyond the end of the run it is a divergence, not a silence.
        let beyond = text.replacingOccurrences(of: "\"event\":", with: "\"event\":99999")
        #expect(try Replay.run(try read(beyond)).divergence != nil)
    }

    /// The seed that failed in a run cut short: it must replay, whatever its verdict was.
    /// Also where the run was stopped between two events.
    @Test func aReplayStandsAtTheTimeAtWhichTheRunEnded() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("time-\(UUID().uuidString)").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: try LabFile.read(text: LabText.halfOpen, name: "x"))
        defer { session.close() }
        try session.record(to: path)
        _ = try session.seek(to: .time(4_987_654_321))
        let before = session.snapshot
        #expect(before.reached == 4_987_654_321 && before.reached > before.world.time)
        session.finishRecording()
        let recording = try Recording(Data(contentsOf: URL(fileURLWithPath: path)), name: "x")
        let (replayed, divergence) = try Replay.run(recording)
        defer { replayed.close() }
        #expect(divergence == nil)
        #expect(replayed.snapshot.reached == before.reached && replayed.snapshot.event == before.event)
    }

    @Test func aRunCutShortWithAFailedExpectationReplays() throws {
        let lab = try LabsOnDisk.lab(
            "full-queue", replacing: [("  - flood is connected by 1s\n", "  - flood is blocked by 1s\n")])
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: lab)
        defer { session.close() }
        try session.record(to: path)
        _ = try session.seek(to: .time(2_000_000_000))
        let report = RunReport(session.snapshot)
        #expect(report.outcome == .failed)
        #expect(report.simulated_ns == 2_000_000_000)
        session.finishRecording()
        let (replayed, divergence) = try Replay.run(try read(try String(contentsOfFile: path, encoding: .utf8)))
        #expect(divergence == nil)
        #expect(replayed.digest == session.digest)
        replayed.close()
    }

    @Test func aChangedDigestDiverges() throws {
        let (text, digest) = try recording(of: "cut")
        let changed = text.replacingOccurrences(of: digest, with: String(repeating: "0", count: 16))
        let divergence = try Replay.run(try read(changed)).divergence
        #expect(divergence?.expected == String(repeating: "0", count: 16))
        #expect(divergence?.actual == digest)
    }

    @Test(arguments: [
        ("", 1, "empty"), ("nonsense\n", 1, "no header"), ("{}\n", 1, "no header"),
        ("{\"checkpoint\":1,\"digest\":\"00\"}\n", 1, "no header"),
        ("{\"peerlab_recording\":99,\"engine\":1,\"lab\":\"x\",\"seed\":1,\"source\":\"\"}\n", 1, "format version 99"),
        ("{\"peerlab_recording\":1,\"engine\":1,\"lab\":\"x\",\"seed\":1,\"source\":\"\"}\n", 1, "lab in the header"),
    ])
    func whatIsNoRecordingIsRefusedWithItsLine(text: String, line: Int, message: String) throws {
        let diagnostic = #expect(throws: LabDiagnostic.self) { try read(text) }
        #expect(diagnostic?.line == line)
        #expect(diagnostic?.message.contains(message) == true, "\(diagnostic?.message ?? "")")
    }

    @Test func aBrokenLineInTheMiddleIsRefusedWithItsLine() throws {
        let (text, _) = try recording(of: "hello", [(1_000_000_000, "kill ping")])
        var lines = text.split(separator: "\n").map(String.init)
        lines[2] = "broken"
        let diagnostic = #expect(throws: LabDiagnostic.self) { try read(lines.joined(separator: "\n") + "\n") }
        #expect(diagnostic?.line == 3)
    }
}
