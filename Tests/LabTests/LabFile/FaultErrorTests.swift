import Testing

@testable import Lab

@Suite struct FaultErrorTests {
    @Test(arguments: cases) func isReported(_ fault: FaultyLab) {
        #expect(diagnostics(of: fault.text) == fault.errors.map { "x:" + $0 })
    }

    static let cases: [FaultyLab] = [
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 5s, swizzle: server}\n",
            [
                "8:14: swizzle needs \'over\', as in 200ms"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 5s, power-los: server}\n",
            [
                "8:14: unknown fault \'power-los\'; did you mean \'power-loss\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 5s, loss: 0.5}\n",
            [
                "8:20: there is no link \'0.5\'; there is client-server"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 5s}\n",
            [
                "8:5: a fault says what happens, as in {at: 5s, cut: client-server}"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {process-kill: ping}\n"
                + "  - {short-read: c1, largest: 3}\n"
                + "  - {cut: client-server, for: 1s}\n"
                + "  - {at: 1s, when: ping is connected, cut: client-server}\n"
                + "  - {at: 1s, cut: client-server, times: 3}\n"
                + "  - {at: 1s, cut: client-server, every: 1s, for: 2s}\n",
            [
                "8:6: process-kill happens and is over; it needs \'at\' or \'when\'",
                "9:6: short-read happens and is over; it needs \'at\' or \'when\'",
                "10:31: \'for\' needs \'at\' or \'when\'",
                "11:20: a fault has \'at\' or \'when\', and not both",
                "12:41: \'times\' goes with \'every\'",
                "13:50: it lasts longer than the time to its next strike; shorten \'for\'",
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {heal: client-server}\n",
            [
                "8:6: heal lifts what nothing has set yet; it needs \'at\' or \'when\'"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 11s, cut: client-server}\n",
            [
                "8:10: \'at\' is after the end of the lab, which lasts 10s"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, heal: client-server, for: 1s}\n",
            [
                "8:40: heal does not last; leave \'for\' out"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: clint-server}\n",
            [
                "8:19: there is no link \'clint-server\'; did you mean \'client-server\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: [client, sever]}\n",
            [
                "8:28: there is no host \'sever\'; did you mean \'server\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: client-server, direction: up}\n",
            [
                "8:45: \'direction\' must be \"client->server\" or \"server->client\", not \'up\'"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, pause: pong}\n",
            [
                "8:21: there is no peer \'pong\'; did you mean \'ping\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, slow-reader: {peer: ping, rate: 5 KB}}\n",
            [
                "8:46: \'rate\': unknown unit \'KB\'; did you mean \'5 KiB/s\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, slow-reader: {peer: ping, rate: 5}}\n",
            [
                "8:46: \'rate\': \'5\' has no unit; did you mean \'5 B/s\'?"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: client-server, heal: client-server}\n",
            [
                "8:34: a fault does one thing; cut is given already"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, power-loss: client, direction: x, frobnicate: 1}\n",
            [
                "8:34: power-loss has no \'direction\'; it may have host",
                "8:48: power-loss has no \'frobnicate\'; it may have host",
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: client-server, dirction: client->server}\n"
                + "  - {at: 1s, cut: {link: client-server, dirction: client->server}}\n"
                + "  - {at: 1s, cut: client-server, evry: 1s}\n"
                + "  - {at: 1s, drop: client-server, durin: syn, probability: 0.1}\n"
                + "  - {at: 1s, heal-all: true, link: client-server}\n"
                + "  - {at: 1s, clog: client-server, size: 3}\n"
                + "  - {at: 1s, ct: client-server, dirction: client->server}\n",
            [
                "8:34: cut has no \'dirction\'; did you mean \'direction\'?",
                "9:41: cut has no \'dirction\'; did you mean \'direction\'?",
                "10:34: cut has no \'evry\'; did you mean \'every\'?",
                "11:35: drop has no \'durin\'; did you mean \'during\'?",
                "12:30: heal-all has no \'link\'; it stands alone",
                "13:35: clog has no \'size\'; it may have link, host and direction",
                "14:14: unknown fault \'ct\'; did you mean \'cut\'?",
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, cut: client-server, every: 1ns}\n",
            [
                "8:41: 'every' must be 1ms…43200m, not 1ns"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, clock-skew: client, drift: -501ms}\n",
            [
                "8:41: 'drift' must be -500ms…500ms, not -501ms"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, clock-skew: client, offset: -8000h}\n",
            [
                "8:42: 'offset': unknown unit 'h'; -8000h is written '-480000m'"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 1s, short-read: client, largest: -1}\n",
            [
                "8:43: 'largest': '-1' is negative; a size is 0 or more"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {slow-pair: client->client, by: 1s}\n",
            [
                "8:17: 'slow-pair' must be two hosts, and 'client' is one"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {veto: link.loss, subject: nobody}\n",
            [
                "8:32: link.loss is drawn for a direction of a link, as in 'from→to', and there is no 'nobody'"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {force: link.loss, draw: 99999999999999999999}\n",
            [
                "8:30: 'draw': '99999999999999999999' is too large"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {exhaust: client, ports: usual}\n",
            [
                "8:6: exhaust lifts what nothing has set yet; it needs 'at' or 'when'"
            ]),
    ]
}
