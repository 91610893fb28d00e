import Foundation
import Lab
import PeerNetworking
import SimNetwork
import Testing

/// Every intervention changes the digest, is in the recording, and is undone by stepping back.
@Suite struct InterventionTests {
    static let commands =
        [
            "cut client-server", "cut client-server client->server", "heal client-server", "power-loss server",
            "power-on server", "kill ping", "restart ping", "restart echo", "pause echo", "resume echo",
            "slow-reader echo 100B/s", "reset c1",
        ] + ofSegments
    /// What is done to a segment on the wire.
    static let ofSegments = ["drop", "delay", "deliver", "copy", "damage"]

    /// In a gap between two events time stands where it was asked to, and what is done is done then.
    @Test func anInterventionIsDoneAtTheTimeThatWasAskedFor() throws {
        let lab = try LabsOnDisk.lab("hello")
        let session = SimSession(lab: lab)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try session.record(to: path)
        let syntax = ActionSyntax(lab: lab)
        let asked: [Int64] = [1_000_000_001, 1_500_000_003]
        for (time, command) in zip(asked, ["cut client-server", "heal client-server"]) {
            _ = try session.seek(to: .time(time))
            #expect(session.snapshot.world.time < time && session.snapshot.reached == time)
            try session.intervene(try syntax.action(command))
            #expect(session.snapshot.world.time == time)
        }
        // In the past too: the branch begins at the time and not at the event before it.
        let between: Int64 = 1_200_000_007
        _ = try session.seek(to: .time(2_000_000_000))
        _ = try session.seek(to: .time(between))
        #expect(session.snapshot.world.time < between && session.snapshot.reached == between)
        try session.intervene(try syntax.action("kill ping"))
        #expect(session.snapshot.interventions.map(\.time) == [asked[0], between])
        _ = try session.seek(to: .time(lab.duration))
        session.finishRecording()
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let (replayed, divergence) = try Replay.run(try Recording(Data(text.utf8), name: "test"))
        #expect(divergence == nil && replayed.digest == session.digest)
        // The recorded time counts.
        let moved = text.replacing("\(between)", with: "\(between + 1)")
        let (other, diverged) = try Replay.run(try Recording(Data(moved.utf8), name: "test"))
        #expect(moved != text && diverged != nil)
        for session in [session, replayed, other] { session.close() }
    }

    /// However the end was come to, it is the end of the lab that is shown, and what is done is done then.
    @Test func theEndIsTheLabsOwnHoweverItWasComeTo() throws {
        let lab = try LabsOnDisk.lab("hello")
        let (stepped, sought) = (SimSession(lab: lab), SimSession(lab: lab))
        while try stepped.step() {}
        _ = try sought.seek(to: .time(lab.duration))
        for session in [stepped, sought] {
            #expect(session.snapshot.isOver && session.snapshot.reached == lab.duration)
            try session.intervene(try ActionSyntax(lab: lab).action("cut client-server"))
            #expect(session.snapshot.world.time == lab.duration)
            session.close()
        }
        #expect(stepped.digest == sought.digest)
    }

    @Test(arguments: commands)
    func anInterventionCountsIsRecordedAndIsUndone(command: String) throws {
        let lab = try LabsOnDisk.lab("hello")
        let plain = try prepared(lab, for: command)
        let session = try prepared(lab, for: command)
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("\(UUID()).peerlab").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        try session.record(to: path)
        let before = session.snapshot
        let action = try ActionSyntax(lab: lab).action(spelledOut(command, before))

        try session.intervene(action)
        let after = session.snapshot
        #expect(after.event == before.event + 1)
        #expect(after.digest != before.digest)
        #expect(after.interventions.last?.action == action)
        #expect(after.records[event: after.event].changes.count > 1, "it changed something beside being counted")

        #expect(session.stepBack())
        #expect(session.snapshot.world == before.world, "stepping back undoes it")
        #expect(session.snapshot.interventions.count == before.interventions.count)
        try session.step()
        #expect(session.snapshot.world == after.world)

        _ = try session.seek(to: .time(lab.duration))
        _ = try plain.seek(to: .time(lab.duration))
        #expect(session.digest != plain.digest)
        session.finishRecording()
        let recording = try Recording(try Data(contentsOf: URL(fileURLWithPath: path)), name: "test")
        #expect(recording.interventions.last?.action == action)
        let (replayed, divergence) = try Replay.run(recording)
        #expect(divergence == nil)
        #expect(replayed.digest == session.digest)
        for session in [plain, session, replayed] { session.close() }
    }

    /// A session in which the command has something to act on.
    private func prepared(_ lab: LabDefinition, for command: String) throws -> SimSession {
        let session = SimSession(lab: lab)
        _ = try session.seek(to: .time(1_500_000_000))
        let syntax = ActionSyntax(lab: lab)
        switch command {
        case "heal client-server": try session.intervene(try syntax.action("cut client-server"))
        case "power-on server": try session.intervene(try syntax.action("power-loss server"))
        case "resume echo": try session.intervene(try syntax.action("pause echo"))
        default: break
        }
        if Self.ofSegments.contains(command) {
            while session.snapshot.world.segments.isEmpty, try session.step() {}
        }
        return session
    }

    private func spelledOut(_ command: String, _ snapshot: Snapshot) -> String {
        guard Self.ofSegments.contains(command), let segment = snapshot.world.segments.first else {
            return command
        }
        let place = "\(segment.connection) \(segment.from) \(segment.ordinal)"
        return "\(command) \(place)" + (command == "delay" ? " 300ms" : "")
    }

    /// What becomes of a segment to which something is done.
    @Test(arguments: ["deliver", "copy", "damage"])
    func aSegmentOnTheWireIsTreatedByHand(command: String) throws {
        let session = try prepared(try LabsOnDisk.lab("hello"), for: command)
        defer { session.close() }
        let segment = try #require(
            session.snapshot.world.segments.first { $0.length > 0 } ?? session.snapshot.world.segments.first)
        let now = session.snapshot.reached
        try session.intervene(
            try ActionSyntax(lab: session.lab).action(spelledOut(command, session.snapshot)))
        let done = session.snapshot
        switch command {
        case "deliver":
            #expect(segment.arrives > now)
            try session.step()
            #expect(session.snapshot.world.time == now)
            #expect(session.current?.changes.contains { $0 == .arrived(segment.number) } == true)
        case "copy":
            #expect(done.world.segments.count { $0.ordinal == segment.ordinal && $0.from == segment.from } == 2)
        default:
            _ = try session.seek(to: .time(segment.arrives))
            let records = session.snapshot.records
            #expect(
                (done.event...session.snapshot.event).contains { event in
                    records[event: event].changes.contains { $0 == .lost(segment.number, .damaged) }
                })
        }
    }

    @Test func whatCannotBeDoneChangesNothing() throws {
        let lab = try LabsOnDisk.lab("hello")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(1_000_000_000))
        let before = session.snapshot
        for command in [
            "heal client-server", "power-on server", "resume echo", "drop c1 client 9999",
            "deliver c1 client 9999", "copy c1 client 9999", "damage c1 client 9999", "reset c77",
        ] {
            let action = try ActionSyntax(lab: lab).action(command)
            #expect(throws: SessionError.self) { try session.intervene(action) }
        }
        #expect(session.snapshot.world == before.world)
        #expect(session.digest == before.digest)
        #expect(session.snapshot.records.count == before.records.count)
    }

    /// A killed process cannot say that its peers are gone: the kill says it.
    @Test func theShownPeersOfAKilledProcessAreClosed() throws {
        let lab = try LabsOnDisk.lab("half-open")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(2_000_000_000))
        let index = try #require(session.snapshot.peerNames.firstIndex(of: "ping"))
        #expect(session.snapshot.world.peers[index].state == .connected)
        try session.intervene(try ActionSyntax(lab: lab).action("kill ping"))
        #expect(session.snapshot.world.peers[index].state == .closed)
        _ = try session.seek(to: .time(lab.duration))
        #expect(RunReport(session.snapshot).outcome == .failed, "ping is not connected by 15 s")
    }

    /// Nothing is there before the run begins: what is done then is done as it has begun.
    @Test(arguments: ["restart ping", "power-loss server", "kill ping"])
    func whatIsDoneBeforeTheFirstEventBeginsTheRun(command: String) throws {
        let lab = try LabsOnDisk.lab("hello")
        let sessions = [SimSession(lab: lab), SimSession(lab: lab)]
        defer { for session in sessions { session.close() } }
        _ = try sessions[1].seek(to: .event(1))
        for session in sessions { try session.intervene(try ActionSyntax(lab: lab).action(command)) }
        #expect(sessions[0].snapshot.event == 2 && sessions[0].snapshot.interventions.map(\.event) == [2])
        for session in sessions { _ = try session.seek(to: .time(lab.duration)) }
        #expect(sessions[0].digest == sessions[1].digest)
    }

    /// The verdicts of a run that has ended are open again when it goes on differently.
    @Test func anInterventionAtTheEndIsJudged() throws {
        let lab = try LabsOnDisk.lab(
            "half-open",
            replacing: [("  - ping is connected by 15s\n", "  - ping is connected by 15s\n  - ping is connected\n")])
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(lab.duration))
        #expect(RunReport(session.snapshot).outcome == .passed)
        try session.intervene(try ActionSyntax(lab: lab).action("kill ping"))
        _ = try session.seek(to: .time(lab.duration))
        #expect(RunReport(session.snapshot).outcome == .failed)
    }

    /// A slow reader has one timer, however many segments wake it.
    @Test func aSlowReaderCostsEventsByTheByteAndNotByTheWake() throws {
        func events(until second: Int64) throws -> Int {
            let lab = try LabsOnDisk.lab(
                "full-queue", replacing: [("for: 6s", "for: 17s"), ("duration: 20s", "duration: 40s")])
            let session = SimSession(lab: lab)
            defer { session.close() }
            _ = try session.seek(to: .time(second * 1_000_000_000))
            return session.snapshot.event
        }
        let (first, second, third) = (try events(until: 6), try events(until: 10), try events(until: 14))
        #expect(third - second <= (second - first) * 3 / 2, "\(first) \(second) \(third)")
    }

    @Test func anInterventionInThePastBranchesAndLeavesTheOtherTimeline() throws {
        let lab = try LabsOnDisk.lab("half-open")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(10_000_000_000))
        let count = session.snapshot.records.count
        _ = try session.seek(to: .time(2_000_000_000))
        let there = session.snapshot
        #expect(!there.isLive)
        try session.intervene(try ActionSyntax(lab: lab).action("kill echo"))
        #expect(session.snapshot.timeline != there.timeline)
        #expect(session.snapshot.event == there.event + 1)
        #expect(session.snapshot.records.count == there.event + 1)
        #expect(session.stepBack())
        #expect(session.snapshot.world == there.world, "the branch shares its past")
        _ = try session.seek(to: .time(10_000_000_000))
        #expect(session.snapshot.records.count != count)
    }

    @Test func textAndActionAreOneAndTheSame() throws {
        let lab = try LabsOnDisk.lab("hello")
        let syntax = ActionSyntax(lab: lab)
        for command in Self.commands.filter({ !Self.ofSegments.contains($0) }) + [
            "drop c1 client 3", "delay c2 server 4 5ms", "deliver c1 client 3", "copy c1 client 3",
            "damage c1 client 3",
        ] {
            let action = try syntax.action(command)
            #expect(try syntax.action(syntax.text(of: action)) == action)
        }
        for wrong in [
            "", "explode", "cut", "cut nowhere", "kill nobody", "drop c1 client", "drop 1 client 3",
            "delay c1 client 3 5",
        ] {
            #expect(throws: SessionError.self) { try syntax.action(wrong) }
        }
    }
}
