import PeerNetworking
import SimNetwork
import Testing

@testable import Lab

/// A server with two clients, one of which takes what comes and one of which is slow.
@Suite("A server's sessions")
struct ServerSessionTests {
    /// - Parameter delivery: of what is published: what is not kept is dropped, and what is makes the broker wait.
    private static func lab(_ delivery: Delivery) throws -> LabDefinition {
        try LabFile.read(
            text: """
                lab: two-readers
                duration: 10s
                hosts: [press, broker, quick, slow]
                links:
                  - {between: [press, broker], latency: 2ms}
                  - {between: [quick, broker], latency: 2ms}
                  - {between: [slow, broker], latency: 2ms, bandwidth: 4 KiB/s}
                peers:
                  - {name: desk, on: broker, listen: 4500, run: publish-subscribe, config: {queue: 16, heartbeat: off}}
                  - name: news
                    on: press
                    connect: "broker:4500"
                    run: {publish-subscribe: {publish: news, every: 20ms, count: 200, size: 1 KiB, delivery: \(delivery)}}
                  - {name: anna, on: quick, connect: "broker:4500", run: {publish-subscribe: {subscribe: news}}}
                  - name: carl
                    on: slow
                    connect: "broker:4500"
                    run: {publish-subscribe: {subscribe: news}}
                    config: {heartbeat: off}

                """, name: "two-readers.yaml")
    }

    /// A run of it, looked at after each event.
    private func run(_ delivery: Delivery, _ look: (WorldState, [Session]) throws -> Void) throws {
        let session = SimSession(lab: try Self.lab(delivery))
        defer { session.close() }
        while try session.step() {
            let world = session.snapshot.world
            let hosts = session.lab.topology.hosts.map(\.name)
            try look(
                world,
                world.connections.compactMap { connection in
                    connection.session.map { Session(client: hosts[Int(connection.client.host.index)], view: $0) }
                })
        }
    }

    private struct Session {
        var client: String
        var view: SessionView
    }

    @Test("Each shows the depth of its own queue, and the server that of all of them")
    func depths() throws {
        var deepest: [String: Int32] = [:]
        var apart = 0
        try run(.unreliable) { world, sessions in
            let desk = world.peers[0]
            #expect(sessions.allSatisfy { $0.view.depth <= desk.capacity && $0.view.depth <= $0.view.highWater })
            if !sessions.isEmpty { #expect(sessions.reduce(0) { $0 + $1.view.depth } == desk.depth, "\(world.event)") }
            for session in sessions { deepest[session.client] = max(deepest[session.client] ?? 0, session.view.depth) }
            if Set(sessions.map(\.view.depth)).count > 1 { apart += 1 }
        }
        #expect(deepest["slow"] == 16, "the queue for the slow one was full")
        #expect((deepest["quick"] ?? 16) < 4)
        #expect(apart > 100)
    }

    @Test("Where its application waits for the slow one, the session for the quick one is not blocked")
    func blocked() throws {
        var blocked: [String: Int] = [:]
        try run(.reliable) { world, sessions in
            let waiting = sessions.filter(\.view.isBlocked)
            #expect(world.peers[0].isBlocked == !waiting.isEmpty, "\(world.event)")
            for session in waiting { blocked[session.client, default: 0] += 1 }
        }
        #expect((blocked["slow"] ?? 0) > 100)
        #expect(blocked["quick"] == nil)
    }

    @Test("An event tells the depth of the session that it happened in")
    func text() throws {
        let session = SimSession(lab: try Self.lab(.unreliable))
        defer { session.close() }
        _ = try session.seek(to: .time(8_000_000_000), budget: .max)
        let text = EventText(session.snapshot)
        var told: Set<String> = []
        for number in 1...session.snapshot.event {
            let record = session.snapshot.records[event: number]
            for change in record.changes {
                guard case .peer(let peer, .queued, let place?) = change, peer.index == 0 else { continue }
                let line = text.line(of: change, in: record)
                #expect(line.detail.hasSuffix("→ \(place.depth) held, \(place.connection)"), "\(line.detail)")
                told.insert("\(place.connection)")
            }
        }
        #expect(told.count == 2)
    }
}
