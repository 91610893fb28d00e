import Foundation
import Testing

/// Whatever is given to be read has bounds: devices that never end, lines that never end, files that are none.
@Suite struct EndlessInputTests {
    private static let commands: [[String]] = [
        ["run"], ["check"], ["replay"], ["run", "hello", "--events", "1", "--script"],
    ]

    private func expectRefusal(_ result: Program.Result, _ path: String, _ what: String) {
        #expect(result.ended(with: 2), "\(what): \(result)")
        #expect(result.output.isEmpty, "\(what)")
        #expect(result.errors.hasPrefix(path + ":") && result.errors.contains("error: "), "\(what): \(result.errors)")
        #expect(result.errors.utf8.count < 1_000, "\(what): \(result.errors.utf8.count) bytes of message")
    }

    @Test(arguments: commands) func devices(_ command: [String]) throws {
        for path in ["/dev/zero", "/dev/urandom", "/"] {
            expectRefusal(try Program.run(command + [path]), path, "\(command) \(path)")
        }
        for device in ["/dev/zero", "/dev/urandom"] {
            let line = #"exec "$0" "$@" <"# + device
            let result = try Program.run(command + ["-"], through: ["sh", "-c", line])
            expectRefusal(result, "-", "\(command) - <\(device)")
        }
    }

    @Test(arguments: commands) func aPipeWithoutEnd(_ command: [String]) throws {
        for text in ["x", "lab: x", "# step"] {
            let result = try Program.run(
                ["-c", #"yes "$0" | tr -d '\n' | "$@""#, text, Program.path] + command + ["-"], executable: "sh")
            expectRefusal(result, "-", "\(command), \(text)")
        }
    }

    /// Comments that never end, a line each: the bound of the file.
    @Test func manyLines() throws {
        for command in [["run"], ["run", "hello", "--script"]] {
            let remark = "# " + String(repeating: "remark ", count: 1_000)
            let result = try Program.run(
                ["-c", #"yes "$0" | "$@""#, remark, Program.path] + command + ["-"], executable: "sh")
            expectRefusal(result, "-", "\(command)")
            #expect(result.errors.contains("larger than"))
        }
    }

    @Test("A message quotes a little of what it is about", arguments: [1_000, 60_000])
    func quotesALittle(_ length: Int) throws {
        let long = String(repeating: "x", count: length)
        for line in [
            long, "cut \(long)", "until \(long)", "goto \(long)", "step \(long)", "pane \(long)", "drop \(long)",
        ] {
            let result = try Program.withFile(line + "\n", "script") {
                ($0, try Program.run(["run", "hello", "--script", $0]))
            }
            expectRefusal(result.1, result.0, line.prefix(8).description)
        }
        let lab = try Program.withFile("lab: \(long)\nhosts: [\(long)]\n\(long): 1\n") {
            ($0, try Program.run(["check", $0]))
        }
        expectRefusal(lab.1, lab.0, "a lab")
    }

    @Test func aHugeRecordingIsRefusedUnread() throws {
        let file = Program.temporaryFile("peerlab")
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: 1 << 40)
        try handle.close()
        for command in Self.commands {
            let result = try Program.run(command + [file.path])
            expectRefusal(result, file.path, "\(command)")
            #expect(result.errors.contains("larger than"))
        }
    }
}
