import ArgumentParser
import Foundation
import Lab
import PeerNetworking

/// `peerlab calibrate`: measures what loopback and the wire take on this machine.
struct CalibrateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "calibrate",
        abstract: "Measure what loopback and the wire take on this machine, as a link block.",
        discussion: """
            A peer asks and another answers, some hundred times, on loopback and between two hosts with the kernel's own \
            TCP and a link that takes no time: half of what that takes is the latency of a link that is like it. A lab \
            with such links takes in the simulation as long as here.

            Example: peerlab calibrate >> labs/mine.yaml
            """)

    func run() throws {
        var measured = 0
        for network in [ProviderKind.loopback, .linux] {
            let lab = try Self.lab()
            if let obstacle = network.obstacle(to: lab) {
                Output.message("\(network.rawValue): not measured: \(obstacle)")
                continue
            }
            guard let block = try Self.block(of: lab, on: network) else {
                Output.message("\(network.rawValue): not measured: nothing came back")
                continue
            }
            Output.result(block)
            measured += 1
        }
        guard measured > 0 else { throw ExitCode(ExitStatus.unusable.rawValue) }
    }

    /// One message at a time, so that none waits for another.
    private static func lab() throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: calibrate
                duration: 3s
                hosts: [a, b]
                links:
                  - {between: [a, b], latency: 0s}
                peers:
                  - {name: echo, on: b, listen: 4500, run: echo, config: {heartbeat: off}}
                  - name: ping
                    on: a
                    connect: "b:4500"
                    run: {ping-pong: {every: 50ms, size: 64}}
                    config: {heartbeat: {interval: 10ms, timeout: 2s}}
                """, name: "calibrate")
    }

    private static func block(of lab: LabDefinition, on network: ProviderKind) throws -> String? {
        let session = network.open(lab)
        defer { session.close() }
        while !Interruption.wanted, !session.snapshot.isOver { usleep(10_000) }
        let report = RunReport(session.snapshot)
        guard let times = report.peers.first(where: { $0.name == "ping" })?.rtt_ns, let median = times.p50,
            let most = times.p99
        else { return nil }
        func half(_ nanoseconds: Int64) -> String { "\(max(1, nanoseconds / 2_000))us" }
        let spread = max(most - median, 0)
        var lines = [
            "# \(network.rawValue): a round trip takes \(TimeText.duration(median)) in the median, p99 \(TimeText.duration(most))"
        ]
        if let late = report.wire_late_ns {
            lines.append(
                "# the wire is late by \(TimeText.duration(late.p50)) in the median, p99 \(TimeText.duration(late.p99))"
            )
        }
        lines += [
            "links:",
            "  - {between: [a, b], latency: {uniform: [\(half(median - min(spread, median / 2))), \(half(median + spread))]}}",
        ]
        return lines.joined(separator: "\n")
    }
}
