import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// What peers do against endpoints and connections that do badly, as labs set it.
@Suite struct ResilienceTests {
    private func run(_ config: String, _ lines: String) throws -> LabRun {
        let ping = "{ping-pong: {every: 50ms}}"
        return try LabRun(
            LabFile.read(
                text: """
                    lab: resilience
                    duration: 30s
                    hosts: [client, server]
                    links: [{between: [client, server], latency: 1ms}]
                    peers:
                      - {name: echo, on: server, listen: 4500, run: echo, config: {heartbeat: off}}
                      - {name: ping, on: client, connect: "server:4500", run: \(ping), config: \(config)}
                    \(lines)

                    """, name: "x"))
    }

    private func events(_ run: LabRun) -> [(time: Int64, event: PeerEvent)] {
        run.records.flatMap { record in
            record.changes.compactMap { if case .peer(_, let event, _) = $0 { (record.time, event) } else { nil } }
        }
    }

    @Test func aConnectionThatHasBecomeSlowIsOpenedAnewOnce() throws {
        let config = "{heartbeat: {interval: 100ms, timeout: 5s, reconnect-below: 0.5}}"
        let run = try run(config, "faults: [{at: 5s, latency: {link: client-server, to: 80ms}}]")
        let view = try #require(run.view("ping"))
        // The new connection knows no better round trip than the slow one, and is left alone.
        #expect(view.degradations == 1 && view.reconnects == 1 && view.state == .connected)
        let degraded = events(run).compactMap {
            if case .degraded(let score) = $0.event { ($0.time, score) } else { nil }
        }
        #expect(degraded.count == 1 && degraded[0].1 < 500 && degraded[0].0 > 5_000_000_000)
        #expect(view.heartbeatsMissed == 0)
    }

    @Test func withoutAThresholdItIsKept() throws {
        let run = try run(
            "{heartbeat: {interval: 100ms, timeout: 5s}}",
            "faults: [{at: 5s, latency: {link: client-server, to: 80ms}}]")
        #expect(run.view("ping")?.degradations == 0 && run.view("ping")?.reconnects == 0)
    }

    @Test func aLearntSilenceIsNoticedLongBeforeTheTimeout() throws {
        func missed(_ phi: String) throws -> Int64? {
            let run = try run(
                "{heartbeat: {interval: 100ms, timeout: 10s\(phi)}}", "faults: [{at: 5s, cut: client-server, for: 15s}]"
            )
            return events(run).first { $0.event == .heartbeatMissed }?.time
        }
        let learnt = try #require(try missed(", phi: {threshold: 8, minimum-deviation: 20ms}"))
        let timed = try #require(try missed(""))
        #expect(learnt > 5_000_000_000 && learnt < 5_600_000_000)
        #expect(timed > 14_900_000_000)
    }

    @Test func jitterThatItHasLearntIsNotMistakenForALoss() throws {
        let run = try run(
            "{heartbeat: {interval: 100ms, timeout: 10s, phi: {threshold: 8, minimum-deviation: 20ms}}}",
            "faults: [{latency: {link: client-server, to: {uniform: [1ms, 60ms]}}}]")
        #expect(run.view("ping")?.heartbeatsMissed == 0 && run.view("ping")?.reconnects == 0)
    }

    @Test func aKilledServerIsLeftAloneWhileItsCircuitIsOpen() throws {
        let run = try run(
            "{preset: test, breaker: {failures: 3, open-for: 4s}}",
            "faults: [{at: 5s, process-kill: echo}, {at: 15s, restart: echo}]")
        let circuits = events(run).compactMap {
            if case .circuit(let state) = $0.event { ($0.time, state) } else { nil }
        }
        #expect(circuits.map(\.1).prefix(4) == [.closed, .open, .halfOpen, .open])
        #expect(circuits.last?.1 == .closed)
        let open = try #require(circuits.first { $0.1 == .open }?.0)
        let probe = try #require(circuits.first { $0.1 == .halfOpen }?.0)
        #expect(probe - open == 4_000_000_000)
        // Between the two nothing is sent: no attempt is made.
        #expect(
            !run.records.contains { record in
                record.time > open && record.time < probe
                    && record.changes.contains { if case .sent = $0 { true } else { false } }
            })
        #expect(run.view("ping")?.state == .connected && run.view("ping")?.circuit == .closed)
    }

    /// What was refused is not lost from sight: an event each, a count, and the state says why nothing is tried.
    @Test func whatAnOpenCircuitRefusesIsSeenAndCounted() throws {
        let lab = try LabFile.read(
            text: """
                lab: refused
                duration: 30s
                hosts: [client, server]
                links: [{between: [client, server], latency: 1ms}]
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo, config: {heartbeat: off}}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 500ms, size: 32}}
                    config: {preset: test, breaker: {failures: 3, open-for: 20s}}
                faults: [{at: 5s, process-kill: echo}]
                """, name: "x")
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(20_000_000_000))
        let peer = try #require(session.snapshot.world.peers.last)
        let records = (1...session.snapshot.event).map { session.snapshot.records[event: $0] }
        let told = records.reduce(0) { sum, record in
            sum + record.changes.count { if case .peer(_, .refused(32), _) = $0 { true } else { false } }
        }
        #expect(told > 10 && peer.refused == Int64(told))
        #expect(peer.circuit == .open && peer.why == "circuit open")
        let report = RunReport(session.snapshot)
        #expect(report.messages.refused == peer.refused)
        #expect(report.text().contains("ping: reconnecting (circuit open)"))
    }
}
