import Foundation
import SimNetwork
import Testing

@testable import Lab

/// A replay that agrees means it: whatever is changed in a recording is refused, or the replay diverges.
@Suite struct DamagedRecordingTests {
    /// A recording of a small run with an intervention in it, to its end or to a time.
    private func recording(until time: Int64? = nil) throws -> Data {
        let lab = try LabFile.read(
            text: """
                lab: small # a remark
                duration: 60ms
                hosts: [a, b]
                links: [{between: [a, b], latency: 1ms}]
                peers:
                  - {name: p, on: a, listen: 1, run: echo}
                  - {name: q, on: b, connect: "a:1", run: {ping-pong: {every: 40ms}}, config: {heartbeat: off}}
                expect: [q is connected by 50ms]
                """, name: "small.yaml")
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("damaged-\(UUID())").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let session = SimSession(lab: lab)
        defer { session.close() }
        try session.record(to: path)
        _ = try session.seek(to: .time(20_000_000))
        try session.intervene(.cut(LinkID(0), nil))
        _ = try session.seek(to: .time(time ?? lab.duration))
        session.finishRecording()
        return try Data(contentsOf: URL(fileURLWithPath: path))
    }

    /// What becomes of a recording.
    private enum Answer: Hashable { case refused, diverged, agreed }

    private func answer(to data: Data) -> Answer {
        guard let recording = try? Recording(data, name: "x") else { return .refused }
        guard let (session, divergence) = try? Replay.run(recording) else { return .diverged }
        session.close()
        return divergence == nil ? .agreed : .diverged
    }

    @Test("Every byte, in several ways", arguments: [nil, 30_000_000] as [Int64?])
    func everyByte(until time: Int64?) throws {
        let whole = try recording(until: time)
        #expect(answer(to: whole) == .agreed)
        var answers: [Answer: Int] = [:]
        let header = try #require(whole.firstIndex(of: 0x0A))
        for index in whole.indices {
            let old = whole[index]
            let digit: UInt8 = (0x30...0x38).contains(old) ? old + 1 : 0x30
            // Of the header, which is the same in both, most is the lab's text.
            let all = [old ^ 1, old ^ 0x20, digit, 0x20, 0x0A, 0x22, 0x78]
            for new in index > header ? all : time == nil ? Array(all.prefix(3)) : [] where new != old {
                var damaged = whole
                damaged[index] = new
                let answer = answer(to: damaged)
                answers[answer, default: 0] += 1
                let around = String(decoding: damaged[max(0, index - 20)..<min(whole.count, index + 20)], as: UTF8.self)
                #expect(answer != .agreed, "byte \(index): \(around)")
            }
        }
        #expect(answers[.refused, default: 0] > 100 && answers[.diverged, default: 0] > 100)
    }

    @Test("Every line, missing or twice")
    func everyLine() throws {
        let lines = String(decoding: try recording(), as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
        // Without its footer it is a recording that was cut off, which says so.
        for index in lines.indices.dropLast() {
            var (less, more) = (lines, lines)
            less.remove(at: index)
            more.insert(lines[index], at: index)
            for text in [less, more] { #expect(answer(to: Data(text.joined().utf8)) != .agreed, "line \(index + 1)") }
        }
        #expect(answer(to: Data((lines + [lines[lines.count - 1]]).joined().utf8)) == .refused)
    }

    @Test("A replay that diverges because something was taken out says that the recording is damaged")
    func missingDeed() throws {
        let lines = String(decoding: try recording(), as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
        let deed = try #require(lines.firstIndex { $0.contains(#""do":"cut a-b""#) })
        var less = lines
        less.remove(at: deed)
        func divergence(_ lines: [String]) throws -> String {
            let (session, divergence) = try Replay.run(try Recording(Data(lines.joined().utf8), name: "x"))
            session.close()
            return try #require(divergence).description
        }
        #expect(try divergence(less).contains("damaged or edited"))
        // Cut off as well, it has no checksum to tell by.
        #expect(try !divergence(less.dropLast()).contains("damaged"))
    }

    @Test("One that was cut off before its first checkpoint has nothing that a replay is judged by")
    func cutOffAtOnce() throws {
        let lines = String(decoding: try recording(), as: UTF8.self).split(separator: "\n").map { "\($0)\n" }
        let first = try #require(
            lines.firstIndex { $0.contains("\"checkpoint\":") && !$0.contains("\"checkpoint\":0,") })
        for count in 1...lines.count {
            let recording = try Recording(Data(lines.prefix(count).joined().utf8), name: "x")
            #expect(recording.checksEvents(of: nil) == (count > first), "\(count) lines")
            #expect(recording.checksEvents(of: "main") == (count > first))
        }
    }

    /// What the checksum alone does not have to find: a recording without one.
    @Test(
        "Every field means something",
        arguments: [
            (#""lab":"small""#, #""lab":"smoll""#), (#""outcome":"passed""#, #""outcome":"failed""#),
            (#""outcome":"passed""#, #""outcome":"incomplete""#), (#""over":true"#, #""over":false"#),
            (#""t_ns":60000000"#, #""t_ns":60000001"#), (#""t_ns":20000000"#, #""t_ns":20000001"#),
            (#""t_ns":20000000"#, #""t_ns":99000000"#), (#""seed":1"#, #""seed":2"#), (#""events":"#, #""events":1"#),
            (#""do":"cut a-b""#, #""do":"cut a-b a->b""#), (#""checkpoint":0"#, #""checkpoint":1"#),
            (#""seed":1"#, #""seed":1,"more":1"#), (#""checkpoint":0"#, #""checkpoint":0,"event":1"#),
        ])
    func everyField(_ old: String, _ new: String) throws {
        var text = String(decoding: try recording(), as: UTF8.self)
        text = text.replacing(#","sum":"fnv1a64""#, with: "")
        text = text.replacing(/,"sum":"[0-9a-f]{16}"/, with: "")
        #expect(answer(to: Data(text.utf8)) == .agreed)
        #expect(
            try Recording(Data(text.utf8), name: "x").warnings == [
                "x: recorded without a checksum: damage may go unseen"
            ])
        #expect(text.contains(old))
        #expect(answer(to: Data(text.replacing(old, with: new, maxReplacements: 1).utf8)) != .agreed)
    }

    @Test("Cut off anywhere it replays as far as it goes, and says that it was cut off")
    func everyLength() throws {
        let whole = try recording()
        let header = try #require(whole.firstIndex(of: 0x0A))
        for count in (header + 1)..<(whole.count - 1) {
            let recording = try Recording(whole.prefix(count), name: "x")
            #expect(recording.warnings.contains { $0.contains("no footer") }, "\(count)")
            #expect(answer(to: whole.prefix(count)) == .agreed, "\(count)")
        }
    }
}
