import Foundation
import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// Faults of the way between hosts, each by what it does to a connection: in the simulation, and with the kernel's own TCP on the
/// same links.
@Suite("Faults of the wire", .serialized, .enabled(if: LinuxHosts.obstacle == nil, "\(LinuxHosts.obstacle ?? "")"))
struct WireFaultTests {
    /// A fault, and what comes of it.
    struct Case: Sendable {
        let fault: String
        let effect: @Sendable (Happened) -> Bool
    }

    /// What a run has told.
    struct Happened {
        let snapshot: Snapshot
        let changes: [(time: Int64, change: Change)]

        init(_ snapshot: Snapshot) {
            self.snapshot = snapshot
            changes = (1...max(1, snapshot.event)).flatMap { number in
                let record = snapshot.records[event: number]
                return record.changes.map { (record.time, $0) }
            }
        }

        /// When each message came back to who had sent it, in milliseconds.
        var answers: [Int64] {
            changes.compactMap { entry in
                guard case .peer(let peer, .delivered(_, _, _), _) = entry.change,
                    snapshot.world.names.peers[Int(peer.index)] == "ping"
                else { return nil }
                return entry.time / 1_000_000
            }
        }

        /// Segments that have gone no further, by why.
        func lost(_ reason: LossReason) -> Int {
            changes.count { if case .lost(_, reason) = $0.change { true } else { false } }
        }

        func sees(_ code: NetworkError.Code) -> Bool {
            changes.contains { if case .failed(_, _, code) = $0.change { true } else { false } }
        }

        /// When the first connection was open at the client, in milliseconds.
        var connected: Int64? {
            changes.first { $0.change == .tcp(ConnectionID(1), .client, .established) }.map { $0.time / 1_000_000 }
        }

        /// Whether messages are answered between two times, and whether none is, in milliseconds.
        func answers(in range: Range<Int64>) -> Int { answers.count { range.contains($0) } }

        var roundTrips: [Int64] {
            changes.compactMap { entry in
                guard case .peer(_, .roundTrip(let nanoseconds), _) = entry.change else { return nil }
                return nanoseconds / 1_000_000
            }
        }

        var repeated: Int64 { snapshot.world.totals.retransmitted }
        func fired(_ family: FaultFamily) -> Int64 {
            snapshot.world.faults.first { $0.family == family }.map { $0.fired + $0.effects } ?? 0
        }
    }

    private static let cases: [Case] = [
        Case(fault: "{at: 500ms, latency: client-hub, to: 80ms}") { $0.roundTrips.contains { $0 >= 88 } },
        Case(fault: "{at: 500ms, slow-pair: \"client->server\", by: 50ms}") { $0.roundTrips.contains { $0 >= 58 } },
        Case(fault: "{at: 500ms, bandwidth: client-hub, rate: 2KiB/s, queue: 64KiB}") {
            $0.changes.contains { if case .queue(_, _, let bytes, _) = $0.change { bytes > 1_000 } else { false } }
                && $0.roundTrips.contains { $0 >= 60 }
        },
        Case(fault: "{at: 500ms, loss: client-hub, probability: 0.3}") { $0.lost(.loss) > 3 && $0.repeated > 0 },
        Case(fault: "{at: 500ms, duplicate: client-hub, probability: 0.5}") {
            $0.fired(.duplicate) > 3 && $0.snapshot.world.peers.allSatisfy { $0.duplicates == 0 }
        },
        Case(fault: "{at: 500ms, reorder: client-hub, probability: 0.3, by: 30ms}") {
            $0.fired(.reorder) > 3 && $0.roundTrips.contains { $0 >= 36 }
        },
        Case(fault: "{at: 500ms, corrupt: client-hub, caught: 0.3}") { $0.lost(.damaged) > 3 && $0.repeated > 0 },
        Case(fault: "{at: 500ms, cut: client-hub, for: 500ms}") {
            $0.answers(in: 520..<1_000) == 0 && $0.answers(in: 1_000..<1_800) > 10 && $0.repeated > 0
        },
        Case(fault: "{drop: client-hub, during: syn}") { $0.connected == nil && $0.lost(.moment) > 0 },
        Case(fault: "{at: 500ms, clog: client-hub, for: 500ms}") {
            $0.answers(in: 520..<1_000) == 0 && $0.answers(in: 1_000..<1_200) > 15 && $0.lost(.cut) == 0
        },
        Case(fault: "{at: 500ms, partition: [[client], [server]], for: 500ms}") {
            $0.answers(in: 520..<1_000) == 0 && $0.answers(in: 1_000..<1_800) > 10 && $0.lost(.partition) > 0
        },
        Case(fault: "{at: 500ms, swizzle: [client, server], over: 400ms}") {
            $0.answers(in: 600..<800) < 5 && $0.answers(in: 1_000..<1_800) > 10
        },
        Case(fault: "{at: 0s, unreachable: server, for: 900ms}") {
            $0.sees(.hostUnreachable) && $0.answers(in: 0..<900) == 0
        },
        Case(fault: "{at: 500ms, nat: hub, idle: 5ms}") { $0.lost(.forgotten) > 0 && $0.answers(in: 600..<1_800) == 0 },
        Case(fault: "{at: 0s, refuse: \"server:80\", probability: 1, for: 600ms}") {
            $0.sees(.connectionRefused) && $0.answers(in: 0..<600) == 0
        },
        Case(fault: "{at: 0s, connect-hang: \"server:80\", probability: 1}") {
            $0.lost(.ignored) > 0 && $0.answers.isEmpty && $0.connected == nil
        },
        Case(fault: "{at: 0s, backlog-full: \"server:80\", for: 500ms}") {
            $0.lost(.backlogFull) > 0 && ($0.connected ?? 0) >= 1_000
        },
        Case(fault: "{at: 500ms, half-open: {of: c1, side: server}}") {
            // The server's own peer is told; the client hears nothing, and believes.
            $0.answers(in: 540..<1_800) == 0 && $0.lost(.silence) > 0
                && $0.snapshot.world.connection(ConnectionID(1))?.client.state == .established
        },
        Case(fault: "{at: 500ms, power-loss: server, for: 500ms}") {
            // The host that has its power back knows nothing of the connection.
            $0.answers(in: 540..<1_000) == 0 && $0.lost(.noPower) > 0 && $0.sees(.connectionReset)
        },
        Case(fault: "{at: 500ms, reset: ping}") { $0.sees(.connectionReset) && $0.answers(in: 1_200..<1_800) > 10 },
        Case(fault: "{at: 500ms, half-close: {of: ping}}") {
            $0.changes.contains { $0.change == .tcp(ConnectionID(1), .client, .finWait1) && $0.time < 600_000_000 }
        },
        Case(fault: "{at: 500ms, pause: echo, for: 500ms}") {
            $0.answers(in: 540..<1_000) == 0 && $0.answers(in: 1_000..<1_100) > 15
        },
        Case(fault: "{at: 500ms, process-kill: echo, for: 300ms}") {
            $0.answers(in: 540..<800) == 0 && $0.changes.contains { $0.change == .process(ProcessID(0), .killed) }
        },
    ]

    private static func lab(_ fault: String?) throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: wire
                duration: 1800ms
                hosts: {client: {}, hub: {router: true}, server: {}}
                links:
                  - {between: [client, hub], latency: 2ms}
                  - {between: [hub, server], latency: 2ms}
                peers:
                  - {name: echo, on: server, listen: 80, run: echo, config: {heartbeat: off}}
                  - name: ping
                    on: client
                    connect: "server:80"
                    run: {ping-pong: {every: 20ms, size: 64}}
                    config: {heartbeat: {interval: 50ms, timeout: 10s}}
                \(fault.map { "faults:\n  - \($0)" } ?? "")
                """, name: "wire.yaml")
    }

    /// Runs labs beside one another to their ends: what takes time is the real ones' own.
    private static func run(_ faults: [String?], on provider: ProviderKind) throws -> [Snapshot] {
        let sessions = try faults.map { provider.open(try lab($0)) }
        defer { for session in sessions { session.close() } }
        while sessions.contains(where: { !$0.snapshot.isOver }) {
            for session in sessions { _ = try session.seek(to: .time(session.lab.duration), budget: 5_000) }
            if provider != .sim { usleep(2_000) }
        }
        return sessions.map(\.snapshot)
    }

    /// A run whose wire was late says nothing, and is repeated.
    private static func isLate(_ snapshot: Snapshot) -> Bool { (snapshot.wire?.percentile(99) ?? 0) > 15_000_000 }
    private static let attempts = 3
    /// So many are run beside one another.
    private static let together = 6

    @Test("A fault has its effect, and without it there is none", arguments: [ProviderKind.sim, .linux])
    func effects(on provider: ProviderKind) throws {
        let without = Happened(try Self.run([nil], on: provider)[0])
        for one in Self.cases {
            #expect(!one.effect(without), "it shows nothing: it is there without the fault: \(one.fault)")
        }
        for start in stride(from: 0, to: Self.cases.count, by: Self.together) {
            let cases = Self.cases[start..<min(start + Self.together, Self.cases.count)]
            for (one, first) in zip(cases, try Self.run(cases.map(\.fault), on: provider)) {
                var snapshot = first
                for _ in 1..<Self.attempts where !one.effect(Happened(snapshot)) && Self.isLate(snapshot) {
                    snapshot = try Self.run([one.fault], on: provider)[0]
                }
                #expect(one.effect(Happened(snapshot)), "\(one.fault)")
                #expect(snapshot.failure == nil, "\(one.fault)")
            }
        }
    }
}
