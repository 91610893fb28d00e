import Testing

@testable import Lab

@Suite struct PeerErrorTests {
    @Test(arguments: cases) func isReported(_ fault: FaultyLab) {
        #expect(diagnostics(of: fault.text) == fault.errors.map { "x:" + $0 })
    }

    static let cases: [FaultyLab] = [
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 70000, run: echo}\n",
            [
                "5:35: port 70000 is out of range; a port is 1…65535"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: http, run: echo}\n",
            [
                "5:35: port \'http\' is not a number; a port is 1…65535"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, listen: 1, run: echo}\n",
            [
                "5:5: peer \'e\' needs \'on\': the host that it runs on"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: sever, listen: 1, run: echo}\n",
            [
                "5:19: there is no host \'sever\'; did you mean \'server\'?"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, run: echo}\n",
            [
                "5:32: echo listens; add \'listen: 4500\'"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, connect: \"server:1\", run: echo}\n",
            [
                "5:38: echo listens and has no \'connect\'"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: eco}\n",
            [
                "5:43: unknown workload \'eco\'; did you mean \'echo\'?"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: {echo: {size: 1}}}\n",
            [
                "5:51: echo has no parameters; write \'run: echo\'"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"server:1\", run: bulk}\n",
            [
                "5:27: bulk without \'bytes\' listens and has no \'connect\'; to send, write {bulk: "
                    + "{bytes: 4 MiB}}"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"clent:1\", run: ping-pong}\n",
            [
                "5:36: there is no host \'clent\'; did you mean \'client\'?"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"client:0\", run: ping-pong}\n",
            [
                "5:36: port 0 is out of range; a port is 1…65535"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: client, run: ping-pong}\n",
            [
                "5:36: \'connect\' must be a host and a port, as in \"server:4500\", not \'client\'"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"client:1\", run: {ping-pong: {every: 100, size: "
                + "64KB, count: -1, evry: 1}}}\n",
            [
                "5:73: \'every\': \'100\' has no unit; did you mean \'100ms\' or \'100s\'?",
                "5:84: \'size\': unknown unit \'KB\'; did you mean \'64 KiB\'?",
                "5:97: \'count\' must be 0 or more, not -1",
                "5:101: unknown key \'evry\'; did you mean \'every\'?",
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"client:1\", run: {ping-pong: {size: 2 MiB}}}\n",
            [
                "5:53: its messages of 2097152 B are larger than its maximum-payload, 1 MiB"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, connect: \"client:1\", run: {bulk: {bytes: 4}}}\n",
            [
                "5:68: \'bytes\': \'4\' has no unit; did you mean \'4 B\'?"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo}\n"
                + "  - {name: e, on: server, listen: 1, run: echo}\n",
            [
                "6:12: duplicate peer \'e\'"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo}\n"
                + "  - {name: f, on: server, listen: 1, run: sink}\n",
            [
                "6:35: a peer listens on server:1 already"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo, config: {queue: 0, batch: 2000, "
                + "backoff: {jitter: 0.5, initial: 10s}, heartbeat: {interval: 3s}}}\n",
            [
                "5:65: queue must be 1…1000000 messages",
                "5:75: batch must be 1…1024 frames",
                "5:90: backoff.maximum must be backoff.initial…60m",
                "5:130: heartbeat.timeout must be more than heartbeat.interval, at most 1440m",
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo, config: {heartbeat: on, preset: lam, "
                + "reconnects: si, quue: 1}}\n",
            [
                "5:69: \'heartbeat\' must be off or {interval: 1s, timeout: 2s}, not \'on\'",
                "5:81: unknown preset \'lam\'; did you mean \'lan\'?",
                "5:98: \'reconnects\' must be true or false (or yes or no), not \'si\'",
                "5:102: unknown key \'quue\'; did you mean \'queue\'?",
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo, config: {queue: 0, hartbeat: off}}\n",
            [
                "5:65: queue must be 1…1000000 messages",
                "5:68: unknown key \'hartbeat\'; did you mean \'heartbeat\'?",
            ]),
        // What the preset would have been nobody knows.
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: e, on: server, listen: 1, run: echo, config: {preset: wam, heartbeat: {interval: 3s}}}\n",
            [
                "5:66: unknown preset \'wam\'; did you mean \'wan\'?"
            ]),
        FaultyLab(
            .linked,
            "peers: [1]\n",
            [
                "4:9: a peer must be a mapping with name, on, listen, connect, run and config, not a "
                    + "single value"
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: a, on: server, listen: 1, run: {request-response: {retries: 2}}}\n"
                + "  - {name: b, on: client, connect: \"server:1\", run: {request-response: {takes: 2s}}}\n"
                + "  - {name: c, on: client, connect: \"server:1\", run: {request-response: "
                + "{size: 7, pool: {minimum: 3, maximum: 2, selection: least}}}}\n"
                + "  - {name: d, on: client, connect: \"server:1\", run: publish-subscribe}\n"
                + "  - {name: e, on: client, connect: \"server:1\", run: {publish-subscribe: {subscribe: x, every: 1s}}}\n"
                + "  - {name: f, on: server, listen: 2, run: {publish-subscribe: {subscribe: x}}}\n"
                + "  - {name: g, on: server, listen: 3, run: {heartbeat-mesh: {every: 2s, suspect-after: 2s}}}\n"
                + "  - {name: h, on: client, run: work-queue}\n",
            [
                "5:63: unknown key \'retries\'; request-response that listens may have takes",
                "6:73: unknown key \'takes\'; request-response that connects may have every, size, count, parallel, "
                    + "timeout, retries and pool",
                "7:79: \'size\' must be 8…16777216, not 7",
                "7:124: unknown selection \'least\'; \'selection\' may have least-loaded, round-robin and random-of-two",
                "8:53: a publish-subscribe that connects has one of \'publish\' and \'subscribe\', as in {subscribe: news}",
                "9:88: \'every\' is for one that publishes",
                "10:64: a publish-subscribe that listens has no parameters; write \'run: publish-subscribe\'",
                "11:87: \'suspect-after\' must be more than \'every\'",
                "12:32: work-queue listens or connects; add \'listen: 4500\', or \'connect: \"server:4500\"\'",
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: c, on: client, run: {request-response: {every: 1s, pool: {maximum: 2}}}}\n"
                + "  - {name: s, on: server, run: {request-response: {takes: 1s}}}\n"
                + "  - {name: n, on: client, connect: \"server:1\", run: {publish-subscribe: {subscribe: []}}}\n",
            [
                "5:32: request-response listens or connects; add \'listen: 4500\', or \'connect: \"server:4500\"\'",
                "6:32: request-response listens or connects; add \'listen: 4500\', or \'connect: \"server:4500\"\'",
                "7:85: \'subscribe\' needs a topic",
            ]),
        FaultyLab(
            .linked,
            "peers:\n"
                + "  - {name: c, on: client, connect: \"server:1\", run: {request-response: {pool: {minimum: 3, maximum: 2}}}}\n",
            ["5:89: pool.minimum must be 1…pool.maximum"]),
    ]
}
