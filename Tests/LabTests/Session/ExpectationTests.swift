import Lab
import Testing

/// Each lab holds, and fails when what it is about is taken out: otherwise its expectations would prove nothing.
@Suite struct ExpectationTests {
    @Test(arguments: LabsOnDisk.names)
    func theLabHolds(name: String) throws {
        #expect(try outcome(of: LabsOnDisk.lab(name)) == .passed)
    }

    @Test(arguments: [
        (
            "cut",
            [
                "  - {at: 3s, cut: client-server, for: 600ms}\n", "  - {at: 8s, cut: client-server, for: 5s}\n",
                "faults:\n",
            ]
        ),
        ("half-open", ["  - {at: 5s, power-loss: server}\n", "  - {at: 12s, power-on: server}\n", "faults:\n"]),
        ("full-queue", ["  - {at: 2s, slow-reader: {peer: drain, rate: 8 KiB/s}, for: 6s}\n", "faults:\n"]),
    ])
    func itFailsWithoutItsFault(name: String, lines: [String]) throws {
        let lab = try LabsOnDisk.lab(name, replacing: lines.map { ($0, "") })
        #expect(lab.faults.isEmpty)
        #expect(try outcome(of: lab) == .failed)
    }

    @Test func aFailureSaysWhatWasThereInstead() throws {
        let lab = try LabsOnDisk.lab(
            "mesh", replacing: [("node-a counts 2 by 5s", "node-a counts 7 by 5s")])
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(6_000_000_000))
        let failed = session.snapshot.expectations.filter { $0.verdict == .failed }
        #expect(failed.map { "\($0.text): \($0.reason ?? "")" } == ["node-a counts 7 by 5s: it was at 2"])
    }

    @Test func aPartitionIsWhatTheLabOfOneNeeds() throws {
        let lab = try LabsOnDisk.lab(
            "partition", replacing: [("  - {at: 10s, partition: [[alice], [bob, carol]], for: 6s}\n", "")])
        #expect(try outcome(of: lab) == .failed)
    }

    @Test func aNarrowerBottleneckIsTooNarrow() throws {
        let lab = try LabsOnDisk.lab("bottleneck", replacing: [("bandwidth: 64 KiB/s", "bandwidth: 16 KiB/s")])
        #expect(try outcome(of: lab) == .failed)
    }

    @Test func whatIsNeverHealedIsNotRecoveredFrom() throws {
        // The link is cut once more after all was healed.
        let lab = try LabsOnDisk.lab(
            "bench-chaos", replacing: [("expect:", "faults: [{at: 6100ms, cut: left-server}]\nexpect:")])
        #expect(try outcome(of: lab) == .failed)
    }

    /// `hello` has no fault to take out: its server is.
    @Test func helloFailsWithoutItsServer() throws {
        let lab = try LabsOnDisk.lab(
            "hello", replacing: [("  - {name: echo, on: server, listen: 4500, run: echo}\n", "")])
        #expect(try outcome(of: lab) == .failed)
    }

    @Test(arguments: [
        ("cut", "config: {connect-timeout: 1s, heartbeat"), ("half-open", "config: {connect-timeout: 1s, heartbeat"),
    ])
    func itFailsWithAPeerThatNeverReconnects(name: String, config: String) throws {
        let lab = try LabsOnDisk.lab(
            name, replacing: [(config, "config: {reconnects: false, connect-timeout: 1s, heartbeat")])
        #expect(try outcome(of: lab) == .failed)
    }

    /// Labs whose fault does not break the connection: the peer that never reconnects loses it by a kill.
    @Test(arguments: [
        ("hello", "run: {ping-pong: {every: 100ms, size: 64, count: 50}}", "echo"),
        ("full-queue", "config: {queue: 64, heartbeat: off}", "drain"),
    ])
    func itFailsWithAPeerThatNeverReconnectsAndLosesItsConnection(name: String, part: String, server: String) throws {
        let config =
            part.hasPrefix("run")
            ? part + ", config: {reconnects: false}" : "config: {queue: 64, heartbeat: off, reconnects: false}"
        let never = try LabsOnDisk.lab(name, replacing: [(part, config)])
        #expect(try outcome(of: never, restarting: server) == .failed)
        if name == "hello" {
            let always = try LabsOnDisk.lab(name)
            #expect(try outcome(of: always, restarting: server) == .passed, "the reconnecting peer gets over it")
        }
    }

    private func outcome(of lab: LabDefinition, restarting peer: String? = nil) throws -> Outcome {
        let session = SimSession(lab: lab)
        defer { session.close() }
        if let peer {
            _ = try session.seek(to: .time(1_000_000_000))
            try session.intervene(try ActionSyntax(lab: lab).action("restart \(peer)"))
        }
        _ = try session.seek(to: .time(lab.duration))
        return RunReport(session.snapshot).outcome
    }
}
