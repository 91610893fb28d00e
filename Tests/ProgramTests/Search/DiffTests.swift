import Foundation
import Testing

/// `peerlab diff`: where two runs first differ.
@Suite struct DiffTests {
    @Test func twoSeedsOfALab() throws {
        try Program.withFile(SweepTests.lab) { lab in
            let same = try Program.run(["diff", "\(lab)@3", "\(lab)@0x3"])
            #expect(same.ended(with: 0) && same.output.contains("the same"), "\(same.output)\(same.errors)")
            let result = try Program.run(["diff", "\(lab)@14", "\(lab)@18", "--format", "json"])
            #expect(result.ended(with: 1), "\(result.errors)")
            let report = try Program.object(result.output)
            #expect(report["same"] as? Bool == false)
            let event = report["event"] as? [String: [String: Any]] ?? [:]
            #expect(event["left"]?["n"] is Int && event["right"]?["n"] is Int)
            // What tells them apart is said, also where an event of either is called the same.
            #expect(event["left"]?["text"] as? String != event["right"]?["text"] as? String)
            let after = report["after"] as? [String] ?? []
            #expect(after.contains { $0.hasPrefix("ping to server:4500, 1: ") }, "\(after)")
        }
    }

    @Test func twoTimelinesOfARecordingAndTwoRecordings() throws {
        let directory = Program.temporaryFile("diff")
        try FileManager.default.removeItem(at: directory)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        func record(_ name: String, _ script: String) throws -> String {
            let path = directory.appendingPathComponent(name).path
            let run = try Program.run(
                ["run", "hello", "--record", path, "--script", "-"], input: Data((script + "\n").utf8))
            #expect(!run.wasSignalled && run.status < 2, "\(run.errors)")
            return path
        }
        let cut = try record("cut", "goto 3s\nbranch other\ncut client-server\ngoto 6s")
        let plain = try record("plain", "goto 6s")
        for words in [["\(cut):main", "\(cut):other"], [plain, cut]] {
            let result = try Program.run(["diff"] + words)
            #expect(result.ended(with: 1), "\(result.errors)")
            #expect(result.output.contains("cut client-server"), "\(result.output)")
        }
        let same = try Program.run(["diff", cut, "\(cut):other", "--format", "json"])
        #expect(same.ended(with: 0), "\(same.errors)")
        #expect(try Program.object(same.output)["event"] is NSNull)
    }

    @Test(arguments: [
        (["hello@7", "no-such-lab"], "no-such-lab"), (["hello@x", "hello"], "a seed is a number"),
        (["hello"], "Missing expected argument"),
    ])
    func whatCannotBeComparedIsSaid(_ words: [String], _ text: String) throws {
        let result = try Program.run(["diff"] + words)
        #expect(result.ended(with: 2) && result.errors.contains(text), "\(result.errors)")
    }
}
