extension Scenario {
    /// A connection between the client and the server.
    static let open: [Step] = [.server(.listen), .client(.connect), .server(.accept)]

    /// What each side sees of a close.
    static let closing = [
        Scenario(
            "the other side reads to the end", .closing,
            open + [
                .client(.write(10)), .client(.close), .server(.read), .server(.read), .server(.read),
            ]),
        Scenario(
            "the server closes first", .closing,
            open + [
                .server(.write(10)), .server(.close), .client(.read), .client(.read), .client(.close),
            ]),
        Scenario(
            "with bytes unread at the server", .closing,
            open + [
                .client(.write(10)), .server(.close), .client(.read), .client(.read), .client(.write(1)),
            ]),
        Scenario(
            "with bytes unread at the client", .closing,
            open + [
                .server(.write(10)), .client(.close), .server(.read), .server(.read), .server(.write(1)),
            ]),
        Scenario(
            "with some of the bytes unread", .closing,
            open + [
                .client(.write(10)), .server(.read(upTo: 4)), .server(.close), .client(.write(1)), .client(.write(1)),
                .client(.read),
            ]),
        Scenario(
            "with bytes unread, and bytes on the way to the reader", .closing,
            open + [
                .server(.write(7)), .client(.write(10)), .server(.close), .client(.read), .client(.read),
                .client(.read),
            ]),
        Scenario(
            "with bytes unread at both sides", .closing,
            open + [
                .client(.write(10)), .server(.write(10)), .client(.close), .server(.read), .server(.read),
                .server(.read),
                .server(.close),
            ]),
        Scenario(
            "with bytes in the send buffer", .closing,
            open + [
                .client(.fill), .client(.close), .server(.readToEnd(of: .client)),
            ]),
        Scenario(
            "with bytes in the send buffer that the other side leaves unread", .closing,
            open + [
                .client(.fill), .client(.close), .server(.close), .server(.closeListener), .client(.connect),
            ]),
        Scenario(
            "ends a read that waits", .closing,
            open + [
                .server(.read), .client(.close), .server(.finish), .server(.read),
            ]),
        Scenario(
            "of all that an exiting process has, with bytes unread", .closing,
            open + [
                .client(.write(10)), .server(.closeListener), .server(.close), .client(.read), .client(.connect),
            ]),
        Scenario(
            "after the other side's", .closing,
            open + [
                .client(.close), .server(.close), .client(.connect), .server(.accept), .client(.write(3)),
                .server(.read),
            ]),
    ]

    /// What a connection still does when one half is closed.
    static let halfClose = [
        Scenario(
            "one way, bytes the other way", .halfClose,
            open + [
                .client(.write(5)), .client(.shutdownWrite), .server(.read), .server(.read), .server(.write(20)),
                .client(.read), .server(.write(20)), .client(.read),
            ]),
        Scenario(
            "both ways", .halfClose,
            open + [
                .client(.shutdownWrite), .server(.read), .server(.write(5)), .server(.shutdownWrite), .client(.read),
                .client(.read), .client(.read), .server(.read),
            ]),
        Scenario(
            "then a write", .halfClose,
            open + [
                .client(.shutdownWrite), .client(.write(1)), .client(.write(1)), .server(.write(1)), .client(.read),
            ]),
        Scenario("then an empty write", .halfClose, open + [.client(.shutdownWrite), .client(.write(0))]),
        Scenario(
            "twice", .halfClose,
            open + [
                .client(.shutdownWrite), .client(.shutdownWrite), .server(.read), .server(.write(3)), .client(.read),
            ]),
        Scenario(
            "again when both halves are closed", .halfClose,
            differs: "Linux has no connection left (ENOTCONN); the contract's call does nothing the second time",
            open + [
                .client(.shutdownWrite), .server(.shutdownWrite), .client(.read), .server(.read),
                .client(.shutdownWrite), .server(.shutdownWrite),
            ]),
        Scenario(
            "then a close", .halfClose,
            open + [
                .client(.shutdownWrite), .server(.read), .client(.close), .server(.write(1)), .server(.write(1)),
                .server(.read),
            ]),
        Scenario(
            "then a close with bytes unread", .halfClose,
            open + [
                .server(.write(5)), .client(.shutdownWrite), .client(.close), .server(.read), .server(.write(1)),
                .server(.write(1)), .server(.read),
            ]),
        Scenario(
            "of a side that reads on to the end", .halfClose,
            open + [
                .client(.shutdownWrite), .server(.fill), .server(.close), .client(.readToEnd(of: .server)),
                .client(.close),
            ]),
        Scenario(
            "with bytes in the send buffer", .halfClose,
            open + [
                .client(.fill), .client(.shutdownWrite), .server(.readToEnd(of: .client)), .server(.write(3)),
                .client(.read),
            ]),
        Scenario(
            "ends a read that waits, and not one of its own", .halfClose,
            open + [
                .server(.read), .client(.read), .client(.shutdownWrite), .server(.finish), .server(.write(2)),
                .client(.finish),
            ]),
    ]

    /// What is told after the other side has closed.
    static let afterClose = [
        Scenario(
            "the first write and the second", .afterClose,
            open + [
                .server(.close), .client(.write(1)), .client(.write(1)), .client(.write(1)),
            ]),
        Scenario(
            "a read after the first write", .afterClose,
            open + [
                .server(.close), .client(.write(1)), .client(.read), .client(.write(1)), .client(.read),
            ]),
        Scenario(
            "a write after the end was read", .afterClose,
            open + [
                .server(.close), .client(.read), .client(.write(1)), .client(.read), .client(.write(1)),
            ]),
        Scenario(
            "bytes that came before", .afterClose,
            open + [
                .server(.write(10)), .server(.close), .client(.write(1)), .client(.write(1)), .client(.read),
                .client(.read), .client(.write(1)),
            ]),
        Scenario(
            "shutting down, then closing", .afterClose,
            open + [
                .server(.close), .client(.shutdownWrite), .client(.read), .client(.write(1)), .client(.close),
            ]),
        Scenario(
            "shutting down after a write", .afterClose, differs: shutdownFailure,
            open + [
                .server(.close), .client(.write(1)), .client(.shutdownWrite), .client(.shutdownWrite), .client(.read),
            ]),
        Scenario(
            "an empty write", .afterClose,
            open + [
                .server(.close), .client(.write(0)), .client(.write(1)), .client(.write(0)), .client(.write(0)),
            ]),
    ]
}
