import Foundation
import Testing

/// With little of what a process may have there is a result or a message, and never a trap.
@Suite struct LowLimitTests {
    private func run(_ arguments: [String], limit: String) throws -> Program.Result {
        try Program.run(arguments, through: ["sh", "-c", "ulimit \(limit) && exec \"$0\" \"$@\""])
    }

    private func expectAnswer(_ result: Program.Result, _ what: String) {
        #expect(!result.wasSignalled && [0, 1, 2].contains(result.status), "\(what): \(result)")
        guard result.status == 2 else { return }
        #expect(result.errors.split(separator: "\n").count == 1, "\(what): \(result.errors)")
        #expect(result.errors.contains("error: ") && result.errors.contains("(ulimit -"), "\(what): \(result.errors)")
    }

    @Test(
        "Open files, on real sockets", arguments: [5, 6, 7, 8, 10, 12, 13, 14, 15, 17, 20, 22, 24, 25, 26, 30, 40, 400])
    func openFiles(_ count: Int) throws {
        let result = try run(["run", "hello", "--on", "loopback", "--events", "12"], limit: "-n \(count)")
        expectAnswer(result, "\(count) files")
        if count < 20 { #expect(result.status == 2) }
        if count == 400 { #expect(result.status != 2, "\(result)") }
    }

    @Test("A lab that takes more open files than there are goes on without them")
    func exhausted() throws {
        let lab = """
            lab: many
            duration: 1s
            hosts: [server, client]
            links: [{between: [client, server]}]
            peers:
              - {name: echo, on: server, listen: 80, run: echo}
              - {name: ping, on: client, connect: "server:80", run: {ping-pong: {every: 1ms}}, config: {backoff: {initial: 1ms, maximum: 1ms}}}
            faults: [{at: 50ms, restart: ping, every: 5ms, times: 50}]
            """
        try Program.withFile(lab) { lab in
            for count in [24, 28] {
                let result = try run(["run", lab, "--on", "loopback", "--until", "400ms"], limit: "-n \(count)")
                expectAnswer(result, "\(count) files")
            }
        }
    }

    /// From what the program can hardly start with, in steps, to plenty.
    @Test func memoryForAFile() throws {
        let lab = "lab: a\nhosts: [" + (0..<90_000).map { "h\($0)" }.joined(separator: ", ") + "]\n"
        let script = String(repeating: "inspect\n", count: 500_000)
        for (text, command) in [(lab, ["check"]), (script, ["run", "hello", "--script"])] {
            try Program.withFile(text) { file in
                var wasRefused = false
                for kibibytes in [110_000, 120_000, 140_000, 170_000, 260_000] {
                    let result = try run(command + [file], limit: "-v \(kibibytes)")
                    // The system's loader may have had too little for the program itself.
                    guard result.status != 127, !result.errors.contains("there is nothing to inspect") else { continue }
                    expectAnswer(result, "\(command) with \(kibibytes) KiB")
                    if result.status == 2 { wasRefused = true }
                }
                #expect(wasRefused)
            }
        }
    }

    @Test func memoryForSockets() throws {
        for kibibytes in [110_000, 130_000, 160_000, 200_000, 300_000] {
            let result = try run(
                ["run", "hello", "--on", "loopback", "--events", "5"], limit: "-v \(kibibytes)")
            guard result.status != 127 else { continue }
            expectAnswer(result, "\(kibibytes) KiB")
        }
    }
}
