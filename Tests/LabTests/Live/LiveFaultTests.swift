import Foundation
import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// What can be done to a lab on real sockets without a wire between its hosts, by its effects.
@Suite("Faults on loopback", .serialized)
struct LiveFaultTests {
    /// A peer that asks and one that answers.
    private func lab(_ rest: String, for duration: String = "1500ms") throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: real
                duration: \(duration)
                hosts: [client, server]
                links:
                  - between: [client, server]
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 20ms, size: 64}}
                    config: {heartbeat: {interval: 5s, timeout: 10s}}
                \(rest)
                """, name: "real.yaml")
    }

    /// Runs a lab on loopback to its end.
    ///
    /// - Parameter act: is called with the session whenever something was looked at, until it says that it has done its part.
    private func run(_ lab: LabDefinition, _ act: (LiveSession) throws -> Bool = { _ in true }) throws -> Snapshot {
        let session = LiveSession(lab: lab)
        defer { session.close() }
        var isDone = false
        while true {
            let snapshot = session.snapshot
            if snapshot.isOver {
                #expect(isDone, "what was to be done by hand never could")
                return snapshot
            }
            if !isDone { isDone = try act(session) }
            usleep(2_000)
        }
    }

    private func changes(_ snapshot: Snapshot) -> [(time: Int64, change: Change)] {
        (1...snapshot.event).flatMap { number in
            let record = snapshot.records[event: number]
            return record.changes.map { (record.time, $0) }
        }
    }

    /// When each message came that the peer `ping` got back.
    private func answers(_ snapshot: Snapshot) -> [Int64] {
        changes(snapshot).compactMap { entry in
            guard case .peer(let peer, .delivered(_, _, _), _) = entry.change,
                snapshot.world.names.peers[Int(peer.index)] == "ping"
            else { return nil }
            return entry.time
        }
    }

    @Test("A paused process answers nothing, and all that waited once it goes on; its kernel acknowledges meanwhile")
    func pause() throws {
        let snapshot = try run(try lab("faults:\n  - {at: 500ms, pause: echo, for: 500ms}"))
        let answers = answers(snapshot)
        let paused = try #require(
            changes(snapshot).first { $0.change == .process(ProcessID(0), .paused) }?.time)
        let resumed = try #require(
            changes(snapshot).first { $0.change == .process(ProcessID(0), .running) && $0.time > paused }?.time)
        #expect(resumed - paused >= 490_000_000)
        // One may have been on its way.
        #expect(answers.count { ($0 - paused) > 30_000_000 && $0 < resumed } == 0)
        #expect(answers.count { $0 >= resumed && $0 < resumed + 100_000_000 } >= 20, "what waited is answered at once")
        let inFlight = changes(snapshot).compactMap { entry -> Int32? in
            guard case .end(_, .client, let change) = entry.change, entry.time > paused + 100_000_000,
                entry.time < resumed, change.fields.contains(.level(.inFlight))
            else { return nil }
            return change.levels.inFlight
        }
        #expect(inFlight.contains(0), "the kernel of a paused process acknowledges")
        #expect(snapshot.world.faults.first { $0.family == .pause }?.fired == 1)
    }

    @Test("A process that exits closes its connections, and is started again when a condition holds")
    func exitAndWhen() throws {
        let snapshot = try run(
            try lab(
                """
                faults:
                  - {at: 400ms, process-exit: echo}
                  - {when: ping is reconnecting, restart: echo}
                expect:
                  - ping reconnects at least 1 time
                  - ping is connected at 1400ms
                """))
        #expect(changes(snapshot).contains { $0.change == .process(ProcessID(0), .exited) })
        #expect(snapshot.expectations.allSatisfy { $0.verdict == .held }, "\(snapshot.expectations)")
        #expect(snapshot.unavailable.isEmpty)
    }

    @Test("A process that is killed in the first moments does not start after all")
    func killedAtOnce() throws {
        let snapshot = try run(try lab("faults:\n  - {at: 1ms, process-kill: ping}", for: "300ms"))
        #expect(answers(snapshot).isEmpty && snapshot.world.processes[1].state == .killed)
    }

    @Test("Both ends of a connection are told of a reset", arguments: ["c1", "ping"])
    func reset(scope: String) throws {
        let snapshot = try run(try lab("faults:\n  - {at: 500ms, reset: {of: \(scope)}}"))
        for side in Side.allCases {
            #expect(
                changes(snapshot).contains { $0.change == .failed(ConnectionID(1), side, .connectionReset) }, "\(side)")
        }
        #expect(snapshot.world.faults.first { $0.family == .reset }?.fired == 1)
        #expect(answers(snapshot).contains { $0 > 1_200_000_000 }, "it has connected again")
    }

    @Test("Half a connection ends: the other side hears the end of the stream")
    func halfClose() throws {
        let snapshot = try run(try lab("faults:\n  - {at: 500ms, half-close: {of: ping}}"))
        for side in Side.allCases {
            let end = changes(snapshot).first { $0.change == .tcp(ConnectionID(1), side, nil) }
            #expect((end?.time ?? 0) >= 500_000_000, "who hears the end of what a peer sends ends the connection")
        }
        #expect(snapshot.world.faults.first { $0.family == .halfClose }?.fired == 1)
        #expect(answers(snapshot).contains { $0 > 1_200_000_000 }, "it has connected again")
    }

    @Test("The same by hand, at the time at which it is done")
    func byHand() throws {
        let snapshot = try run(try lab("")) { session in
            guard session.snapshot.world.peers.contains(where: { $0.delivered > 3 }) else { return false }
            try session.intervene(.pause(ProcessID(0)))
            #expect(throws: SessionError.self) { try session.intervene(.pause(ProcessID(0))) }
            try session.intervene(.resume(ProcessID(0)))
            try session.intervene(.reset(.connection(ConnectionID(1), nil)))
            #expect(throws: SessionError.self) { try session.intervene(.reset(.connection(ConnectionID(77), nil))) }
            #expect(throws: SessionError.self) { try session.intervene(.cut(LinkID(0), nil)) }
            return true
        }
        #expect(snapshot.interventions.count == 3)
        #expect(changes(snapshot).contains { $0.change == .failed(ConnectionID(1), .client, .connectionReset) })
    }

    @Test("What is decided before something is missing is judged, and nothing else")
    func judged() throws {
        let snapshot = try run(
            try lab(
                """
                faults:
                  - {at: 800ms, cut: [client, server]}
                expect:
                  - ping is connected by 700ms
                  - ping is connected at 900ms
                  - no message is dropped
                """, for: "1s"))
        #expect(snapshot.expectations.map(\.verdict) == [.held, .notJudged, .notJudged])
        #expect(snapshot.unavailable == ["cut"])
        // A link that loses is missing from the beginning.
        let lossy = try LabFile.read(
            text: """
                lab: real
                duration: 300ms
                hosts: [client, server]
                links:
                  - {between: [client, server], loss: 0.1}
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                expect:
                  - echo is listening by 200ms
                """, name: "real.yaml")
        #expect(try run(lossy).expectations.map(\.verdict) == [.notJudged])
    }
}
