import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

/// Each site of the peers alone, forced or at its rate: what it does to them, as they see it.
@Suite struct BuggifySiteTests {
    /// A ping and an echo over a millisecond, with sites forced.
    private func run(
        _ sites: String..., ping: String = "{every: 50ms}", config: String = "{}",
        buggify: String = "{activation: 0, firing: 0}"
    ) throws -> LabRun {
        let forced = sites.map { "  - {force: \($0)}" }.joined(separator: "\n")
        return try LabRun(
            LabFile.read(
                text: """
                    lab: sites
                    duration: 5s
                    hosts: [client, server]
                    links: [{between: [client, server], latency: 1ms}]
                    buggify: \(buggify)
                    peers:
                      - {name: echo, on: server, listen: 4500, run: echo, config: \(config)}
                      - {name: ping, on: client, connect: "server:4500", run: {ping-pong: \(ping)}, config: \(config)}
                    \(sites.isEmpty ? "" : "faults:\n" + forced)

                    """, name: "x"))
    }

    private func events(_ run: LabRun) -> [(time: Int64, event: PeerEvent)] {
        run.records.flatMap { record in
            record.changes.compactMap { if case .peer(_, let event, _) = $0 { (record.time, event) } else { nil } }
        }
    }

    private func connected(_ run: LabRun) -> [Int64] {
        events(run).compactMap { if case .state(.connected, _) = $0.event { $0.time } else { nil } }
    }

    @Test func withoutThemNothingHappens() throws {
        let run = try run()
        #expect(connected(run).count == 1)
        #expect(run.view("ping")?.reconnects == 0)
        #expect(run.world.sites.allSatisfy { $0.fired == 0 })
    }

    /// All sites draw, and hardly any fires.
    private static let armed = "{activation: 1, firing: 0.0001}"

    @Test func everySiteOfThePeersIsDrawn() throws {
        let run = try run(
            "peer.read.short", ping: "{every: 50ms, size: 2 KiB, count: 20}",
            config: "{heartbeat: {interval: 100ms, timeout: 1s}}", buggify: Self.armed
        )
        let lost = try self.run("peer.handshake.drop", buggify: Self.armed)
        let names = Set(run.world.sites.map { $0.site.description }).union(lost.world.sites.map { $0.site.description })
        for site in BuggifySite.allCases where !BuggifySite.ofNetwork.contains(site) {
            #expect(names.contains(site.rawValue), "\(site.rawValue)")
        }
    }

    /// The sites of what is on the way, each with its effect.
    @Test(arguments: [
        ("sim.queue.early", LossReason.early), ("sim.notice.drop", .filtered), ("sim.nat.forget", .forgotten),
    ])
    func theNetworkMisbehaves(site: String, reason: LossReason) throws {
        func run(_ faults: String) throws -> LabRun {
            try LabRun(
                LabFile.read(
                    text: """
                        lab: way
                        duration: 5s
                        hosts: {client: {}, hub: {router: yes, nat: {idle: 60s}}, edge: {router: yes}, server: {}}
                        links:
                          - {between: [client, hub], latency: 5ms}
                          - {between: [hub, edge], latency: 5ms, mtu: 1200, bandwidth: 1 MiB/s}
                          - {between: [edge, server], latency: 5ms}
                        peers:
                          - {name: s, on: server, listen: 1, run: sink}
                          - {name: c, on: client, connect: "server:1", run: {flood: {every: 20ms, size: 4 KiB, count: 50}}}
                        buggify: {activation: 0, firing: 0}
                        faults: [\(faults)]
                        """, name: "way.yaml"))
        }
        #expect(try run("{at: 0s, force: \(site)}").lost(reason) >= 1)
        #expect(try run("").lost(reason) == 0, "by itself it does not")
    }

    @Test func anAcceptedConnectionIsServedLate() throws {
        let first = try #require(connected(try run("peer.accept.delay")).first)
        let usual = try #require(connected(try run()).first)
        #expect(first == usual + 750_000_000, "a quarter of three seconds")
    }

    @Test func aHandshakeIsBrokenOff() throws {
        let run = try run("peer.handshake.drop, subject: ping, draw: 1")
        #expect(run.view("ping")?.state == .connected)
        let events = events(run)
        #expect(events.contains { if case .backoff = $0.event { true } else { false } }, "the first attempt has failed")
        #expect(connected(run).count == 1)
    }

    @Test func aWriteWaits() throws {
        // The first message waits for the connection, and so is written by the writer.
        func first(_ run: LabRun) throws -> Int64 {
            try #require(
                events(run).first { if case .delivered(1, _, _) = $0.event { true } else { false } }?.time)
        }
        #expect(try first(run("peer.flush.late")) == first(run()) + 1_000_000)
    }

    @Test func aConnectionIsResetWhereItWouldBeClosed() throws {
        func resets(_ run: LabRun) -> Int {
            run.records.reduce(0) { sum, record in
                sum
                    + record.changes.count {
                        if case .sent(let segment) = $0 { segment.flags.contains(.rst) } else { false }
                    }
            }
        }
        let ping = "{every: 50ms, count: 10}"
        #expect(resets(try run(ping: ping)) == 0)
        let run = try run("peer.close.abrupt", ping: ping)
        #expect(resets(run) > 0)
        #expect(run.view("ping")?.finished == true)
    }

    @Test func aMessageIsNotAdmittedAtOnce() throws {
        let run = try run("peer.queue.full", ping: "{every: 50ms, count: 20}")
        #expect(run.view("ping")?.finished == true)
        let blocked = events(run).count { $0.event == .blocked(true) }
        #expect(blocked == 40, "each message, and each answer")
        let dropped = try self.run("peer.queue.full", ping: "{every: 50ms, count: 20, delivery: unreliable}")
        #expect(events(dropped).count { if case .dropped(_, .queueFull, _) = $0.event { true } else { false } } == 20)
        #expect(dropped.view("echo")?.delivered == 0)
    }

    @Test func aPartOfAFrameIsCopied() throws {
        // Of bytes that come one by one, each but the first of a frame finds others.
        let run = try run("peer.read.short", "peer.buffer.grow", ping: "{every: 50ms, count: 20}")
        #expect(run.view("ping")?.finished == true, "all was right")
        let site = try #require(run.world.sites.first { $0.site == .buggify(.peerBufferGrow) })
        #expect(site.fired > 1_000)
    }

    @Test func theHeartbeatsTimerIsLate() throws {
        func pings(_ run: LabRun) -> Int { events(run).count { if case .roundTrip = $0.event { true } else { false } } }
        let config = "{heartbeat: {interval: 100ms, timeout: 1s}}"
        // Each side asks: 49 and 33 times in five seconds.
        let (late, usual) = (pings(try run("peer.timer.late", config: config)), pings(try run(config: config)))
        #expect(late < usual * 7 / 10 && late > usual * 6 / 10, "\(late) of \(usual)")
    }
}
