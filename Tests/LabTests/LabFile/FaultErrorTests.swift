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
                "8:14: fault \'swizzle\' is not available in this version; available are cut, heal, "
                    + "power-loss, power-on, process-kill, restart, pause, resume and slow-reader"
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
                "8:14: fault \'loss\' is a property of a link; write it under \'links\'"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {at: 5s}\n",
            [
                "8:5: a fault needs one of cut, heal, power-loss, power-on, process-kill, restart, "
                    + "pause, resume or slow-reader"
            ]),
        FaultyLab(
            .pair,
            "faults:\n"
                + "  - {cut: client-server}\n",
            [
                "8:5: a fault needs \'at\'"
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
                "8:45: power-loss has no direction",
                "8:48: unknown fault \'frobnicate\'; available are cut, heal, power-loss, power-on, "
                    + "process-kill, restart, pause, resume and slow-reader",
            ]),
    ]
}
