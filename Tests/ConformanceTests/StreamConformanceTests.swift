import NIOCore
import PeerNetworking
import Testing

extension ConformanceTests {
    @Suite struct Streams {
        @Test(arguments: ProviderUnderTest.allCases)
        func halfCloseBothWays(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: question", "server: end of stream", "server: write: throws brokenPipe",
                    "client: write: throws brokenPipe", "client: offer: false", "client: flush: throws brokenPipe",
                    "client: shutdown again: ok", "client: answer", "client: end of stream",
                    "client: end of stream again",
                ], on: provider,
                server: accepting { stream, _, transcript in
                    transcript.say(text(try await stream.read(exactly: 8)))
                    transcript.say(text(try await stream.read(upTo: 1)))
                    // The other way is open still.
                    try await stream.write(bytes("answer"))
                    try await stream.shutdownWrite()
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                },
                client: connecting { stream, _, transcript in
                    try await stream.write(bytes("question"))
                    try await stream.shutdownWrite()
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                    transcript.say("offer: \(stream.offer(bytes("x")))")
                    await transcript.say("flush") {
                        try await stream.flush()
                        return "ok"
                    }
                    await transcript.say("shutdown again") {
                        try await stream.shutdownWrite()
                        return "ok"
                    }
                    transcript.say(text(try await stream.read(exactly: 6)))
                    transcript.say(text(try await stream.read(upTo: 1)))
                    transcript.say(text(try await stream.read(upTo: 1)) + " again")
                })
        }

        /// The bytes fill the buffer that a socket reads into, and the end of the stream is right behind them: whoever takes
        /// them and leaves does so while the channel is busy with the end.
        @Test(arguments: ProviderUnderTest.allCases)
        func leavingWithTheLastBytes(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: 2048 bytes", "client: closed"], on: provider,
                server: accepting { stream, _, _ in
                    try await stream.write(ByteBuffer(repeating: 5, count: 2_048))
                    await stream.close()
                },
                client: connecting { stream, _, transcript in
                    transcript.say("\(try await stream.read(exactly: 2_048)?.readableBytes ?? 0) bytes")
                    await stream.close()
                    transcript.say("closed")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func endOfStreamComesAfterAllBytes(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: 200000 bytes, then end of stream, again end of stream"], on: provider,
                server: accepting { stream, _, _ in try await stream.write(ByteBuffer(repeating: 5, count: 200_000)) },
                client: connecting { stream, _, transcript in
                    var count = 0
                    while let chunk = try await stream.read(upTo: 7_000) { count += chunk.readableBytes }
                    let after = text(try await stream.read(upTo: 1))
                    transcript.say("\(count) bytes, then end of stream, again \(after)")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func chunksEndWithTheStream(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: 100000 bytes in chunks"], on: provider,
                server: accepting { stream, _, _ in try await stream.write(ByteBuffer(repeating: 5, count: 100_000)) },
                client: connecting { stream, _, transcript in
                    var count = 0
                    for try await chunk in stream.chunks { count += chunk.readableBytes }
                    transcript.say("\(count) bytes in chunks")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aReadTakesAtMostWhatItAsksFor(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: a", "client: bc", "client: d", "client: end of stream"], on: provider,
                server: accepting { stream, _, _ in try await stream.write(bytes("abcd")) },
                client: connecting { stream, _, transcript in
                    transcript.say(text(try await stream.read(upTo: 1)))
                    transcript.say(text(try await stream.read(exactly: 2)))
                    transcript.say(text(try await stream.read(upTo: 100)))
                    transcript.say(text(try await stream.read(upTo: 100)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func vectoredWritesKeepTheirOrder(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: in order: true, 240000 bytes"], on: provider,
                server: accepting { stream, _, _ in
                    let buffers = vector.map { ByteBuffer(bytes: $0) }
                    try await stream.write(contentsOf: buffers)
                    try await stream.write(contentsOf: [])
                    try await stream.write(contentsOf: buffers)
                    try await stream.flush()
                },
                client: connecting { stream, _, transcript in
                    var received: [UInt8] = []
                    while let chunk = try await stream.read(upTo: 65_536) { received += chunk.readableBytesView }
                    let once = vector.flatMap { $0 }
                    transcript.say("in order: \(received == once + once), \(received.count) bytes")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func offersAreTakenWholeOrNotAtAll(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: all that was taken: true", "client: empty: true", "client: too much: false",
                    "client: full: true", "client: after close: false",
                ], on: provider,
                server: accepting { stream, providers, transcript in
                    let taken = try await transcript.awaits("taken", providers)
                    var count = 0
                    while let chunk = try await stream.read(upTo: 65_536) { count += chunk.readableBytes }
                    transcript.say("all that was taken: \("\(count)" == taken)")
                },
                client: connecting { stream, _, transcript in
                    transcript.say("empty: \(stream.offer(ByteBuffer()))")
                    transcript.say("too much: \(stream.offer(ByteBuffer(repeating: 0, count: 1_000_000)))")
                    var taken = 0
                    while stream.offer(ByteBuffer(repeating: 0, count: 10_000)) { taken += 10_000 }
                    transcript.say("full: \(taken > 0)")
                    transcript.mark("taken", "\(taken)")
                    await stream.close()
                    transcript.say("after close: \(stream.offer(bytes("x")))")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func theWriterWaitsForTheReader(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: 2000000 bytes, checksum right: true", "client: full before the reader reads: true",
                    "client: written after the reader reads: true",
                ], on: provider,
                server: accepting { stream, providers, transcript in
                    try await transcript.awaits("full", providers)
                    transcript.mark("draining")
                    var (count, sum) = (0, UInt64(0))
                    while let chunk = try await stream.read(upTo: 10_007) {
                        for byte in chunk.readableBytesView {
                            sum = sum &* 31 &+ UInt64(byte)
                            count += 1
                        }
                    }
                    var expected: UInt64 = 0
                    for place in 0..<2_000_000 { expected = expected &* 31 &+ UInt64(pattern(place)) }
                    transcript.say("\(count) bytes, checksum right: \(sum == expected)")
                },
                client: connecting { stream, _, transcript in
                    let all = ByteBuffer(bytes: (0..<2_000_000).map(pattern))
                    var written = 0
                    while stream.offer(all.getSlice(at: written, length: 1_000)!) { written += 1_000 }
                    transcript.say("full before the reader reads: \(!transcript.isMarked("draining") && written > 0)")
                    transcript.mark("full")
                    try await stream.write(all.getSlice(at: written, length: 2_000_000 - written)!)
                    transcript.say("written after the reader reads: \(transcript.isMarked("draining"))")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aReadIsCancelledAlone(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: read: read cancelled local client:* remote server:80", "client: later"], on: provider,
                server: accepting { stream, providers, transcript in
                    try await transcript.awaits("cancelled", providers)
                    try await stream.write(bytes("later"))
                },
                client: connecting { stream, providers, transcript in
                    let reading = providers.tasks.start("read") {
                        transcript.mark("reads")
                        await transcript.sayError("read") { _ = try await stream.read(upTo: 1) }
                    }
                    try await transcript.awaits("reads", providers)
                    reading.cancel()
                    await reading.finished()
                    transcript.mark("cancelled")
                    transcript.say(text(try await stream.read(exactly: 5)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aWriteIsCancelledAlone(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: write: write cancelled local client:* remote server:80", "client: hello"], on: provider,
                server: accepting { stream, providers, transcript in
                    try await transcript.awaits("cancelled", providers)
                    // What had been handed over comes; then the stream goes on.
                    try await stream.write(bytes("hello"))
                    while try await stream.read(upTo: 65_536) != nil {}
                },
                client: connecting { stream, providers, transcript in
                    let writing = providers.tasks.start("write") {
                        transcript.mark("writes")
                        await transcript.sayError("write") {
                            try await stream.write(ByteBuffer(repeating: 1, count: 8_000_000))
                        }
                    }
                    try await transcript.awaits("writes", providers)
                    writing.cancel()
                    await writing.finished()
                    transcript.mark("cancelled")
                    transcript.say(text(try await stream.read(exactly: 5)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func afterItsOwnCloseAStreamIsClosed(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: read: read closed local client:* remote server:80",
                    "client: write: write closed local client:* remote server:80",
                    "client: empty write: write closed local client:* remote server:80",
                    "client: flush: write closed local client:* remote server:80",
                    "client: shutdown: close closed local client:* remote server:80",
                ], on: provider, server: accepting { stream, _, _ in _ = try await stream.read(upTo: 1) },
                client: connecting { stream, _, transcript in
                    await stream.close()
                    await stream.close()
                    await transcript.sayError("read") { _ = try await stream.read(upTo: 1) }
                    await transcript.sayError("write") { try await stream.write(bytes("x")) }
                    await transcript.sayError("empty write") { try await stream.write(ByteBuffer()) }
                    await transcript.sayError("flush") { try await stream.flush() }
                    await transcript.sayError("shutdown") { try await stream.shutdownWrite() }
                    await stream.reset()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func closingEndsAReadThatWaits(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: read: throws closed"], on: provider,
                server: accepting { stream, _, _ in _ = try await stream.read(upTo: 1) },
                client: connecting { stream, providers, transcript in
                    let reading = providers.tasks.start("read") {
                        transcript.mark("reads")
                        await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                    }
                    try await transcript.awaits("reads", providers)
                    await stream.close()
                    await reading.finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func twoConnectionsAreIndependent(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: c1 and c2", "client: first: throws connectionReset", "client: second lives"], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    transcript.mark("listening")
                    let first: any ByteStream = try await listener.accept()
                    let second: any ByteStream = try await listener.accept()
                    await first.reset()
                    try await echo(second)
                    await second.close()
                    await listener.close()
                },
                client: connecting { first, providers, transcript in
                    let second: any ByteStream = try await providers.network.connect(to: port80)
                    transcript.say("\(first.connection) and \(second.connection)")
                    await transcript.say("first") { text(try await first.read(upTo: 1)) }
                    try await second.write(bytes("second lives"))
                    transcript.say(text(try await second.read(exactly: 12)))
                    await second.close()
                })
        }
    }
}

/// Buffers of a vectored write, some larger than the network's own and some empty: 120,000 bytes.
private let vector = [1, 0, 9_999, 70_000, 0, 0, 30_000, 10_000].enumerated().map { index, size in
    [UInt8](repeating: UInt8(index), count: size)
}

/// The byte at a place of a stream that is checked: neighbours and far places differ.
private func pattern(_ place: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: (UInt64(place) &* 0x9E37_79B9_7F4A_7C15) >> 56)
}
