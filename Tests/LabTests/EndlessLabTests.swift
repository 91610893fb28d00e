import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// Labs that are valid and in which something goes on for ever: a run of them ends, and time passes in it.
@Suite struct EndlessLabTests {
    private func run(_ lines: String, until seconds: Int64 = 1) throws -> LabRun {
        try LabRun(LabFile.read(text: "lab: g\n" + lines, name: "x"), until: seconds * 1_000_000_000)
    }

    @Test func whoSendsUnreliablyAsFastAsItCanWaitsForRoom() throws {
        let run = try run(
            """
            hosts: [a, b]
            links: [{between: [a, b]}]
            peers:
              - {name: s, on: b, listen: 1, run: sink}
              - {name: c, on: a, connect: "b:1", run: {flood: {delivery: unreliable}}}
            """)
        let delivered = run.view("s")?.delivered ?? 0
        #expect(delivered > 100, "it gets on: \(delivered)")
        #expect(run.view("c")?.dropped ?? .max < delivered, "what finds no room is few")
    }

    @Test func whereNobodyListensAnEagerSenderWaitsToo() throws {
        let run = try run(
            """
            hosts: {h0: {}}
            peers:
              - {name: c4, on: h0, connect: "h0:60999", run: {ping-pong: {every: 0s, delivery: unreliable}}}
            """, until: 20)
        #expect(run.world.time >= 10_000_000_000, "time passes")
        #expect(run.world.event < 10_000)
    }

    @Test func manyThatAskMayWaitForRoomInAnyOrderOfTasks() throws {
        let run = try run(
            """
            hosts: [a, b]
            links: [{between: [a, b]}]
            peers:
              - {name: s, on: b, listen: 1, run: request-response, config: {queue: 1}}
              - {name: c, on: a, connect: "b:1", run: {request-response: {parallel: 4}}}
            schedule: shuffled
            """, until: 10)
        #expect(run.view("c")?.requests.answered ?? 0 > 100)
    }

    @Test func knobsLeaveAConfigurationValid() throws {
        let lab = try LabFile.read(
            text: """
                lab: g
                hosts: [h1, h2]
                links: [{between: [h1, h2], latency: 60m}]
                peers:
                - {name: c2, on: h2, connect: "h1:5001", run: ping-pong, config: {heartbeat: {timeout: 1440m}}}
                buggify: {activation: 1, firing: 0, knobs: true}
                """, name: "x")
        for seed in UInt64(1)...50 {
            let turned = lab.withKnobsTurned(seed: seed)
            #expect(turned.peers.allSatisfy { $0.config.validate().isEmpty })
        }
        #expect(!lab.turnedKnobs(seed: 1).isEmpty, "others are turned")
        _ = try LabRun(lab, until: 1_000_000_000)
    }

    /// A clock that is set a year ahead: what it has not beaten meanwhile is not made up for.
    @Test func aClockThatIsSetForwardCausesNoStorm() throws {
        let run = try run(
            """
            hosts: {a: {clock: {offset: -525600m}}, b: {}}
            links: [{between: [a, b]}]
            peers:
              - {name: m1, on: a, listen: 1, run: {heartbeat-mesh: {every: 1ms}}}
              - {name: m2, on: b, listen: 1, run: {heartbeat-mesh: {every: 1ms}}}
            faults: [{at: 100ms, clock-skew: a, offset: 0s}]
            """)
        #expect(run.world.time >= 900_000_000 && run.world.event < 50_000)
    }
}
