import Foundation
import Lab
import PeerNetworking
import SimNetwork
import Workloads

/// The labs that the tests run, built in code.
enum Labs {
    /// One of the repository, named as from its top folder.
    static func shipped(_ name: String) throws -> LabDefinition {
        let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "labs")
        let text = try String(contentsOf: folder.appending(path: "\(name).yaml"), encoding: .utf8)
        return try LabFile.read(text: text, name: "labs/\(name).yaml")
    }

    /// Two hosts, an echo, a ping every 100 ms, and a power loss from 5 s to 12 s.
    static func halfOpen(faults: Bool = true) -> LabDefinition {
        var topology = Topology()
        let client = topology.addHost("client")
        let server = topology.addHost("server")
        topology.connect(client, server, LinkProperties(latency: .uniform(1_000_000, 5_000_000)))
        return LabDefinition(
            name: "half-open", title: "The peer that died without saying goodbye", seed: 7, duration: second(20),
            topology: topology,
            peers: [
                PeerDefinition(name: "echo", host: server, listen: 4500, workload: WorkloadDefinition(Echo())),
                PeerDefinition(
                    name: "ping", host: client, connect: Endpoint(host: "server", port: 4500),
                    workload: WorkloadDefinition(PingPong())),
            ],
            faults: faults
                ? [
                    ScheduledAction(.powerLoss(server), .at(second(5))),
                    ScheduledAction(.powerOn(server), .at(second(12))),
                ] : [],
            buggify: nil,
            expectations: [
                Expectation(
                    text: "ping is connected by 5s", .peer(ProcessID(1), .state(.connected)), .by(second(5))),
                Expectation(text: "no message is delivered twice", .message(.deliveredTwice), .never),
            ],
            story: [
                StoryLine(when: .start, text: "Two hosts, one connection. Step a few events and watch the handshake."),
                StoryLine(
                    when: .when(.host(server, .losesPower)),
                    text: "The client's socket still says ESTABLISHED. Why? Step on until the heartbeat gives up."),
            ], source: "")
    }

    /// A server and so many clients around it, each with a ping of its own.
    static func star(clients: Int) -> LabDefinition {
        var topology = Topology()
        let server = topology.addHost("server")
        var peers = [PeerDefinition(name: "echo", host: server, listen: 4500, workload: WorkloadDefinition(Echo()))]
        for number in 1...clients {
            let client = topology.addHost("client-\(number)")
            topology.connect(client, server, LinkProperties(latency: .uniform(1_000_000, 5_000_000)))
            peers.append(
                PeerDefinition(
                    name: "ping-\(number)", host: client, connect: Endpoint(host: "server", port: 4500),
                    workload: WorkloadDefinition(PingPong())))
        }
        return LabDefinition(
            name: "star", title: "Many clients", seed: 3, duration: second(20), topology: topology, peers: peers,
            faults: [ScheduledAction(.cut(LinkID(0), nil), .at(second(1)), lasts: 800_000_000)],
            buggify: BuggifyOptions(), expectations: [], story: [], source: "")
    }

    static func second(_ count: Int64) -> Int64 { count * 1_000_000_000 }
}
