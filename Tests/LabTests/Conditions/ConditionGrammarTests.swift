import PeerNetworking
import SimNetwork
import Testing
import TCP

@testable import Lab

/// One grammar, wherever a sentence about the run stands.
@Suite struct ConditionGrammarTests {
    /// A sentence as its text is written, other ways to write it, and what it means.
    struct Case: Sendable, CustomTestStringConvertible {
        var sentence: String
        var others: [String] = []
        var meaning: Condition

        init(_ sentence: String, or others: [String] = [], _ meaning: Condition) {
            (self.sentence, self.others, self.meaning) = (sentence, others, meaning)
        }

        var testDescription: String { sentence }
    }

    private static let (echo, ping) = (ProcessID(0), ProcessID(1))
    private static let (client, server, link) = (HostID(0), HostID(1), LinkID(0))

    static let cases: [Case] = [
        Case("ping is connected", .peer(ping, .state(.connected))),
        Case("echo is listening", .peer(echo, .state(.listening))),
        Case("ping is closed", .peer(ping, .state(.closed))),
        Case("ping is killed", .peer(ping, .process(.killed))),
        Case("echo is paused", .peer(echo, .process(.paused))),
        Case("echo is off", .peer(echo, .process(.off))),
        Case("ping is blocked", .peer(ping, .blocked)),
        Case("ping has sent 10 messages", .peer(ping, .count(.sent, atLeast: 10))),
        Case(
            "echo has received 1 message", or: ["echo has received 1 messages"],
            .peer(echo, .count(.received, atLeast: 1))),
        Case("ping has requeued 3 messages", .peer(ping, .count(.requeued, atLeast: 3))),
        Case(
            "ping reconnects at least 2 times", or: ["ping reconnects at least 2 time"],
            .peer(ping, .count(.reconnects, atLeast: 2))),
        Case("ping queue reaches 5", .peer(ping, .queue(atLeast: 5))),
        Case("ping counts 7", .peer(ping, .progress(7))),
        Case("ping counts 0", .peer(ping, .progress(0))),
        Case("ping finishes", .peer(ping, .finished)),
        Case("ping is not connected", .not(.peer(ping, .state(.connected)))),
        Case("echo is not running", .not(.peer(echo, .process(.running)))),
        Case("ping sees connectionReset", .peer(ping, .sees(.connectionReset))),
        Case("ping does job 41", .peer(ping, .does(job: 41))),
        Case("c1 is FIN-WAIT-1", or: ["c1 is FIN_WAIT_1"], .connection(ConnectionID(1), .state(.finWait1))),
        Case("at least 3 segments are retransmitted", .retransmitted(atLeast: 3)),
        Case("more than 10 connects in 2s", .connects(moreThan: 10, within: 2_000_000_000)),
        Case("an answer takes more than 200ms", .lateAnswer(after: 200_000_000)),
        Case("every peer recovers", .everyPeer([ping])),
        Case("server loses power", .host(server, .losesPower)),
        Case("client gets power", .host(client, .getsPower)),
        Case("client-server is cut", or: ["server-client is cut"], .link(link, .cut)),
        Case("client-server is healed", .link(link, .healed)),
        Case("a connection is half-open", .connection(nil, .halfOpen)),
        Case("c7 is half-open", .connection(ConnectionID(7), .halfOpen)),
        Case("a message is delivered", or: ["message"], .message(.delivered)),
        Case("a message is delivered twice", .message(.deliveredTwice)),
        Case("a message is dropped", .message(.dropped)),
        Case("partition strikes", .fault(.partition)),
        Case("a fault strikes", or: ["fault"], .fault(nil)),
    ]

    /// The pair of hosts, with all in the fault's and the story's `when` and in `expect`.
    private func lab(_ sentence: String) throws -> LabDefinition {
        try LabFile.read(
            text: LabText.pair + """
                faults:
                  - {when: \(sentence), cut: client-server}
                  - {at: 2s, heal-all: true}
                story: [{when: \(sentence), say: so}]
                expect:
                  - \(sentence)
                duration: 60s
                """, name: "x")
    }

    @Test(arguments: cases) func meansTheSameInEveryPlace(_ row: Case) throws {
        for sentence in [row.sentence] + row.others {
            let lab = try lab(sentence)
            #expect(lab.faults[0].trigger == .when(row.meaning, after: 0))
            #expect(lab.story[0].when == .when(row.meaning))
            #expect(lab.expectations[0].condition == row.meaning)
            #expect(try lab.condition(sentence.split(separator: " ").map(String.init)) == row.meaning)
            #expect(row.meaning.text(in: lab) == row.sentence)
        }
    }

    @Test func anExpectationHasABound() throws {
        let lines = [
            "ping is connected by 5s", "ping is connected", "ping reconnects at most 1 time", "no message is dropped",
            "no message is delivered", "no connection is half-open", "no fault strikes", "client-server is cut by 5s",
            "every peer recovers by 9s",
        ]
        let list = lines.map { "  - \($0)\n" }.joined()
        let lab = try LabFile.read(text: LabText.pair + "expect:\n\(list)", name: "x")
        let second: Int64 = 1_000_000_000
        #expect(lab.expectations.map(\.text) == lines)
        #expect(
            lab.expectations.map(\.bound) == [
                .by(5 * second), .end, .never, .never, .never, .never, .never, .by(5 * second), .by(9 * second),
            ])
        #expect(lab.expectations[2].condition == .peer(Self.ping, .count(.reconnects, atLeast: 2)))
        #expect(lab.expectations[5].condition == .connection(nil, .halfOpen))
    }

    /// What cannot be waited for, and what can never be so, is refused where it is read, and why.
    @Test(arguments: [
        ("no message is dropped", "cannot be waited for"),
        ("ping reconnects at most 1 time", "at the end of the run alone"),
        ("ping is connected by 5s", "'by' belongs to what a lab expects"), ("ping has sent 0 messages", "1 or more"),
        ("ping sees red", "unknown error 'red'"), ("ping is not well", "unknown state 'well'"),
        ("echo is connected", "'echo' only listens: it is never connected"),
        ("ping is listening", "'ping' only connects: it never listens"),
        ("ping queue reaches 65", "'ping' has a queue of 64: it never holds 65 messages"),
        ("client is connected", "there is no peer 'client'; there are echo and ping"),
        ("pong is connected", "there is no peer 'pong'; did you mean 'ping'?"),
        ("c1 is connected", "unknown state 'connected'"), ("at least 0 segments are retransmitted", "1 or more"),
        ("a ping is lost", "unknown noun 'ping'"),
    ])
    func isRefused(sentence: String, reason: String) throws {
        let lab = try LabFile.read(text: LabText.pair, name: "x")
        do {
            _ = try lab.condition(sentence.split(separator: " ").map(String.init))
            Issue.record("\(sentence) is taken")
        } catch {
            #expect(error.description.contains(reason), "\(error)")
        }
        for section in ["faults:\n  - {when: \(sentence), heal-all: true}", "story: [{when: \(sentence), say: so}]"] {
            let found = diagnostics(of: LabText.pair + section)
            #expect(found.count == 1 && found[0].contains(reason), "\(found)")
        }
    }

    @Test func whatIsNeverSoCannotBeExpectedEither() {
        let found = diagnostics(
            of: LabText.pair + """
                expect:
                  - echo is reconnecting by 5s
                  - ping queue reaches 65
                  - ping is listening
                faults: [{when: ping is connected, after: 11s, cut: client-server}]
                """)
        #expect(
            found == [
                "x:8:13: 'echo' only listens: it is never reconnecting",
                "x:9:24: 'ping' has a queue of 64: it never holds 65 messages",
                "x:10:13: 'ping' only connects: it never listens",
                "x:11:43: 'after' is longer than the lab, which lasts 10s: it never strikes",
            ])
    }

    @Test func aPeerMayBeCalledAsAWordOfTheGrammar() throws {
        let lab = try LabFile.read(
            text: """
                lab: names
                hosts: [every, no]
                links: [{between: [every, no]}]
                peers:
                  - {name: message, on: no, listen: 4500, run: echo}
                  - {name: a, on: every, connect: "no:4500", run: ping-pong}
                expect: [a is connected, no loses power, a message is dropped, no message is dropped, message is listening]
                """, name: "x")
        #expect(
            lab.expectations.map(\.condition) == [
                .peer(ProcessID(1), .state(.connected)), .host(HostID(1), .losesPower), .message(.dropped),
                .message(.dropped), .peer(ProcessID(0), .state(.listening)),
            ])
    }

    @Test func theNextWordsAreTheGrammars() throws {
        let lab = try LabFile.read(text: LabText.pair, name: "x")
        func next(_ words: String...) -> [String] { lab.wordsOfCondition(after: words) }
        #expect(next().starts(with: ["echo", "ping", "client", "server", "client-server", "a", "every"]))
        #expect(next("ping") == ["is", "has", "reconnects", "queue", "counts", "finishes", "sees", "does"])
        #expect(next("server") == ["loses", "gets"] && next("server", "loses") == ["power"])
        #expect(next("client-server") == ["is"] && next("client-server", "is") == ["cut", "healed"])
        #expect(next("ping", "has") == ["sent", "received", "requeued"])
        #expect(next("ping", "has", "sent", "3") == ["messages", "message"])
        #expect(next("a") == ["connection", "message", "fault"] && next("a", "connection", "is") == ["half-open"])
        #expect(
            next("c1", "is").starts(with: ["half-open", "SYN-SENT"]) && next("at") == ["least"]
                && next("more") == ["than"])
        #expect(next("ping", "is").contains("blocked") && next("ping", "finishes") == [] && next("ping", "sings") == [])
    }
}
