import Foundation
import Testing

/// No command destroys a file: not the one that it reads, not another of its outputs, not the old one where the new cannot
/// be written.
@Suite struct FileSafetyTests {
    /// A directory with a lab, a script and an old file, each with other names; gone after the body.
    private func withFiles(_ body: (URL) throws -> Void) throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let lab = try String(contentsOf: Program.root.appendingPathComponent("labs/hello.yaml"), encoding: .utf8)
        for (name, text) in [("lab.yaml", lab), ("script", "step\n"), ("old", "old\n")] {
            let file = directory.appendingPathComponent(name)
            try Data(text.utf8).write(to: file)
            try FileManager.default.linkItem(at: file, to: directory.appendingPathComponent("hard-\(name)"))
            try FileManager.default.createSymbolicLink(
                atPath: directory.appendingPathComponent("soft-\(name)").path, withDestinationPath: name)
        }
        try FileManager.default.createSymbolicLink(
            atPath: directory.appendingPathComponent("soft-new").path, withDestinationPath: "new")
        try body(directory)
    }

    private func contents(_ directory: URL) throws -> [String: Data] {
        var contents: [String: Data] = [:]
        for name in try FileManager.default.contentsOfDirectory(atPath: directory.path) {
            contents[name] = (try? Data(contentsOf: directory.appendingPathComponent(name))) ?? Data()
        }
        return contents
    }

    private static let outputs = ["--trace", "--metrics", "--record"]

    @Test("An output lands on nothing that the command reads, whatever the file is called", arguments: outputs)
    func sparesInputs(_ option: String) throws {
        try withFiles { directory in
            let before = try contents(directory)
            for name in ["lab.yaml", "hard-lab.yaml", "soft-lab.yaml", "./lab.yaml", directory.path + "/lab.yaml"] {
                let result = try Program.run(["run", "lab.yaml", option, name], in: directory)
                #expect(result.ended(with: 2), "\(name): \(result)")
                #expect(result.errors.hasPrefix("\(name): error: the "), "\(result.errors)")
                #expect(result.errors.contains("is taken by the lab"), "\(result.errors)")
            }
            for name in ["script", "hard-script", "soft-script"] {
                let result = try Program.run(["run", "lab.yaml", "--script", "script", option, name], in: directory)
                #expect(result.ended(with: 2) && result.errors.contains("is taken by the script"), "\(result)")
            }
            #expect(try contents(directory) == before)
        }
    }

    @Test("Two outputs do not land on one file, there or not yet")
    func sparesOutputs() throws {
        try withFiles { directory in
            let before = try contents(directory)
            let names = [
                ("old", "old"), ("old", "hard-old"), ("soft-old", "hard-old"), ("new", "new"), ("new", "./new"),
                ("new", "soft-new"), ("soft-new", directory.path + "/new"),
            ]
            for (first, second) in names {
                for (one, other) in [("--trace", "--metrics"), ("--metrics", "--record"), ("--trace", "--record")] {
                    let result = try Program.run(["run", "lab.yaml", one, first, other, second], in: directory)
                    #expect(result.ended(with: 2) && result.errors.hasPrefix("\(second): error: "), "\(result)")
                }
            }
            for option in Self.outputs {
                let line = "'\(Program.path)' run lab.yaml \(option) out >out"
                let result = try Program.run(["-c", line], in: directory, executable: "sh")
                #expect(result.ended(with: 2) && result.errors.contains("taken by standard output"), "\(result)")
                try FileManager.default.removeItem(at: directory.appendingPathComponent("out"))
            }
            #expect(try contents(directory) == before)
        }
    }

    @Test("A stream takes them all, one behind the other, into a file too")
    func sharesStreams() throws {
        try withFiles { directory in
            let line = """
                '\(Program.path)' run lab.yaml --events 9 --trace /dev/stdout --metrics /dev/stdout >out && cat out
                """
            let result = try Program.run(["-c", line], in: directory, executable: "sh")
            #expect(result.ended(with: 0), "\(result)")
            let lines = result.output.split(separator: "\n")
            #expect(lines.count { $0.hasPrefix(#"{"cause":"#) } == 9)
            #expect(lines.contains("# EOF") && lines.contains { $0.hasPrefix("hello, seed 7, on sim") })
        }
    }

    @Test("A script and the screen write over nothing that they are not told to", arguments: ["write", "write!"])
    func scripts(_ command: String) throws {
        try withFiles { directory in
            let before = try contents(directory)
            for name in ["lab.yaml", "hard-lab.yaml", "script", "trace"] {
                let script = directory.appendingPathComponent("script")
                try Data("step 3\n\(command) \(name)\n".utf8).write(to: script)
                let result = try Program.run(
                    ["run", "lab.yaml", "--script", "script", "--trace", "trace"], in: directory)
                #expect(result.ended(with: 2) && result.errors.hasPrefix("script:2: error: "), "\(result)")
            }
            #expect(try contents(directory)["lab.yaml"] == before["lab.yaml"])
            try Data("step 3\n\(command) old\n".utf8).write(to: directory.appendingPathComponent("script"))
            let result = try Program.run(["run", "lab.yaml", "--script", "script"], in: directory)
            #expect(result.ended(with: command == "write!" ? 0 : 2), "\(result)")
            let isOld = try contents(directory)["old"] == before["old"]
            #expect(isOld == (command == "write"))
        }
    }

    @Test("Two recordings of a run are both whole, and one that an error ends has its footer")
    func manyRecordings() throws {
        try withFiles { directory in
            try Data("step 3\nwrite second\nkill ping\nfly\n".utf8).write(
                to: directory.appendingPathComponent("script"))
            let result = try Program.run(
                ["run", "lab.yaml", "--script", "script", "--record", "first"], in: directory)
            #expect(result.ended(with: 2), "\(result)")
            for name in ["first", "second"] {
                let replayed = try Program.run(["replay", name], in: directory)
                #expect(replayed.ended(with: 0) && replayed.errors.isEmpty, "\(replayed)")
            }
        }
    }

    @Test("What cannot be written to its end leaves the old file as it was", arguments: outputs)
    func keepsTheOld(_ option: String) throws {
        try withFiles { directory in
            let limit = ["sh", "-c", "ulimit -f 0; exec \"$@\" >/dev/null", "sh"]
            let result = try Program.run(["run", "lab.yaml", option, "old"], in: directory, through: limit)
            #expect(result.ended(with: 2), "\(result)")
            #expect(try contents(directory)["old"] == Data("old\n".utf8))
            #expect(try contents(directory).keys.allSatisfy { !$0.hasPrefix(".") })
        }
    }
}
