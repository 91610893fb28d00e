import NIOCore
import PeerNetworking
import Testing
import Workloads

extension ConformanceTests {
    /// What is built on the peers: requests and responses, byte streams, pools and nodes.
    @Suite struct Layers {
        /// A request server that carries out words: `say X` answers X, `wait X` a while later, `fail X` fails, and `hang` is
        /// cancelled or never ends.
        private func answering(_ note: @escaping @Sendable (String) -> Void = { _ in }) -> CaseProgram {
            { providers, transcript in
                var providers = providers
                providers.observer = Listener(transcript)
                let time = providers.time
                let server = RequestServer(name: "server", on: port80, config: .test, providers: providers) {
                    (body: ByteBuffer) async throws(RequestFailure) -> ByteBuffer in
                    let words = String(buffer: body).split(separator: " ")
                    transcript.say("carries out \(words.joined(separator: " "))")
                    switch words.first {
                    case "wait": try? await time.sleep(for: .milliseconds(300))
                    case "fail": throw RequestFailure("\(words[1]) cannot be done")
                    case "hang":
                        do throws(NetworkError) {
                            try await time.sleep(for: .seconds(600))
                        } catch {
                            transcript.say("was told that nobody waits")
                            transcript.mark("told")
                        }
                    default: break
                    }
                    return ByteBuffer(string: String(words.last ?? ""))
                }
                let running = providers.tasks.start("server") { try? await server.run() }
                try await transcript.awaits("done", providers)
                running.cancel()
                await running.finished()
            }
        }

        private func asking(
            _ body: @escaping @Sendable (RequestClient, Providers, Transcript) async throws -> Void
        ) -> CaseProgram {
            { providers, transcript in
                try await transcript.awaits("listening", providers)
                let client = RequestClient(name: "client", to: port80, config: .test, providers: providers)
                try await body(client, providers, transcript)
                await client.close()
                transcript.mark("done")
            }
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func anAnswerFindsItsRequestWhateverTheirOrder(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: carries out wait slow", "server: carries out say fast", "client: fast", "client: slow",
                ], on: provider, server: answering(),
                client: asking { client, providers, transcript in
                    let slow = providers.tasks.start("slow") {
                        let answer = try? await client.request(ByteBuffer(string: "wait slow"))
                        transcript.say(text(answer))
                    }
                    // After the other's.
                    try await providers.time.sleep(for: .milliseconds(50))
                    transcript.say(text(try await client.request(ByteBuffer(string: "say fast"))))
                    await slow.finished()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aRequestThatIsSentAgainIsCarriedOutOnce(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: carries out wait once", "server: carries out say late", "client: once",
                    "client: no response in 2 attempts",
                ], on: provider, server: answering(),
                client: asking { client, _, transcript in
                    let once = ByteBuffer(string: "wait once")
                    transcript.say(text(try await client.request(once, timeout: .milliseconds(80), retries: 9)))
                    // Nobody answers in a nanosecond: the time is up, and the error says so.
                    do throws(RequestError) {
                        _ = try await client.request(bytes("say late"), timeout: .nanoseconds(1), retries: 1)
                    } catch {
                        transcript.say(error.description)
                    }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aFailureComesWithItsWords(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: carries out fail this", "client: failed: this cannot be done"], on: provider,
                server: answering(),
                client: asking { client, _, transcript in
                    do throws(RequestError) {
                        _ = try await client.request(ByteBuffer(string: "fail this"))
                    } catch {
                        transcript.say(error.description)
                    }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func whoIsCancelledWaitsNoMoreAndTheServerStops(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: carries out hang", "server: was told that nobody waits", "client: cancelled"], on: provider,
                server: answering(),
                client: asking { client, providers, transcript in
                    let asker = providers.tasks.start("asker") {
                        do throws(RequestError) {
                            _ = try await client.request(ByteBuffer(string: "hang"), timeout: .seconds(600))
                        } catch {
                            transcript.say(error.description)
                        }
                    }
                    try await providers.time.sleep(for: .milliseconds(100))
                    asker.cancel()
                    await asker.finished()
                    try await transcript.awaits("told", providers)
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aByteStreamIsAStreamOfBytes(_ provider: ProviderUnderTest) async throws {
            let size = 300_000
            try await expect(
                ["server: \(size) bytes of client", "client: \(size) bytes back, right: true"], on: provider,
                server: { providers, transcript in
                    try await serving(
                        providers, transcript,
                        onStream: { stream in
                            var count = 0
                            while let bytes = try? await stream.read(upTo: 65_536) {
                                count += bytes.readableBytes
                                try? await stream.write(bytes)
                            }
                            transcript.say("\(count) bytes of \(stream.remoteName)")
                        }
                    ) { _, _ in }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let client = PeerClient(name: "client", to: port80, config: .test, providers: providers)
                    let stream = try await client.openStream()
                    providers.tasks.start("write") {
                        for start in stride(from: 0, to: size, by: 1_000) {
                            let bytes = (start..<start + 1_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
                            try? await stream.write(ByteBuffer(bytes: bytes))
                        }
                        try? await stream.shutdownWrite()
                    }
                    var (count, isRight) = (0, true)
                    for try await chunk in stream.chunks {
                        for byte in chunk.readableBytesView {
                            if byte != UInt8(truncatingIfNeeded: count &* 31) { isRight = false }
                            count += 1
                        }
                    }
                    transcript.say("\(count) bytes back, right: \(isRight)")
                    await stream.close()
                    transcript.mark("done")
                })
        }

        /// The server's handler has the stream and neither reads nor writes.
        @Test(arguments: ProviderUnderTest.allCases)
        func aByteStreamIsNotWaitedForForEver(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: read: throws timedOut", "client: read again: throws timedOut",
                    "client: write: throws timedOut",
                ], on: provider,
                server: { providers, transcript in
                    try await serving(
                        providers, transcript, onStream: { _ in _ = try? await transcript.awaits("done", providers) }
                    ) { _, _ in }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var config = PeerConfig.test
                    config.readTimeout = .milliseconds(80)
                    let client = PeerClient(name: "client", to: port80, config: config, providers: providers)
                    let stream = try await client.openStream()
                    await transcript.say("read") {
                        try await stream.read(upTo: 1).map { "\($0.readableBytes)" } ?? "end"
                    }
                    await transcript.say("read again") {
                        try await stream.read(upTo: 1).map { "\($0.readableBytes)" } ?? "end"
                    }
                    await transcript.say("write") {
                        try await stream.write(bytes("x"))
                        return "ok"
                    }
                    await stream.close()
                    transcript.mark("done")
                })
        }

        /// Each of the two hosts is a node, and both connect as soon as the other listens.
        @Test(arguments: ProviderUnderTest.allCases)
        func twoNodesEndWithOneConnection(_ provider: ProviderUnderTest) async throws {
            @Sendable func node(_ name: String, _ other: String) -> CaseProgram {
                { providers, transcript in
                    let got = providers.tasks.makeSignal()
                    let count = Numbers()
                    let local = Endpoint(host: name, port: 80)
                    let node = PeerNode(name: name, on: local, config: .test, providers: providers) { message, _ in
                        count.take(message.payload)
                        got.notify()
                    }
                    let running = providers.tasks.start("node") { try? await node.run() }
                    let link = await node.link(with: other, at: Endpoint(host: other, port: 80))
                    for number in 1...20 {
                        try await link.send(ByteBuffer(integer: number), delivery: .exactlyOnce)
                        try await providers.time.sleep(for: .milliseconds(5))
                    }
                    while count.count < 20 { try await got.wait() }
                    transcript.mark("\(name) has all")
                    try await transcript.awaits("\(other) has all", providers)
                    let connections = await node.connectionCount
                    transcript.say("\(count.count) in order: \(count.areInOrder), \(connections) connection")
                    transcript.mark("\(name) has counted")
                    try await transcript.awaits("\(other) has counted", providers)
                    await node.close()
                    await running.finished()
                }
            }
            try await expect(
                ["server: 20 in order: true, 1 connection", "client: 20 in order: true, 1 connection"], on: provider,
                server: node("server", "client"), client: node("client", "server"))
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aPoolSpreadsAndGathers(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: 3 sessions", "client: 60 answers of 3 connections"], on: provider,
                server: { providers, transcript in
                    try await serving(
                        providers, transcript,
                        meanwhile: { server in
                            try await transcript.awaits("answered", providers)
                            transcript.say("\(await server.sessionCount) sessions")
                            transcript.mark("counted")
                        }
                    ) { message, session in
                        _ = try? await session.send(message.payload)
                    }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let pool = ConnectionPool(minimum: 3, maximum: 3, selection: .roundRobin)
                    let client = PeerClient(name: "client", to: port80, config: .test, pool: pool, providers: providers)
                    for number in 1...60 { try await client.send(ByteBuffer(integer: number), order: .unordered) }
                    var answers = 0
                    while answers < 60, try await client.receive() != nil { answers += 1 }
                    transcript.say("\(answers) answers of \(await client.connectionCount) connections")
                    transcript.mark("answered")
                    try await transcript.awaits("counted", providers)
                    await client.close()
                    transcript.mark("done")
                })
        }
    }
}
