import Foundation
import LinuxNetwork
import PeerNetworking
import SimNetwork
import TCP

@testable import Lab

/// A client that asks a server behind a hub every 20 ms, with what is done to the way between them.
struct WireTrial: Hashable {
    /// As in a lab file.
    var faults: [String]
    /// Bytes of each message, which comes back as it is.
    var size = 64
    /// Of each of the two links, one way.
    var latency = "2ms"

    /// A run whose wire was late says nothing, and is made so many times in all.
    static let attempts = 3

    private func lab() throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: wire
                duration: 1800ms
                hosts: {client: {}, hub: {router: true}, server: {}}
                links:
                  - {between: [client, hub], latency: \(latency)}
                  - {between: [hub, server], latency: \(latency)}
                peers:
                  - {name: echo, on: server, listen: 80, run: echo, config: {heartbeat: off}}
                  - name: ping
                    on: client
                    connect: "server:80"
                    run: {ping-pong: {every: 20ms, size: \(size)}}
                    config: {heartbeat: {interval: 50ms, timeout: 10s}}
                \(faults.isEmpty ? "" : "faults:\n" + faults.map { "  - \($0)" }.joined(separator: "\n"))
                """, name: "wire.yaml")
    }

    /// Opens a session of it, which is to be closed.
    ///
    /// - Parameter device: how the devices of real hosts are made; nil for as they can be.
    func open(on provider: ProviderKind, device: HostDevice.Kind? = nil) throws -> any LabSession {
        if let device { return LiveSession(lab: try lab(), on: provider, device: device) }
        return provider.open(try lab())
    }

    /// Runs some beside one another to their ends: what takes time is the real ones' own.
    static func run(
        _ trials: [WireTrial], on provider: ProviderKind, device: HostDevice.Kind? = nil
    ) throws -> [Snapshot] {
        let sessions = try trials.map { try $0.open(on: provider, device: device) }
        defer { for session in sessions { session.close() } }
        while sessions.contains(where: { !$0.snapshot.isOver }) {
            for session in sessions { _ = try session.seek(to: .time(session.lab.duration), budget: 5_000) }
            // What happens there meanwhile is kept: who looks seldom does not make the wire late.
            if provider != .sim { usleep(100_000) }
        }
        return sessions.map(\.snapshot)
    }

    /// The wire of a run was too late for what is expected of it.
    static func isLate(_ snapshot: Snapshot) -> Bool {
        snapshot.wire.map { $0.percentile(99) > 15_000_000 || $0.stall > 50_000_000 } ?? false
    }
}

extension WireTrial {
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

        /// The segments that were sent between two times, in milliseconds.
        func sent(in range: Range<Int64>) -> [SegmentSummary] {
            changes.compactMap { entry in
                guard case .sent(let segment) = entry.change, range.contains(entry.time / 1_000_000) else { return nil }
                return segment
            }
        }

        /// The segments of a connection.
        func sent(of connection: ConnectionID) -> [SegmentSummary] {
            sent(in: 0..<Int64.max).filter { $0.connection == connection }
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
}
