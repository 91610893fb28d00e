import PeerNetworking
import SimNetwork
import TCP
import Testing

@testable import Lab

/// What is on the way between two hosts: links that take no full segments and say nothing, routers that forget, filters, queues
/// that tell of congestion early.
@Suite struct WayTests {
    private static let second: Int64 = 1_000_000_000

    /// A client and a server behind two routers; between those is what the ends cannot see.
    private func run(
        hosts: String = "{client: {}, hub: {router: yes}, server: {}}", far: String = "latency: 5ms",
        work: String = "{ping-pong: {every: 500ms, size: 1400}}", faults: String = "[]",
        duration: String = "20s"
    ) throws -> LabRun {
        let text = """
            lab: way
            duration: \(duration)
            hosts: \(hosts.dropLast()), relay: {router: yes}}
            links:
              - {between: [client, hub], latency: 1ms}
              - {between: [hub, relay], \(far)}
              - {between: [relay, server], latency: 1ms}
            peers:
              - {name: site, on: server, listen: 443, run: \(work.hasPrefix("{bulk") ? "bulk" : "echo"), config: {heartbeat: off}}
              - {name: visitor, on: client, connect: "server:443", run: \(work), config: {heartbeat: off}}
            faults: \(faults)
            """
        return try LabRun(try LabFile.read(text: text, name: "way.yaml"))
    }

    private func delivered(_ run: LabRun) throws -> Int { Int(try #require(run.view("site")).delivered) }

    private func notices(_ run: LabRun) -> [SegmentSummary] {
        run.records.flatMap(\.changes).compactMap { change in
            if case .sent(let segment) = change, segment.notice != nil { segment } else { nil }
        }
    }

    // MARK: How large a packet may be

    @Test("An end knows the MTU of its own link alone; of the rest it is told, once for each way")
    func toldOfTheWay() throws {
        let run = try run(far: "latency: 5ms, mtu: 1000", faults: "[{at: 10s, reset: visitor}]")
        let syn = run.records.flatMap(\.changes).compactMap { change -> SegmentSummary? in
            if case .sent(let segment) = change, segment.flags == .syn { segment } else { nil }
        }
        #expect(
            syn.map(\.maximumSegmentSize) == [1_460, 960], "what was learnt holds for the next connection to that host")
        #expect(notices(run).map(\.notice) == [.fragmentationNeeded, .fragmentationNeeded], "each end is told once")
        #expect(notices(run).first?.window == 1_000, "it says how large a packet may be")
        #expect(try delivered(run) > 35)
    }

    @Test("A black hole takes handshakes and small talk, and no full segment; nobody is told")
    func blackHole() throws {
        let full = try run(faults: "[{at: 5s, mtu: hub-relay, bytes: 1400, tells: no}]")
        #expect(notices(full).isEmpty && full.lost(.tooBig) > 3)
        #expect(try delivered(full) <= 11)
        let small = try run(
            work: "{ping-pong: {every: 500ms, size: 800}}", faults: "[{at: 5s, mtu: hub-relay, bytes: 1400, tells: no}]"
        )
        #expect(small.lost(.tooBig) == 0)
        #expect(try delivered(small) > 35)
        let standing = try run(far: "latency: 5ms, mtu: {bytes: 1400, tells: no}")
        #expect(try delivered(standing) == 0, "the handshake has passed")
        #expect(standing.world.totals.established == 1)
    }

    @Test("Who probes finds a way through a black hole")
    func probing() throws {
        let run = try run(
            hosts: "{client: {tcp_mtu_probing: 1}, hub: {router: yes}, server: {tcp_mtu_probing: 1}}",
            faults: "[{at: 5s, mtu: hub-relay, bytes: 1400, tells: no}]", duration: "40s")
        #expect(try delivered(run) > 70)
        #expect(run.lost(.tooBig) < 20, "once it is found nothing larger is sent")
    }

    @Test("What the network says is dropped at a router that filters it: a way that tells becomes a black hole")
    func filtered() throws {
        for faults in ["[{icmp-drop: hub}]", "[{icmp-drop: client-hub}]"] {
            let run = try run(far: "latency: 5ms, mtu: 1000", faults: faults)
            #expect(run.lost(.filtered) > 2 && run.lost(.filtered) == run.lost(.tooBig))
            #expect(try delivered(run) == 0)
        }
        let host = try run(
            hosts: "{client: {}, hub: {router: yes, drops: icmp}, server: {}}", far: "latency: 5ms, mtu: 1000")
        #expect(try delivered(host) == 0 && host.lost(.filtered) > 2)
        let some = try run(far: "latency: 5ms, mtu: 1000", faults: "[{icmp-drop: hub, probability: 0.5}]")
        #expect(try delivered(some) > 25, "one that comes through is enough")
    }

    // MARK: Routers that forget

    @Test(
        "A router forgets a connection that is idle: silently, so that it dies by repeats, or with a reset at the next byte"
    )
    func forgets() throws {
        func idle(_ forgets: String) throws -> LabRun {
            try run(
                hosts:
                    "{client: {TCP_USER_TIMEOUT: 3s}, hub: {router: yes, nat: {idle: 4s, forgets: \(forgets)}}, server: {}}",
                work: "{ping-pong: {every: 6s, size: 100}}", duration: "30s")
        }
        let silent = try idle("silently")
        #expect(silent.lost(.forgotten) > 3)
        let timedOut = silent.failures
        #expect(timedOut.first?.code == .timedOut && timedOut.first.map { $0.time > 8 * Self.second } == true)
        let reset = try idle("reset")
        #expect(reset.failures.first?.code == .connectionReset)
        #expect(reset.failures.first.map { $0.time < 7 * Self.second } == true, "at the next byte")
        // What a router says is not the word of the end in whose name it says it.
        var belief = ConnectionBelief(ConnectionID(1))
        for record in reset.records.prefix(while: { $0.time < 7 * Self.second }) { belief.take(record) }
        #expect(belief.end(.server).offers > 0)
        let kept = try run(
            hosts: "{client: {}, hub: {router: yes, nat: {idle: 4s}}, server: {}}",
            work: "{ping-pong: {every: 3s, size: 100}}")
        #expect(kept.lost(.forgotten) == 0 && kept.failures.isEmpty, "what is not idle is not forgotten")
    }

    @Test("A router that loses its power forgets all; a connection that was there before it began to count is known")
    func power() throws {
        let lost = try run(
            hosts: "{client: {}, hub: {router: yes, nat: {idle: 60s, forgets: reset}}, server: {}}",
            faults: "[{at: 5s, power-loss: hub}, {at: 5100ms, power-on: hub}]")
        #expect(lost.lost(.forgotten) > 0 && lost.failures.contains { $0.code == .connectionReset })
        let late = try run(faults: "[{at: 5s, nat: hub, idle: 2s}]")
        #expect(late.lost(.forgotten) == 0)
        #expect(try delivered(late) > 35)
    }

    @Test("A queue before a link without a bandwidth is no fault: nothing waits there")
    func noLine() throws {
        let none = try run(faults: "[{at: 5s, queue: [hub, relay], discipline: red}]")
        #expect(!none.records.flatMap(\.changes).contains { if case .shaped = $0 { true } else { false } })
        let some = try run(far: "bandwidth: 1 MiB/s", faults: "[{at: 5s, queue: [hub, relay], discipline: red}]")
        #expect(some.records.flatMap(\.changes).contains { if case .shaped = $0 { true } else { false } })
    }

    @Test("A router takes no more half-open connections than it has room for")
    func halfOpen() throws {
        let crowd = try LabRun(
            try LabFile.read(
                text: """
                    lab: crowd
                    duration: 10s
                    hosts: {client: {count: 4}, hub: {router: yes, nat: {idle: 60s, half-open: 2}}, server: {}}
                    links:
                      - {between: ["client-*", hub]}
                      - {between: [hub, server]}
                    peers:
                      - {name: site, on: server, listen: 443, run: echo}
                      - {name: visitor, on: "client-*", connect: "server:443", run: {ping-pong: {every: 1s}}}
                    faults: [{at: 0s, clog: hub-server, for: 500ms}]
                    """, name: "crowd.yaml"))
        #expect(crowd.lost(.tableFull) >= 2, "two of four SYNs")
        #expect(crowd.world.totals.established == 4, "they come again")
    }

    // MARK: Queues

    private func bulk(_ queue: String, ecn: Int) throws -> LabRun {
        try run(
            hosts:
                "{client: {tcp_ecn: \(ecn), tcp_congestion_control: reno}, hub: {router: yes}, server: {tcp_ecn: 2}}",
            far: "latency: 20ms, bandwidth: 200KiB/s, queue: \(queue)",
            work: "{bulk: {bytes: 1 MiB}}", duration: "30s")
    }

    @Test("A queue that drops early never fills; one that marks loses nothing where both ends know marks")
    func red() throws {
        let tail = try bulk("40KiB", ecn: 0)
        #expect(tail.lost(.queueFull) > 3 && tail.lost(.early) == 0)
        let early = "{bytes: 40KiB, discipline: red, weight: 0.05, probability: 0.1}"
        let drops = try bulk(early, ecn: 0)
        #expect(drops.lost(.early) > 1 && drops.lost(.queueFull) < tail.lost(.queueFull))
        #expect(drops.longestQueue < tail.longestQueue)
        let marks = try bulk(early.dropLast() + ", marks: yes}", ecn: 1)
        // What goes again must not be marked.
        #expect(
            marks.lost(.early) < drops.lost(.early) && marks.marked > 1,
            "\(marks.lost(.early)) of \(drops.lost(.early)), \(marks.marked) marked")
        #expect(marks.world.totals.retransmitted < drops.world.totals.retransmitted)
        // Who was told has said so, and has less under way.
        let flags = marks.records.flatMap(\.changes).compactMap { change -> TCPFlags? in
            if case .sent(let segment) = change { segment.flags } else { nil }
        }
        #expect(
            flags.contains { $0.contains(.ece) && !$0.contains(.syn) }
                && flags.contains { $0.isSuperset(of: [.cwr, .ack]) })
        let unasked = try bulk(early.dropLast() + ", marks: yes}", ecn: 0)
        #expect(unasked.marked == 0 && unasked.lost(.early) > 1, "ends that do not know marks lose segments")
    }

    @Test("Controlled delay keeps the wait short where a deep queue would only be long")
    func codel() throws {
        let tail = try bulk("200KiB", ecn: 0)
        let drops = try bulk("{bytes: 200KiB, discipline: codel}", ecn: 0)
        #expect(drops.lost(.early) > 1 && drops.lost(.queueFull) == 0)
        // The first flight of slow start fills any queue once; 5 ms of the line are 1 KiB.
        #expect(drops.meanQueue < tail.meanQueue / 4, "\(drops.meanQueue) of \(tail.meanQueue) bytes")
        #expect(drops.lastDelivery < tail.lastDelivery * 5 / 4, "and the line is busy all the same")
        let marks = try bulk("{bytes: 200KiB, discipline: codel, marks: yes}", ecn: 1)
        #expect(marks.marked > 1 && marks.lost(.early) < drops.lost(.early))
        #expect(marks.meanQueue < tail.meanQueue / 4)
    }

    @Test(
        "What is wrong with a queue, an MTU or a router's table is told with its place",
        arguments: [
            (
                "far", "queue: {bytes: 4KiB, discipline: drop-tail, min: 1000}, bandwidth: 1KiB/s",
                "'min' is of red, and not of drop-tail"
            ),
            (
                "far", "queue: {bytes: 4KiB, discipline: red, min: 3000, max: 2000}, bandwidth: 1KiB/s",
                "'min' must be less than 'max'"
            ),
            ("far", "queue: {bytes: 4KiB, min: 3000}, bandwidth: 1KiB/s", "queue needs 'discipline'"),
            ("far", "bandwidth: 1MiB/s, queue: {discipline: codel, min: 1KiB}", "'min' is of red"),
            ("far", "bandwidth: 1MiB/s, queue: {discipline: codel, target: 200ms}", "less than 'interval'"),
            ("far", "mtu: {tells: no}", "'bytes'"), ("far", "mtu: {bytes: 100}", "128"),
            ("faults", "[{at: 1s, nat: client, idle: 2s}]", "client is no router"),
            ("faults", "[{at: 1s, icmp-drop: server, direction: inbound}]", "it is of a host as a whole"),
            ("faults", "[{at: 1s, unreachable: server, direction: outbound}]", "it is of a host as a whole"),
            ("hosts", "{client: {nat: {idle: 1s}}, hub: {router: yes}, server: {}}", "'nat' is of a router"),
            ("hosts", "{client: {drops: tcp}, hub: {router: yes}, server: {}}", "'drops'"),
            ("hosts", "{client: {}, hub: {router: yes, nat: {}}, server: {}}", "nat needs 'idle'"),
        ])
    func wrong(key: String, value: String, message: String) throws {
        do {
            switch key {
            case "far": _ = try run(far: value)
            case "hosts": _ = try run(hosts: value)
            default: _ = try run(faults: value)
            }
            Issue.record("\(value) was taken")
        } catch let error as LabDiagnostics {
            #expect(error.all.contains { $0.message.contains(message) }, "\(error)")
        }
    }
}

extension LabRun {
    /// How each connection failed, and when.
    fileprivate var failures: [(code: NetworkError.Code, time: Int64)] {
        records.flatMap { record in
            record.changes.compactMap { if case .failed(_, _, let code) = $0 { (code, record.time) } else { nil } }
        }
    }

    fileprivate var marked: Int {
        records.reduce(0) { $0 + $1.changes.count { if case .marked = $0 { true } else { false } } }
    }

    fileprivate var longestQueue: Int64 {
        records.flatMap(\.changes).reduce(0) { longest, change in
            if case .queue(_, _, let bytes, _) = change { max(longest, bytes) } else { longest }
        }
    }

    /// Bytes that whoever came found there, itself among them.
    fileprivate var meanQueue: Int64 {
        let lengths = records.flatMap(\.changes).compactMap { change -> Int64? in
            if case .queue(_, .forward, let bytes, _) = change { bytes } else { nil }
        }
        return lengths.reduce(0, +) / Int64(max(1, lengths.count))
    }

    /// When data came last, in nanoseconds.
    fileprivate var lastDelivery: Int64 {
        records.last { record in
            record.changes.contains { if case .queue(_, .forward, _, _) = $0 { true } else { false } }
        }?.time ?? 0
    }
}
