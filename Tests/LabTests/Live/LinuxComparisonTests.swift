import Foundation
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// The labs that ship, simulated and with the kernel's own TCP: their peers go through the same.
@Suite(
    "Comparison with Linux", .serialized, .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"))
struct LinuxComparisonTests {
    /// Times that a run is made whose wire was late, at most.
    private static let attempts = 3

    fileprivate static func load(_ name: String) throws -> LabDefinition {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let file = root.appendingPathComponent("labs/\(name).yaml")
        return try LabFile.read(text: try String(contentsOf: file, encoding: .utf8), name: file.lastPathComponent)
    }

    /// Real runs beside one another: more of them would make each other late.
    private static let together = 10

    /// Runs labs to their ends, some of them beside one another.
    private static func run(_ labs: [LabDefinition], on provider: ProviderKind) throws -> [Snapshot] {
        try stride(from: 0, to: labs.count, by: together).flatMap { start in
            try runTogether(Array(labs[start..<min(start + together, labs.count)]), on: provider)
        }
    }

    private static func runTogether(_ labs: [LabDefinition], on provider: ProviderKind) throws -> [Snapshot] {
        let sessions = labs.map { provider.open($0) }
        defer { for session in sessions { session.close() } }
        for session in sessions {
            while try !session.seek(to: .time(session.lab.duration), budget: 5_000) {
                // What happens there meanwhile is kept: who looks seldom does not make the wire late.
                if provider != .sim { usleep(200_000) }
            }
        }
        return sessions.map(\.snapshot)
    }

    /// Compares so many runs of each of some labs, a late one made again.
    fileprivate static func compare(_ labs: [LabDefinition], runs: Int) throws -> [Comparison] {
        let simulated = try run(labs, on: .sim)
        var real: [[Snapshot]] = labs.map { _ in [] }
        func compared(_ place: Int, _ snapshots: [Snapshot]) -> Comparison {
            Comparison(
                simulated: simulated[place], real: snapshots, reach: ProviderKind.linux.reach(of: labs[place]))
        }
        for _ in 0..<attempts {
            let wanted = labs.indices.flatMap { Array(repeating: $0, count: runs - real[$0].count) }
            if wanted.isEmpty { break }
            for (place, snapshot) in zip(wanted, try run(wanted.map { labs[$0] }, on: .linux)) {
                if !compared(place, [snapshot]).isInDoubt { real[place].append(snapshot) }
            }
        }
        return labs.indices.map { compared($0, real[$0]) }
    }

    /// A difference is planted: the real side has another lab.
    @Test(
        "What differs is found at its transition",
        arguments: [
            // A longer RTO: on one side the cut outlasts the peer's patience.
            ("tcp_rto_min_us: 200000", "tcp_rto_min_us: 1600000", "ping", 3),
            ("reconnects: true", "reconnects: false", "ping", 3),
            ("{interval: 100ms, timeout: 1s}", "{interval: 100ms, timeout: 20s}", "ping", 3),
        ])
    func planted(_ here: String, _ there: String, _ peer: String, _ transition: Int) throws {
        func lab(_ replaced: Bool) throws -> LabDefinition {
            let text = """
                lab: planted
                duration: 4s
                hosts: {client: {tcp_rto_min_us: 200000}, server: {}}
                links:
                  - {between: [client, server], latency: 5ms}
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo, config: {heartbeat: off}}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 50ms, size: 64}}
                    config: {reconnects: true, heartbeat: {interval: 100ms, timeout: 1s}}
                faults:
                  - {at: 1s, cut: client-server, for: \(here.hasPrefix("tcp") ? "380ms" : "1800ms")}
                """
            return try LabFile.read(text: replaced ? text.replacing(here, with: there) : text, name: "planted.yaml")
        }
        let simulated = try Self.run([try lab(false)], on: .sim)[0]
        let real = try Self.run([try lab(true), try lab(false)], on: .linux)
        let comparison = Comparison(simulated: simulated, real: [real[0]], reach: .max)
        let first = try #require(comparison.disagreements[0], "\(ComparisonReport(comparison).text)")
        #expect(first.peer == peer && first.transition == transition, "\(first)")
        let without = Comparison(simulated: simulated, real: [real[1]], reach: .max)
        #expect(without.agreed == 1 || without.isInDoubt, "\(ComparisonReport(without).text)")
    }
}

/// The same, as often as takes long; `make soak` runs it.
@Suite(
    "Comparison with Linux, long", .serialized,
    .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"),
    .enabled(if: ProcessInfo.processInfo.environment["PEERLAB_SOAK"] != nil, "make soak"))
struct LinuxComparisonSoakTests {
    @Test("Twenty runs of every lab of which nothing is missing agree")
    func soak() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let names = try FileManager.default.contentsOfDirectory(atPath: root.appendingPathComponent("labs").path)
            .filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(".yaml".count)) }.sorted()
        let labs = try names.map { try LinuxComparisonTests.load($0) }.filter {
            LiveFaults.unavailable(in: $0, on: .linux).isEmpty && !$0.hasPrograms
        }
        #expect(labs.count >= 10)
        for lab in labs {
            for comparison in try LinuxComparisonTests.compare([lab], runs: 20) {
                print("\(comparison.lab.name): \(comparison.agreed) of 20, \(comparison.compared) transitions compared")
                #expect(comparison.agreed == 20, "\(ComparisonReport(comparison).text)")
            }
        }
    }
}
