import Testing

@testable import Lab

@Suite struct SentenceErrorTests {
    @Test(arguments: cases) func isReported(_ fault: FaultyLab) {
        #expect(diagnostics(of: fault.text) == fault.errors.map { "x:" + $0 })
    }

    static let cases: [FaultyLab] = [
        FaultyLab(
            .pair,
            "expect:\n"
                + "  - pong is connected\n"
                + "  - ping is conected by 5s\n"
                + "  - ping is connected by 11s\n"
                + "  - \"ping is connected by 5\"\n"
                + "  - ping hsa sent 5 messages\n"
                + "  - ping has sent five messages\n"
                + "  - ping has sent 5\n"
                + "  - no message is dropped by 5s\n"
                + "  - no message is lost\n"
                + "  - a connection is open\n"
                + "  - ping is connected bye 5s\n"
                + "  - ping finishes by 1s now\n"
                + "  - ping queue reaches 0\n"
                + "  - [a]\n"
                + "  - \'\'\n"
                + "  - ping\n",
            [
                "8:5: there is no peer \'pong\'; did you mean \'ping\'?",
                "9:13: unknown state \'conected\'; did you mean \'connected\'?",
                "10:26: \'11s\' is after the end of the lab, which lasts 10s",
                "11:27: \'5\' has no unit; did you mean \'5ms\' or \'5s\'?",
                "12:10: unknown verb \'hsa\'; did you mean \'has\'?",
                "13:19: \'five\' must be a whole number, 0 or more",
                "14:20: \'messages\' or \'message\' is missing at the end of \'ping has sent 5\'",
                "15:27: \'no\' holds for the whole run; leave \'by\' out",
                "16:19: unknown word \'lost\'; expected delivered or dropped",
                "17:21: expected \'half-open\' and not \'open\'",
                "18:23: expected \'by\' and a time, or the end, and not \'bye\'; did you mean \'by\'?",
                "19:25: \'now\' is not expected here; the sentence ends before it",
                "20:24: \'0\' must be a whole number, 1 or more",
                "21:5: \'expect\' must be a list of sentences, not a list",
                "22:6: a name is missing at the end of \'\'",
                "23:9: \'is\', \'has\', \'reconnects\', \'queue\', \'counts\', \'finishes\', \'sees\' or \'does\' is missing at "
                    + "the end of \'ping\'",
            ]),
        FaultyLab(
            .pair,
            "story:\n"
                + "  - {when: strat, say: a}\n"
                + "  - {when: 11s, say: a}\n"
                + "  - {when: 5, say: a}\n"
                + "  - {when: servr loses power, say: a}\n"
                + "  - {when: server loses weight, say: a}\n"
                + "  - {when: client-servr is cut, say: a}\n"
                + "  - {when: ping is cut, say: a}\n"
                + "  - {when: client-server is connected, say: a}\n"
                + "  - {when: ping is conected, say: a}\n"
                + "  - {when: start}\n"
                + "  - {say: x}\n"
                + "  - {when: start, say: \'\'}\n"
                + "  - {when: pin finishes, say: x}\n"
                + "  - {when: ping whistles, say: x}\n",
            [
                "8:12: expected start, end, a time or a sentence such as \'server loses power\'; did you "
                    + "mean \'start\'?",
                "9:12: \'11s\' is after the end of the lab, which lasts 10s",
                "10:12: \'5\' has no unit; did you mean \'5ms\' or \'5s\'?",
                "11:12: there is no host \'servr\'; did you mean \'server\'?",
                "12:25: expected \'power\' and not \'weight\'",
                "13:12: there is no link \'client-servr\'; did you mean \'client-server\'?",
                "14:12: there is no link \'ping\'; there is client-server",
                "15:29: a link is \'cut\' or \'healed\'",
                "16:20: unknown state \'conected\'; did you mean \'connected\'?",
                "17:5: a line of the story needs \'say\'",
                "18:5: a line of the story needs \'when\'",
                "19:24: \'say\' is empty",
                "20:12: there is no peer \'pin\'; did you mean \'ping\'?",
                "21:17: unknown verb \'whistles\'; expected is, has, reconnects, queue, counts, finishes, sees or does",
            ]),
    ]
}
