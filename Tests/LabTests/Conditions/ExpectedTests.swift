import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// What a lab expects is judged by the same conditions as faults and stories follow.
@Suite struct ExpectedTests {
    private func session(_ lines: String, text: String = LabText.pair) throws -> SimSession {
        SimSession(lab: try LabFile.read(text: text + lines, name: "x"))
    }

    /// The verdict on one line after a run with some faults.
    private func verdict(_ expectation: String, faults: String = "[]") throws -> ExpectationStatus {
        let session = try session("faults: \(faults)\nexpect: [\(expectation)]\n")
        defer { session.close() }
        _ = try session.seek(to: .time(session.lab.duration))
        return session.snapshot.expectations[0]
    }

    private static let cut = "[{at: 2s, cut: client-server, for: 4s}]"

    @Test(arguments: [
        ("client-server is cut by 5s", cut, true), ("client-server is cut by 7s", cut, false),
        ("client-server is healed by 7s", cut, true), ("client-server is healed by 5s", cut, false),
        ("cut strikes by 3s", cut, true), ("cut strikes by 1s", cut, false), ("a fault strikes", "[]", false),
        ("no fault strikes", "[]", true), ("no fault strikes", cut, false),
        ("server loses power by 3s", "[{at: 2s, power-loss: server, for: 1s}]", true),
        ("server gets power by 4s", "[{at: 2s, power-loss: server, for: 1s}]", true),
        ("server gets power by 4s", "[]", false),
        ("echo is paused by 3s", "[{at: 2s, pause: echo}]", true), ("echo is paused by 3s", "[]", false),
        ("ping is killed", "[{at: 2s, process-kill: ping}]", true),
        ("a connection is half-open by 3s", "[{at: 2s, power-loss: server}]", true),
        ("no connection is half-open", "[]", true),
        ("no connection is half-open", "[{at: 2s, power-loss: server}]", false),
        // For as long as it takes to reset the other end, too.
        ("no connection is half-open", "[{at: 2s, reset: ping}]", true),
        ("a message is delivered by 1s", "[]", true), ("no message is delivered", "[]", false),
        ("ping counts 0 by 1ms", "[]", true), ("ping has sent at most 0 messages by 1ms", "[]", true),
        // Bounds from above.
        ("ping has sent at most 100 messages by 2s", "[]", true),
        ("ping has sent at most 10 messages by 2s", "[]", false),
        ("ping has sent at most 10 messages", "[]", false), ("echo has received at most 1000 messages", "[]", true),
        ("ping has requeued at most 0 messages", "[]", true), ("ping has requeued at most 0 messages", cut, false),
        ("ping reconnects at most 0 times by 3s", cut, true), ("ping reconnects at most 0 times by 9s", cut, false),
        // What is not so.
        ("ping is not connected at 5s", cut, true), ("ping is not connected at 5s", "[]", false),
        ("echo is not running at 3s", "[{at: 2s, pause: echo}]", true), ("echo is not running at 3s", "[]", false),
        // TCP.
        ("at most 3 segments are retransmitted", "[]", true), ("at most 3 segments are retransmitted", cut, false),
        ("at most 3 segments are retransmitted by 2s", cut, true),
        ("at least 3 segments are retransmitted by 6s", cut, true),
        ("at least 3 segments are retransmitted", "[]", false),
        ("c1 is ESTABLISHED at 3s", "[]", true), ("c1 is FIN_WAIT_1 at 3s", "[]", false),
        ("c1 is FIN_WAIT_1 at 3s", "[{at: 2s, cut: client-server, for: 4s}, {at: 2500ms, process-exit: ping}]", true),
        ("ping sees connectionReset", "[{at: 2s, reset: ping}]", true), ("ping sees connectionReset", "[]", false),
        ("ping sees timedOut by 8s", cut, true), ("ping sees timedOut", "[]", false),
        // Times after something else.
        ("ping is reconnected within 3s of client-server is healed", cut, true),
        ("ping is connected within 1ms of client-server is healed", cut, false),
        ("ping is connected within 3s of client-server is healed", "[]", false),
        ("ping has sent 60 messages within 9s of client-server is healed", cut, true),
        (
            "ping is connected within 1s of client-server is healed", "[{at: 9500ms, cut: client-server, for: 100ms}]",
            true
        ),
        // Rates.
        ("at most 1 connect in a second", "[]", true),
        ("at most 1 connect in 10s", "[{at: 2s, reset: ping}]", false),
        ("at most 10 connects in a second", "[{at: 2s, reset: ping}]", true),
        ("every peer recovers by 9s", cut, true), ("every peer recovers by 5s", cut, false),
    ])
    func isJudged(expectation: String, faults: String, holds: Bool) throws {
        #expect(try verdict(expectation, faults: faults).verdict == (holds ? .held : .failed))
    }

    @Test("Members of a mesh and of a pool, which no lab names")
    func members() throws {
        let pool = """
            lab: pool
            duration: 3s
            hosts: [client, server]
            links: [{between: [client, server], latency: 2ms}]
            peers:
              - {name: answers, on: server, listen: 4500, run: request-response}
              - {name: asks, on: client, connect: "server:4500", run: {request-response: {every: 10ms, pool: {minimum: 2}}}}
            faults: [{at: 1s, process-kill: asks}]
            expect: [asks/2 is connected by 900ms, asks/3 is connected by 900ms, asks/2 is not connected at 2s]

            """
        let session = SimSession(lab: try LabFile.read(text: pool, name: "pool.yaml"))
        defer { session.close() }
        _ = try session.seek(to: .time(3_000_000_000))
        #expect(session.snapshot.expectations.map(\.verdict) == [.held, .failed, .held])
        let mesh = try LabsOnDisk.lab(
            "mesh",
            replacing: [
                (
                    "expect:",
                    "expect:\n  - node-a-node-b is connected by 900ms\n  - node-a-node-b is reconnecting by 900ms\n"
                        + "  - node-b-node-a has sent at most 1 message by 900ms"
                )
            ])
        let nodes = SimSession(lab: mesh)
        defer { nodes.close() }
        _ = try nodes.seek(to: .time(950_000_000))
        #expect(nodes.snapshot.expectations.prefix(3).map(\.verdict) == [.held, .failed, .failed])
        #expect(nodes.snapshot.expectations[1].reason == "it was connected")
        #expect(diagnostics(of: pool.replacing("asks/2", with: "answers/2")).count == 2)
    }

    /// What a request client's answers took.
    @Test(arguments: [("1s", true), ("1ms", false)])
    func answersComeWithin(limit: String, holds: Bool) throws {
        let lab = try LabsOnDisk.lab(
            "requests", replacing: [("expect:", "expect:\n  - every answer comes within \(limit)")])
        let session = SimSession(lab: lab)
        defer { session.close() }
        _ = try session.seek(to: .time(1_000_000_000))
        let status = session.snapshot.expectations[0]
        #expect(status.verdict == (holds ? .open : .failed))
        #expect(holds || status.reason?.hasPrefix("request 1 of ") == true, "\(status)")
    }

    /// What can never be judged is refused where it is read.
    @Test(arguments: [
        ("ping has received 0 messages", "or 'at most 0 messages'"), ("ping reconnects at least 0 times", "1 or more"),
        ("c7 is half-open by 20s", "after the end of the lab"),
        ("ping has sent at most 3 messages by 20s", "after the end"),
        ("every answer comes within 20s", "after the end of the lab"), ("a message is dropped at 5s", "expected 'by'"),
    ])
    func isRefused(sentence: String, reason: String) throws {
        let found = diagnostics(of: LabText.pair + "expect: [\(sentence)]\n")
        #expect(found.count == 1 && found[0].contains(reason), "\(found)")
    }

    @Test func nobodyConnectsWhereNobodyCan() {
        let text = "lab: x\nhosts: [a]\npeers: [{name: e, on: a, listen: 1, run: echo}]\nexpect: [c7 is half-open]\n"
        #expect(diagnostics(of: text) == ["x:4:10: no peer connects: there will be no c7"])
    }

    @Test func whatFailedSaysWhatWasThere() throws {
        #expect(try verdict("echo is paused by 3s").reason == "it was running")
        #expect(try verdict("ping has sent 1000 messages by 1s").reason?.hasPrefix("it was ") == true)
        let state = try verdict("ping is connected by 5s", faults: Self.cut)
        #expect(state.verdict == .failed && state.reason == "it was reconnecting")
    }

    /// A fault that waits, a line of the story and an expectation follow the same moment.
    @Test(arguments: [
        "ping has sent 10 messages", "ping is reconnecting", "a connection is half-open", "server loses power",
    ])
    func everyPlaceFollowsTheSameMoment(sentence: String) throws {
        let session = try session(
            """
            faults:
              - {at: 3s, power-loss: server}
              - {when: \(sentence), duplicate: client-server, probability: 0.5}
            story: [{when: \(sentence), say: so}]
            """)
        defer { session.close() }
        _ = try session.seek(to: .time(session.lab.duration))
        let records = (1...session.snapshot.records.count).map { session.snapshot.records[event: $0] }
        let strike = try #require(records.first { $0.changes.contains(.fault(.duplicate, .set)) })
        _ = try session.seek(to: .event(strike.cause))
        #expect(session.snapshot.story == ["so"], "said with the event that the fault followed")
        _ = session.stepBack()
        #expect(session.snapshot.story.isEmpty, "and not before")
    }

    /// What is decided when a time has passed is not known at the event before it.
    @Test func whatIsKnownThenIsWhatIsShownThere() throws {
        let session = try session(
            """
            faults: [{at: 1s, cut: client-server, for: 2s}, {at: 1s, process-kill: ping}, {at: 5s, restart: ping}]
            expect:
              - client-server is cut by 2s
              - client-server is healed by 2500ms
              - ping has sent 10 messages by 8s
              - ping has sent 11 messages by 4s
              - ping is connected
              - no fault strikes
            """)
        defer { session.close() }
        var live = [session.snapshot.expectations]
        while try session.step() { live.append(session.snapshot.expectations) }
        #expect(Set(live.map { $0.map(\.verdict) }).count == 6, "they are decided one after the other")
        for event in live.indices.reversed() {
            _ = try session.seek(to: .event(event))
            // At the last event the run is over by now.
            if event < live.count - 1 { #expect(session.snapshot.expectations == live[event], "#\(event)") }
        }
        _ = try session.seek(to: .time(1_999_999_999))
        #expect(session.snapshot.expectations[0].verdict == .open)
        _ = try session.seek(to: .time(2_000_000_001))
        #expect(session.snapshot.expectations[0].verdict == .held && session.snapshot.expectations[1].verdict == .open)
    }

    // MARK: The story

    @Test func aLineWithATimeIsSaidAtItsTime() throws {
        let session = try session(
            """
            faults: [{at: 1s, process-kill: ping}, {at: 1s, process-kill: echo}]
            story:
              - {when: 4s, say: four}
              - {when: 1500ms, say: early}
              - {when: ping is killed, say: killed}
              - {when: start, say: begun}
              - {when: end, say: over}
            """)
        defer { session.close() }
        #expect(session.snapshot.story == ["begun"])
        _ = try session.seek(to: .time(3_999_999_999))
        #expect(session.snapshot.story == ["begun", "killed", "early"])
        let event = session.snapshot.event
        _ = try session.seek(to: .time(4_000_000_000))
        #expect(session.snapshot.story == ["begun", "killed", "early", "four"] && session.snapshot.event == event)
        _ = try session.seek(to: .time(session.lab.duration))
        #expect(session.snapshot.story == ["begun", "killed", "early", "four", "over"])
        _ = try session.seek(to: .time(900_000_000))
        #expect(session.snapshot.story == ["begun"])
    }

    @Test func aBranchTellsTheStoryAnew() throws {
        let session = try session(
            """
            faults: [{at: 2s, cut: client-server, for: 1s}]
            story: [{when: client-server is cut, say: cut}, {when: client-server is healed, say: healed}]
            """)
        defer { session.close() }
        _ = try session.seek(to: .time(5_000_000_000))
        #expect(session.snapshot.story == ["cut", "healed"])
        _ = try session.seek(to: .time(2_500_000_000))
        try session.intervene(.heal(LinkID(0), nil))
        #expect(session.snapshot.story == ["cut", "healed"], "earlier than before")
        _ = try session.seek(to: .time(1_000_000_000))
        try session.intervene(.cut(LinkID(0), nil))
        #expect(session.snapshot.story == ["cut"])
    }
}
