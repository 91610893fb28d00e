import Foundation
import Testing

/// `peerlab doctor`.
@Suite("doctor")
struct DoctorCommandTests {
    @Test("Each thing is said to be there or not, and what would help")
    func machine() throws {
        let result = try Program.run(["doctor"])
        #expect(result.ended(with: 0), "\(result)")
        let lines = result.output.split(separator: "\n").map(String.init)
        #expect(lines.count == 6 && lines.allSatisfy { $0.hasPrefix("ok  ") || $0.hasPrefix("no  ") }, "\(lines)")
        // Its output is a pipe.
        #expect(lines[0].hasPrefix("no  terminal") && lines[0].contains("peerlab run"), "\(lines[0])")
        for (line, word) in zip(lines.dropFirst(), ["namespaces", "TUN", "kernel"]) { #expect(line.contains(word)) }
        // What it says of the kernel is what a script finds.
        let path = "Tests/DrillTests/Drill/handshake/server.pkt"
        let drill = try Program.run(["drill", path, "--on", "linux"])
        let isForbidden = drill.output.contains("no network namespace") || drill.output.contains("no TUN device")
        #expect(lines[1].hasPrefix("no") == isForbidden, "\(drill.output)")
    }

    @Test("A lab that repeats is said to")
    func repeats() throws {
        let result = try Program.run(["doctor", "hello"])
        #expect(result.ended(with: 0) && result.output.contains("ok  lab         hello repeats"), "\(result)")
        #expect(try Program.run(["doctor", "helo"]).ended(with: 2))
    }
}
