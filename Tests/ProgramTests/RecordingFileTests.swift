import Foundation
import Testing

/// `--record` and `peerlab replay`: recordings that replay, and files that do not.
@Suite struct RecordingFileTests {
    /// The lines of a recording of `cut`, with an intervention in it.
    private let recording: [String]

    init() throws {
        recording = try Program.withFile("goto 1s\ncut client-server\ngoto 1100ms\nheal client-server\n", "script") {
            script in
            try Program.withFile("", "peerlab") { file in
                _ = try Program.run(["run", "cut", "--record", file, "--script", script])
                return try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").map(String.init)
            }
        }
    }

    private func replay(_ text: String, _ options: [String] = []) throws -> (file: String, result: Program.Result) {
        try Program.withFile(text, "peerlab") { ($0, try Program.run(["replay", $0] + options)) }
    }

    @Test("A recording replays to the same result, from a file and from standard input")
    func replays() throws {
        let text = recording.joined(separator: "\n") + "\n"
        let (_, result) = try replay(text, ["--format", "json"])
        #expect(result.ended(with: 0), "\(result)")
        #expect(result.errors.isEmpty)
        let footer = try Program.object(try #require(recording.last))
        let report = try Program.object(result.output)
        #expect(report["digest"] as? String == footer["digest"] as? String)
        #expect(report["events"] as? Int == footer["events"] as? Int)
        let piped = try Program.run(["replay", "-"], input: Data(text.utf8))
        #expect(piped.ended(with: 0))
        #expect(piped.output.hasPrefix("cut, seed 11, on sim: "))
    }

    @Test("A script makes a tree, prints it, and every timeline of its recording replays")
    func timelines() throws {
        let script = "goto 2s\ngoto 1s\ncut client-server\ngoto 2s\nname lost\ntimeline main\ntimelines\ndiff\n"
        try Program.withFile("", "peerlab") { file in
            let run = try Program.withFile(script, "script") {
                try Program.run(["run", "cut", "--record", file, "--script", $0, "--until", "2s", "--format", "json"])
            }
            let told = run.errors.split(separator: "\n")
            #expect(told.count > 3 && told[0].hasPrefix("* main  ") && told[1].hasPrefix("    lost  "), "\(run)")
            #expect(run.errors.contains("main and lost have the events up to #"))
            #expect(try Program.object(run.output)["lab"] as? String == "cut", "standard output has the result alone")
            let whole = try Program.run(["replay", file])
            #expect(whole.ended(with: 0) && whole.output.contains(", of main and of lost"), "\(whole)")
            let lost = try Program.run(["replay", file, "--timeline", "lost"])
            #expect(lost.ended(with: 0) && lost.output.contains("  fault        cut: struck "), "\(lost)")
            let wrong = try Program.run(["replay", file, "--timeline", "lots"])
            #expect(
                wrong.ended(with: 2) && wrong.errors.contains("no timeline 'lots'; did you mean 'lost'?"), "\(wrong)")
        }
    }

    @Test func aTornLastLineIsAWarning() throws {
        let (file, result) = try replay(recording.dropLast().joined(separator: "\n") + "\n{\"digest\":\"9f3")
        #expect(result.ended(with: 0), "\(result)")
        #expect(result.errors.contains("warning: \(file):\(recording.count): the last line is torn"))
        #expect(result.output.hasPrefix("cut, "))
    }

    @Test("One that was cut off before its first checkpoint is no yes; with --open it could be looked at")
    func cutOffAtOnce() throws {
        let first = try #require(
            recording.firstIndex { $0.contains("\"checkpoint\":") && !$0.contains("\"checkpoint\":0,") })
        for count in [1, first] {
            let (file, result) = try replay(recording.prefix(count).joined(separator: "\n") + "\n")
            #expect(result.ended(with: 2) && result.output.isEmpty, "\(result)")
            #expect(result.errors.contains("\(file): error: it was cut off before its first checkpoint"), "\(result)")
        }
        let (_, result) = try replay(recording.prefix(first + 1).joined(separator: "\n") + "\n")
        #expect(result.ended(with: 0), "\(result)")
    }

    @Test("What is no recording of this version is 2, with the line")
    func isRefused() throws {
        let header = recording[0]
        let rest = "\n" + recording.dropFirst().joined(separator: "\n") + "\n"
        let cases = [
            ("", 1, "empty"),
            (String(rest.dropFirst()), 1, "no header"),
            ("lab: hello\nhosts: [a]\n", 1, "no header"),
            ("\u{0}\u{1}\u{2}\n", 1, "no header"),
            (header.replacing("\"peerlab_recording\":1", with: "\"peerlab_recording\":3") + rest, 1, "version 3"),
            (header.replacing("hosts", with: "hots") + rest, 1, "the lab in the header"),
            (header + "\nnot JSON\n" + rest.dropFirst(), 2, "not a line of a recording"),
            (header + "\n{}\n" + rest.dropFirst(), 2, "not a line of a recording"),
            (header + "\n" + header + rest, 2, "second header"),
            (header + "\n{\"do\":\"fly client\",\"event\":5,\"t_ns\":1}" + rest, 2, "fly"),
        ]
        for (text, line, words) in cases {
            let (file, result) = try replay(text)
            #expect(result.ended(with: 2), "\(words): \(result)")
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("\(file):\(line):"), "\(words): \(result.errors)")
            #expect(result.errors.contains(words), "\(result.errors)")
        }
    }

    @Test("Numbers that no run can have are no trap")
    func wildNumbers() throws {
        let (first, last) = (recording[0], try #require(recording.last))
        for line in [
            #"{"checkpoint":-5,"digest":"0000000000000000"}"#,
            #"{"checkpoint":9223372036854775807,"digest":"0000000000000000"}"#,
            #"{"do":"restart ping","event":-1,"t_ns":-1}"#,
            #"{"do":"restart ping","event":0,"t_ns":0}"#,
            #"{"do":"restart ping","event":9223372036854775807,"t_ns":9223372036854775807}"#,
            #"{"branch_after":-9}"#,
            #"{"digest":"","events":-1,"outcome":"passed"}"#,
        ] {
            let (_, result) = try replay([first, line, last, ""].joined(separator: "\n"))
            #expect(!result.wasSignalled && [0, 2, 3].contains(result.status), "\(line): \(result)")
        }
    }

    @Test func aDigestThatDisagreesIsThree() throws {
        let footer = try Program.object(try #require(recording.last))
        let digest = try #require(footer["digest"] as? String)
        let (file, result) = try replay(
            recording.joined(separator: "\n").replacing(digest, with: "0123456789abcdef") + "\n")
        #expect(result.ended(with: 3), "\(result)")
        #expect(result.errors.hasPrefix(file + ": diverged between events "), "\(result.errors)")
        #expect(result.errors.contains("the recording says 0123456789abcdef"))
        #expect(result.output.isEmpty)
    }

    @Test(
        "A recording that cannot be written to its end is told",
        .enabled(if: FileManager.default.fileExists(atPath: "/dev/full")))
    func aFullDiskIsTold() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let full = directory.appendingPathComponent("full").path
        try FileManager.default.createSymbolicLink(atPath: full, withDestinationPath: "/dev/full")
        let result = try Program.run(["run", "hello", "--record", full])
        #expect(result.ended(with: 2), "\(result)")
        #expect(result.output.hasPrefix("hello, seed 7, on sim: passed"))
        #expect(result.errors.contains("\(full) could not be written to its end: No space left on device"))
        for (option, what) in [("--trace", "trace"), ("--metrics", "metrics")] {
            let result = try Program.run(["run", "hello", option, full])
            #expect(result.ended(with: 2), "\(result)")
            #expect(result.errors.hasPrefix("\(full): error: the \(what) cannot be written: No space left on device"))
        }
    }

    /// The result is of all that has happened, wherever the script left off looking at it.
    @Test(
        "A run and its replay have the same result where a script went back",
        arguments: [
            ("goto 3s\nstep-back 20\nquit\n", []), ("goto 3s\ncut client-server\ngoto 5s\ngoto 1s\nquit\n", []),
            ("goto 3s\nstep-back 20\n", ["--until", "2s"]), ("goto 3s\nfirst\n", ["--events", "40"]),
            ("goto 3s\ngoto 1s\ncut client-server\nstep 30\nfirst\nquit\n", []),
        ])
    func wentBack(_ script: String, _ options: [String]) throws {
        try Program.withFile(script, "script") { script in
            let file = Program.temporaryFile("peerlab").path
            defer { try? FileManager.default.removeItem(atPath: file) }
            let arguments = ["run", "hello", "--script", script, "--record", file, "--format", "json"]
            let run = try Program.run(arguments + options)
            #expect(run.ended(with: 0), "\(run)")
            let replayed = try Program.run(["replay", file, "--format", "json"])
            #expect(replayed.ended(with: 0) && replayed.output == run.output, "\(replayed)")
        }
    }

    @Test("Ctrl-C ends a long run with 130, and what was recorded replays", arguments: ["", "goto 90000s\n"])
    func interrupted(_ script: String) throws {
        let lab = RunTests.failing.replacing("duration: 1s", with: "duration: 100000s")
            .replacing("900ms", with: "99999s")
        try Program.withFile(lab) { lab in
            try Program.withFile(script, "script") { script in
                try Program.withFile("", "peerlab") { file in
                    let output = Program.temporaryFile()
                    defer { try? FileManager.default.removeItem(at: output) }
                    let child = try Child(
                        [Program.path, "run", lab, "--record", file, "--script", script],
                        environment: Program.variables(), in: Program.root, output: output.path)
                    // Two checkpoints: the first one stands before the first event.
                    for _ in 0..<5_000 {
                        let count = try? Program.run(["-c", "checkpoint", file], executable: "grep").output
                        if (Int((count ?? "").trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0) >= 2 { break }
                    }
                    child.send(SIGINT)
                    let end = child.wait()
                    #expect(!end.wasSignalled)
                    #expect(end.status == 130)
                    #expect(try String(contentsOf: output, encoding: .utf8).contains(": incomplete\n"))
                    let replayed = try Program.run(["replay", file, "--format", "json"])
                    #expect(replayed.ended(with: 0), "\(replayed)")
                    #expect(replayed.errors.isEmpty)
                    let events = try Program.object(replayed.output)["events"] as? Int
                    #expect(try #require(events) > 0)
                }
            }
        }
    }
}
