import Foundation
import Glibc

extension Benchmark {
    /// What the wire of a lab on Linux costs: bare sockets in two of its hosts, over a link without latency; and the same sockets
    /// in two namespaces with a pair of devices (veth) between them and nothing else.
    static let wire: [Benchmark] = [
        Benchmark("wire_round_trip", .milliseconds, warmsUp: false) { try Wire.lab(.oneByOne).median },
        Benchmark("veth_round_trip", .milliseconds, warmsUp: false) { try Wire.veth(.oneByOne).median },
        Benchmark("wire_packets", .packetsPerSecond, warmsUp: false) { try Wire.lab(.many).packets },
        Benchmark("veth_packets", .packetsPerSecond, warmsUp: false) { try Wire.veth(.many).packets },
    ]
}

/// Runs two programs with bare sockets, each in a network of its own (``WireProbe``).
private enum Wire {
    /// How many connections there are, and round trips in all.
    struct Load {
        let connections: Int
        let roundTrips: Int

        static let oneByOne = Load(connections: 1, roundTrips: 2_000)
        static let many = Load(connections: 64, roundTrips: 20_000)
    }

    /// What the client has found.
    struct Found {
        /// Milliseconds.
        let median: Double
        /// Packets with bytes a second, both ways: each carries the acknowledgement of the one before.
        let packets: Double
    }

    /// Over the wire of a lab.
    static func lab(_ load: Load) throws -> Found {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("wire-\(UUID().uuidString).yaml")
        defer { try? FileManager.default.removeItem(at: file) }
        let text = """
            lab: wire
            duration: 10m
            hosts: [client, server]
            links: [{between: [client, server], latency: 0ms}]
            programs:
              - {name: serve, on: server, run: ["\(Child.executable)", wire-probe, serve], ready: "port \(WireProbe.port)"}
            """
        try text.write(to: file, atomically: true, encoding: .utf8)
        return try found([Child.peerlab(), "exec", file.path, "--in", "client", "--"] + asking("server", load))
    }

    /// Over a pair of devices between two namespaces.
    static func veth(_ load: Load) throws -> Found {
        // As root, or in a user namespace: what is made ends with its processes.
        let entering = geteuid() == 0 ? ["unshare", "-n"] : ["unshare", "-rn"]
        let script = """
            set -e
            unshare -n sleep 600 &
            there=$!
            trap 'kill "$there"' EXIT
            until [ "$(readlink /proc/$there/ns/net)" != "$(readlink /proc/$$/ns/net)" ]; do sleep 0.01; done
            ip link add name veth0 type veth peer name veth1
            ip link set veth1 netns "$there"
            ip addr add 198.18.0.1/15 dev veth0
            ip link set veth0 up
            nsenter -t "$there" -n ip addr add 198.18.0.2/15 dev veth1
            nsenter -t "$there" -n ip link set veth1 up
            nsenter -t "$there" -n "$0" wire-probe serve &
            serving=$!
            trap 'kill "$there" "$serving"' EXIT
            "$@"
            """
        return try found(
            entering + ["sh", "-c", script, Child.executable] + asking("198.18.0.2", load))
    }

    private static func asking(_ host: String, _ load: Load) -> [String] {
        [
            Child.executable, "wire-probe", "ask", host, "--connections", "\(load.connections)", "--round-trips",
            "\(load.roundTrips)",
        ]
    }

    private static func found(_ command: [String]) throws -> Found {
        let words = try Child.output(of: command).split(whereSeparator: \.isWhitespace).compactMap { Double($0) }
        guard words.count == 2 else { throw NotMeasured("the probe has said nothing (\(command[0]))") }
        return Found(median: words[0] / 1_000_000, packets: words[1])
    }
}
