import NIOCore
import PeerNetworking
import Testing

extension ConformanceTests {
    /// Resets, closes with bytes unread, and ends of processes, with what each later call says (`tcp_reset`,
    /// `tcp_recvmsg` and `tcp_sendmsg` of Linux).
    @Suite struct Failures {
        @Test(arguments: ProviderUnderTest.allCases)
        func aResetIsSeenByTheReader(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: own read: throws closed",
                    "client: read: read connectionReset local client:* remote server:80", "client: end of stream",
                    "client: end of stream", "client: write: write brokenPipe local client:* remote server:80",
                    "client: flush: write brokenPipe local client:* remote server:80", "client: offer: false",
                    "client: shutdown: close closed local client:* remote server:80",
                ], on: provider,
                server: accepting { stream, _, transcript in
                    await stream.reset()
                    await transcript.say("own read") { text(try await stream.read(upTo: 1)) }
                },
                client: connecting { stream, _, transcript in
                    await transcript.sayError("read") { _ = try await stream.read(upTo: 1) }
                    transcript.say(text(try await stream.read(upTo: 1)))
                    transcript.say(text(try await stream.read(upTo: 1)))
                    await transcript.sayError("write") { try await stream.write(bytes("x")) }
                    await transcript.sayError("flush") { try await stream.flush() }
                    transcript.say("offer: \(stream.offer(bytes("x")))")
                    await transcript.sayError("shutdown") { try await stream.shutdownWrite() }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aResetIsSeenByTheWriter(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: write: write connectionReset local client:* remote server:80",
                    "client: write: write brokenPipe local client:* remote server:80", "client: end of stream",
                ], on: provider,
                server: { providers, transcript in
                    try await Barrier.serve(providers, transcript)
                    try await accepting { stream, _, _ in
                        await stream.reset()
                        transcript.mark("reset")
                    }(providers, transcript)
                },
                client: connecting { stream, providers, transcript in
                    let barrier = try await Barrier(to: "server", providers, transcript)
                    try await transcript.awaits("reset", providers)
                    try await barrier.cross()
                    await transcript.sayError("write") { try await stream.write(bytes("x")) }
                    await transcript.sayError("write") { try await stream.write(bytes("x")) }
                    transcript.say(text(try await stream.read(upTo: 1)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aResetIsSeenByShutdown(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: shutdown: close connectionReset local client:* remote server:80",
                    "client: shutdown: close closed local client:* remote server:80", "client: end of stream",
                ], on: provider,
                server: { providers, transcript in
                    try await Barrier.serve(providers, transcript)
                    try await accepting { stream, _, _ in
                        await stream.reset()
                        transcript.mark("reset")
                    }(providers, transcript)
                },
                client: connecting { stream, providers, transcript in
                    let barrier = try await Barrier(to: "server", providers, transcript)
                    try await transcript.awaits("reset", providers)
                    try await barrier.cross()
                    await transcript.sayError("shutdown") { try await stream.shutdownWrite() }
                    await transcript.sayError("shutdown") { try await stream.shutdownWrite() }
                    transcript.say(text(try await stream.read(upTo: 1)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aResetEndsAWriteThatWaits(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: write: throws connectionReset", "client: write: throws brokenPipe"], on: provider,
                server: accepting { stream, providers, transcript in
                    try await transcript.awaits("full", providers)
                    await stream.reset()
                },
                client: connecting { stream, _, transcript in
                    while stream.offer(ByteBuffer(repeating: 1, count: 1_000)) {}
                    transcript.mark("full")
                    await transcript.say("write") {
                        try await stream.write(ByteBuffer(repeating: 1, count: 8_000_000))
                        return "ok"
                    }
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                })
        }

        /// On Linux a reset takes nothing from the reader that had arrived before.
        @Test(arguments: ProviderUnderTest.allCases)
        func bytesThatArrivedBeforeAResetAreRead(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: a", "client: bc", "client: read: throws connectionReset", "client: read: end of stream"],
                on: provider,
                server: { providers, transcript in
                    try await Barrier.serve(providers, transcript)
                    try await accepting { stream, _, _ in
                        try await stream.write(bytes("abc"))
                        try await transcript.awaits("arrived", providers)
                        await stream.reset()
                        transcript.mark("reset")
                    }(providers, transcript)
                },
                client: connecting { stream, providers, transcript in
                    let barrier = try await Barrier(to: "server", providers, transcript)
                    transcript.say(text(try await stream.read(upTo: 1)))
                    transcript.mark("arrived")
                    try await transcript.awaits("reset", providers)
                    try await barrier.cross()
                    transcript.say(text(try await stream.read(upTo: 10)))
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func closingWithBytesUnreadResets(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: q", "client: read: throws connectionReset", "client: read: end of stream",
                    "client: write: throws brokenPipe",
                ], on: provider,
                server: accepting { stream, _, transcript in
                    // The rest of the question stays unread.
                    transcript.say(text(try await stream.read(upTo: 1)))
                },
                client: connecting { stream, _, transcript in
                    try await stream.write(bytes("question"))
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                })
        }

        /// The first write after the other side's close draws its reset, which in CLOSE_WAIT is told as EPIPE; the end
        /// of the stream has come before it and stays.
        @Test(arguments: ProviderUnderTest.allCases)
        func writingAfterTheOtherSidesClose(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: end of stream", "client: first write: ok", "client: second write: throws brokenPipe",
                    "client: third write: throws brokenPipe", "client: still end of stream",
                ], on: provider,
                server: { providers, transcript in
                    try await Barrier.serve(providers, transcript)
                    try await accepting { _, _, _ in }(providers, transcript)
                },
                client: connecting { stream, providers, transcript in
                    let barrier = try await Barrier(to: "server", providers, transcript)
                    transcript.say(text(try await stream.read(upTo: 1)))
                    await transcript.say("first write") {
                        try await stream.write(bytes("x"))
                        try await stream.flush()
                        return "ok"
                    }
                    try await barrier.cross()
                    await transcript.say("second write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                    await transcript.say("third write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                    transcript.say("still " + text(try await stream.read(upTo: 1)))
                })
        }

        /// As above, with a read before the second write.
        @Test(arguments: ProviderUnderTest.allCases)
        func readingAfterAWriteAfterTheOtherSidesClose(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: end of stream", "client: end of stream", "client: write: throws brokenPipe"], on: provider,
                server: { providers, transcript in
                    try await Barrier.serve(providers, transcript)
                    try await accepting { _, _, _ in }(providers, transcript)
                },
                client: connecting { stream, providers, transcript in
                    let barrier = try await Barrier(to: "server", providers, transcript)
                    transcript.say(text(try await stream.read(upTo: 1)))
                    try await stream.write(bytes("x"))
                    try await stream.flush()
                    try await barrier.cross()
                    transcript.say(text(try await stream.read(upTo: 1)))
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aKilledProcessLeavesAnEndOfStream(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: read: read cancelled local server:80 remote client:*",
                    "server: write: write cancelled local server:80 remote client:*",
                    "server: connect: throws cancelled", "server: sleep: throws cancelled",
                    "client: end of stream", "client: connect: throws connectionRefused",
                ], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    transcript.mark("listening")
                    let stream: any ByteStream = try await listener.accept()
                    transcript.mark("accepted")
                    await transcript.sayError("read") { _ = try await stream.read(upTo: 1) }
                    // The handles of a dead process do nothing.
                    await transcript.sayError("write") { try await stream.write(bytes("x")) }
                    await transcript.say("connect") {
                        _ = try await providers.network.connect(to: port80)
                        return "connected"
                    }
                    await transcript.say("sleep") {
                        try await providers.time.sleep(for: .seconds(1_000))
                        return "slept"
                    }
                    await stream.reset()
                },
                client: connecting { stream, providers, transcript in
                    try await transcript.awaits("accepted", providers)
                    transcript.kill("server")
                    transcript.say(text(try await stream.read(upTo: 1)))
                    await transcript.say("connect") {
                        _ = try await providers.network.connect(to: port80)
                        return "connected"
                    }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aKilledProcessWithBytesUnreadLeavesAReset(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: ended by cancelled", "client: read: throws connectionReset"], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    transcript.mark("listening")
                    let stream: any ByteStream = try await listener.accept()
                    _ = try await stream.read(upTo: 1)
                    transcript.mark("has read one")
                    try await transcript.awaits("never", providers)
                },
                client: connecting { stream, providers, transcript in
                    try await stream.write(bytes("question"))
                    try await transcript.awaits("has read one", providers)
                    transcript.kill("server")
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aRestartedServerListensAtOnce(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: accepted", "server: ended by cancelled", "server: accepted", "client: end of stream",
                    "client: second life",
                ], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    let isSecondLife = transcript.isMarked("restarted")
                    transcript.mark(isSecondLife ? "listening again" : "listening")
                    let stream: any ByteStream = try await listener.accept()
                    transcript.say("accepted")
                    transcript.mark("accepted")
                    if isSecondLife { try await stream.write(bytes("second life")) }
                    _ = try await stream.read(upTo: 1)
                    await stream.close()
                },
                client: connecting { stream, providers, transcript in
                    try await transcript.awaits("accepted", providers)
                    transcript.mark("restarted")
                    transcript.restart("server")
                    transcript.say(text(try await stream.read(upTo: 1)))
                    try await transcript.awaits("listening again", providers)
                    let second: any ByteStream = try await providers.network.connect(to: port80)
                    transcript.say(text(try await second.read(exactly: 11)))
                    await second.close()
                })
        }
    }
}
