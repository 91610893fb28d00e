extension Scenario {
    /// Whose a port is, and for how long.
    static let addresses = [
        Scenario(
            "a second listener on a port", .addresses,
            [
                .server(.listen), Step(.server[2], .listen), .server(.closeListener), Step(.server[2], .listen),
            ]),
        Scenario("the same port on two hosts", .addresses, [.server(.listen), .other(.listen)]),
        Scenario(
            "listening beside an accepted connection", .addresses,
            open + [
                .server(.closeListener), Step(.server[2], .listen), .client(.write(3)), .server(.read),
                Step(.client[2], .connect), Step(.server[2], .accept(from: .server[2])),
            ]),
        Scenario(
            "listening beside a connection of the port in TIME-WAIT", .addresses,
            open + [
                .server(.close), .client(.read), .client(.close), .server(.closeListener), .server(.listen),
                .client(.connect),
            ]),
        Scenario(
            "listening on a port that connects", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)),
                Step(.client[2], .listen(port: 5_000)),
            ]),
        Scenario(
            "listening on a port that has connected, in TIME-WAIT", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept),
                .client(.close), .server(.read), .server(.close), .client(.listen(port: 5_000)),
            ]),
        Scenario(
            "listening on a port that has connected and is free", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept),
                .server(.close), .client(.read), .client(.close), .client(.listen(port: 5_000)),
            ]),
        Scenario(
            "connecting from a port in use", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)),
                Step(.client[2], .connect(to: "server", port: 80, from: 5_000)), .server(.accept), .client(.write(3)),
                .server(.read),
            ]),
        Scenario(
            "connecting elsewhere from a port in use", .addresses,
            [
                .server(.listen), .other(.listen), .client(.connect(to: "server", port: 80, from: 5_000)),
                Step(.client[2], .connect(to: "other", port: 80, from: 5_000)),
            ]),
        Scenario(
            "connecting from a port that listens", .addresses,
            [
                .server(.listen), .client(.listen(port: 5_000)),
                Step(.client[2], .connect(to: "server", port: 80, from: 5_000)),
            ]),
        Scenario(
            "connecting from a port after a refusal", .addresses,
            [
                .client(.connect(to: "server", port: 80, from: 5_000)), .server(.listen),
                .client(.connect(to: "server", port: 80, from: 5_000)),
            ]),
        Scenario(
            "connecting from a port after a reset", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept),
                .client(.reset), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.read),
                .server(.accept), .client(.write(3)), .server(.read),
            ]),
        Scenario(
            "connecting from a port in TIME-WAIT here", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept),
                .client(.close), .server(.read), .server(.close),
                .client(.connect(to: "server", port: 80, from: 5_000)),
            ]),
        Scenario(
            "connecting from a port in TIME-WAIT there", .addresses,
            [
                .server(.listen), .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept),
                .server(.close), .client(.read), .client(.close),
                .client(.connect(to: "server", port: 80, from: 5_000)), .server(.accept), .client(.write(3)),
                .server(.read),
            ]),
    ]
}
