import PeerNetworking
import SimNetwork
import Workloads
import TCP

/// A server host and client hosts around it, each on a link of 1 ms each way: the world of the round-trip rows.
struct Star {
    static let message = 64
    static let endpoint = Endpoint(host: "server", port: 80)
    /// Later than any of these runs lasts.
    static let end = Instant(nanoseconds: 1_000_000_000_000_000)

    /// Pings at an interval in milliseconds, without end.
    static func pings(every milliseconds: Int64) -> PingPong {
        PingPong(
            .with {
                $0.every = .milliseconds(milliseconds)
                $0.size = MessageSize(bytes: message)
            })
    }

    let server: HostID
    let clients: [HostID]
    let simulation: Simulation

    init(clients count: Int, keepsRecords: Bool = false) {
        var topology = Topology()
        // All clients connect at once: a backlog of 128 would let most of them time out, as it does on Linux.
        var tcp = TCPOptions.sendingAtOnce
        tcp.backlog = max(tcp.backlog, Int32(count))
        server = topology.addHost("server", tcp: tcp)
        var clients: [HostID] = []
        for number in 0..<count {
            let client = topology.addHost("client-\(number)")
            topology.connect(client, server, LinkProperties(latency: .constant(1_000_000)))
            clients.append(client)
        }
        self.clients = clients
        var options = SimulationOptions()
        options.keepsRecords = keepsRecords
        simulation = Simulation(topology: topology, seed: 1, options: options)
    }
}
