import PeerNetworking

extension Scenario {
    /// Why a shutdown after a failure differs.
    static let shutdownFailure =
        "Linux has no connection left (ENOTCONN) and keeps the error for the next read or write; the contract's shutdown "
        + "tells it"

    /// Who is told of a reset, and what is told after it.
    static let reset = [
        Scenario(
            "seen by reads", .reset,
            open + [
                .client(.reset), .server(.read), .server(.read), .server(.write(1)), .server(.shutdownWrite),
            ]),
        Scenario(
            "seen by writes", .reset,
            open + [
                .client(.reset), .server(.write(1)), .server(.write(1)), .server(.read), .server(.shutdownWrite),
            ]),
        Scenario("seen by an empty write", .reset, open + [.client(.reset), .server(.write(0)), .server(.write(0))]),
        Scenario(
            "seen by a shutdown", .reset, differs: shutdownFailure,
            open + [
                .client(.reset), .server(.shutdownWrite), .server(.shutdownWrite), .server(.read), .server(.write(1)),
            ]),
        Scenario("seen by nobody who closes", .reset, open + [.client(.reset), .server(.close)]),
        Scenario(
            "after bytes that were not read", .reset,
            open + [
                .client(.write(10)), .server(.read(upTo: 4)), .client(.reset), .server(.read), .server(.read),
                .server(.read),
            ]),
        Scenario(
            "after bytes that were not read, seen by a write first", .reset,
            open + [
                .client(.write(10)), .client(.reset), .server(.write(1)), .server(.read), .server(.read),
            ]),
        Scenario(
            "during a read that waits", .reset,
            open + [
                .server(.read), .client(.reset), .server(.finish), .server(.read), .server(.write(1)),
            ]),
        Scenario(
            "during a write that waits", .reset,
            open + [
                .server(.write(1_000_000)), .client(.reset), .server(.finish), .server(.write(1)), .server(.read),
            ]),
        Scenario(
            "after its own half-close", .reset,
            open + [
                .client(.shutdownWrite), .client(.reset), .server(.read), .server(.write(1)), .server(.read),
            ]),
        Scenario(
            "after its own half-close, the end being read", .reset,
            open + [
                .client(.shutdownWrite), .server(.read), .client(.reset), .server(.write(1)), .server(.write(1)),
                .server(.shutdownWrite),
            ]),
        Scenario(
            "after the other side's half-close", .reset,
            open + [
                .server(.shutdownWrite), .client(.reset), .server(.read), .server(.read), .server(.write(1)),
            ]),
        Scenario(
            "after both sides' half-close", .reset,
            open + [
                .client(.shutdownWrite), .server(.shutdownWrite), .client(.reset), .server(.read), .server(.write(1)),
            ]),
        Scenario(
            "with a write that waits at the other side, and some of it read", .reset,
            open + [
                .client(.write(1_000_000)), .server(.read(upTo: 1_000)), .server(.reset), .client(.finish),
                .client(.read),
            ]),
        Scenario(
            "before the connection is accepted, that of the listener", .reset,
            [
                .server(.listen), .client(.connect), .client(.write(3)), .server(.closeListener), .client(.read),
                .client(.read), .client(.write(1)),
            ]),
        Scenario(
            "before the connection is accepted, that of the client", .reset,
            differs:
                "Linux hands out a connection that is dead; the providers leave it out, for it has no other end any more (getpeername: ENOTCONN)",
            [.server(.listen), .client(.connect), .client(.reset), .server(.accept), .server(.read)]),
        Scenario(
            "options of a socket that was reset", .reset,
            open + [
                .client(.reset), .server(.set(.keepAlive(KeepAlive()))), .server(.read), .server(.set(.keepAlive(nil))),
            ]),
    ]

    /// What a program is told of a socket that it has closed itself.
    static let own = [
        Scenario(
            "after a close", .own,
            open + [
                .client(.close), .client(.read), .client(.write(1)), .client(.write(0)), .client(.shutdownWrite),
                .client(.set(.keepAlive(nil))),
            ]),
        Scenario(
            "after a reset", .own,
            open + [
                .client(.reset), .client(.read), .client(.write(1)), .client(.shutdownWrite),
            ]),
        Scenario(
            "accepting from a listener that was closed", .own,
            [
                .server(.listen), .server(.closeListener), .server(.accept),
            ]),
        Scenario(
            "closed twice", .own, differs: "Linux says EBADF; the contract's close does nothing the second time",
            open + [.client(.close), .client(.close)]),
        Scenario(
            "reset twice", .own, differs: "Linux says EBADF; the contract's reset does nothing the second time",
            open + [.client(.reset), .client(.reset)]),
        Scenario(
            "a listener closed twice", .own,
            differs: "Linux says EBADF; the contract's close does nothing the second time",
            [.server(.listen), .server(.closeListener), .server(.closeListener)]),
    ]
}
