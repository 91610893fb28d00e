import NIOCore
import PeerNetworking
import Testing

/// Every case runs on both providers and has one expectation; sockets are shared, so one case runs at a time.
@Suite(.serialized, .timeLimit(.minutes(2))) struct ConformanceTests {}

extension ConformanceTests {
    @Suite struct Connecting {
        @Test(arguments: ProviderUnderTest.allCases)
        func connectAndEcho(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: c1 at server:80 from client", "server: end of stream",
                    "client: c1 from client to server:80, port chosen: true", "client: hello",
                ], on: provider,
                server: accepting { stream, _, transcript in
                    transcript.say("\(stream.connection) at \(stream.local) from \(stream.remote.host)")
                    transcript.mark("client's port", "\(stream.remote.port)")
                    try await echo(stream)
                    transcript.say("end of stream")
                },
                client: connecting { stream, providers, transcript in
                    let seen = try await transcript.awaits("client's port", providers)
                    transcript.say(
                        "\(stream.connection) from \(stream.local.host) to \(stream.remote), "
                            + "port chosen: \(seen == "\(stream.local.port)" && stream.local.port > 0)")
                    try await stream.write(bytes("hello"))
                    transcript.say(text(try await stream.read(exactly: 5)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func refusedWhereNobodyListens(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: connect: connect connectionRefused local - remote server:80"], on: provider, server: idle
            ) { providers, transcript in
                await transcript.sayError("connect") { _ = try await providers.network.connect(to: port80) }
            }
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func refusedOnceTheListenerIsClosed(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: connect: throws connectionRefused"], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    await listener.close()
                    transcript.mark("closed")
                },
                client: { providers, transcript in
                    try await transcript.awaits("closed", providers)
                    await transcript.say("connect") {
                        _ = try await providers.network.connect(to: port80)
                        return "connected"
                    }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func addressInUseUntilClosed(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: first: ok", "server: second: listen addressInUse local server:80 remote -",
                    "server: other port: ok", "server: after close: ok", "client: hello",
                ], on: provider,
                server: { providers, transcript in
                    let network = providers.network
                    let first = try await network.listen(on: port80)
                    transcript.say("first: ok")
                    await transcript.sayError("second") { _ = try await network.listen(on: port80) }
                    let other = try await network.listen(on: Endpoint(host: "server", port: 81))
                    transcript.say("other port: ok")
                    await first.close()
                    await first.close()
                    let again = try await network.listen(on: port80)
                    transcript.say("after close: ok")
                    transcript.mark("listening")
                    try await echo(try await again.accept())
                    await again.close()
                    await other.close()
                },
                client: connecting { stream, _, transcript in
                    try await stream.write(bytes("hello"))
                    transcript.say(text(try await stream.read(exactly: 5)))
                })
        }

        /// Linux lets a server listen again while connections of its former life still exist.
        @Test(arguments: ProviderUnderTest.allCases)
        func listensAgainBesideAnAcceptedConnection(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: again: ok", "client: still here"], on: provider,
                server: { providers, transcript in
                    let first = try await providers.network.listen(on: port80)
                    transcript.mark("listening")
                    let stream: any ByteStream = try await first.accept()
                    await first.close()
                    let again = try await providers.network.listen(on: port80)
                    transcript.say("again: ok")
                    try await stream.write(bytes("still here"))
                    await stream.close()
                    await again.close()
                },
                client: connecting { stream, _, transcript in
                    transcript.say(text(try await stream.read(exactly: 10)))
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func onlyItsOwnAddressCanBeListenedOn(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: another's: listen addressNotAvailable local server:80 remote -",
                    "client: nobody's: listen addressNotAvailable local nowhere:80 remote -",
                    "client: any: client:80",
                ], on: provider, server: idle,
                client: { providers, transcript in
                    let network = providers.network
                    await transcript.sayError("another's") { _ = try await network.listen(on: port80) }
                    await transcript.sayError("nobody's") {
                        _ = try await network.listen(on: Endpoint(host: "nowhere", port: 80))
                    }
                    let any = try await network.listen(on: Endpoint(host: "0.0.0.0", port: 80))
                    transcript.say("any: \(any.local)")
                    await any.close()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func portZeroGetsAPort(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: on server, chosen: true", "server: another: true",
                    "client: the chosen port: true", "client: found",
                ], on: provider,
                server: { providers, transcript in
                    let any = Endpoint(host: "server", port: 0)
                    let listener = try await providers.network.listen(on: any)
                    transcript.say("on \(listener.local.host), chosen: \(listener.local.port > 0)")
                    let other = try await providers.network.listen(on: any)
                    transcript.say("another: \(other.local.port != listener.local.port)")
                    await other.close()
                    transcript.mark("port", "\(listener.local.port)")
                    let stream: any ByteStream = try await listener.accept()
                    try await stream.write(bytes("found"))
                    await stream.close()
                    await listener.close()
                },
                client: { providers, transcript in
                    let port = UInt16(try await transcript.awaits("port", providers)) ?? 0
                    let stream: any ByteStream = try await providers.network.connect(
                        to: Endpoint(host: "server", port: port))
                    transcript.say("the chosen port: \(stream.remote == Endpoint(host: "server", port: port))")
                    transcript.say(text(try await stream.read(exactly: 5)))
                    await stream.close()
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func nameNotFound(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: connect: connect nameNotFound local - remote nowhere:80",
                    "client: resolve: resolve nameNotFound local - remote -", "client: a host resolves: true",
                ], on: provider, server: idle,
                client: { providers, transcript in
                    await transcript.sayError("connect") {
                        _ = try await providers.network.connect(to: Endpoint(host: "nowhere", port: 80))
                    }
                    await transcript.sayError("resolve") { _ = try await providers.network.resolve("nowhere") }
                    let address = try await providers.network.resolve("server")
                    transcript.say("a host resolves: \(!address.isEmpty)")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func acceptIsCancelledAlone(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: accept: accept cancelled local server:80 remote -", "server: hello"], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    let accepting = providers.tasks.start("accept") {
                        transcript.mark("accepts")
                        await transcript.sayError("accept") { _ = try await listener.accept() }
                    }
                    try await transcript.awaits("accepts", providers)
                    accepting.cancel()
                    await accepting.finished()
                    // The listener is unharmed.
                    transcript.mark("listening")
                    let stream: any ByteStream = try await listener.accept()
                    transcript.say(text(try await stream.read(exactly: 5)))
                    await stream.close()
                    await listener.close()
                }, client: connecting { stream, _, _ in try await stream.write(bytes("hello")) })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func closingTheListenerEndsAnAccept(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: waiting: accept closed local server:80 remote -",
                    "server: later: accept closed local server:80 remote -",
                ], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    let accepting = providers.tasks.start("accept") {
                        transcript.mark("accepts")
                        await transcript.sayError("waiting") { _ = try await listener.accept() }
                    }
                    try await transcript.awaits("accepts", providers)
                    await listener.close()
                    await accepting.finished()
                    await transcript.sayError("later") { _ = try await listener.accept() }
                }, client: idle)
        }

        /// As Linux: what waits in the backlog of a listener that is closed is reset.
        @Test(arguments: ProviderUnderTest.allCases)
        func closingTheListenerResetsItsBacklog(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: read: throws connectionReset", "client: again: end of stream"], on: provider,
                server: { providers, transcript in
                    let listener = try await providers.network.listen(on: port80)
                    transcript.mark("listening")
                    try await transcript.awaits("connected", providers)
                    await listener.close()
                },
                client: connecting { stream, _, transcript in
                    transcript.mark("connected")
                    await transcript.say("read") { text(try await stream.read(upTo: 1)) }
                    await transcript.say("again") { text(try await stream.read(upTo: 1)) }
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func connectionsSequenceEndsWithTheListener(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: took c1", "server: took c2", "server: ended", "client: read: end of stream",
                    "client: read: end of stream",
                ], on: provider,
                server: { providers, transcript in
                    try await takeTwo(from: try await providers.network.listen(on: port80), transcript)
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    for _ in 0..<2 {
                        let stream: any ByteStream = try await providers.network.connect(to: port80)
                        transcript.say("read: \(text(try await stream.read(upTo: 1)))")
                        await stream.close()
                    }
                })
        }
    }
}

/// Takes two connections from a listener's sequence, then closes the listener, which ends the sequence.
private func takeTwo(from listener: some StreamListener, _ transcript: Transcript) async throws {
    transcript.mark("listening")
    var taken = 0
    for try await stream in listener.connections {
        transcript.say("took \(stream.connection)")
        await stream.close()
        taken += 1
        if taken == 2 { await listener.close() }
    }
    transcript.say("ended")
}
