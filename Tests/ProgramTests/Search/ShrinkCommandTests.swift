import Foundation
import Testing

/// `peerlab shrink`: what is left of a failing run, and what cannot be shrunk.
@Suite("shrink")
struct ShrinkCommandTests {
    private static let article = Program.root.appending(path: "Sources/Lab/Lab.docc/Shrinking.md").path
    private static let schemaCheck = Program.root.appending(path: "Tests/ProgramTests/Export/check_records.py").path

    private static let lab = """
        # A comment.
        lab: strained
        seed: 5
        duration: 10s
        hosts: [other, client, server]
        links:
          - {between: [client, server], latency: 2ms}
          - {between: [other, server], latency: 2ms}
        peers:
          - {name: pong, on: other, connect: "server:4500", run: ping-pong, config: {preset: test}}
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: ping-pong, config: {preset: test}}
        faults:
          - {at: 1s, latency: client-server, to: 9ms, for: 500ms}
          - {at: 2s, reset: ping}
          - {at: 2500ms, cut: other-server, for: 200ms}
        expect:
          - pong is connected by 9s
          - ping reconnects at most 0 times

        """

    /// A folder for a run's files, which are gone afterwards.
    private func inFolder(_ body: (URL) throws -> Void) throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(Self.lab.utf8).write(to: folder.appendingPathComponent("strained.yaml"))
        try body(folder)
    }

    @Test("A recording is shrunk; what is left replays, and fails alone as a lab")
    func recording() throws {
        try inFolder { folder in
            let run = try Program.run(["run", "strained.yaml", "--record", "whole.peerlab"], in: folder)
            #expect(run.ended(with: 1), "\(run)")
            let words = ["shrink", "whole.peerlab", "-o", "small.peerlab", "--lab", "small.yaml", "--format", "json"]
            let shrunk = try Program.run(words, in: folder)
            #expect(shrunk.ended(with: 0) && shrunk.errors.isEmpty, "\(shrunk)")
            let result = try Program.object(shrunk.output)
            #expect(result["signature"] as? String == "expected: ping reconnects at most 0 times")
            #expect((result["causes"] as? [String])?.count == 1 && result["whole"] as? Bool == true)
            let (before, after) = (result["before"] as? [String: Int], result["after"] as? [String: Int])
            #expect(before?["faults"] == 3 && after?["faults"] == 1 && after?["peers"] == 2 && after?["hosts"] == 2)
            // By the schema of its article.
            let line = folder.appendingPathComponent("line.jsonl")
            let object = try JSONSerialization.data(withJSONObject: result)
            try (object + [0x0A]).write(to: line)
            let check = try Program.run(
                [line.path, Self.article], through: ["/usr/bin/env", "python3"], executable: Self.schemaCheck)
            #expect(check.ended(with: 0), "\(check)")

            let replay = try Program.run(["replay", "small.peerlab"], in: folder)
            #expect(replay.ended(with: 1) && replay.output.contains("agrees with the recording"), "\(replay)")
            let alone = try Program.run(["run", "small.yaml"], in: folder)
            #expect(alone.ended(with: 1), "\(alone)")
            #expect(alone.output.contains("FAILED       ping reconnects at most 0 times"), "\(alone)")
            let text = try String(contentsOf: folder.appendingPathComponent("small.yaml"), encoding: .utf8)
            #expect(
                text.contains("- {at: 2s, reset: ping}") && !text.contains("name: pong") && !text.contains("#"),
                "\(text)")
        }
    }

    @Test("A lab and a seed are as good as a recording, and the text says what is left")
    func labAndSeed() throws {
        try inFolder { folder in
            let result = try Program.run(["shrink", "strained.yaml@9", "-o", "small.peerlab"], in: folder)
            #expect(result.ended(with: 0), "\(result)")
            #expect(result.output.hasPrefix("strained, seed 9  expected: ping reconnects at most 0 times\n"))
            #expect(result.output.contains("  causes       1\n    2.000 000 s: reset ping.\n"), "\(result.output)")
            #expect(result.output.contains("  hosts        3 → 2\n"), "\(result.output)")
        }
    }

    @Test("What cannot be shrunk is 2, and an older file stays")
    func refused() throws {
        try inFolder { folder in
            let old = folder.appendingPathComponent("old.peerlab")
            try Data("old".utf8).write(to: old)
            func refuse(_ words: [String], _ message: String, status: Int32 = 2) throws {
                let result = try Program.run(["shrink"] + words, in: folder)
                #expect(result.ended(with: status) && result.output.isEmpty, "\(words): \(result)")
                #expect(result.errors.contains(message), "\(words): \(result)")
                #expect(try String(contentsOf: old, encoding: .utf8) == "old", "\(words)")
            }
            try refuse(
                ["hello@7", "-o", "old.peerlab"], "hello@7: error: the run does not fail: there is nothing to shrink")
            try refuse(["missing.peerlab", "-o", "old.peerlab"], "missing.peerlab")
            try refuse(["strained.yaml", "-o", "-"], "-o takes a file")
            try refuse(["strained.yaml", "-o", "no/such/folder.peerlab"], "the recording cannot be written")
            try refuse(["strained.yaml", "-o", "old.peerlab", "--lab", "no/such.yaml"], "the lab cannot be written")
            try refuse(["strained.yaml", "-o", "old.peerlab", "--lab", "old.peerlab"], "the file is taken by")
            try refuse(["strained.yaml", "-o", "old.peerlab", "--runs", "0"], "--runs takes a number from 1")

            let run = try Program.run(["run", "strained.yaml", "--record", "whole.peerlab"], in: folder)
            #expect(run.ended(with: 1))
            try refuse(["whole.peerlab", "-o", "whole.peerlab"], "the file is taken by the recording whole.peerlab")
            let whole = folder.appendingPathComponent("whole.peerlab")
            var lines = try String(contentsOf: whole, encoding: .utf8).split(separator: "\n").map(String.init)
            lines.insert(#"{"do":"reset ping","event":40,"t_ns":900000000}"#, at: 2)
            try Data((lines.joined(separator: "\n") + "\n").utf8).write(to: whole)
            try refuse(["whole.peerlab", "-o", "old.peerlab"], "diverged", status: 3)
            try Data("{\"no\":1}\n".utf8).write(to: whole)
            try refuse(["whole.peerlab", "-o", "old.peerlab"], "not a recording")
        }
    }

    @Test("A run on real sockets does not replay, and is not shrunk")
    func realRun() throws {
        try inFolder { folder in
            let words = ["run", "strained.yaml", "--on", "loopback", "--until", "300ms", "--record", "real.peerlab"]
            _ = try Program.run(words, in: folder)
            let result = try Program.run(["shrink", "real.peerlab", "-o", "small.peerlab"], in: folder)
            #expect(result.ended(with: 2) && result.errors.contains("what happened on loopback"), "\(result)")
            #expect(!FileManager.default.fileExists(atPath: folder.appendingPathComponent("small.peerlab").path))
        }
    }
}
