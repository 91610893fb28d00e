import SimNetwork
import Workloads

/// What a lab takes of the memory on the simulated network once its peers are connected, told before it runs.
///
/// Messages that wait in queues, and what a screen keeps to go back, come on top: it is the least, and what does not fit at
/// that does not fit at all.
public struct MemoryEstimate: Hashable, Sendable {
    /// Hosts, peers apart.
    public let hosts: Int
    /// Links.
    public let links: Int
    /// Peers, each a process.
    public let peers: Int
    /// Connections between peers: one for each that connects, and one for every two that connect to each other.
    public let connections: Int
    /// Bytes of messages that its workloads hold at once, the network apart.
    public let messages: Int

    /// Counts what a lab has.
    public init(_ lab: LabDefinition) {
        hosts = lab.topology.hosts.count
        links = lab.topology.links.count
        peers = lab.peers.count
        var connections = lab.peers.count { $0.connect != nil }
        let nodes = lab.peers.filter { $0.workload.role == .listens && $0.workload.connects }
        // Each of those that run the same is counted with those before it.
        var before: [String: Int] = [:]
        for node in nodes {
            connections += before[node.workload.name, default: 0]
            before[node.workload.name, default: 0] += 1
        }
        self.connections = connections
        messages = lab.peers.reduce(0) { $0 + $1.workload.workload.bytesAtOnce }
    }

    /// Bytes that the program takes for itself: `peerlab run labs/hello.yaml` peaks at 24 MiB.
    private static let program = 24 << 20
    /// Bytes a host: 100,000 of them add 58 MiB to a run's peak.
    private static let host = 600
    /// Bytes a link: 100,000 of them add 153 MiB, a million 1.2 GiB.
    private static let link = 1_300
    /// Bytes a peer that has yet to connect, with its process and its tasks: `bytes_per_idle_host` of the benchmark, 7,784.
    private static let peer = 7_784
    /// Bytes a connection, with the peer at each end, and all of it once more in the run's visible state:
    /// `bytes_per_idle_peer` of the benchmark is 33,375 for the first, and 120, 1,225 and 4,950 connections between nodes
    /// add 80,000 each to a run's peak.
    private static let connection = 80_000

    /// Bytes, all together.
    public var bytes: Int { Self.program + ofLab }

    /// Bytes beside what the program has already.
    private var ofLab: Int {
        hosts * Self.host + links * Self.link + peers * Self.peer + connections * Self.connection
            + messages
    }

    /// What takes it: `1000 hosts, 499500 links, …`, without what there is none of.
    private var things: String {
        let counts = [(hosts, "host"), (links, "link"), (peers, "peer"), (connections, "connection")]
            .filter { $0.0 > 0 }.map { NumberText.count($0.0, $0.1) }
        let ofMessages = messages > 0 ? ["messages of \(NumberText.memory(messages)) at once"] : []
        return (counts + ofMessages).joined(separator: ", ")
    }

    /// Why it does not fit, where less memory is left than it needs; nil where it does.
    func obstacle(_ room: ProcessRoom.Memory) -> String? {
        guard ofLab > room.bytes else { return nil }
        return "this lab needs \(NumberText.memory(bytes)) of memory or more (\(things)), "
            + "and \(NumberText.memory(room.bytes)) \(room.words)"
    }

    /// Why this process cannot run it on this machine as it is now; nil where it can.
    public var obstacle: String? { obstacle(ProcessRoom.memory) }
}
