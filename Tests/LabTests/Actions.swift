import PeerNetworking
import SimNetwork

@testable import Lab

/// A lab in which every action has something to act on, and every action as a line, as a lab file has it, and as it is.
enum Actions {
    static let lab = """
        lab: catalogue
        hosts: {client: {}, server: {}, third: {}, r: {router: true}}
        links:
          - {between: [client, server], bandwidth: 1024 MiB/s}
          - between: [third, r]
          - between: [r, server]
        peers:
          - {name: echo, on: server, listen: 4500, run: echo}
          - {name: ping, on: client, connect: "server:4500", run: ping-pong}

        """

    /// A line, an entry of `faults:` without its time (nil where a lab file cannot say it), and the action.
    struct Case: Sendable, CustomStringConvertible {
        var line: String
        var entry: String?
        var action: Action

        var description: String { line }

        init(_ line: String, _ entry: String?, _ action: Action) {
            (self.line, self.entry, self.action) = (line, entry, action)
        }
    }

    private static let (client, server, third, router) = (HostID(0), HostID(1), HostID(2), HostID(3))
    private static let (echo, ping) = (ProcessID(0), ProcessID(1))
    private static let link = LinkID(0)
    private static let tenth = Probability(0.1)
    private static let ms: Int64 = 1_000_000

    static let all = links + network + services + io + hosts + draws

    private static let links: [Case] = [
        Case("cut client-server", "cut: client-server", .cut(link, nil)),
        Case(
            "cut client-server client->server", "cut: client-server, direction: client->server", .cut(link, .forward)),
        Case(
            "heal client-server server->client", "heal: [server, client], direction: server->client",
            .heal(link, .backward)),
        Case(
            "latency client-server 5ms", "latency: client-server, to: 5ms",
            .shape(link, nil, .latency(.constant(5 * ms)))),
        Case(
            "latency client-server uniform(1ms,5ms) client->server",
            "latency: {link: client-server, to: {uniform: [1ms, 5ms]}, direction: client->server}",
            .shape(link, .forward, .latency(.uniform(ms, 5 * ms)))),
        Case(
            "latency client-server bimodal(1ms,50ms,0.1)",
            "latency: {link: client-server, to: {bimodal: [1ms, 50ms, 0.1]}}",
            .shape(link, nil, .latency(.bimodal(ms, 50 * ms, second: tenth)))),
        Case(
            "latency client-server pareto(1ms,1.5)", "latency: {link: client-server, to: {pareto: [1ms, 1.5]}}",
            .shape(link, nil, .latency(.pareto(least: ms, shape: 1.5)))),
        Case(
            "loss client-server 0.1", "loss: client-server, probability: 0.1",
            .shape(link, nil, .loss(.independent(tenth)))),
        Case(
            "loss client-server burst(0.1,0.5,0,1)", "loss: client-server, probability: {burst: [0.1, 0.5]}",
            .shape(link, nil, .loss(.burst(GilbertElliott(toBad: tenth, toGood: Probability(0.5)))))),
        Case(
            "duplicate client-server 0.1 server->client",
            "duplicate: client-server, probability: 0.1, direction: server->client",
            .shape(link, .backward, .duplicate(tenth))),
        Case(
            "reorder client-server 0.1 7ms", "reorder: client-server, probability: 0.1, by: 7ms",
            .shape(link, nil, .reorder(Reordering(tenth, by: 7 * ms)))),
        Case(
            "corrupt client-server caught=0.1 uncaught=0", "corrupt: client-server, caught: 0.1",
            .shape(link, nil, .corrupt(Corruption(caught: tenth)))),
        Case(
            "bandwidth client-server 2048B/s queue=65536B", "bandwidth: client-server, rate: 2 KiB/s",
            .shape(link, nil, .bandwidth(2_048, queue: 65_536))),
        Case("mtu client-server 576B", "mtu: client-server, bytes: 576", .shape(link, nil, .mtu(576))),
        Case(
            "mtu client-server 576B tells=false", "mtu: client-server, bytes: 576, tells: no",
            .shape(link, nil, .mtu(576, tells: false))),
        Case(
            "queue client-server drop-tail", "queue: client-server, discipline: drop-tail",
            .shape(link, nil, .queue(.dropTail))),
        Case(
            "queue client-server red direction=client->server min=1000B max=5000B probability=0.2 marks=true",
            "queue: client-server, discipline: red, direction: client->server, min: 1000, max: 5000, probability: 0.2, "
                + "marks: yes",
            .shape(link, .forward, .queue(.red(red)))),
        Case(
            "queue client-server codel target=2ms interval=50ms marks=true",
            "queue: client-server, discipline: codel, target: 2ms, interval: 50ms, marks: yes",
            .shape(link, nil, .queue(.codel(codel)))),
        Case("restore client-server loss", "restore: client-server, property: loss", .unshape(link, nil, .loss)),
    ]

    private static let red = {
        var red = RandomEarlyDetection()
        (red.least, red.most, red.probability, red.marks) = (1_000, 5_000, Probability(0.2), true)
        return red
    }()

    private static let codel = {
        var codel = ControlledDelay()
        (codel.target, codel.interval, codel.marks) = (2_000_000, 50_000_000, true)
        return codel
    }()

    private static let network: [Case] = [
        Case(
            "sysctl client tcp_sack false", "sysctl: client, option: tcp_sack, value: no",
            .sysctl(client, "tcp_sack", 0)),
        Case(
            "sysctl client tcp_congestion_control reno", "sysctl: client, option: tcp_congestion_control, value: reno",
            .sysctl(client, "tcp_congestion_control", 1)),
        Case(
            "sysctl client tcp_sack usual", "sysctl: client, option: tcp_sack, value: usual",
            .sysctl(client, "tcp_sack", nil)),
        Case(
            "setsockopt c1 TCP_USER_TIMEOUT 3s side=client",
            "setsockopt: c1, option: TCP_USER_TIMEOUT, value: 3s, side: client",
            .setsockopt(ConnectionID(1), .client, "TCP_USER_TIMEOUT", 3_000 * ms)),
        Case("icmp-drop client-server probability=1", "icmp-drop: client-server", .icmpDrop(.link(link, nil))),
        Case(
            "icmp-drop server probability=0.1", "icmp-drop: server, probability: 0.1",
            .icmpDrop(.host(server, nil), tenth)),
        Case(
            "icmp-drop server probability=0", "icmp-drop: {host: server, probability: 0}",
            .icmpDrop(.host(server, nil), .never)),
        Case(
            "nat r 1m forgets=silently", "nat: r, idle: 1m",
            .nat(router, .init(idle: 60_000 * ms, forgets: .silently))),
        Case(
            "nat r 2500ms forgets=reset half-open=8", "nat: r, idle: 2500ms, forgets: reset, half-open: 8",
            .nat(router, .init(idle: 2_500 * ms, forgets: .reset, mostHalfOpen: 8))),
        Case("nat r off forgets=silently", "nat: r, idle: off", .nat(router, nil)),
        Case(
            "clog client-server client->server", "clog: client-server, direction: client->server",
            .clog(.link(link, .forward))),
        Case("clog server inbound", "clog: server, direction: inbound", .clog(.host(server, .inbound))),
        Case("unclog server", "unclog: {host: server}", .unclog(.host(server, nil))),
        Case(
            "partition client|server,third", "partition: [[client], [server, third]]",
            .partition(.groups(Partition([client], [server, third])))),
        Case(
            "partition client|server,third one-way=true", "partition: client, one-way: true",
            .partition(.groups(Partition([client], [server, third], isOneWay: true)))),
        Case("partition random", "partition: random", .partition(.random(oneWay: false))),
        Case(
            "partition uniform-size one-way=true", "partition: uniform-size, one-way: true",
            .partition(.uniformSize(oneWay: true))),
        Case("partition isolate-one", "partition: isolate-one", .partition(.isolateOne(oneWay: false))),
        Case("unpartition", "unpartition: ", .unpartition(nil)),
        Case(
            "unpartition client|server,third", "unpartition: [[client], [server, third]]",
            .unpartition(Partition([client], [server, third]))),
        Case(
            "swizzle client,server,third 2s", "swizzle: [client, server, third], over: 2s",
            .swizzle([client, server, third], over: 2_000 * ms)),
        Case(
            "slow-pair client->third 30ms", "slow-pair: client->third, by: 30ms",
            .slowPair(from: client, to: third, extra: 30 * ms)),
        Case("unreachable server answer=host", "unreachable: server", .unreachable(.host(server, nil), .host)),
        Case(
            "unreachable client-server answer=network direction=client->server",
            "unreachable: client-server, answer: network, direction: client->server",
            .unreachable(.link(link, .forward), .network)),
        Case(
            "unreachable server answer=off", "unreachable: server, answer: off", .unreachable(.host(server, nil), nil)),
    ]

    private static let services: [Case] = [
        Case(
            "refuse server:4500 0.1", "refuse: \"server:4500\", probability: 0.1",
            .refuse(ServiceScope(server, port: 4_500), tenth)),
        Case("refuse server 1", "refuse: server", .refuse(ServiceScope(server), .always)),
        Case(
            "connect-hang server 0", "connect-hang: server, probability: 0", .connectHang(ServiceScope(server), .never)),
        Case(
            "backlog-full server:4500 true", "backlog-full: \"server:4500\"",
            .backlogFull(ServiceScope(server, port: 4_500), true)),
        Case(
            "backlog-full server false", "backlog-full: server, full: false", .backlogFull(ServiceScope(server), false)),
        Case(
            "name-error server failure=not-found probability=1", "name-error: server",
            .nameError(server, .notFound, .always)),
        Case(
            "name-error server failure=slow delay=3s probability=0.1",
            "name-error: server, failure: slow, delay: 3s, probability: 0.1",
            .nameError(server, .slow(3_000 * ms), tenth)),
        Case("name-error server failure=off", "name-error: server, failure: off", .nameError(server, nil, .never)),
    ]

    private static let io: [Case] = [
        Case(
            "close ping probability=0.1 learns=other manner=end use=next",
            "close: ping, probability: 0.1, learns: other, manner: end, use: next",
            .close(.process(ping), RandomClose(tenth, learns: .other, manner: .end, onNextUse: true))),
        Case("close server probability=0", "close: {host: server, probability: 0}", .close(.host(server), nil)),
        Case("reset c1", "reset: c1", .reset(.connection(ConnectionID(1), nil))),
        Case("reset ping", "reset: {peer: ping}", .reset(.process(ping))),
        Case("half-close c2 server", "half-close: c2, side: server", .halfClose(.connection(ConnectionID(2), .server))),
        Case("half-open echo", "half-open: echo", .halfOpen(.process(echo))),
        Case("short-read ping 7B 1", "short-read: ping, largest: 7", .shortRead(.process(ping), ShortIO(largest: 7))),
        Case(
            "short-write c3 100B 0.1", "short-write: c3, largest: 100 B, probability: 0.1",
            .shortWrite(.connection(ConnectionID(3)), ShortIO(largest: 100, probability: tenth))),
        Case("short-read server 0B", "short-read: server, largest: 0", .shortRead(.host(server), nil)),
        Case(
            "slow-reader echo 1024B/s", "slow-reader: {peer: echo, rate: 1 KiB/s}",
            .slowReader(.process(echo), bytesPerSecond: 1_024)),
    ]

    private static let hosts: [Case] = [
        Case("exit ping", "process-exit: ping", .exit(ping)),
        Case("kill ping", "process-kill: ping", .kill(ping)),
        Case("pause ping", "pause: ping", .pause(ping)),
        Case("resume ping", "resume: ping", .resume(ping)),
        Case("restart ping", "restart: ping", .restart(ping)),
        Case("power-loss server", "power-loss: server", .powerLoss(server)),
        Case("power-on server", "power-on: server", .powerOn(server)),
        Case(
            "clock-skew client offset=-2s drift=1ms", "clock-skew: client, offset: -2s, drift: 1ms",
            .clockSkew(client, offset: -2_000 * ms, drift: ms)),
        Case(
            "slow-timers client 50ms 0.1", "slow-timers: client, most: 50ms, probability: 0.1",
            .slowTimers(client, tenth, most: 50 * ms)),
        Case("exhaust server sockets=3", "exhaust: server, sockets: 3", .exhaust(server, .sockets, 3)),
        Case("exhaust server memory=4096B", "exhaust: server, memory: 4 KiB", .exhaust(server, .memory, 4_096)),
        Case("exhaust server ports=usual", "exhaust: server, ports: usual", .exhaust(server, .ports, nil)),
    ]

    private static let draws: [Case] = [
        Case(
            "drop c1 client 3", "drop: c1, side: client, segment: 3", .drop(ConnectionID(1), from: .client, ordinal: 3)),
        Case(
            "delay c1 server 2 50ms", "delay: c1, side: server, segment: 2, by: 50ms",
            .delay(ConnectionID(1), from: .server, ordinal: 2, by: 50 * ms)),
        Case(
            "deliver c1 server 2", "deliver: c1, side: server, segment: 2",
            .deliver(ConnectionID(1), from: .server, ordinal: 2)),
        Case(
            "copy c1 client 3", "copy: c1, side: client, segment: 3",
            .copy(ConnectionID(1), from: .client, ordinal: 3)),
        Case(
            "damage c1 client 3", "damage: c1, side: client, segment: 3",
            .damage(ConnectionID(1), from: .client, ordinal: 3)),
        Case(
            "drop client-server first-data probability=0.1 direction=client->server",
            "drop: client-server, during: first-data, probability: 0.1, direction: client->server",
            .dropDuring(.firstData, link, .forward, tenth)),
        Case(
            "drop client-server syn probability=1", "drop: client-server, during: syn",
            .dropDuring(.syn, link, nil, .always)),
        Case(
            "force link.loss subject=\"client→server\" draw=3", "force: link.loss, subject: client->server, draw: 3",
            .override(DrawOverride(site: "link.loss", subject: "client→server", number: 3, fires: true))),
        Case(
            "veto link.loss subject=\"client→server,c1,client,data,2\" draw=9001",
            "veto: link.loss, subject: \"client→server,c1,client,data,2\", draw: 9001",
            .override(
                DrawOverride(site: "link.loss", subject: "client→server,c1,client,data,2", number: 9_001, fires: false))
        ),
        Case(
            "veto peer.write.short", "veto: peer.write.short",
            .override(DrawOverride(site: "peer.write.short", fires: false))),
        Case(
            "unforce link.loss draw=3", "unforce: link.loss, draw: 3",
            .unoverride(DrawOverride(site: "link.loss", number: 3, fires: false))),
        Case("heal-all", "heal-all: true", .healAll),
        Case("reseed 55", "reseed: 55", .reseed(55)),
    ]
}
