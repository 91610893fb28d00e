import NIOCore

extension Peer {
    /// Exchanges hellos, where the other side's has not come already. Who connects speaks first: who accepts says nothing
    /// to a stranger.
    func shakeHands(on stream: any ByteStream, greeted: Greeting?) async throws(NetworkError) {
        if accepted != nil || greeted != nil {
            let greeting: Greeting
            if let greeted { greeting = greeted } else { greeting = try await strangersGreeting(on: stream) }
            try await answer(greeting)
        } else {
            try await sayHello(on: stream)
            let greeting = try await greeting(on: stream)
            try await checkName(of: greeting)
            learn(from: greeting)
        }
    }

    private func greeting(on stream: any ByteStream) async throws(NetworkError) -> Greeting {
        try await Greeting.read(from: stream, maximumPayload: config.maximumPayload)
    }

    /// The hello of a side that has connected; one of another version learns this one, so that its error too can name both.
    private func strangersGreeting(on stream: any ByteStream) async throws(NetworkError) -> Greeting {
        do {
            return try await greeting(on: stream)
        } catch {
            if error.code == .incompatible { try? await sayHello(on: stream) }
            throw error
        }
    }

    /// Answers the hello of a side that has connected, or refuses it.
    private func answer(_ greeting: Greeting) async throws(NetworkError) {
        try await checkName(of: greeting)
        let hello = greeting.hello
        if hello.purpose == .stream, streamHandler == nil {
            try await refuse(greeting.stream, .wrongPurpose, "'\(name)' serves no byte streams")
        }
        if hello.purpose == .node, accepted != nil, let nodeClaim {
            switch await nodeClaim(greeting) {
            case .adopted:
                isGivenAway = true
                throw NetworkError(.closed, during: .handshake, remote: remote, reason: "a link has it now")
            case .refused(let words):
                try await refuse(greeting.stream, .simultaneous, words)
            case .stranger: break
            }
        }
        purpose = hello.purpose
        try await sayHello(on: greeting.stream)
        learn(from: greeting)
    }

    private func sayHello(on stream: any ByteStream) async throws(NetworkError) {
        let hello = Frame.Hello(
            purpose: purpose, origin: origin, window: UInt32(config.queueCapacity), inbox: UInt32(config.inbox),
            inboxBytes: UInt32(config.inboxBytes), maximumPayload: UInt32(config.maximumPayload), name: greetingName)
        let bytes = Frame.hello(hello).encoded()
        try await stream.write(bytes)
        // A connection begins with it.
        written = Int64(bytes.readableBytes)
        if providers.buggify.fires(.peerHandshakeDrop, for: name) {
            await stream.reset()
            throw NetworkError(.connectionReset, during: .handshake, remote: remote, reason: "buggify")
        }
    }

    private func checkName(of greeting: Greeting) async throws(NetworkError) {
        guard let expected = config.expectedName, greeting.hello.name != expected else { return }
        let words = "'\(greeting.hello.name)' answered, and '\(expected)' was asked for"
        try await refuse(greeting.stream, .wrongName, words)
    }

    private func refuse(
        _ stream: any ByteStream, _ refusal: Frame.Refusal, _ words: String
    ) async throws(NetworkError) {
        try? await stream.write(Frame.refusal(refusal, words).encoded())
        throw NetworkError(.incompatible, during: .handshake, remote: remote, reason: words)
    }

    /// Takes over what the other side has said of itself.
    private func learn(from greeting: Greeting) {
        let hello = greeting.hello
        decoder = greeting.decoder
        remoteName = hello.name
        // What was not confirmed, the other side sends again, or counts as lost where it is another life of it. What was
        // taken, and its confirmation lost, comes again too.
        discardInbox()
        remoteOrigin = hello.origin
        taken = 0
        remoteLimits = RemoteLimits(
            maximumPayload: Int(hello.maximumPayload), onTheWay: min(Int(hello.window), config.inbox))
        queue.window = SendQueue.Bound(messages: Int(hello.inbox), bytes: Int(hello.inboxBytes))
    }
}
