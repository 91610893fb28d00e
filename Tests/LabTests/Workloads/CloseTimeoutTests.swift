import PeerNetworking
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// Whoever is done closes its peer within the time that its configuration gives it, neither sooner nor later.
@Suite struct CloseTimeoutTests {
    private static let limit: Int64 = 3_700_000_000

    /// A lab in which the last messages are never confirmed: the link is cut before the workload is done.
    private func run(_ client: String, _ server: String) throws -> LabRun {
        try LabRun(
            LabFile.read(
                text: """
                    lab: closing
                    duration: 60s
                    hosts: [client, server]
                    links: [{between: [client, server]}]
                    peers:
                      - {name: there, on: server, listen: 4500, run: \(server), config: {heartbeat: off}}
                      - name: here
                        on: client
                        connect: "server:4500"
                        run: \(client)
                        config: {close-timeout: 3700ms, heartbeat: off}
                    faults: [{at: 1550ms, cut: client-server}]

                    """, name: "x"))
    }

    /// How long it took to close, in nanoseconds.
    private func closing(_ run: LabRun) -> Int64? {
        var times: [PeerState: Int64] = [:]
        for record in run.records {
            for case .peer(_, .state(let state, _), _) in record.changes where state == .closing || state == .closed {
                times[state] = record.time
            }
        }
        guard let begun = times[.closing], let done = times[.closed] else { return nil }
        return done - begun
    }

    private static let holding = [
        ("{flood: {every: 100ms, count: 20}}", "sink"),
        ("{ping-pong: {every: 100ms, count: 20, delivery: exactly-once}}", "echo"),
        ("{publish-subscribe: {publish: news, every: 100ms, count: 20}}", "publish-subscribe"),
        ("{request-response: {every: 100ms, count: 20, timeout: 200ms, retries: 0}}", "request-response"),
    ]

    /// A worker works until its process ends, and a stream of bytes has a connection of its own.
    @Test func everyWorkloadThatConnectsIsAmongThem() {
        let closing = Self.holding.map(\.0)
        for type in WorkloadRegistry.shipped.all where type.role == .connects {
            let isAmongThem = closing.contains { $0.hasPrefix("{\(type.name):") }
            #expect(isAmongThem != [Worker.name, BulkSender.name].contains(type.name), "\(type.name)")
        }
    }

    @Test(arguments: holding)
    func whatIsNotConfirmedIsWaitedForSoLong(_ client: String, _ server: String) throws {
        let run = try run(client, server)
        #expect(closing(run) == Self.limit)
    }

    /// Of the others nobody has anything left to flush when it is done.
    @Test(arguments: [
        ("{ping-pong: {every: 10ms, count: 20}}", "echo"),
        ("{ping-pong: {every: 100ms, count: 20, delivery: unreliable}}", "echo"),
    ])
    func whereNothingIsHeldNothingIsWaitedFor(_ client: String, _ server: String) throws {
        #expect(try #require(closing(run(client, server))) < Self.limit)
    }
}
