import DequeModule
import NIOCore

extension Peer {
    /// Starts the task that keeps the connection, once.
    func start() {
        guard !isStarted, !isClosing else {
            demand.notify()
            return
        }
        isStarted = true
        let peer = self
        keeper = providers.tasks.start("\(name) keeper") { await peer.keep() }
        if let handler, !isDispatching {
            isDispatching = true
            providers.tasks.start("\(name) dispatcher") { await peer.dispatch(to: handler) }
        }
    }

    /// Carries out the life cycle's directives until it says stop, or the task is cancelled.
    private func keep() async {
        var directive = PeerLifecycle.Directive.awaitDemand
        while !Task.isCancelled {
            record(lifecycle.state, nil)
            switch directive {
            case .awaitDemand:
                while !isConnectWanted, !queue.hasWaiting {
                    guard (try? await demand.wait()) != nil else { return }
                }
                directive = lifecycle.demand()
            case .attempt(let number):
                isConnectWanted = false
                guard await awaitPermission() else { return }
                // A wish that came meanwhile is granted with this attempt.
                isConnectWanted = false
                directive = await attempt(number)
            case .backOff(let attempt, let delay):
                guard await backOff(attempt: attempt, delay: delay) else { return }
                directive = lifecycle.backedOff()
            case .stop:
                giveUp()
                return
            }
        }
    }

    /// Waits until the circuit breaker lets an attempt through.
    ///
    /// - Returns: whether to go on; not when the task was cancelled.
    private func awaitPermission() async -> Bool {
        guard let breaker else { return true }
        while true {
            // A connection that is there already needs no leave.
            if adopted != nil {
                permit = nil
                return true
            }
            permit = breaker.permit(at: providers.time.now)
            noteCircuit()
            if permit != nil { return true }
            // Another peer's attempt shows whether the endpoint is back, and may take as long as an attempt may.
            let until = breaker.opensUntil ?? providers.time.now.advanced(by: config.connectTimeout)
            guard (try? await demand.wait(until: until, for: "\(name) open circuit")) != nil else { return false }
        }
    }

    private func noteCircuit() {
        guard let breaker, breaker.state != recordedCircuit else { return }
        recordedCircuit = breaker.state
        note(.circuit(breaker.state))
        // Those that wait for room hear of it.
        if breaker.state == .open { room.notify() }
    }

    private func attempt(_ number: Int) async -> PeerLifecycle.Directive {
        if providers.buggify.fires(.peerConnectDelay, for: name) {
            try? await providers.time.sleep(for: config.connectTimeout / 2)
        }
        switch await openWithinTimeout() {
        case .success(let stream):
            let since = providers.time.now
            hasConnected(at: since)
            return hasLost(purpose == .stream ? await hand(over: stream) : await serve(stream), connectedAt: since)
        case .failure(let error):
            return hasFailed(error)
        }
    }

    // What does not wait is not inlined: a task keeps the largest frame that it has ever needed, for as long as it lives.

    @inline(never)
    private func hasConnected(at now: Instant) {
        lifecycle.connected(at: now)
        if let permit { breaker?.connected(permit) }
        noteCircuit()
    }

    @inline(never)
    private func hasLost(_ loss: NetworkError, connectedAt since: Instant) -> PeerLifecycle.Directive {
        let now = providers.time.now
        if let permit {
            if since.duration(to: now) >= config.backoff.resetAfter {
                breaker?.proved(permit)
            } else if isLeaving {
                breaker?.abandoned(permit)
            } else if !isClosing {
                breaker?.failed(permit, at: now)
            }
        }
        noteCircuit()
        if isLeaving, accepted == nil, !isClosing { return lifecycle.idled(at: now) }
        let directive = lifecycle.lost(loss, at: now, fraction: jitter())
        if !isClosing { record(lifecycle.state, loss.code) }
        return directive
    }

    @inline(never)
    private func hasFailed(_ error: NetworkError) -> PeerLifecycle.Directive {
        if let permit {
            if error.code == .cancelled {
                breaker?.abandoned(permit)
            } else {
                breaker?.failed(permit, at: providers.time.now)
            }
        }
        noteCircuit()
        let directive = lifecycle.attemptFailed(error, fraction: jitter())
        if lifecycle.state == .failed { record(.failed, error.code) }
        return directive
    }

    private func jitter() -> Double {
        Double(providers.random.next("peer.backoff.jitter", for: name) >> 11) / 9_007_199_254_740_992
    }

    /// - Returns: whether to go on; not when the task was cancelled.
    private func backOff(attempt: Int, delay: Duration) async -> Bool {
        if providers.buggify.fires(.peerReconnectEarly, for: name) { return true }
        note(.backoff(attempt: Int32(clamping: attempt), delayNanoseconds: delay.inNanoseconds))
        let deadline = providers.time.now.advanced(by: delay)
        while providers.time.now < deadline, !isConnectWanted {
            guard (try? await demand.wait(until: deadline, for: "\(name) backoff")) != nil else { return false }
        }
        return true
    }

    private func giveUp() {
        if lifecycle.state == .failed {
            for number in queue.discardAll() {
                note(.dropped(message: number, reason: .peerClosed, depth: depthAfter(-1)))
            }
            notePressure()
            // A session ends with its connection: what its application has not taken was not confirmed, and comes again.
            if accepted != nil { discardInbox() }
            record(.failed, lifecycle.failure?.code)
        }
    }

    private func discardInbox() {
        for message in inbox.discardAll() where !message.isReliable {
            note(.discarded(message: message.number, origin: message.origin, reason: .connectionLost))
        }
    }

    // MARK: One connection

    /// Opens a connection and exchanges hellos, all within the connect timeout.
    func openWithinTimeout() async -> Result<any ByteStream, NetworkError> {
        attemptOutcome = nil
        handshakeSince = nil
        greetedAttempt = adopted
        adopted = nil
        let peer = self
        let attempt = providers.tasks.start("\(name) connect") { await peer.open() }
        let limit = providers.time.now.advanced(by: accepted == nil ? config.connectTimeout : config.handshakeTimeout)
        while true {
            if adopted != nil, greetedAttempt == nil { attempt.cancel() }
            let handshakeLimit = handshakeSince?.advanced(by: config.handshakeTimeout)
            let deadline = min(limit, handshakeLimit ?? limit)
            if let outcome = attemptOutcome {
                if adopted != nil, greetedAttempt == nil, !Task.isCancelled {
                    // The other side's connection is the one that is kept.
                    if case .success(let stream) = outcome { await stream.close() }
                    return await openWithinTimeout()
                }
                if case .success(let stream) = outcome, Task.isCancelled {
                    // Closed between the handshake and now.
                    await stream.close()
                    return .failure(NetworkError(.cancelled, during: .connect, remote: remote))
                }
                if case .failure(let error) = outcome, error.code == .cancelled, !Task.isCancelled {
                    return .failure(attemptTimedOut())
                }
                return outcome
            }
            do {
                if providers.time.now < deadline {
                    try await progress.wait(until: deadline, for: "\(name) connect timeout")
                } else {
                    attempt.cancel()
                    try await progress.wait()
                }
            } catch {
                attempt.cancel()
                if case .success(let stream) = attemptOutcome { await stream.close() }
                return .failure(NetworkError(.cancelled, during: .connect, remote: remote))
            }
        }
    }

    private func attemptTimedOut() -> NetworkError {
        guard let since = handshakeSince else {
            return NetworkError(
                .timedOut, during: .connect, remote: remote, reason: "no answer in \(config.connectTimeout)")
        }
        return NetworkError(
            .timedOut, during: .handshake, remote: remote,
            reason: "no hello in \(since.duration(to: providers.time.now))")
    }

    private func open() async {
        do {
            let stream: any ByteStream
            let greeted = greetedAttempt
            isOpening = greeted == nil && accepted == nil
            if let known = greeted?.stream ?? accepted {
                stream = known
            } else {
                stream = try await providers.network.connect(to: remote)
            }
            handshakeSince = providers.time.now
            // Whoever waits for the whole attempt may have to wait less long now.
            if config.handshakeTimeout < config.connectTimeout { progress.notify() }
            do {
                try await shakeHands(on: stream, greeted: greeted)
                attemptOutcome = .success(stream)
                // Nobody waits for it any more.
                if lifecycle.state == .closed { await stream.close() }
            } catch {
                if !isGivenAway { await stream.close() }
                attemptOutcome = .failure(error)
                isOpening = false
            }
        } catch {
            attemptOutcome = .failure(error)
            isOpening = false
        }
        progress.notify()
    }

    /// Exchanges hellos, where the other side's has not come already. Who connects speaks first: who accepts says nothing
    /// to a stranger.
    private func shakeHands(on stream: any ByteStream, greeted: Greeting?) async throws(NetworkError) {
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
        try await stream.write(Frame.hello(hello).encoded())
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
        if hello.origin != remoteOrigin {
            // What another life of the other side sent and was not confirmed, it counts as lost.
            discardInbox()
            remoteOrigin = hello.origin
            taken = 0
        }
        remoteLimits = RemoteLimits(
            maximumPayload: Int(hello.maximumPayload), onTheWay: min(Int(hello.window), config.inbox))
        queue.window = SendQueue.Bound(messages: Int(hello.inbox), bytes: Int(hello.inboxBytes))
    }

    /// Runs a connection until it is lost.
    private func serve(_ stream: any ByteStream) async -> NetworkError {
        let crew = begin(stream)
        let error = await read(from: stream)
        self.stream = nil
        for task in crew { task.cancel() }
        for task in crew { await task.finished() }
        if providers.buggify.fires(.peerCloseAbrupt, for: name) { await stream.reset() }
        await stream.close()
        return settle(error)
    }

    /// Takes a connection up.
    ///
    /// - Returns: the tasks that run beside the one that reads.
    @inline(never)
    private func begin(_ stream: any ByteStream) -> [any TaskHandle] {
        self.stream = stream
        lossReason = nil
        isConnectWanted = false
        isLeaving = false
        confirmed = taken
        controls.removeAll()
        lastHeard = providers.time.now
        monitor = HealthMonitor(patience: (config.heartbeat?.timeout ?? .zero) / 2)
        detector = config.heartbeat?.phiAccrual.map { PhiAccrualDetector($0) }
        let tooLarge = queue.discard(largerThan: remoteLimits.maximumPayload)
        for number in tooLarge { note(.dropped(message: number, reason: .tooLarge, depth: depthAfter(-1))) }
        if !tooLarge.isEmpty {
            room.notify()
            progress.notify()
        }
        if accepted == nil { note(.attached(stream.connection)) }
        record(.connected, nil)
        registration = register(stream)
        let peer = self
        var crew = [providers.tasks.start("\(name) writer") { await peer.write(to: stream) }]
        if let heartbeat = config.heartbeat {
            crew.append(providers.tasks.start("\(name) heartbeat") { await peer.beat(heartbeat, on: stream) })
        }
        if hasTimeouts { crew.append(providers.tasks.start("\(name) timeouts") { await peer.watch(stream) }) }
        return crew
    }

    /// Puts in order what a lost connection leaves behind; returns why it was lost.
    @inline(never)
    private func settle(_ error: NetworkError) -> NetworkError {
        isWriting = false
        isOpening = false
        settleAfterLoss()
        let loss = lossReason ?? error
        registration?.end(loss)
        registration = nil
        return loss
    }

    /// Takes over a connection that the other side has opened, and gives up what it has itself.
    func adopt(_ greeting: Greeting) async {
        let replaced = adopted
        adopted = greeting
        reconnect()
        progress.notify()
        if let stream {
            lossReason = NetworkError(
                .connectionAborted, during: .connect, remote: remote, reason: "the other side has opened another")
            await stream.reset()
        }
        await replaced?.stream.close()
    }

    func register(_ stream: any ByteStream) -> ConnectionRegistry.Registration? {
        providers.registry?.add(
            stream, of: name, remoteName: remoteName ?? "", isAccepted: accepted != nil, purpose: purpose,
            at: providers.time.now)
    }

    private func settleAfterLoss() {
        let (requeued, dropped) = queue.connectionLost()
        for number in dropped {
            note(.dropped(message: number, reason: .connectionLost, depth: depthAfter(-1)))
        }
        for number in requeued { note(.requeued(message: number, depth: heldDepth)) }
        notePressure()
        if !dropped.isEmpty {
            room.notify()
            progress.notify()
        }
    }
}
