import Foundation
import Testing

/// The same lab, seed and interventions give one digest in every process, whatever surrounds it.
@Suite struct DeterminismTests {
    /// Ten thousand events and three interventions, by a script.
    private static let lab = """
        lab: long
        seed: 9
        duration: 90s
        hosts: [client, server, other]
        links:
          - {between: [client, server], latency: {uniform: [1ms, 5ms]}, loss: 0.01}
          - {between: [other, server], latency: {exponential: 3ms}}
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: {ping-pong: {every: 40ms, size: 64}}}
          - {name: pong, on: other, connect: "server:4500", run: {ping-pong: {every: 35ms, size: 300}}}
        buggify: on
        """
    private static let script = """
        goto 5s
        cut client-server
        goto 9s
        heal client-server
        goto 20s
        restart echo
        goto 30s
        slow-reader pong 200B/s
        """

    @Test func aHundredProcessesGiveOneDigest() throws {
        let lab = Program.temporaryFile("yaml")
        let script = Program.temporaryFile("script")
        defer { for file in [lab, script] { try? FileManager.default.removeItem(at: file) } }
        try Data(Self.lab.utf8).write(to: lab)
        try Data(Self.script.utf8).write(to: script)
        var digests: Set<String> = []
        var events = 0
        for (index, surroundings) in try Self.surroundings().enumerated() {
            let executable = index % 2 == 1 && Self.hasRelease ? Self.release : Program.path
            let result = try Program.run(
                ["run", lab.path, "--script", script.path, "--format", "json"], environment: surroundings.environment,
                through: surroundings.launcher, executable: executable)
            #expect(result.status == 0, "process \(index): \(result.errors)")
            let object = try JSONSerialization.jsonObject(with: Data(result.output.utf8)) as? [String: Any]
            digests.insert(object?["digest"] as? String ?? "none in process \(index)")
            events = object?["events"] as? Int ?? 0
        }
        #expect(digests.count == 1, "\(digests)")
        #expect(events >= 10_000)
    }

    /// Locales, hardware capabilities and address-space layouts, in turn.
    private static func surroundings() throws -> [(environment: [String: String], launcher: [String])] {
        let hasSetarch = FileManager.default.isExecutableFile(atPath: "/usr/bin/setarch")
        return (0..<100).map { index in
            var environment = ["LC_ALL": index % 4 < 2 ? "C" : "C.UTF-8"]
            if index % 5 >= 2 { environment["GLIBC_TUNABLES"] = "glibc.cpu.hwcaps=-FMA,-AVX2" }
            environment["TZ"] = index % 8 >= 4 ? "Asia/Tokyo" : "UTC"
            return (environment, hasSetarch && index % 3 == 0 ? ["setarch", "-R"] : [])
        }
    }

    /// Builds with and without optimisation take the same path; `make test` builds both.
    @Test(.enabled(if: DeterminismTests.hasRelease))
    func debugAndReleaseGiveOneDigest() throws {
        for lab in [
            "hello", "cut", "half-open", "full-queue", "circuit", "exactly-once", "partition", "bottleneck",
            "bench-chaos", "requests", "publish", "jobs", "mesh", "slow-start", "incast", "nat",
        ] {
            let debug = try Program.run(["run", lab, "--format", "json"])
            let release = try Program.run(["run", lab, "--format", "json"], executable: Self.release)
            #expect(!debug.output.isEmpty)
            #expect(debug.output == release.output, "\(lab)")
        }
    }

    static var hasRelease: Bool { FileManager.default.isExecutableFile(atPath: release) }
    static let release = Program.released("peerlab")
}
