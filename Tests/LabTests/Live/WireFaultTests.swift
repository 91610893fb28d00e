import Foundation
import LinuxNetwork
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
        /// What is done with it and without it.
        var beside: [String] = []
        /// Bytes of a message.
        var size = 64
        let effect: @Sendable (WireTrial.Happened) -> Bool

        var trial: WireTrial { WireTrial(faults: beside + [fault], size: size) }
        var without: WireTrial { WireTrial(faults: beside, size: size) }
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

    /// Faults that take more than small messages to be seen, or another fault.
    private static let larger: [Case] = [
        Case(fault: "{at: 500ms, mtu: hub-server, bytes: 600}", size: 4_000) {
            // Who sends larger packets is told, sends smaller ones, and goes on.
            $0.lost(.tooBig) > 0 && $0.answers(in: 700..<1_800) > 30
                && $0.sent(in: 700..<1_800).allSatisfy { $0.length <= 560 }
        },
        Case(fault: "{at: 500ms, mtu: hub-server, bytes: 600, tells: no}", size: 4_000) {
            $0.lost(.tooBig) > 3 && $0.answers(in: 560..<1_800) == 0 && $0.repeated > 0
        },
        Case(
            fault: "{at: 400ms, icmp-drop: hub}", beside: ["{at: 500ms, mtu: hub-server, bytes: 600}"], size: 4_000
        ) { $0.lost(.filtered) > 0 && $0.answers(in: 560..<1_800) == 0 },
        Case(fault: "{at: 500ms, bandwidth: client-hub, rate: 40KiB/s, queue: 3KiB}", size: 4_000) {
            $0.lost(.queueFull) > 3 && $0.repeated > 3
        },
        Case(
            fault: "{at: 400ms, queue: client-hub, discipline: codel, target: 5ms, interval: 50ms}",
            beside: ["{at: 300ms, bandwidth: client-hub, rate: 40KiB/s, queue: 256KiB}"], size: 4_000
        ) { $0.lost(.early) > 0 && $0.lost(.queueFull) == 0 && $0.repeated > 0 },
        Case(
            fault:
                "{at: 400ms, queue: client-hub, discipline: red, min: 3KiB, max: 20KiB, probability: 0.5, weight: 0.2}",
            beside: ["{at: 300ms, bandwidth: client-hub, rate: 40KiB/s, queue: 256KiB}"], size: 4_000
        ) { $0.lost(.early) > 0 && $0.lost(.queueFull) == 0 && $0.repeated > 0 },
        Case(fault: "{at: 400ms, sysctl: client, option: tcp_ecn, value: 1}", beside: ["{at: 600ms, reset: ping}"]) {
            // The connection that is opened afterwards asks for marks, and its packets can have them.
            $0.sent(of: ConnectionID(1)).allSatisfy { !$0.flags.contains(.ece) && $0.codepoint == .notCapable }
                && $0.sent(of: ConnectionID(2)).contains { $0.flags.contains([.syn, .ece]) }
                && $0.sent(of: ConnectionID(2)).contains { $0.codepoint != .notCapable }
        },
        Case(
            fault: "{at: 500ms, setsockopt: c1, option: TCP_USER_TIMEOUT, value: 300ms, side: client}",
            beside: ["{at: 600ms, cut: client-hub}"]
        ) { $0.sees(.timedOut) },
    ]

    /// Those that are looked at behind either device: segments lost and sent again, what the network says, a host that begins anew,
    /// packets as large as they may be, and marks in their headers.
    private static let ofDevices = ["loss: ", "unreachable: ", "power-loss: ", "bytes: 600}", "sysctl: "]

    /// So many are run beside one another.
    private static let together = 6

    @Test("A fault has its effect, and without it there is none", arguments: [ProviderKind.sim, .linux])
    func effects(on provider: ProviderKind) throws { try Self.look(at: Self.cases + Self.larger, on: provider, nil) }

    @Test("So it has where hosts have a pair of devices each")
    func effectsBehindPairs() throws {
        let some = (Self.cases + Self.larger).filter { one in Self.ofDevices.contains { one.fault.contains($0) } }
        #expect(some.count == Self.ofDevices.count)
        try Self.look(at: some, on: .linux, .veth)
    }

    @Test("Probes of the tail are those that the hosts' kernels count, and there are none without a reason")
    func tailProbes() throws {
        let trials = [WireTrial(faults: ["{at: 500ms, cut: client-hub, for: 500ms}"]), WireTrial(faults: [])]
        let snapshots = try zip(trials, try WireTrial.run(trials, on: .linux)).map { trial, first in
            try Self.again(trial, on: .linux, nil, after: first) { WireTrial.isLate($0) }
        }
        #expect(try #require(snapshots[0].tailProbes) > 0)
        #expect(snapshots[1].tailProbes == 0 || WireTrial.isLate(snapshots[1]))
        let counts = try snapshots.map { snapshot in
            try #require(WireCount.all(of: snapshot).first { $0.what == "tail probes" }).count
        }
        #expect(counts == snapshots.map { $0.tailProbes ?? -1 })
    }

    private static func look(at cases: [Case], on provider: ProviderKind, _ device: HostDevice.Kind?) throws {
        var told: [WireTrial: WireTrial.Happened] = [:]
        for trials in each(cases.map(\.without)).inChunks(of: together) {
            for (trial, first) in zip(trials, try WireTrial.run(Array(trials), on: provider, device: device)) {
                told[trial] = WireTrial.Happened(
                    try again(trial, on: provider, device, after: first) { WireTrial.isLate($0) })
            }
        }
        for one in cases {
            let shows = one.effect(try #require(told[one.without]))
            #expect(!shows, "it shows nothing: it is there without the fault: \(one.fault)")
        }
        for cases in cases.inChunks(of: together) {
            for (one, first) in zip(cases, try WireTrial.run(cases.map(\.trial), on: provider, device: device)) {
                let snapshot = try again(one.trial, on: provider, device, after: first) {
                    WireTrial.isLate($0) && !one.effect(WireTrial.Happened($0))
                }
                let (shows, failure) = (one.effect(WireTrial.Happened(snapshot)), snapshot.failure)
                #expect(shows, "\(one.fault)")
                #expect(failure == nil, "\(one.fault)")
            }
        }
    }

    /// A run that can be judged by, as far as there is one: a late one is made again.
    private static func again(
        _ trial: WireTrial, on provider: ProviderKind, _ device: HostDevice.Kind?, after first: Snapshot,
        where isNone: (Snapshot) -> Bool
    ) throws -> Snapshot {
        var snapshot = first
        for _ in 1..<WireTrial.attempts where isNone(snapshot) {
            snapshot = try WireTrial.run([trial], on: provider, device: device)[0]
        }
        return snapshot
    }

    /// Each of some once, in order.
    private static func each(_ trials: [WireTrial]) -> [WireTrial] {
        trials.indices.filter { !trials[..<$0].contains(trials[$0]) }.map { trials[$0] }
    }
}

extension Array {
    /// Its elements in order, so many at a time.
    fileprivate func inChunks(of count: Int) -> [ArraySlice<Element>] {
        stride(from: 0, to: self.count, by: count).map { self[$0..<Swift.min($0 + count, self.count)] }
    }
}
