import Foundation
import Testing

/// The labs that teach TCP, with the optimised program: they are long, and many. Each holds, and fails when what it is about is
/// taken out: otherwise its expectations would prove nothing.
@Suite(.enabled(if: FileManager.default.isExecutableFile(atPath: Program.released("peerlab")))) struct TCPLabTests {
    private static let labs = Program.root.appendingPathComponent("labs")

    private func run(_ text: String) throws -> Program.Result {
        try Program.run(["run", "-"], input: Data(text.utf8), executable: Program.released("peerlab"))
    }

    @Test(arguments: [
        "slow-start", "fast-retransmit", "sack", "saw-tooth", "cubic", "bufferbloat", "incast", "nagle", "backlog",
        "orphan",
        "black-hole", "nat", "time-wait", "silly-window",
    ])
    func itHolds(name: String) throws {
        let text = try String(contentsOf: Self.labs.appendingPathComponent("\(name).yaml"), encoding: .utf8)
        let result = try run(text)
        #expect(result.ended(with: 0), "\(result)")
    }

    @Test(arguments: [
        ("slow-start", "queue: 20 KiB", "queue: 128 KiB"), ("saw-tooth", "queue: 20 KiB", "queue: 64 KiB"),
        ("fast-retransmit", "b: {tcp_early_retrans: 0}", "b: {}"),
        ("sack", "old: {initcwnd: 20, tcp_sack: false}", "old: {initcwnd: 20}"),
        ("cubic", "tcp_congestion_control: cubic", "tcp_congestion_control: reno"),
        ("bufferbloat", "discipline: codel, ", ""),
        (
            "incast", "between: [switch, far], latency: 50us, bandwidth: 12 MiB/s, queue: 64 KiB",
            "between: [switch, far], latency: 50us, bandwidth: 12 MiB/s, queue: 1 MiB"
        ),
        ("nagle", "saves: {TCP_NODELAY: false", "saves: {TCP_NODELAY: true"),
        ("nagle", "  acks: {TCP_QUICKACK: true}", "  acks: {}"),
        ("backlog", "mute: {backlog: 1}", "mute: {backlog: 8}"), ("backlog", ", tcp_abort_on_overflow: true", ""),
        ("backlog", "  - {when: shop is listening, pause: shop, for: 4500ms}\n", ""),
        ("orphan", "brief: {tcp_orphan_retries: 3}", "brief: {}"),
        ("orphan", "  - {at: 2100ms, power-loss: phone}\n", ""),
        ("black-hole", "mtu: {bytes: 1400, tells: no}", "mtu: 1400"),
        ("black-hole", "prober: {tcp_mtu_probing: 1}", "prober: {}"),
        ("nat", "home: {router: true, nat: {idle: 10s, forgets: silently}}", "home: {router: true}"),
        ("nat", "tcp_keepalive_time: 8s", "tcp_keepalive_time: 12s"), ("nat", "forgets: reset", "forgets: silently"),
        ("time-wait", "thrifty: {ports: 4, tcp_tw_reuse: true}", "thrifty: {ports: 4}"),
        ("time-wait", "hasty: {ports: 4}", "hasty: {}"),
        ("silly-window", "  - {slow-reader: sip, rate: 4 KiB/s}\n", ""),
    ])
    func itFailsWithoutItsCause(name: String, cause: String, without: String) throws {
        let text = try String(contentsOf: Self.labs.appendingPathComponent("\(name).yaml"), encoding: .utf8)
        #expect(text.contains(cause))
        let result = try run(text.replacingOccurrences(of: cause, with: without))
        #expect(result.ended(with: 1), "\(result)")
    }
}
