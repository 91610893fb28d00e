import SimNetwork
import Testing

@testable import Lab

@Suite struct TopologyErrorTests {
    @Test(arguments: cases) func isReported(_ fault: FaultyLab) {
        #expect(diagnostics(of: fault.text) == fault.errors.map { "x:" + $0 })
    }

    static let cases: [FaultyLab] = [
        FaultyLab(
            .nothing,
            "lab: A_b\n"
                + "hosts: [a]\n",
            [
                "1:6: the lab\'s name \'A_b\' must be 1…64 of a-z, 0-9 and \'-\'"
            ]),
        FaultyLab(
            .nothing,
            "hosts: [a]\n",
            [
                "1:1: a lab file needs \'lab\'"
            ]),
        FaultyLab(
            .hosts,
            "linsk: []\n",
            [
                "3:1: unknown key \'linsk\'; did you mean \'links\'?"
            ]),
        FaultyLab(
            .hosts,
            "zzzzzz: 1\n",
            [
                "3:1: unknown key \'zzzzzz\'; a lab file may have lab, title, seed, hosts, links, peers, "
                    + "faults, chaos, expect, story, buggify, duration, programs, schedule and invariants"
            ]),
        FaultyLab(
            .hosts,
            "seed: -1\n",
            [
                "3:7: seed \'-1\' is not a number from 0 to 18446744073709551615, decimal or 0x…"
            ]),
        FaultyLab(
            .hosts,
            "seed: 0x1G\n",
            [
                "3:7: seed \'0x1G\' is not a number from 0 to 18446744073709551615, decimal or 0x…"
            ]),
        FaultyLab(
            .hosts,
            "seed: 18446744073709551616\n",
            [
                "3:7: seed \'18446744073709551616\' is not a number from 0 to 18446744073709551615, "
                    + "decimal or 0x…"
            ]),
        FaultyLab(
            .hosts,
            "duration: 10\n",
            [
                "3:11: \'duration\': \'10\' has no unit; did you mean \'10ms\' or \'10s\'?"
            ]),
        FaultyLab(
            .hosts,
            "duration: 0.5ms\n",
            [
                "3:11: \'duration\' must be 1ms…43200m, not 0.5ms"
            ]),
        FaultyLab(
            .hosts,
            "duration: 31d\n",
            [
                "3:11: \'duration\': unknown unit \'d\'; 31d is written \'44640m\'"
            ]),
        FaultyLab(
            .hosts,
            "duration: 1h\n",
            [
                "3:11: \'duration\': unknown unit \'h\'; 1h is written \'60m\'"
            ]),
        FaultyLab(
            .hosts,
            "duration: -5s\n",
            [
                "3:11: \'duration\': \'-5s\' is negative; a duration is 0 or more"
            ]),
        FaultyLab(
            .hosts,
            "duration: [1s]\n",
            [
                "3:11: \'duration\' must be a duration, not a list"
            ]),
        FaultyLab(
            .hosts,
            "duration: 1.5ns\n",
            [
                "3:11: \'duration\': \'1.5ns\' is not a whole number of nanoseconds"
            ]),
        FaultyLab(
            .hosts,
            "duration: soon\n",
            [
                "3:11: \'duration\': \'soon\' is not a duration; write a number and a unit, as in "
                    + "\'100ms\'"
            ]),
        FaultyLab(
            .hosts,
            "title: [a]\n",
            [
                "3:8: \'title\' must be a text, not a list"
            ]),
        FaultyLab(
            .hosts,
            "title: \"a\\x07b\"\n",
            [
                "3:8: \'title\' must be one line without control characters"
            ]),
        FaultyLab(
            .hosts,
            "chaos: {mode: swam, only: [partition, tornado], length: 1s}\nschedule: random\n",
            [
                "3:15: \'mode\' must be all, swarm or pairwise, not \'swam\'; did you mean \'swarm\'?",
                "4:11: \'schedule\' must be fifo or shuffled, not \'random\'",
            ]),
        FaultyLab(
            .hosts,
            "chaos: {only: [partition, tornado]}\n",
            [
                "3:27: chaos does not draw \'tornado\'; there are 35; ? lists all on the screen, and the documentation "
                    + "under Faults"
            ]),
        FaultyLab(
            .hosts,
            "buggify: of\n",
            [
                "3:10: buggify must be off, on, swarm or pairwise, or {activation: 0.25, firing: 0.25}, "
                    + "not \'of\'; did you mean \'off\'?"
            ]),
        FaultyLab(
            .hosts,
            "buggify: {activation: 25%}\n",
            [
                "3:23: \'activation\' must be a number; did you mean \'0.25\'?"
            ]),
        FaultyLab(
            .hosts,
            "buggify: {firing: 2}\n",
            [
                "3:19: \'firing\' must be 0…1, not 2"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: [client, client]\n",
            [
                "2:17: duplicate host \'client\'"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: []\n",
            [
                "2:8: a lab needs at least one host"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: {c: {count: 100001}}\n",
            [
                "2:20: \'count\' must be 1…100000, not 100001"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: {c: {count: 0, backlgo: 1}}\n",
            [
                "2:20: \'count\' must be 1…100000, not 0",
                "2:23: unknown key \'backlgo\'; did you mean \'backlog\'?",
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: [a b, \'-x\', \"c*\"]\n",
            [
                "2:9: the host\'s name \'a b\' may have letters, digits, \'-\', \'_\' and \'.\' alone",
                "2:14: the host\'s name \'-x\' must begin with a letter or a digit",
                "2:20: the host\'s name \'c*\' may have letters, digits, \'-\', \'_\' and \'.\' alone",
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: {a: {backlog: 70000, send-buffer: 100 B, receive-buffer: 64, retries: 300, "
                + "syn-retries: x}}\n",
            [
                "2:22: \'backlog\' must be 1…65535, not 70000",
                "2:42: \'send-buffer\' must be 1 KiB…1024 MiB, not 100 B",
                "2:65: \'receive-buffer\': \'64\' has no unit; did you mean \'64 B\'?",
                "2:78: \'retries\' must be 0…255, not 300",
                "2:96: \'syn-retries\' must be a whole number, not \'x\'",
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: {a: 3}\n",
            [
                "2:12: a host must be a mapping with count, router, sockets, memory, ports, clock, "
                    + "slow-timers, nat, drops, \(listing(LabFileReader.tcpKeys)), not a single value"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: 5\n",
            [
                "2:8: \'hosts\' must be a list of names, or a mapping from names, not a single value"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, servr], latancy: 1ms}\n",
            [
                "4:24: there is no host \'servr\'; did you mean \'server\'?",
                "4:32: unknown key \'latancy\'; did you mean \'latency\'?",
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, client]}\n",
            [
                "4:15: a link joins two hosts; \'client\' cannot be joined to itself"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client]}\n",
            [
                "4:15: \'between\' must be a list of two hosts, as in [client, server]"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {latency: 1ms}\n",
            [
                "4:5: a link needs \'between\'"
            ]),
        FaultyLab(
            .hosts,
            "links: [{between: [client, server]}, {between: [server, client]}]\n",
            [
                "3:48: \'server\' and \'client\' are joined by a link already"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: -1ms}\n",
            [
                "4:42: \'latency\': \'-1ms\' is negative; a duration is 0 or more"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: 5}\n",
            [
                "4:42: \'latency\': \'5\' has no unit; did you mean \'5ms\' or \'5s\'?"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: 5sec}\n",
            [
                "4:42: \'latency\': unknown unit \'sec\'; did you mean \'5s\'?"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: 61m}\n",
            [
                "4:42: \'latency\' must be 0s…60m, not 61m"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: {uniform: [5ms, 1ms]}}\n",
            [
                "4:58: \'uniform\' must have the lower bound first"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: {unifrom: [5ms, 1ms]}}\n",
            [
                "4:43: unknown latency \'unifrom\'; did you mean \'uniform\'?"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: {normal: 5ms}}\n",
            [
                "4:51: \'normal\' must be a list of 2, as in [mean, deviation]"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: [1ms, 2ms]}\n",
            [
                "4:42: \'latency\' must be a duration or one of constant, uniform, normal, exponential, "
                    + "bimodal or pareto, not a list"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], latency: {pareto: [1ms, 0]}}\n",
            [
                "4:57: \'pareto\' must be 0.1…100, not 0"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], loss: 1.5}\n",
            [
                "4:39: \'loss\' must be 0…1, not 1.5"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, server], loss: often}\n",
            [
                "4:39: \'loss\' must be a number, not \'often\'"
            ]),
        FaultyLab(
            .hosts,
            "links:\n"
                + "  - {between: [client, \"x-*\"], forward: {lost: 1}}\n",
            [
                "4:24: no host fits \'x-*\'",
                "4:42: unknown key \'lost\'; did you mean \'loss\'?",
            ]),
        FaultyLab(
            .hosts,
            "links: {a: b}\n",
            [
                "3:8: \'links\' must be a list, not a mapping"
            ]),
        FaultyLab(
            .nothing,
            "lab: a\n"
                + "hosts: [a]\n"
                + "lab: b\n"
                + "seed: 1\n"
                + "seed: 2\n"
                + "seed: x\n"
                + "foo: 1\n",
            [
                "3:1: duplicate key \'lab\'; it is given in line 1 already",
                "5:1: duplicate key \'seed\'; it is given in line 4 already",
                "6:1: duplicate key \'seed\'; it is given in line 4 already",
                "7:1: unknown key \'foo\'; a lab file may have lab, seed, hosts, chaos, story, title, links, "
                    + "peers, faults, expect, duration, programs, buggify, schedule and invariants",
            ]),
    ]
}
