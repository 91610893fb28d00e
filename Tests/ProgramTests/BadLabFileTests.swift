import Foundation
import Testing

/// A lab file that cannot be used: exit 2, the place, a suggestion; nothing on standard output, and never a trap.
@Suite struct BadLabFileTests {
    private static let head = "lab: bad\nduration: 1s\n"
    private static let hosts = head + "hosts: [client, server]\n"
    private static let link = hosts + "links:\n  - between: [client, server]\n"

    @Test(
        "What is wrong is told with its place",
        arguments: [
            ("", "1:1: error: the file is empty"),
            ("# nothing but a remark\n", "1:1: error: the file is empty"),
            ("lab: \"\u{0}\u{1}\u{2}", "error: "),
            ("{{{", "1:"),
            ("- a\n- b\n", "1:1: error: "),
            (link + "    latancy: 1ms\n", "6:5: error: unknown key 'latancy'; did you mean 'latency'?"),
            (link + "    latency: 5 parsecs\n", "6:14: error: "),
            (link + "    latency: 5\n", "6:14: error: "),
            (link + "    latency: -5ms\n", "6:14: error: "),
            (head + "hosts: [client, server, client]\n", "3:25: error: "),
            (hosts + "peers:\n  - {name: echo, on: sever, listen: 1, run: echo}\n", "did you mean 'server'?"),
            (hosts + "peers:\n  - {name: echo, on: server, listen: 70000, run: echo}\n", "5:38: error: "),
            (hosts + "peers:\n  - {name: echo, on: server, listen: 80, run: ecko}\n", "did you mean 'echo'?"),
            (hosts + "faults:\n  - {at: 1s, power-los: server}\n", "did you mean 'power-loss'?"),
            (hosts + "expect:\n  - ping is connected by 1s\n", "5:5: error: "),
            (head + "hosts: {client: {count: 100001}}\n", "3:"),
            (head + "hosts: &all [client]\nlinks: *all\n", "error: "),
            (head + "hosts: " + String(repeating: "[", count: 5_000), "3:"),
        ])
    func isRefused(_ text: String, _ words: String) throws {
        try Program.withFile(text) { file in
            for command in [["run", file], ["check", file], ["run", file, "--on", "loopback"]] {
                let result = try Program.run(command)
                #expect(result.ended(with: 2), "\(command): \(result)")
                #expect(result.output.isEmpty)
                #expect(result.errors.hasPrefix(file + ":"), "\(result.errors)")
                #expect(result.errors.contains(words), "\(result.errors)")
            }
        }
    }

    @Test func bytesThatAreNoText() throws {
        let file = Program.temporaryFile("yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        try Data([0x6C, 0x61, 0x62, 0x0A, 0xFF, 0xFE, 0x00, 0x80]).write(to: file)
        let result = try Program.run(["run", file.path])
        #expect(result.ended(with: 2))
        #expect(result.output.isEmpty)
        #expect(result.errors.hasPrefix("\(file.path):2:1: error: "), "\(result.errors)")
    }

    @Test("A hundred mebibytes are refused unread", arguments: ["run", "check"])
    func aHugeFile(_ command: String) throws {
        let file = Program.temporaryFile("yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let handle = try FileHandle(forWritingTo: file)
        try handle.truncate(atOffset: 100 << 20)
        try handle.close()
        let result = try Program.run([command, file.path])
        #expect(result.ended(with: 2))
        #expect(result.output.isEmpty)
        #expect(result.errors.contains("1 MiB"), "\(result.errors)")
    }

    @Test func filesThatAreNone() throws {
        for path in ["no/such/lab.yaml", "labs/"] {
            let result = try Program.run(["run", path])
            #expect(result.ended(with: 2), "\(result)")
            #expect(result.output.isEmpty)
            #expect(result.errors.hasPrefix("\(path): error: "), "\(result.errors)")
        }
    }

    @Test("A lab that cannot be used leaves no recording and no trace behind")
    func leavesNothingBehind() throws {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent("peerlab-\(UUID())")
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        let result = try Program.run(
            ["run", "-", "--record", "a.peerlab", "--trace", "a.jsonl"],
            input: Data("lab: bad\nhosts: [a]\nhots: [a]\n".utf8),
            in: directory)
        #expect(result.ended(with: 2))
        #expect(result.errors.hasPrefix("-:3:1: error: "), "\(result.errors)")
        #expect(try FileManager.default.contentsOfDirectory(atPath: directory.path).isEmpty)
    }
}
