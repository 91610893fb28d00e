import NIOCore
import PeerNetworking
import Testing
import Workloads

extension ConformanceTests {
    /// The peers and workloads, which are the same code on both providers.
    @Suite struct Peers {
        @Test(arguments: ProviderUnderTest.allCases)
        func messagesArriveInOrder(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: 500 messages, in order: true", "client: 500 answers, in order: true, lost 0, state closed"],
                on: provider,
                server: { providers, transcript in
                    let numbers = Numbers()
                    try await serving(providers, transcript) { message, session in
                        numbers.take(message.payload)
                        _ = try? await session.send(message.payload)
                    }
                    transcript.say("\(numbers.count) messages, in order: \(numbers.areInOrder)")
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let peer = Peer(name: "client", to: port80, config: .test, providers: providers)
                    providers.tasks.start("send") {
                        for number in 1...500 { _ = try? await peer.send(ByteBuffer(integer: number)) }
                    }
                    let numbers = Numbers()
                    for _ in 0..<500 {
                        if let message = try await peer.receive() { numbers.take(message.payload) }
                    }
                    let lost = await peer.close()
                    let state = await peer.state
                    transcript.say(
                        "\(numbers.count) answers, in order: \(numbers.areInOrder), lost \(lost), state \(state)")
                    transcript.mark("done")
                })
        }

        /// Where a queue is full on the way the handler that waits has the answer.
        @Test(arguments: ProviderUnderTest.allCases)
        func messagesTakenAsTheyComeStayInOrder(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: 500 answers, in order: true, lost 0"], on: provider,
                server: { providers, transcript in
                    try await serving(providers, transcript) { message, session in
                        _ = try? await session.send(message.payload)
                    } onArrival: { message, session in
                        session.offer(message.payload) != nil
                    }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let numbers = Numbers()
                    let signal = providers.tasks.makeSignal()
                    let peer = Peer(
                        name: "client", to: port80, config: .test, providers: providers,
                        onArrival: { message, _ in
                            numbers.take(message.payload)
                            if numbers.count == 500 { signal.notify() }
                            return true
                        })
                    providers.tasks.start("send") {
                        for number in 1...500 { _ = try? await peer.send(ByteBuffer(integer: number)) }
                    }
                    while numbers.count < 500 { try await signal.wait() }
                    let lost = await peer.close()
                    transcript.say("\(numbers.count) answers, in order: \(numbers.areInOrder), lost \(lost)")
                    transcript.mark("done")
                })
        }

        /// Who connects before a server runs waits in its backlog.
        @Test(arguments: ProviderUnderTest.allCases)
        func aServerListensBeforeItRuns(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: listens on server:80 and again", "server: got early", "client: lost 0"], on: provider,
                server: { providers, transcript in
                    let server = PeerServer(name: "server", on: port80, config: .test, providers: providers) {
                        message, _ in
                        transcript.say("got \(text(message.payload))")
                    }
                    let first = try await server.listen()
                    let again = try await server.listen()
                    transcript.say("listens on \(first)\(first == again ? " and again" : ", then \(again)")")
                    transcript.mark("bound")
                    try await transcript.awaits("sent", providers)
                    let running = providers.tasks.start("server") { try? await server.run() }
                    try await transcript.awaits("done", providers)
                    await server.close()
                    await running.finished()
                },
                client: { providers, transcript in
                    try await transcript.awaits("bound", providers)
                    let peer = Peer(name: "client", to: port80, config: .test, providers: providers)
                    try await peer.send(bytes("early"))
                    transcript.mark("sent")
                    let lost = await peer.close()
                    transcript.say("lost \(lost)")
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func pingPongFinishesCorrect(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: ping finished correct: true"], on: provider,
                server: { providers, transcript in
                    var providers = providers
                    providers.observer = Listener(transcript)
                    let peer = PeerContext(name: "echo", local: port80, config: .test, providers: providers)
                    let serving = providers.tasks.start("echo") { try? await Echo().run(peer) }
                    try await transcript.awaits("done", providers)
                    serving.cancel()
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var providers = providers
                    providers.observer = Listener(transcript)
                    let load = PingPong(
                        .with {
                            $0.every = .zero
                            $0.size = 100
                            $0.count = 200
                        })
                    await load.run(PeerContext(name: "ping", local: port80, config: .test, providers: providers))
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func bulkIsCheckedByChecksum(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: receiver finished correct: true", "client: sender finished correct: true"], on: provider,
                server: { providers, transcript in
                    var providers = providers
                    providers.observer = Listener(transcript)
                    let peer = PeerContext(name: "receiver", local: port80, providers: providers)
                    let serving = providers.tasks.start("bulk") { try? await BulkReceiver().run(peer) }
                    try await transcript.awaits("done", providers)
                    serving.cancel()
                    await serving.finished()
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var providers = providers
                    providers.observer = Listener(transcript)
                    let peer = PeerContext(name: "sender", local: port80, providers: providers)
                    await BulkSender(bytes: 1_048_576).run(peer)
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aPeerReconnectsToARestartedServer(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: ended by cancelled", "client: before", "client: after",
                    "client: connecting, connected, reconnecting, connected",
                ], on: provider,
                server: { providers, transcript in
                    try await serving(providers, transcript) { message, session in
                        _ = try? await session.send(message.payload)
                    }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var providers = providers
                    let states = States()
                    providers.observer = states
                    let peer = Peer(name: "client", to: port80, config: .test, providers: providers)
                    try await peer.send(bytes("before"))
                    transcript.say(text(try await peer.receive()?.payload))
                    transcript.restart("server")
                    // It may be sent before the loss is noticed: it is reliable, and is sent again.
                    try await peer.send(bytes("after"))
                    transcript.say(text(try await peer.receive()?.payload))
                    transcript.say(states.all.map(\.description).joined(separator: ", "))
                    await peer.close()
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func anotherVersionIsRefusedNamingBoth(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "server: a hello of version \(Frame.version) from client",
                    "client: failed incompatible: the other side speaks version 9, this one \(Frame.version)",
                ], on: provider,
                server: accepting { stream, _, transcript in
                    var decoder = FrameDecoder(maximumPayload: 1_000)
                    var first: Frame?
                    while first == nil, let chunk = try await stream.read(upTo: 65_536) {
                        decoder.append(chunk)
                        first = try decoder.next()
                    }
                    if case .hello(let hello) = first {
                        transcript.say("a hello of version \(hello.version) from \(hello.name)")
                    }
                    try await stream.write(Frame.hello(.init(version: 9, origin: 1, name: "future")).encoded())
                    while try await stream.read(upTo: 65_536) != nil {}
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    let peer = Peer(name: "client", to: port80, config: .test, providers: providers)
                    await peer.connect()
                    let received = try await peer.receive()
                    let failure = await peer.failure
                    let state = await peer.state
                    transcript.say(
                        "\(received == nil ? "\(state)" : "a message") "
                            + "\(failure?.code.rawValue ?? "no error"): \(failure?.reason ?? "")")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func aServerSurvivesStrangers(_ provider: ProviderUnderTest) async throws {
            try await expect(
                [
                    "client: a peer: first", "client: garbage: then closed",
                    "client: future: hello, then closed",
                    "client: second hello: hello, then closed", "client: the same peer: second",
                    "client: a new peer: third",
                ], on: provider,
                server: { providers, transcript in
                    try await serving(providers, transcript) { message, session in
                        _ = try? await session.send(message.payload)
                    }
                },
                client: { providers, transcript in
                    try await transcript.awaits("listening", providers)
                    var config = PeerConfig.test
                    config.heartbeat = nil
                    let peer = Peer(name: "client", to: port80, config: config, providers: providers)
                    try await peer.send(bytes("first"))
                    transcript.say("a peer: \(text(try await peer.receive()?.payload))")
                    let hello = Frame.hello(.init(origin: 5, name: "twice")).encoded()
                    var twice = hello
                    twice.writeImmutableBuffer(hello)
                    let strangers: [(String, ByteBuffer)] = [
                        ("garbage", ByteBuffer(repeating: 0xA5, count: 32)),
                        ("future", Frame.hello(.init(version: Frame.version + 1, origin: 5, name: "future")).encoded()),
                        ("second hello", twice),
                    ]
                    for (name, sent) in strangers {
                        let stream: any ByteStream = try await providers.network.connect(to: port80)
                        try await stream.write(sent)
                        var decoder = FrameDecoder(maximumPayload: 1_000)
                        var said = ""
                        while let chunk = try? await stream.read(upTo: 65_536) {
                            decoder.append(chunk)
                            while let frame = try decoder.next() {
                                if case .hello = frame { said += "hello, " } else { said += "more, " }
                            }
                        }
                        transcript.say("\(name): \(said)then closed")
                        await stream.close()
                    }
                    try await peer.send(bytes("second"))
                    transcript.say("the same peer: \(text(try await peer.receive()?.payload))")
                    let other = Peer(name: "other", to: port80, config: config, providers: providers)
                    try await other.send(bytes("third"))
                    transcript.say("a new peer: \(text(try await other.receive()?.payload))")
                    await peer.close()
                    await other.close()
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func anOpenCircuitRefusesMessagesAndClosesWhenTheEndpointIsBack(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["server: 1 message", "client: send: throws circuitOpen", "client: connected, circuit closed"],
                on: provider,
                server: { providers, transcript in
                    try await transcript.awaits("open", providers)
                    let numbers = Numbers()
                    try await serving(providers, transcript) { message, _ in numbers.take(message.payload) }
                    transcript.say("\(numbers.count) message")
                },
                client: { providers, transcript in
                    var config = PeerConfig.test
                    config.breaker = PeerConfig.Breaker(failures: 2, openFor: .milliseconds(50))
                    let peer = Peer(name: "client", to: port80, config: config, providers: providers)
                    try await peer.send(ByteBuffer(integer: 1))
                    while await peer.circuit != .open { try await providers.time.sleep(for: .milliseconds(1)) }
                    await transcript.say("send") {
                        try await peer.send(bytes("x"))
                        return "ok"
                    }
                    transcript.mark("open")
                    while await peer.state != .connected { try await providers.time.sleep(for: .milliseconds(5)) }
                    let circuit = await peer.circuit
                    transcript.say("connected, circuit \(circuit?.description ?? "none")")
                    await peer.close()
                    transcript.mark("done")
                })
        }

        @Test(arguments: ProviderUnderTest.allCases)
        func closingWhileRefusedEndsAndCountsWhatIsLost(_ provider: ProviderUnderTest) async throws {
            try await expect(
                ["client: lost 3, state closed", "client: send: throws closed"], on: provider, server: idle,
                client: { providers, transcript in
                    let peer = Peer(name: "client", to: port80, config: .test, providers: providers)
                    for number in 1...3 { try await peer.send(ByteBuffer(integer: number)) }
                    let lost = await peer.close(flushingFor: .milliseconds(50))
                    let state = await peer.state
                    transcript.say("lost \(lost), state \(state)")
                    await transcript.say("send") {
                        try await peer.send(bytes("x"))
                        return "ok"
                    }
                })
        }
    }
}
