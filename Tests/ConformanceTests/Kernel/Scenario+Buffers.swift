import PeerNetworking

extension Scenario {
    /// What is read of what was written, and what happens when buffers are full.
    static let buffers = [
        Scenario(
            "many small writes and one read", .buffers,
            open + [
                .client(.write(1)), .client(.write(2)), .client(.write(3)), .client(.write(4)), .server(.read),
            ]),
        Scenario(
            "one write and partial reads", .buffers,
            open + [
                .client(.write(10)), .server(.read(upTo: 4)), .server(.read(upTo: 4)), .server(.read(upTo: 4)),
                .server(.read(upTo: 4)), .client(.write(1)), .server(.finish),
            ]),
        Scenario(
            "reads across writes", .buffers,
            open + [
                .client(.write(5)), .client(.write(5)), .server(.read(upTo: 3)), .server(.read(upTo: 4)),
                .server(.read(upTo: 100)),
            ]),
        Scenario(
            "a read of more than a segment", .buffers,
            open + [
                .client(.write(10_000)), .server(.read(upTo: 9_999)), .server(.read(upTo: 9_999)),
            ]),
        Scenario(
            "bytes and the end of the stream are two reads", .buffers,
            open + [
                .client(.write(5)), .client(.shutdownWrite), .server(.read), .server(.read),
            ]),
        Scenario(
            "an empty write", .buffers,
            open + [
                .client(.write(0)), .server(.read), .client(.write(2)), .server(.finish),
            ]),
        Scenario(
            "a write that waits, and goes on with the reader", .buffers,
            open + [
                .client(.write(1_000_000)), .server(.readExactly(1_000_000)), .client(.finish), .client(.write(10)),
                .server(.read),
            ]),
        Scenario(
            "full, read, and writable again", .buffers,
            open + [
                .client(.fill), .server(.readAll(of: .client)), .client(.write(1_000)), .server(.readExactly(1_000)),
            ]),
        Scenario(
            "full both ways", .buffers,
            open + [
                .client(.fill), .server(.fill), .client(.readAll(of: .server)), .server(.readAll(of: .client)),
                .client(.write(10)), .server(.read),
            ]),
        Scenario(
            "a closed window, then the reader closes", .buffers,
            open + [
                .client(.write(1_000_000)), .server(.close), .client(.finish), .client(.write(1)), .client(.read),
            ]),
        Scenario(
            "a closed window, then the reader half-closes and reads", .buffers,
            open + [
                .client(.fill), .server(.shutdownWrite), .client(.read), .server(.readAll(of: .client)),
                .client(.write(10)), .server(.read),
            ]),
        Scenario(
            "a closed window, then the writer resets", .buffers,
            open + [
                .client(.fill), .client(.reset), .server(.write(1)), .server(.write(1)),
            ]),
        Scenario(
            "keep-alive does not show", .buffers,
            open + [
                .client(.set(.keepAlive(KeepAlive()))), .client(.write(3)), .server(.read),
                .client(.set(.keepAlive(nil))), .server(.write(3)), .client(.read),
            ]),
        Scenario(
            "a user timeout and a window that stays closed", .buffers,
            open + [
                .client(.set(.userTimeout(.seconds(1)))), .client(.write(1_000_000)), .client(.finish), .client(.read),
                .client(.write(1)),
            ]),
    ]

    /// What crosses on the way.
    static let atOnce = [
        Scenario(
            "one connects, the listener closes", .atOnce,
            [.server(.listen), .atOnce(.client(.connect), .server(.closeListener)), .client(.connect)]),
        Scenario(
            "both close", .atOnce,
            open + [
                .atOnce(.client(.close), .server(.close)), .client(.connect), .server(.accept), .client(.write(3)),
                .server(.read),
            ]),
        Scenario(
            "both half-close", .atOnce,
            open + [
                .atOnce(.client(.shutdownWrite), .server(.shutdownWrite)), .client(.read), .server(.read),
                .client(.write(1)), .server(.write(1)),
            ]),
        Scenario(
            "both write", .atOnce,
            open + [
                .atOnce(.client(.write(10)), .server(.write(20))), .client(.read), .server(.read),
            ]),
        Scenario(
            "both reset", .atOnce,
            open + [
                .atOnce(.client(.reset), .server(.reset)), .client(.connect), .server(.accept),
            ]),
        Scenario(
            "one half-closes, the other writes", .atOnce,
            open + [
                .atOnce(.client(.shutdownWrite), .server(.write(10))), .server(.read), .client(.read),
            ]),
        Scenario(
            "one writes, the other closes", .atOnce,
            open + [
                .atOnce(.server(.write(10)), .client(.close)), .server(.read), .server(.write(1)),
            ]),
        Scenario(
            "one half-closes, the other resets", .atOnce,
            open + [
                .atOnce(.client(.shutdownWrite), .server(.reset)), .client(.read), .client(.write(1)),
            ]),
        Scenario(
            "both connect", .atOnce,
            [
                .atOnce(
                    .client(.connect(to: "other", port: 6_000, from: 5_000)),
                    .other(.connect(to: "client", port: 5_000, from: 6_000))),
                .client(.write(3)), .other(.read), .other(.write(5)), .client(.read), .client(.close), .other(.read),
            ]),
    ]
}
