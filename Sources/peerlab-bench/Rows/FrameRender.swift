import Lab
import LabViews
import PeerNetworking
import Screen
import SimNetwork
import Workloads

extension Benchmark {
    /// A step of the session and the frame that shows it: 100 hosts, 200 by 50 cells, 100,000 events behind.
    static let frameRender = Benchmark("frame_render", .milliseconds) {
        let session = SimSession(lab: busyLab)
        defer { session.close() }
        _ = try session.seek(to: .event(100_000), budget: .max)
        let app = LabApp(session: session)
        let size = Size(rows: 50, columns: 200)
        var times: [Double] = []
        for _ in 0..<51 {
            _ = app.execute("step")
            times.append(seconds { _ = app.frame(size: size, capabilities: Capabilities()) } * 1_000)
        }
        return times.median
    }

    /// One server and 99 clients that play ping-pong.
    private static var busyLab: LabDefinition {
        var topology = Topology()
        let server = topology.addHost("server")
        var peers = [PeerDefinition(name: "echo", host: server, listen: 4500, workload: WorkloadDefinition(Echo()))]
        for number in 1...99 {
            let client = topology.addHost("client-\(number)")
            topology.connect(client, server, LinkProperties(latency: .uniform(1_000_000, 5_000_000)))
            peers.append(
                PeerDefinition(
                    name: "ping-\(number)", host: client, connect: Endpoint(host: "server", port: 4500),
                    workload: WorkloadDefinition(Star.pings(every: 10))))
        }
        return LabDefinition(
            name: "bench-frame", title: "", seed: 1, duration: 1_000_000_000_000, topology: topology, peers: peers,
            faults: [], buggify: nil, expectations: [], story: [], source: "")
    }
}
