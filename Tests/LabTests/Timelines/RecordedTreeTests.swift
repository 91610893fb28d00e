import Foundation
import SimNetwork
import Testing

@testable import Lab

/// A recording holds the tree.
@Suite struct RecordedTreeTests {
    private static let ms = SmallLab.millisecond

    /// main to its end; a branch at 20 ms and one of it at 30 ms; main gone on with; one forgotten, one renamed.
    private func tree(_ session: SimSession) throws {
        try session.finish()
        _ = try session.seek(to: .time(20 * Self.ms))
        try session.intervene(SmallLab.cut)
        try session.finish()
        _ = try session.seek(to: .time(30 * Self.ms))
        try session.intervene(.heal(LinkID(0), nil))
        try session.finish()
        try session.rename(session.timelines.current, to: "healed")
        try session.go(to: "main")
        _ = try session.seek(to: .event(12))
        try session.branch(named: "early")
        try session.step()
        try session.forget(try session.timelines.named("branch-1").id)
        try session.go(to: "main")
        try session.finish()
        try session.intervene(SmallLab.cut)
        try session.go(to: "healed")
    }

    private func replayed(_ data: Data, _ name: String? = nil, alone: Bool = false) throws -> (SimSession, Bool) {
        let (session, divergence) = try Replay.run(
            try Recording(data, name: "x"), timeline: name, alone: alone)
        return (session, divergence == nil)
    }

    @Test func aReplayHasTheTree() throws {
        var tree: Timelines?
        let data = try SmallLab.recorded { session in
            try self.tree(session)
            tree = session.timelines
        }
        let text = String(decoding: data, as: UTF8.self)
        let (session, agrees) = try replayed(data)
        defer { session.close() }
        #expect(agrees, "\(text)")
        let recorded = try #require(tree)
        #expect(session.snapshot.timeline == "healed")
        for summary in recorded.all {
            let other = try session.timelines.named(summary.name)
            #expect(other.events == summary.events && other.digest == summary.digest && other.time == summary.time)
            #expect(other.interventions == summary.interventions && other.fork == summary.fork)
            #expect(other.outcome == summary.outcome && other.expectations == summary.expectations)
            #expect(
                other.parent.flatMap { session.timelines[$0]?.name } == summary.parent.flatMap { recorded[$0]?.name })
            for isAlone in [false, true] {
                let (one, agrees) = try replayed(data, summary.name, alone: isAlone)
                #expect(agrees && one.digest == summary.digest && one.timelines.all.count == (isAlone ? 1 : 3))
                #expect(isAlone || one.snapshot.timeline == summary.name)
                one.close()
            }
        }
        #expect(throws: SessionError.self) { _ = try replayed(data, "helaed") }
    }

    /// What the other has gone on to afterwards is not this one's.
    @Test func aTimelineThatLeavesAnotherAtItsLatestEventReplays() throws {
        let data = try SmallLab.recorded { session in
            _ = try session.seek(to: .time(20 * Self.ms))
            _ = try session.seek(to: .event(session.snapshot.records.count))
            try session.branch(named: "b")
            try session.go(to: "main")
            _ = try session.seek(to: .time(21 * Self.ms))
            try session.finish()
        }
        for name in ["main", "b"] {
            let (session, agrees) = try replayed(data, name)
            #expect(agrees && session.timelines.all.count == 2, "\(String(decoding: data, as: UTF8.self))")
            session.close()
        }
    }

    /// One that is begun late has all that has happened by then.
    @Test func aRecordingBegunLateHasTheTree() throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("late-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = try SmallLab.session()
        defer { session.close() }
        try tree(session)
        try session.forget(.main)
        let before = session.timelines
        try session.record(to: path)
        session.finishRecording()
        let (again, agrees) = try replayed(try Data(contentsOf: URL(fileURLWithPath: path)))
        defer { again.close() }
        #expect(agrees && again.digest == session.digest)
        #expect(again.timelines.inOrder.map(\.summary.name) == before.inOrder.map(\.summary.name))
        #expect(again.timelines.inOrder.map(\.summary.digest) == before.inOrder.map(\.summary.digest))
    }

    /// The layout from before timelines had names: what a branch left was given up.
    @Test func anEarlierLayoutIsRead() throws {
        let data = try SmallLab.recorded { session in
            _ = try session.seek(to: .time(20 * Self.ms))
            _ = try session.seek(to: .event(10))
            try session.intervene(SmallLab.cut)
            try session.finish()
        }
        var text = String(decoding: data, as: UTF8.self)
        text = text.replacing(
            /{"branch":"branch-1","branch_after":10,"from":"main"}\n/, with: "{\"branch_after\":10}\n")
        text = text.replacing(/{[^\n]*"end":"main"[^\n]*\n/, with: "").replacing(#","sum":"fnv1a64""#, with: "")
        text = text.replacing(/,"sum":"[0-9a-f]{16}"/, with: "")
        #expect(text.contains("{\"branch_after\":10}\n") && !text.contains("\"end\""))
        let (session, agrees) = try replayed(Data(text.utf8))
        defer { session.close() }
        #expect(agrees && session.timelines.all.map(\.name) == ["main", "branch-1"])
        #expect(text.contains(session.digest.description))
    }

    @Test func aDamagedTreeIsRefusedOrDiverges() throws {
        let whole = try SmallLab.recorded(tree)
        #expect(try replayed(whole).1)
        let header = try #require(whole.firstIndex(of: 0x0A))
        func agrees(_ data: Data) -> Bool {
            guard let recording = try? Recording(data, name: "x") else { return false }
            guard let (session, divergence) = try? Replay.run(recording) else { return false }
            session.close()
            return divergence == nil
        }
        // A byte of each kind of line, and each line missing or twice.
        for index in stride(from: header + 2, to: whole.count, by: 7) {
            var damaged = whole
            damaged[index] ^= 1
            #expect(!agrees(damaged), "byte \(index)")
        }
        let lines = String(decoding: whole, as: UTF8.self).split(separator: "\n").map { $0 + "\n" }
        for index in lines.indices.dropLast() {
            var (less, more) = (lines, lines)
            less.remove(at: index)
            more.insert(lines[index], at: index)
            for text in [less, more] {
                #expect(!agrees(Data(text.joined().utf8)), "line \(index + 1): \(lines[index])")
            }
        }
        // Cut off anywhere it replays as far as it goes.
        for count in lines.indices.dropFirst().dropLast() {
            #expect(agrees(Data(lines[..<count].joined().utf8)), "\(count) lines")
        }
    }

    @Test(arguments: [
        (#"{"timeline":"nobody"}"#, "there is no timeline"), (#"{"forget":"main"}"#, "while it is gone on with"),
        (#"{"branch":"main","branch_after":1,"from":"main"}"#, "already"),
        (#"{"branch":"1 x","branch_after":1,"from":"main"}"#, "cannot be a timeline's name"),
        (#"{"branch":"x","branch_after":-1,"from":"main"}"#, "not a line"),
        (#"{"rename":"nobody","to":"x"}"#, "there is no timeline"),
        (#"{"end":"nobody","events":1,"digest":"0123456789abcdef","outcome":"passed"}"#, "there is no timeline"),
        (#"{"timeline":"main","more":1}"#, "not a line"),
    ])
    func aLineThatMakesNoTreeIsRefused(line: String, said: String) throws {
        let lines = String(decoding: try SmallLab.recorded { _ in }, as: UTF8.self).split(separator: "\n")
        let text = [String(lines[0]), line, ""].joined(separator: "\n")
        let error = #expect(throws: LabDiagnostic.self) { try Recording(Data(text.utf8), name: "x") }
        #expect(error?.description.contains(said) == true && error?.line == 2, "\(String(describing: error))")
    }
}
