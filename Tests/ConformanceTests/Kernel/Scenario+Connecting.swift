extension Scenario {
    /// Who is let in, and who is refused.
    static let connecting = [
        Scenario("where nobody listens", .connecting, [.client(.connect), .client(.read)]),
        Scenario(
            "where a listener was closed", .connecting,
            [
                .server(.listen), .server(.closeListener), .client(.connect),
            ]),
        Scenario(
            "to the port of another host", .connecting,
            [
                .server(.listen), .client(.connect(to: "other", port: 80, from: 0)),
            ]),
        Scenario(
            "to another port", .connecting,
            [
                .server(.listen), .client(.connect(to: "server", port: 81, from: 0)),
            ]),
        Scenario(
            "to a port that connects", .connecting,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)),
                .other(.connect(to: "client", port: 5_000, from: 0)), .server(.accept),
            ]),
        Scenario(
            "and again after a refusal", .connecting,
            [
                .client(.connect), .server(.listen), .client(.connect), .server(.accept), .client(.write(3)),
                .server(.read),
            ]),
        Scenario(
            "before anyone accepts, with bytes", .connecting,
            [
                .server(.listen), .client(.connect), .client(.write(10)), .server(.accept), .server(.read),
            ]),
        Scenario(
            "and closing before anyone accepts", .connecting,
            [
                .server(.listen), .client(.connect), .client(.write(10)), .client(.close), .server(.accept),
                .server(.read), .server(.read), .server(.write(1)), .server(.write(1)),
            ]),
        Scenario(
            "an accept that waits", .connecting,
            [
                .server(.listen), .server(.accept), .client(.connect), .server(.finish), .client(.write(3)),
                .server(.read),
            ]),
        Scenario(
            "within one host", .connecting,
            [
                .server(.listen), Step(.server[2], .connect), .server(.accept), Step(.server[2], .write(10)),
                .server(.read), .server(.close), Step(.server[2], .read), Step(.server[2], .write(1)),
                Step(.server[2], .write(1)),
            ]),
        Scenario("within one host, where nobody listens", .connecting, [Step(.server[2], .connect)]),
        Scenario(
            "to oneself", .connecting,
            differs: "on Linux a socket can be its own other end; a connection of the model has two",
            [
                .client(.connect(to: "client", port: 5_000, from: 5_000)), .client(.write(3)), .client(.read),
                .client(.shutdownWrite), .client(.read),
            ]),
        Scenario(
            "a closed listener leaves accepted connections alone", .connecting,
            open + [
                .server(.closeListener), .client(.write(3)), .server(.read), .server(.write(3)), .client(.read),
            ]),
    ]

    /// What the queue of a listener holds.
    static let backlogs = [
        Scenario(
            "takes its number and keeps the next waiting", .backlog, backlog: .holding(2),
            [
                .server(.listen), .client(.connect), Step(.client[2], .connect), Step(.client[3], .connect),
                .server(.accept), Step(.client[3], .finish), Step(.server[2], .accept), Step(.server[3], .accept),
                Step(.client[3], .write(5)), Step(.server[3], .read),
            ]),
        Scenario(
            "takes one more than listen is told", .backlog, backlog: .argument(2),
            [.server(.listen), .client(.connect), Step(.client[2], .connect), Step(.client[3], .connect)]),
        Scenario(
            "gives its connections in order", .backlog,
            [
                .server(.listen), .client(.connect), Step(.client[2], .connect), .client(.write(3)),
                Step(.client[2], .write(5)), .server(.accept), Step(.server[2], .accept), .server(.read),
                Step(.server[2], .read),
            ]),
        Scenario(
            "is reset with its listener", .backlog,
            [
                .server(.listen), .client(.connect), Step(.client[2], .connect), Step(.client[2], .read),
                .server(.closeListener), Step(.client[2], .finish), .client(.write(1)), .client(.write(1)),
                .client(.read),
            ]),
        Scenario(
            "of a closed listener refuses who waits for room", .backlog, backlog: .holding(1),
            [
                .server(.listen), .client(.connect), Step(.client[2], .connect), .server(.closeListener),
                Step(.client[2], .finish), .client(.read),
            ]),
        Scenario(
            "holds what was closed", .backlog, backlog: .holding(1),
            [
                .server(.listen), .client(.connect), .client(.close), Step(.client[2], .connect), .server(.accept),
                .server(.read), Step(.client[2], .finish),
            ]),
        Scenario(
            "forgets a half-open connection with its listener, without a word", .backlog, staysHalfOpen: true,
            [
                .server(.listen), .client(.connect), .server(.accept), .client(.read), .server(.closeListener),
                .server(.finish), .client(.write(1)), .client(.finish), .client(.write(1)),
            ]),
        Scenario(
            "of one listener does not count for another", .backlog, backlog: .holding(1),
            [
                .server(.listen), Step(.server[2], .listen(port: 81)), .client(.connect),
                Step(.client[2], .connect(to: "server", port: 81, from: 0)), .server(.accept),
                Step(.server[2], .accept(from: .server[2])),
            ]),
    ]
}
