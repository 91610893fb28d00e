import Lab
import PeerNetworking
import SimNetwork
import Workloads

extension Benchmark {
    /// Going back to a place in a run of 1,000,000 recorded events.
    static let seekBack = Benchmark("seek_back_1000000", .milliseconds, warmsUp: false) {
        try SeekBack.milliseconds()
    }
}

enum SeekBack {
    /// Records 1,000,000 events, and goes back from the end to places drawn at random: the median of that.
    static func milliseconds() throws -> Double {
        let events = 1_000_000
        let session = SimSession(lab: lab)
        _ = try session.seek(to: .event(events), budget: .max)
        guard session.snapshot.event == events else {
            throw NotMeasured("the lab lasts \(session.snapshot.event) events")
        }
        var generator = OrderGenerator(state: 1)
        var times: [Double] = []
        for _ in 0..<101 {
            let place = Int(generator.next() % UInt64(events))
            times.append(try seconds { _ = try session.seek(to: .event(place), budget: 0) } * 1_000)
            _ = try session.seek(to: .event(events), budget: 0)
        }
        session.close()
        return times.median
    }

    /// Three pairs of peers that play ping-pong for as long as it takes.
    static var lab: LabDefinition {
        var topology = Topology()
        var peers: [PeerDefinition] = []
        for number in 0..<3 {
            let server = topology.addHost("server-\(number)")
            let client = topology.addHost("client-\(number)")
            topology.connect(client, server, LinkProperties(latency: .constant(1_000_000)))
            peers.append(
                PeerDefinition(name: "echo-\(number)", host: server, listen: 4500, workload: WorkloadDefinition(Echo()))
            )
            peers.append(
                PeerDefinition(
                    name: "ping-\(number)", host: client, connect: Endpoint(host: "server-\(number)", port: 4500),
                    workload: WorkloadDefinition(Star.pings(every: 1))))
        }
        return LabDefinition(
            name: "bench-seek", title: "", seed: 1, duration: 1_000_000_000_000_000, topology: topology, peers: peers,
            faults: [], buggify: nil, expectations: [], story: [], source: "")
    }
}
