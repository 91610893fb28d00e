import Foundation
import PeerNetworking
import SimNetwork
import Testing
import Workloads

@testable import Lab

/// Buggify and the knobs of peers on real sockets, and what is done to calls by hand.
@Suite("LiveFaultTests: buggify", .serialized)
struct LiveBuggifyTests {
    private func lab(_ rest: String, for duration: String = "1s", config: String = "") throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: real
                seed: 5
                duration: \(duration)
                hosts: [client, server]
                links:
                  - {between: [client, server], latency: 200us}
                peers:
                  - {name: echo, on: server, listen: 4500, run: echo}
                  - name: ping
                    on: client
                    connect: "server:4500"
                    run: {ping-pong: {every: 20ms, size: 64}}
                    config: {backoff: {initial: 20ms, maximum: 40ms}\(config)}
                \(rest)
                """, name: "real.yaml")
    }

    private func run(
        _ lab: LabDefinition, on network: ProviderKind, _ act: (any LabSession) throws -> Bool = { _ in true }
    ) throws -> Snapshot {
        let session = network.open(lab)
        defer { session.close() }
        var isDone = false
        while try !session.seek(to: .time(lab.duration), budget: 5_000) {
            if !isDone { isDone = try act(session) }
            if !session.traits.isStepped { usleep(1_000) }
        }
        #expect(try isDone || act(session))
        return session.snapshot
    }

    private func changes(_ snapshot: Snapshot) -> [(time: Int64, change: Change)] {
        (1...snapshot.event).flatMap { number in
            let record = snapshot.records[event: number]
            return record.changes.map { (record.time, $0) }
        }
    }

    /// What a draw of a peer was for.
    private struct Key: Hashable {
        let site: DrawSite
        let subject: String
        let number: UInt64
    }

    private func fates(_ snapshot: Snapshot) -> [Key: Bool] {
        var fates: [Key: Bool] = [:]
        for case .draw(let draw) in changes(snapshot).map(\.change) {
            guard case .buggify = draw.site, case .named(let name) = draw.subject else { continue }
            let subject = snapshot.world.names.subjects[Int(name)]
            fates[Key(site: draw.site, subject: subject, number: draw.number)] = draw.fires
        }
        return fates
    }

    @Test("Each draw of a peer has the fate that it has in the simulation", arguments: CallTrial.networks)
    func fates(on network: ProviderKind) throws {
        let lab = try lab("buggify: {activation: 1, firing: 0.5}", for: "1500ms")
        let (sim, real) = (fates(try run(lab, on: .sim)), fates(try run(lab, on: network)))
        let common = real.filter { sim[$0.key] != nil }
        #expect(common.count >= 50 && Set(common.map(\.key.site)).count >= 5, "\(common.count)")
        #expect(common.allSatisfy { sim[$0.key] == $0.value })
        #expect(Set(common.values) == [true, false])
    }

    @Test("What a peer draws itself it draws on real sockets too", arguments: CallTrial.networks)
    func ownDraws(on network: ProviderKind) throws {
        let trial = CallTrial(seed: 77, faults: "{at: 1s, pause: server}") { scene in
            for subject in ["a", "b", "a", "a"] {
                scene.say("\(scene.peer.providers.random.next("jitter", for: subject))")
            }
        } client: { _ in
        }
        let (sim, real) = try trial.both(on: network)
        #expect(real.said.lines.count == 4 && real.said.lines == sim.said.lines)
    }

    @Test("A site that fires does to a peer what it is to do, and the site of the wire is missing")
    func effect() throws {
        func connected(_ rest: String) throws -> (time: Int64?, snapshot: Snapshot) {
            let snapshot = try run(try lab(rest, config: ", connect-timeout: 600ms"), on: .loopback)
            let time = changes(snapshot).first { entry in
                guard case .peer(let peer, .state(.connected, _), _) = entry.change else { return false }
                return snapshot.world.names.peers[Int(peer.index)] == "ping"
            }?.time
            return (time, snapshot)
        }
        let forced = try connected(
            "buggify: {activation: 0, firing: 0.5}\nfaults:\n  - {at: 1ms, force: peer.connect.delay, subject: ping}")
        // Half of the timeout.
        let (late, missing) = (try #require(forced.time), forced.snapshot.unavailable)
        #expect(late >= 300_000_000 && missing.isEmpty)
        let prompt = try #require(try connected("").time)
        #expect(prompt < 300_000_000)
        let armed = try lab("buggify: {activation: 1, firing: 0.1}")
        #expect(
            LiveFaults.unavailable(in: armed, on: .loopback) == ["sim.segment.delay"]
                && LiveFaults.reach(of: armed, on: .loopback) == 0)
    }

    @Test("The knobs of the peers are turned as the seed says")
    func knobs() throws {
        var lab = try lab("buggify: {activation: 0.25, firing: 0, knobs: yes}", for: "300ms")
        let seed = try #require(
            (1...200).first { seed in
                lab.turnedKnobs(seed: UInt64(seed)).contains { $0.subject == "ping" && $0.knob == "queue" }
            })
        lab.seed = UInt64(seed)
        let turned = lab.config(ofPeer: 1, seed: lab.seed).queueCapacity
        #expect(turned != lab.peers[1].config.queueCapacity)
        let capacities = changes(try run(lab, on: .loopback)).compactMap { entry -> Int32? in
            guard case .peerRegistered(_, ProcessID(1), let capacity) = entry.change else { return nil }
            return capacity
        }
        #expect(Set(capacities) == [Int32(turned)])
    }

    @Test("What is done to calls can be done by hand, and all is healed at once")
    func byHand() throws {
        var phase = 0
        let snapshot = try run(try lab("", for: "3s"), on: .loopback) { session in
            let world = session.snapshot.world
            let ping = zip(world.names.peers, world.peers).first { $0.0 == "ping" }?.1
            switch phase {
            case 0 where ping?.state == .connected:
                try session.intervene(.refuse(ServiceScope(HostID(1)), .always))
                try session.intervene(.close(.connection(ConnectionID(1)), RandomClose(.always)))
                phase = 1
            case 1 where session.snapshot.world.totals.refused >= 2:
                try session.intervene(.healAll)
                phase = 2
            case 2 where ping?.state == .connected:
                #expect(throws: SessionError.self) { try session.intervene(.exhaust(HostID(0), .memory, 1)) }
                return true
            default: break
            }
            return false
        }
        let (refused, standing) = (snapshot.world.totals.refused, snapshot.world.standing.actions.map(\.family))
        #expect(refused >= 2 && !standing.contains(.refuse))
        let interventions = snapshot.interventions.count
        #expect(interventions == 3)
    }

    @Test("Each fault that loopback cannot have says what it needs")
    func unavailable() throws {
        let lab = try lab("")
        let syntax = ActionSyntax(lab: lab)
        func obstacle(_ line: String) throws -> String? {
            LiveFaults.obstacle(to: try syntax.action(line), on: .loopback)
        }
        for line in ["cut client-server", "connect-hang server:4500", "force link.loss", "power-loss server"] {
            #expect(try obstacle(line)?.contains("a wire between the hosts") == true, "\(line)")
        }
        #expect(try obstacle("exhaust server ports=3")?.contains("a hand in the host's kernel") == true)
        #expect(try obstacle("clock-skew server offset=1s")?.contains("a clock of the host's own") == true)
        for line in [
            "refuse server 1", "short-read echo 3B", "exhaust server sockets=3", "force io.close", "heal-all",
            "name-error server",
        ] {
            #expect(try obstacle(line) == nil, "\(line)")
        }
    }
}
